// The live diagram: every wire carries the vector of this step as a strip of cells, the chosen unit marked on all of
// them.
import { ink } from "../pure/colours.js";
import { sub } from "../pure/numbers.js";
import { wiring } from "../pure/wiring.js";
import { element } from "../view/element.js";
import { like, panelOf, symbol } from "./look.js";
import { ground, nodeOf, pale, part, ribbon, wireOf } from "./parts.js";
import { shades } from "./shades.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {import("../types").Panel} Panel
 */


/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const { diagram } = frame;
  /** @type {Cell | null} */
  let drawn = null;
  /** @type {ReturnType<typeof band>[]} */
  let strips = [];
  /** @type {{stage: string, node: Element}[]} */
  let pieces = [];
  let shade = shades(state);
  const host = element("div");
  diagram.append(host);

  /** @param {Cell} cell */
  function build(cell) {
    // Two cells in one stepper may use one letter for two things.
    for (const panel of state.panel().layer.all) {
      frame.root.style.setProperty(`--ink-${panel.name}`, ink(state.colours, panel));
    }
    const plan = wiring(state.panel().layer.cell, cell, symbol);
    const wires = plan.wires.map((wire) => ({ stage: wire[0], node: wireOf(wire) }));
    const nodes = plan.nodes.map((node) => {
      const [stage] = node;
      return { stage, node: nodeOf(node, panelOf(cell, stage).title, () => go(cell, stage)) };
    });
    strips = plan.strips.map((strip) => band(cell, strip));
    pieces = [...wires, ...nodes, ...strips];
    const drawing = pieces.map(({ node }) => node);
    host.replaceChildren(ground("Diagram of the cell at this step", drawing));
  }

  /**
   * A vector as a strip of cells.
   * @param {Cell} cell
   * @param {import("../pure/pieces.js").Strip} strip
   */
  function band(cell, strip) {
    const [stage, id, , , label] = strip;
    const drawing = ribbon(cell, strip);
    const { columns, rows } = drawing;
    const own = cell.byName[id];
    const order = own?.own ? own.order : state.panel().layer.order;
    const places = drawing.cells.map((_, k) => {
      const [row, unit] = [Math.floor(k / columns), order[k % columns]];
      return id.endsWith("*") ? row * columns + unit : unit * rows + row;
    });
    /** @param {MouseEvent} [event] */
    const choose = (event) => {
      const step = id.endsWith("_before") ? cell.before(state.step) : state.step;
      if (step < 0) return;
      const array = cell.byName[id.replace(/_before|\*/, "")] ?? panelOf(cell, stage);
      const [column, row] = [drawing.place(event), drawing.rowOf(event)];
      const unit = array.per && rows > 1 ? places[row * columns + column] : order[column];
      const then = id.endsWith("*") ? Math.min(row, step) : step;
      state.choose({ step: then, array: array.id, unit, ...(stage === "sum" ? { inner: 0 } : {}) });
    };
    const node = part({ class: "gs-strip" }, choose, ...drawing.children);
    return { stage, id, label, places, ...drawing, node, look: like(cell, id), order };
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
   * The vectors of this step, and the names that carry t.
   * @param {Cell} cell
   */
  function fill(cell) {
    const { step } = state;
    const t = step + 1;
    const then = cell.before(step) + 1;
    for (const { id, look, places, cells, label, name, node } of strips) {
      const vector = cell.vector(id, step);
      const hidden = look.of.some((panel) => state.hidden(panel));
      const colour = shade(look);
      places.forEach((place, k) => cells[k].setAttribute("fill", hidden ? "transparent" : colour(vector[place])));
      const written = label
        .replace(/\b([hcnm]) before\b/g, (_, letter) => `${letter}${sub(then)}`)
        .replace(/^\p{L}\p{M}?′?$/u, (letter) => `${letter}${sub(t)}`);
      if (name.textContent !== written) name.textContent = written;
      const spoken = cell.byName[id]?.title ?? (written ? label.replace("⊙", "times") : "output activation of c");
      const title = `${written ? `${written}, ` : ""}${spoken} at t = ${id.endsWith("_before") ? then : t}`;
      node.setAttribute("aria-label", `${title}: ${cells.length} numbers`);
    }
  }

  /** @param {Cell} cell */
  function mark(cell) {
    for (const { id, order, lit } of strips) {
      const own = cell.byName[id];
      lit(order.indexOf(own?.own ? state.unitIn(own) : Math.min(state.unit, cell.units - 1)));
    }
  }

  return {
    update(change) {
      if (change.theme) shade = shades(state);
      if (state.level !== "inside" || !state.reading.length) return;
      host.hidden = state.back();
      diagram.hidden = !state.cell();
      if (host.hidden) return;
      const cell = state.cell();
      const anew = drawn !== cell || change.theme || change.pass;
      drawn = cell;
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
    if (change.array) pale(pieces, cell.walk.map((stage) => (stage.sum ? "sum" : stage.name)), state.inner);
  }
}
