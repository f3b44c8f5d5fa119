// How each cell is drawn: wires, strips (vectors) and nodes, on a ground of 600 × 380. Every piece belongs to the array
// that it helps to compute.
import { mingru, minlstm, slstm } from "./gated.js";
import { BELT, BUS, GATE, HIGH, INPUT, box, joined, op, plan, strip, wire } from "./pieces.js";
import { at } from "./plan.js";
import { attention, ssm } from "./ungated.js";

/**
 * @typedef {import("../types").Cell} Cell
 */

/**
 * A gate, with the input's and the state's wires into it: W x from below, U h beside it.
 * @param {string} array
 * @param {number} x
 * @param {string} text
 * @param {string} wire from the gate on
 */
const gate = (array, x, text, wire) =>
  plan({
    wires: [
      [array, `M${x - 12} ${BUS}V${GATE + 15}`, "h"],
      [array, `M${x + 12} ${INPUT}V${GATE + 15}`, "x"],
      [array, `M${x} ${GATE - 15}${wire}`, array],
    ],
    strips: [[array, array, x, HIGH, array]],
    nodes: [box(array, x, text)],
  });

/**
 * Where the input and the state of the step before come in.
 * @param {number} end
 */
const feeds = (end) =>
  plan({
    wires: [
      ["start", `M0 ${BUS}H${end}`, "h"],
      ["start", `M0 ${INPUT}H${end + 24}`, "x"],
    ],
    strips: [
      ["start", "h_before", 56, BUS, "h before"],
      ["start", "x", 56, INPUT, "x"],
    ],
  });

/**
 * @param {Cell} cell
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
function lstm({ lines, inside }, curve) {
  const keeps = lines.f.plan[0] !== "one";
  const own = lines.i.plan[0] === "apply";
  const peeps = inside.peephole !== null;
  return joined(
    feeds(438),
    {
      wires: [
        ["start", `M0 ${BELT}H${keeps ? 128 : 288}`, "c"],
        ...(keeps ? [wire("c", `M152 ${BELT}H288`, "c")] : []),
        ["c", `M312 ${BELT}H600`, "c"],
        ["h", `M540 ${BELT}V160`, "c"],
        ["h", `M540 184V${BUS}H600`, "h"],
      ],
      strips: [
        ["start", "c_before", 56, BELT, "c before"],
        ["c", "c", 450, BELT, "c"],
        ["h", "h.2", 540, 130, ""],
        ["h", "h", 540, 226, "h"],
        ...(keeps ? [strip("c", "c.1", 220, BELT, "f ⊙ c")] : []),
        ["c", "c.2", 300, 100, "i ⊙ g"],
      ],
      nodes: [
        ...(keeps ? [op("c", 140, BELT, "×")] : []),
        op("c", 300, BELT, "+"),
        op("c", 300, 150, "×"),
        box("h", 540, curve("h.2"), 92),
        op("h", 540, 172, "×"),
      ],
    },
    plan({ wires: [["c", "M300 138V68", "c"]] }),
    keeps ? gate("f", 140, curve("f"), `V68`) : joined(),
    own
      ? gate("i", 250, curve("i"), "V150H288")
      : plan({
          wires: [
            ["i", `M140 166H196V${GATE}H238`, "f"],
            ["i", `M250 ${GATE - 12}V150H288`, "i"],
          ],
          strips: [["i", "i", 250, HIGH, "i"]],
          nodes: [op("i", 250, GATE, "1−")],
        }),
    gate("g", 350, curve("g"), "V150H312"),
    gate("o", 450, curve("o"), "V172H528"),
    peeps
      ? plan({
          wires: [
            ...(keeps ? [wire("f", `M112 ${BELT}V96H92V${GATE}H113`, "peephole")] : []),
            ...(own ? [wire("i", `M112 ${BELT}V96H200V${GATE}H223`, "peephole")] : []),
            ["o", `M400 ${BELT}V${GATE}H423`, "peephole"],
          ],
        })
      : joined(),
  );
}

/**
 * @param {Cell} cell
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
function gru({ lines, inside }, curve) {
  const keep = at("h.1.1", lines)[0] === "var"; // z itself multiplies the old state
  const after = inside.reset === "after";
  const end = after ? 345 : 318;
  return joined(
    feeds(end),
    {
      wires: [
        ["start", `M0 ${BELT}H138`, "h"],
        ["h", `M162 ${BELT}H408`, "h"],
        ["h", `M432 ${BELT}H600`, "h"],
        ["h", `M420 112V68`, "n"],
        ["h", keep ? "M150 124H258M282 124H408" : "M150 124H408", "z"],
        ["n", `M432 ${INPUT}V${GATE + 15}`, "x"],
        ["n", `M${end + 24} ${INPUT}H432`, "x"],
        ["n", `M420 ${GATE - 15}V136`, "n"],
      ],
      strips: [
        ["h", "h.1", 285, BELT, keep ? "z ⊙ h" : "(1−z) ⊙ h"],
        ["h", "h", 520, BELT, "h"],
        ["h", "h.2.1", 345, 124, keep ? "1−z" : "z"],
        ["h", "h.2", 420, 90, keep ? "(1−z) ⊙ n" : "z ⊙ n"],
        ["n", "n", 420, HIGH, "n"],
      ],
      nodes: [
        op("h", 150, BELT, "×"),
        op("h", 420, BELT, "+"),
        op("h", 420, 124, "×"),
        keep ? op("h", 270, 124, "1−") : op("h", 150, 90, "1−"),
        box("n", 420, curve("n")),
      ],
    },
    gate("z", 150, curve("z"), "V68"),
    gate("r", 270, curve("r"), after ? `V160H345V${GATE - 12}` : "V160H318V288"),
    after
      ? plan({
          wires: [
            ["n", `M345 ${BUS}V${GATE + 12}`, "h"],
            ["n", `M357 ${GATE}H393`, "n"],
          ],
          strips: [["n", "n.2.2.2", 345, 280, "U h + b′"]],
          nodes: [op("n", 345, GATE, "×"), ["n", "small", 345, 306, "U"]],
        })
      : plan({
          wires: [
            ["n", `M318 ${BUS}V312`, "h"],
            ["n", `M330 300H408V${GATE + 15}`, "n"],
          ],
          strips: [["n", "n.2.2.4", 371, 300, "r ⊙ h"]],
          nodes: [op("n", 318, 300, "×"), ["n", "small", 408, 274, "U"]],
        }),
  );
}

/**
 * @param {Cell} _
 * @param {(id: string) => string} curve the symbol of the activation at a place
 */
function rnn(_, curve) {
  const y = 170;
  return plan({
    wires: [
      ["start", `M0 ${y}H128`, "h"],
      ["sum", `M152 ${y}H298`, "h"],
      ["start", `M0 ${INPUT}H310V310`, "x"],
      ["sum", `M310 290V182`, "x"],
      ["sum", `M310 96V158`, "plain"],
      ["sum", `M322 ${y}H442`, "plain"],
      ["h", `M478 ${y}H600`, "h"],
    ],
    strips: [
      ["start", "h_before", 56, y, "h before"],
      ["sum", "h.2.2", 225, y, "U h + b′"],
      ["start", "x", 56, INPUT, "x"],
      ["sum", "h.2.1", 310, 240, "W x + b"],
      ["sum", "h.2", 385, y, "a"],
      ["h", "h", 540, y, "h"],
    ],
    nodes: [
      ["sum", "small", 140, y, "U"],
      ["sum", "small", 310, 300, "W"],
      op("sum", 310, y, "+"),
      box("h", 460, curve("h"), y),
    ],
  });
}

/** @typedef {(cell: Cell, curve: (id: string) => string) => import("./pieces.js").Plan} Circuit */
/** @type {Record<import("../types").Kind, Circuit>} */
const CIRCUITS = { rnn, lstm, gru, mingru, minlstm, slstm, ssm, attention };

/**
 * @param {import("../types").Kind} kind
 * @param {Cell} cell
 * @param {(name: string) => string} symbol of an activation
 * @returns {import("./pieces.js").Plan}
 */
export const wiring = (kind, cell, symbol) =>
  CIRCUITS[kind](cell, (id) => symbol(String(at(id, cell.lines)[1])));
