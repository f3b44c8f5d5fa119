// What a cell's diagram is made of: wires, strips (vectors) and nodes, on a ground of 600 × 380. Every piece belongs to
// the array that it helps to compute.

/**
 * @typedef {[array: string, path: string, style: string]} Wire
 * @typedef {[array: string, id: string, x: number, y: number, label: string]} Strip its vector's id: see cell.js
 * @typedef {[array: string, kind: string, x: number, y: number, text: string]} Node
 * @typedef {{wires: Wire[], strips: Strip[], nodes: Node[]}} Plan
 */

export const BELT = 56;
export const GATE = 240;
export const HIGH = 196;
export const BUS = 326;
export const INPUT = 354;
export const LOW = 290; // where boxes stand in the wider ones

/** @type {(array: string, x: number, text: string, y?: number) => Node} */
export const box = (array, x, text, y = GATE) => [array, "box", x, y, text];
/** @type {(array: string, path: string, style: string) => Wire} */
export const wire = (array, path, style) => [array, path, style];
/** @type {(array: string, id: string, x: number, y: number, label: string) => Strip} */
export const strip = (array, id, x, y, label) => [array, id, x, y, label];
/** @type {(array: string, x: number, y: number, text: string) => Node} */
export const op = (array, x, y, text) => [array, "op", x, y, text];

/**
 * Some pieces; what is left out is none.
 * @param {Partial<Plan>} pieces
 * @returns {Plan}
 */
export const plan = ({ wires = [], strips = [], nodes = [] }) => ({ wires, strips, nodes });

/** @param {Plan[]} parts */
export const joined = (...parts) =>
  plan({
    wires: parts.flatMap((p) => p.wires),
    strips: parts.flatMap((p) => p.strips),
    nodes: parts.flatMap((p) => p.nodes),
  });

/**
 * The input's wire and the ways from it up into boxes.
 * @param {Record<string, number>} boxes where the box of an array stands
 * @param {number} foot of the boxes
 * @returns {Wire[]}
 */
export const rises = (boxes, foot) => [
  wire("start", `M0 ${INPUT}H${Math.max(...Object.values(boxes))}`, "x"),
  ...Object.entries(boxes).map(([array, x]) => wire(array, `M${x} ${INPUT}V${foot}`, "x")),
];
