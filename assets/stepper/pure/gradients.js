// Where the gradients are written on the drawing of each cell (wiring.js): a number beside a wire, a sum where a wire
// of the forward pass forks, and the wire by which the loss comes in. What flows there has the names of
// core/byhand/flows.py.
import { at } from "./plan.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {[id: string, x: number, y: number, anchor: "start" | "middle" | "end"]} Mark the foot of its text
 * @typedef {[array: string, x: number, y: number]} Sum
 */
/**
 * What is added: wires, numbers, sums, and where the loss is named; and of a strip of the forward pass, by its id, what
 * is elsewhere: its own x, or the foot of its number.
 * @typedef {object} Drawing
 * @property {[path: string, style: string][]} wires
 * @property {Mark[]} marks
 * @property {Sum[]} sums
 * @property {[x: number, y: number, anchor: "start" | "end"]} loss
 * @property {Record<string, {x?: number, foot?: [x: number, y: number, anchor: "start" | "end"]}>} moved
 */

/**
 * What flows at a gate whose sum is `sum`: through the curve, then through U to h before and through W to x.
 * @param {string} name
 * @param {number} x
 * @returns {Mark[]}
 */
const gate = (name, x) => [
  [`${name}.2`, x + 17, 272, "start"],
  [`${name}.2.2.4`, x - 16, 302, "end"],
  [`${name}.2.1.4`, x + 17, 346, "start"],
];

/**
 * The places on the two rails below where the gates' gradients add up: all but the last one's, where the rail ends.
 * @param {number[]} gates
 * @returns {Sum[]}
 */
const rails = (gates) =>
  gates.flatMap((x) => [
    /** @type {Sum} */ (["d_h_before", x - 12, 326]),
    /** @type {Sum} */ (["d_x", x + 12, 354]),
  ]);

/**
 * @param {Cell} cell
 * @returns {Drawing}
 */
function lstm({ lines, inside }) {
  const keeps = lines.f.plan[0] !== "one";
  const own = lines.i.plan[0] === "apply";
  const peeps = inside.peephole !== null;
  /** @type {Drawing} */
  const drawing = {
    wires: [["M540 380V338", "plain"]],
    marks: [
      ["own", 532, 372, "end"],
      ["h_after", 598, 318, "end"],
      ["c_after", 598, 44, "end"],
      ["h.2.2", 549, 74, "start"],
      ...(keeps ? gate("f", 140) : []),
      ...(own ? gate("i", 250) : []),
      ...gate("g", 350),
      ...gate("o", 450),
    ],
    loss: [546, 374, "start"],
    moved: { "h.2": { foot: [498, 134, "end"] } },
    sums: [
      ["d_h", 540, 326],
      ["d_c", 540, 56],
      ...rails([...(keeps ? [140] : []), ...(own ? [250] : []), 350]),
    ],
  };
  if (peeps) {
    if (keeps) drawing.marks.push(["f.2.3.3", 88, 150, "end"]);
    if (own) drawing.marks.push(["i.2.3.3", 204, 132, "start"]);
    drawing.marks.push(["o.2.3.3", 404, 132, "start"]);
    drawing.sums.push(["d_c", 400, 56]);
    drawing.moved.c = { x: 355 };
    if (keeps || own) drawing.sums.push(["d_c_before", 112, 56]);
    if (keeps && own) drawing.sums.push(["d_c_before", 112, 96]);
  }
  if (!own) {
    drawing.marks.push(["i.1", 200, 162, "start"]);
    drawing.sums.push(["d_f", 140, 166]);
    drawing.marks.push(["c.1.1", 146, 118, "start"]);
  }
  return drawing;
}

/**
 * @param {Cell} cell
 * @returns {Drawing}
 */
function gru({ lines, inside }) {
  const keep = at("h.1.1", lines)[0] === "var"; // z itself multiplies the old state
  const after = inside.reset === "after";
  /** @type {Mark[]} */
  const inner = after
    ? [["n.2.2.2.4", 359, 320, "start"]]
    : [["n.2.2.4.2", 326, 322, "start"]];
  return {
    wires: [
      ["M12 326V68", "h"],
      ["M578 110V68", "plain"],
    ],
    marks: [
      ["own", 572, 100, "end"],
      ["h_after", 598, 28, "end"],
      ["h.1.2", 138, 44, "end"],
      ["h.1.1", keep ? 156 : 166, keep ? 104 : 86, "start"],
      [keep ? "h.2.1.1" : "h.2.1", 216, 118, "middle"],
      ["h_before", 0, 28, "start"],
      ...gate("z", 150),
      ["r.2", 254, 288, "end"],
      ["r.2.2.4", 254, 308, "end"],
      ["r.2.1.4", 287, 346, "start"],
      ["n.2", 450, 236, "start"],
      ["n.2.1.4", 449, 320, "start"],
      ...inner,
    ],
    loss: [572, 118, "end"],
    moved: {},
    sums: [
      ["d_h", 578, 56],
      ["d_z", 150, 124],
      ["d_h_before", 12, 56],
      ...rails([150, 270]),
    ],
  };
}

/** @returns {Drawing} */
const rnn = () => ({
  wires: [["M588 250V182", "plain"]],
  marks: [
    ["own", 582, 232, "end"],
    ["h_after", 598, 140, "end"],
  ],
  loss: [582, 250, "end"],
  moved: {},
  sums: [["d_h", 588, 170]],
});

/**
 * What flows at a gate that sees x alone: through the curve, then through W to x.
 * @param {string} name
 * @param {number} x
 * @param {number} foot of the number behind the curve
 * @returns {Mark[]}
 */
const unseeing = (name, x, foot) => [
  [`${name}.2`, x + 6, foot, "start"],
  [`${name}.2.4`, x + 6, 346, "start"],
];

/** @returns {Drawing} */
const mingru = () => ({
  wires: [["M578 110V68", "plain"]],
  marks: [
    ["own", 572, 100, "end"],
    ["h_after", 598, 28, "end"],
    ["h.1.1", 166, 86, "start"],
    ["h.2.1", 216, 118, "middle"],
    ...unseeing("z", 150, 290),
    ...unseeing("n", 420, 290),
  ],
  loss: [572, 118, "end"],
  moved: {},
  sums: [
    ["d_h", 578, 56],
    ["d_z", 150, 124],
    ["d_x", 150, 354],
  ],
});

/** @returns {Drawing} */
const minlstm = () => ({
  wires: [["M578 110V68", "plain"]],
  marks: [
    ["own", 572, 100, "end"],
    ["h_after", 598, 28, "end"],
    ["keep.1", 124, 206, "end"],
    ["keep.2.2", 144, 160, "start"],
    ["write.1", 276, 206, "start"],
    ["write.2.1", 256, 160, "end"],
    ...unseeing("f", 130, 326),
    ...unseeing("i", 270, 326),
    ...unseeing("n", 440, 326),
  ],
  loss: [572, 118, "end"],
  moved: {},
  sums: [
    ["d_h", 578, 56],
    ["d_f", 130, 226],
    ["d_i", 270, 214],
    ["d_x", 130, 354],
    ["d_x", 270, 354],
  ],
});

/** @type {Record<string, (cell: Cell) => Drawing>} */
const DRAWINGS = { lstm, gru, rnn, mingru, minlstm };
/** @type {(kind: import("../types").Kind, cell: Cell) => Drawing} */
export const drawing = (kind, cell) => DRAWINGS[kind](cell);

const OUTSIDE = ["own", "h_after", "c_after"];

/**
 * The array whose gradient has to be there before this one is; "" for what comes from outside the step.
 * @param {string} id
 * @param {Cell} cell
 */
export function after(id, { lines, byName }) {
  if (OUTSIDE.includes(id)) return "";
  const [name, ...places] = id.split(".");
  if (name === "x" || !lines[name]) return "d_x"; // the last of a step
  if (byName.d_u_n && id.startsWith("n.2.2.2")) return "d_u_n";
  const sum = places.length > 0 && lines[name].plan[0] === "apply";
  return !sum ? `d_${name}` : `d_a_${name}` in byName ? `d_a_${name}` : "d_a";
}

/**
 * Whether what flows there has the input's places: it comes to x.
 * @param {string} id
 * @param {Cell} cell
 */
export function wide(id, { lines }) {
  const [name, ...places] = id.split(".");
  return name === "x" || (places.length > 0 && at(id, lines)[1] === "x");
}

/**
 * What flows there, in words.
 * @param {string} id
 * @param {Cell} cell
 */
export function spoken(id, cell) {
  const { lines, byName } = cell;
  const [name, ...places] = id.split(".");
  if (id === "own") return "from the loss to h";
  if (id.endsWith("_after")) return `from the step after to ${id[0]}`;
  if (id.endsWith("_before") || id === "h_gates") return `to ${id[0]} before`;
  const letter = byName[after(id, cell)]?.letter ?? "";
  if (!places.length) return byName[`d_${name}`]?.letter ?? "";
  const plan = at(id, lines);
  const to = plan[0] === "var" ? ` to ${plan[1]}${plan[2] ? " before" : ""}` : "";
  if (places.length === 1 && letter.startsWith("δ")) return letter;
  return `from ${letter}${to}`;
}
