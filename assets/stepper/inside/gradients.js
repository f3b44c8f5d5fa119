// The diagram on the way back: the same drawing, its wires carrying gradients from the right to the left, each with the
// chosen unit's number.
import { after, drawing, spoken, wide } from "../pure/gradients.js";
import { sub } from "../pure/numbers.js";
import { wiring } from "../pure/wiring.js";
import { element } from "../view/element.js";
import { symbol } from "./look.js";
import { ground, nodeOf, pale, part, ribbon, wireOf } from "./parts.js";
import { shades } from "./shades.js";

/** @typedef {import("../types").Cell} Cell */

const SMALL = 7; // px, a sum on a wire

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ diagram }, state) {
  const host = element("div");
  diagram.append(host);
  /** @type {Cell | null} */
  let drawn = null;
  /** @type {ReturnType<typeof band>[]} */
  let strips = [];
  /** @type {ReturnType<typeof number>[]} */
  let numbers = [];
  /** @type {{stage: string, node: Element}[]} */
  let pieces = [];
  let shade = shades(state);

  /**
   * @param {Cell} cell
   * @param {string} name of an array that stands on the drawing, or of a state before
   */
  function go(cell, name) {
    const before = name.endsWith("_before");
    const panel = cell.byName[name.replace("_before", "")];
    if (panel) state.choose({ array: panel.id, step: before ? Math.max(0, state.step - 1) : state.step });
  }

  /** @param {Cell} cell */
  function build(cell) {
    const { layer } = state.panel();
    const plan = wiring(layer.cell, cell, symbol);
    const more = drawing(layer.cell, cell);
    /** @param {string} stage */
    const arrayOf = (stage) => (stage === "start" ? "d_x" : stage === "sum" ? "d_a" : `d_${stage}`);
    const wires = plan.wires.map((wire) => ({ array: arrayOf(wire[0]), node: wireOf(wire) }));
    const extra = more.wires.map(([path, style]) => ({ array: "", node: wireOf(["", path, style]) }));
    const nodes = plan.nodes.map((node) => {
      const own = arrayOf(node[0]);
      const array = node[1] === "box" && `d_a_${node[0]}` in cell.byName ? `d_a_${node[0]}` : own;
      const title = cell.byName[array]?.letter ?? "";
      return { array, node: nodeOf(node, title, () => go(cell, array)) };
    });
    const sums = more.sums.map(([array, x, y]) => {
      return { array: array.endsWith("_before") ? "d_x" : array, node: plus(cell, array, x, y) };
    });
    const bands = plan.strips.map((strip) => band(cell, strip, more.moved[strip[1]] ?? {}));
    strips = bands.filter(({ id }) => layer.back?.flows[id]);
    numbers = more.marks.map((mark) => number(cell, mark));
    const all = [...wires, ...extra, ...nodes, ...sums, ...strips, ...numbers];
    pieces = all.map(({ array, node }) => ({ stage: array, node }));
    const [x, y, anchor] = more.loss;
    const loss = element("text", { class: "gs-wire-name", x, y, style: `text-anchor:${anchor}` }, "loss");
    const label = "Diagram of the cell at this step: gradients, flowing back from the right to the left";
    host.replaceChildren(ground(label, [...pieces.map(({ node }) => node), loss]));
  }

  /**
   * Where gradients of two ways are added.
   * @param {Cell} cell
   * @param {string} array
   * @param {number} x
   * @param {number} y
   */
  function plus(cell, array, x, y) {
    const before = array.endsWith("_before");
    const letter = cell.byName[array.replace("_before", "")]?.letter ?? "";
    const label = `+, ${letter}${before ? " before" : ""} adds up here`;
    const attributes = { class: "gs-node gs-plus", "aria-label": label };
    const sign = element("text", { x, y: y + 4 }, "+");
    return part(attributes, () => go(cell, array), element("circle", { cx: x, cy: y, r: SMALL }), sign);
  }

  /**
   * @param {Cell} cell
   * @param {import("../pure/pieces.js").Strip} strip
   * @param {import("../pure/gradients.js").Drawing["moved"][string]} moved
   */
  function band(cell, [stage, place, first, y, text], { x = first, foot }) {
    const { back, order: units } = state.panel().layer;
    const id = place === "h_before" && back?.flows.h_gates ? "h_gates" : place;
    const made = ribbon(cell, [stage, place, x, y, text]);
    const order = id === "x" ? cell.byName.x.order : units;
    const array = after(id, cell);
    /** @param {MouseEvent} [event] */
    const choose = (event) => {
      const before = id.endsWith("_before") || id === "h_gates";
      go(cell, before ? `d_${id[0]}_before` : array);
      state.choose({ unit: order[made.place(event)] });
    };
    // Beside a wire that runs upwards the name stands on its left, the number on its right.
    const aside = made.centred ? {} : { x: x - 6, style: "text-anchor:end" };
    const name = element("tspan", { class: "gs-wire-name", ...aside });
    const beside = made.centred ? {} : { x: x + 6 };
    const at = foot ? { x: foot[0], y: foot[1], style: `text-anchor:${foot[2]}` } : beside;
    const told = element("tspan", { class: "gs-wire-number", ...at });
    made.name.append(name, told);
    const node = part({ class: "gs-strip" }, choose, ...made.children);
    return { id, array, cells: made.cells, lit: made.lit, order, label: name, told, node };
  }

  /**
   * A number beside a wire.
   * @param {Cell} cell
   * @param {import("../pure/gradients.js").Mark} mark
   */
  function number(cell, [id, x, y, anchor]) {
    const label = element("tspan", { class: "gs-wire-name" });
    const told = element("tspan", { class: "gs-wire-number" });
    const attributes = { x, y, style: `text-anchor:${anchor}`, role: "img", "data-flow": id };
    const node = element("text", attributes, label, told);
    return { id, array: after(id, cell), label, told, node };
  }

  /**
   * What stands before a number: the name of an array's gradient, or where it goes.
   * @param {Cell} cell
   * @param {string} id
   */
  function named(cell, id) {
    const array = after(id, cell);
    if (/^[hc]_before$/.test(id)) return `to ${id[0]}${sub(state.step)} `;
    if (id === "x" || id in cell.lines) return `${cell.byName[`d_${id}`]?.letter ?? ""} `;
    const { letter = "" } = cell.byName[array] ?? {};
    const sum = id.split(".").length === 2 || id === "n.2.2.2";
    return letter.startsWith("δ") && sum ? `${letter} ` : "";
  }

  /** @param {Cell} cell */
  function fill(cell) {
    const { back } = state.panel().layer;
    const look = { kind: "signed", range: cell.byName[cell.back[0].name].range };
    const colour = shade(look);
    const [unit, dim] = [state.unitIn(cell.byName.h), state.unitIn(cell.byName.x)];
    for (const { id, label, told, node } of [...strips, ...numbers]) {
      const flow = back?.flows[id];
      if (!flow) continue;
      const [size, k, of] = wide(id, cell) ? [cell.size, dim, "input"] : [cell.units, unit, "unit"];
      const text = flow.told[state.step * size + k];
      const name = named(cell, id);
      if (label.textContent !== name) label.textContent = name;
      if (told.textContent !== text) told.textContent = text;
      node.setAttribute("aria-label", `${spoken(id, cell)}, ${of} ${k}: ${text}`);
    }
    for (const { id, cells, order, lit } of strips) {
      const flow = back?.flows[id];
      const size = cells.length;
      order.forEach((of, k) => cells[k].setAttribute("fill", colour(flow?.values[state.step * size + of] ?? NaN)));
      lit(order.indexOf(id === "x" ? dim : unit));
    }
  }

  return {
    update(change) {
      if (change.theme) shade = shades(state);
      if (state.level !== "inside" || !state.reading.length) return;
      const cell = state.back() ? state.cell() : null;
      host.hidden = !cell;
      if (!cell) return;
      if (drawn !== cell || change.theme || change.pass) build(cell);
      drawn = cell;
      fill(cell);
      pale(pieces, cell.back.map(({ name }) => name), state.inner);
    },
  };
}
