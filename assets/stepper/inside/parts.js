// What the diagram is made of, forward and backward: wires, nodes, and vectors as strips of cells.
import { pressed } from "../pure/keys.js";
import { BELT } from "../pure/pieces.js";
import { element } from "../view/element.js";
import { shapeOf } from "./look.js";

/** @typedef {import("../types").Cell} Cell */

const WIDTH = 600;
const HEIGHT = 380;
const LENGTH = 76;
const THICK = 13;
const TALLEST = 44; // of a vector in several rows
/** @type {Record<string, string>} */
const SPOKEN = { // each begins with what stands there, so that one can say what one sees
  "×": "×, elementwise product",
  "+": "+, sum",
  "÷": "÷, elementwise quotient",
  "·": "·, sum over the states",
  "1−": "1−, one minus the gate",
  U: "U, matrix",
  W: "W, matrix",
  D: "D, weights",
};

/**
 * The drawing.
 * @param {string} label
 * @param {Element[]} pieces
 */
export const ground = (label, pieces) =>
  element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": label }, ...pieces);

/** @type {(wire: import("../pure/pieces.js").Wire) => SVGPathElement} */
export const wireOf = ([, path, name]) => element("path", { d: path, class: `gs-wire gs-stroke-${name}` });

/**
 * What is computed later is pale, what is computed now stands out.
 * @param {{stage: string, node: Element}[]} pieces
 * @param {string[]} order of the arrays' computation
 * @param {number} inner where in it the reader stands
 */
export function pale(pieces, order, inner) {
  for (const { stage, node } of pieces) {
    const k = order.indexOf(stage);
    node.classList.toggle("gs-later", k > inner);
    node.classList.toggle("gs-now", k === inner && k >= 0);
  }
}

/**
 * A part that can be pressed.
 * @param {Record<string, string>} attributes
 * @param {(event?: MouseEvent) => void} act
 * @param {Element[]} children
 */
export function part(attributes, act, ...children) {
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
 * A gate's curve, a matrix or an operation.
 * @param {import("../pure/pieces.js").Node} node
 * @param {string} title of its array
 * @param {() => void} act
 */
export function nodeOf([, kind, x, y, text], title, act) {
  const [width, height] = kind === "box" ? [54, 30] : [22, 20];
  const shape =
    kind === "op"
      ? element("circle", { cx: x, cy: y, r: 12 })
      : element("rect", { x: x - width / 2, y: y - height / 2, width, height, rx: 4 });
  const what = kind === "box" ? `${text} of ` : `${SPOKEN[text] ?? text}, for `;
  const attributes = { class: `gs-node gs-${kind}`, "aria-label": `${what}${title}` };
  return part(attributes, act, shape, element("text", { x, y: y + 5 }, text));
}

/**
 * A vector as a strip of cells, in several rows where a unit has several numbers.
 * @param {Cell} cell
 * @param {import("../pure/pieces.js").Strip} strip
 */
export function ribbon(cell, [, id, x, y]) {
  const [columns, rows] = shapeOf(cell, id);
  const length = id === "x" ? Math.min(LENGTH * 1.3, (LENGTH * cell.size) / cell.units) : LENGTH;
  const width = length / columns;
  const left = x - length / 2;
  const thick = rows > 1 ? Math.max(THICK, Math.min(TALLEST, rows * THICK)) : THICK;
  const height = thick / rows;
  const top = y - thick / 2;
  const cells = Array.from({ length: rows * columns }, (_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const [at, down] = [left + column * width, top + row * height];
    return element("rect", { x: at, y: down, width: width + 0.05, height: height + (rows > 1 ? 0.05 : 0) });
  });
  const mark = element("rect", { class: "gs-strip-mark", y: top - 2, height: thick + 4, width: Math.max(width, 3) });
  // Else it stands beside its wire, which runs upwards.
  const centred = y === BELT || y === 300 || id === "x" || id.endsWith("_before");
  const name = element("text", {
    class: "gs-strip-label",
    x: centred ? x : x + 6,
    y: id === "x" ? y + 22 : top - 5.5,
    "text-anchor": centred ? "middle" : "start",
  });
  const behind = element("rect", {
    class: "gs-strip-ground",
    x: left - 1,
    y: top - 1,
    width: length + 2,
    height: thick + 2,
  });
  /**
   * The column that was pressed; −1 where the keyboard did.
   * @param {MouseEvent} [event]
   */
  function place(event) {
    const first = cells[0].getBoundingClientRect();
    return event?.clientX ? Math.floor((event.clientX - first.left) / first.width) : -1;
  }
  /**
   * The row that was pressed.
   * @param {MouseEvent} [event]
   */
  function rowOf(event) {
    const first = cells[0].getBoundingClientRect();
    return event?.clientY && rows > 1 ? Math.floor((event.clientY - first.top) / first.height) : 0;
  }
  /** @param {number} k the column of the chosen unit */
  function lit(k) {
    mark.setAttribute("x", String(left + k * width - (Math.max(width, 3) - width) / 2));
  }
  return { cells, columns, rows, name, centred, children: [behind, ...cells, mark, name], place, rowOf, lit };
}
