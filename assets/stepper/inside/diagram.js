// The live diagram: every wire carries the vector of this step as a strip of cells, the chosen unit marked on all of
// them.
import { SYMBOLS } from "../pure/activations.js";
import { pressed } from "../pure/keys.js";
import { sub } from "../pure/numbers.js";
import { arrays, at } from "../pure/plan.js";
import { BELT, wiring } from "../pure/wiring.js";
import { element } from "../view/element.js";
import { shades } from "./shades.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {import("../types").Panel} Panel
 * @typedef {import("./shades.js").Look & {of: Panel[]}} Look of: the arrays it is worked out from, and hidden with
 */

const WIDTH = 600;
const HEIGHT = 380;
const LENGTH = 76;
const THICK = 13;
const PRE = 5; // sums before a curve are drawn on a fixed scale of ± this
/** @type {Record<string, string>} */
const SPOKEN = { // each begins with what stands there, so that one can say what one sees
  "×": "×, elementwise product",
  "+": "+, sum",
  "1−": "1−, one minus the gate",
  U: "U, matrix",
  W: "W, matrix",
};

/** @param {string} name */
const symbol = (name) => SYMBOLS[name] || "·";
/** @type {(cell: Cell, name: string) => Panel} */
const panelOf = (cell, name) => cell.byName[name] ?? cell.byName.h;

/**
 * As its array, or as a signed vector of some range.
 * @param {Cell} cell
 * @param {string} id
 * @returns {Look}
 */
function like(cell, id) {
  /** @param {Panel} panel */
  const same = (panel) => ({ ...panel, of: [panel] });
  const own = cell.byName[id.replace("_before", "")];
  if (own) return same(own);
  const plan = at(id, cell.lines);
  if (plan[0] === "one_minus") return same(cell.byName[plan[1][1]]);
  if (plan[0] === "var" && cell.byName[plan[1]].kind === "gate") return same(cell.byName[plan[1]]);
  if (plan[0] === "affine" || plan[0] === "sum") return { kind: "signed", range: PRE, of: [] };
  const ofMemory = plan[0] === "times" && plan[2][1] === "c";
  const of = arrays(plan).map((name) => cell.byName[name]);
  return { kind: "signed", range: ofMemory ? cell.byName.c.range : 1, of };
}

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ diagram }, state) {
  /** @type {Cell | null} */
  let drawn = null;
  /** @type {ReturnType<typeof band>[]} */
  let strips = [];
  /** @type {{stage: string, node: Element}[]} */
  let pieces = [];
  let shade = shades(state);

  /** @param {Cell} cell */
  function build(cell) {
    const plan = wiring(state.panel().layer.cell, cell, symbol);
    const wires = plan.wires.map(([stage, path, name]) => ({
      stage,
      node: element("path", { d: path, class: `gs-wire gs-stroke-${name}` }),
    }));
    const nodes = plan.nodes.map((node) => ({ stage: node[0], node: nodeOf(cell, node) }));
    strips = plan.strips.map((strip) => band(cell, strip));
    pieces = [...wires, ...nodes, ...strips];
    const attributes = {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "group",
      "aria-label": "Diagram of the cell at this step",
    };
    diagram.replaceChildren(element("svg", attributes, ...pieces.map(({ node }) => node)));
  }

  /**
   * A gate's curve, a matrix or an operation.
   * @param {Cell} cell
   * @param {import("../pure/wiring.js").Node} node
   */
  function nodeOf(cell, [stage, kind, x, y, text]) {
    const [width, height] = kind === "box" ? [54, 30] : [22, 20];
    const shape =
      kind === "op"
        ? element("circle", { cx: x, cy: y, r: 12 })
        : element("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 4 });
    const what = kind === "box" ? `${text} of ` : `${SPOKEN[text] ?? text}, for `;
    const attributes = { class: `gs-node gs-${kind}`, "aria-label": `${what}${panelOf(cell, stage).title}` };
    return part(attributes, () => go(cell, stage), shape, element("text", { x, y: y + 5 }, text));
  }

  /**
   * A vector as a strip of cells.
   * @param {Cell} cell
   * @param {import("../pure/wiring.js").Strip} strip
   */
  function band(cell, [stage, id, x, y, label]) {
    const size = id === "x" ? cell.size : cell.units;
    const length = id === "x" ? Math.min(LENGTH * 1.3, (LENGTH * cell.size) / cell.units) : LENGTH;
    const width = length / size;
    const left = x - length / 2;
    const top = y - THICK / 2;
    const cells = Array.from({ length: size }, (_, k) =>
      element("rect", { x: left + k * width, y: top, width: width + 0.05, height: THICK }),
    );
    const mark = element("rect", { class: "gs-strip-mark", y: top - 2, height: THICK + 4, width: Math.max(width, 3) });
    // Else it stands beside its wire, which runs upwards.
    const centred = y === BELT || y === 300 || id === "x" || id.endsWith("_before");
    const name = element("text", {
      class: "gs-strip-label",
      x: centred ? x : x + 6,
      y: id === "x" ? y + 22 : y - 12,
      "text-anchor": centred ? "middle" : "start",
    });
    const ground = element("rect", {
      class: "gs-strip-ground",
      x: left - 1,
      y: top - 1,
      width: length + 2,
      height: THICK + 2,
    });
    const order = id === "x" ? cell.byName.x.order : state.panel().layer.order;
    /** @param {MouseEvent} [event] */
    const choose = (event) => {
      const step = id.endsWith("_before") ? cell.before(state.step) : state.step;
      if (step < 0) return;
      const first = cells[0].getBoundingClientRect();
      const k = event?.clientX ? Math.floor((event.clientX - first.left) / first.width) : -1;
      const array = cell.byName[id.replace("_before", "")] ?? panelOf(cell, stage);
      state.choose({ step, array: array.id, unit: order[k], ...(stage === "sum" ? { inner: 0 } : {}) });
    };
    const node = part({ class: "gs-strip" }, choose, ground, ...cells, mark, name);
    return { stage, id, label, cells, mark, name, node, width, left, look: like(cell, id), order };
  }

  /**
   * @param {Cell} cell
   * @param {string} stage
   */
  function go(cell, stage) {
    if (stage === "sum") state.choose({ array: cell.byName.h.id, inner: 0 });
    else state.choose({ array: panelOf(cell, stage).id });
  }

  /**
   * A part that can be pressed.
   * @param {Record<string, string>} attributes
   * @param {(event?: MouseEvent) => void} act
   * @param {Element[]} children
   */
  function part(attributes, act, ...children) {
    const node = element("g", { ...attributes, role: "button", tabindex: 0 }, ...children);
    node.onclick = act;
    node.onkeydown = (event) => {
      if (!pressed("part", event)) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    return node;
  }

  /**
   * The vectors of this step, and the names that carry t.
   * @param {Cell} cell
   */
  function fill(cell) {
    const { step } = state;
    const t = step + 1;
    const then = cell.before(step) + 1;
    for (const { id, look, order, cells, label, name, node } of strips) {
      const vector = cell.vector(id, step);
      const hidden = look.of.some((panel) => state.hidden(panel));
      const colour = shade(look);
      order.forEach((unit, k) => cells[k].setAttribute("fill", hidden ? "transparent" : colour(vector[unit])));
      const written = label
        .replace(/\b([hc]) before\b/g, (_, letter) => `${letter}${sub(then)}`)
        .replace(/^([a-z])$/, (_, letter) => `${letter}${sub(t)}`);
      if (name.textContent !== written) name.textContent = written;
      const spoken = cell.byName[id]?.title ?? (written ? label.replace("⊙", "times") : "output activation of c");
      const title = `${written ? `${written}, ` : ""}${spoken} at t = ${id.endsWith("_before") ? then : t}`;
      node.setAttribute("aria-label", `${title}: ${cells.length} numbers`);
    }
  }

  /** @param {Cell} cell */
  function mark(cell) {
    for (const { id, order, left, width, mark } of strips) {
      const k = order.indexOf(state.unitIn(id === "x" ? cell.byName.x : cell.byName.h));
      mark.setAttribute("x", String(left + k * width - (Math.max(width, 3) - width) / 2));
    }
  }

  /** @param {Cell} cell */
  function dim(cell) {
    const order = cell.walk.map((stage) => (stage.sum ? "sum" : stage.name));
    for (const { stage, node } of pieces) {
      const k = order.indexOf(stage);
      node.classList.toggle("gs-later", k > state.inner);
      node.classList.toggle("gs-now", k === state.inner && k >= 0);
    }
  }

  return {
    update(change) {
      if (change.theme) shade = shades(state);
      if (state.level !== "inside" || !state.reading.length) return;
      const cell = state.cell();
      const anew = drawn !== cell || change.theme;
      drawn = cell;
      diagram.hidden = !cell;
      if (cell) draw(cell, anew ? { step: true, array: true } : change, Boolean(anew));
    },
  };

  /**
   * @param {Cell} cell
   * @param {import("../types").Change} change
   * @param {boolean} anew
   */
  function draw(cell, change, anew) {
    if (anew) build(cell);
    if (change.step || change.reading) fill(cell);
    if (change.step || change.unit || change.array) mark(cell);
    if (change.array) dim(cell);
  }
}
