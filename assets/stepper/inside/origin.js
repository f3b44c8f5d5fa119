// From word to gate, where all of it fits on the screen: token, id, one-hot row, the rows of W and U that make the
// chosen number, and the same cell unrolled over three steps.
import { at, legible } from "../pure/colours.js";
import { fixed, sub } from "../pure/numbers.js";
import { starts } from "../pure/plan.js";
import { button, element } from "../view/element.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {{letter: string, weights: Float32Array, width: number, heads: string[]}} Matrix
 */

/** Of the cells that are shown whole. @type {Partial<Record<import("../types").Kind, string[]>>} */
const BLOCKS = { lstm: ["i", "f", "g", "o"], gru: ["r", "z", "n"], rnn: ["h"] };
const NO_WEIGHTS =
  "has no weights of its own: it is computed from the other arrays " +
  "with ⊙, the elementwise product.";

/** @param {string} text */
const badge = (text) => element("span", { class: "gs-badge" }, text);

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ origin, originTab }, state) {
  const path = element("p", { class: "gs-path" });
  const dots = element("p", {});
  const matrices = element("div", { class: "gs-matrices" });
  const label = "The same cell at three steps";
  const unrolled = element("div", { class: "gs-unrolled", role: "group", "aria-label": label });
  origin.append(element("h4", {}, "From word to gate"), path, matrices, dots, unrolled);
  /** @type {Cell | null} */
  let built = null;
  /** @type {ReturnType<typeof matrix>[]} */
  let tables = [];

  /**
   * One weight matrix as a table, its rows in torch's order, block by block.
   * @param {Cell} cell
   * @param {Matrix} matrix
   */
  function matrix(cell, { letter, weights, width, heads }) {
    const { cell: kind } = state.panel().layer;
    const panel = { kind: "signed", range: weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0) };
    const used = new Set(cell.inside.lines.flatMap((line) => starts(line.plan)));
    const corner = element("th", { scope: "col" }, element("span", { class: "gs-live" }, "row"));
    const titles = heads.map((h) => element("th", { scope: "col" }, h));
    const head = element("tr", {}, corner, ...titles);
    const rows = (BLOCKS[kind] ?? []).flatMap((name, block) =>
      Array.from({ length: cell.units }, (_, unit) => {
        const choose = () => state.choose({ array: cell.byName[name].id, unit });
        const first = button({ class: "gs-plain" }, `${kind === "rnn" ? "" : name}[${unit}]`, choose);
        const row = block * cell.units + unit;
        const cells = Array.from({ length: width }, (_, k) => {
          const value = weights[row * width + k];
          const ground = at(state.colours, panel, value);
          return element("td", { style: `background:${ground};color:${legible(ground)}` }, fixed(value, 2));
        });
        const classes = [
          ...(unit === 0 && block ? ["gs-block"] : []),
          ...(used.has(block * cell.units) ? [] : ["gs-unused"]),
        ];
        const attributes = { "data-row": `${name}${unit}`, class: classes.join(" ") };
        return element("tr", attributes, element("th", { scope: "row" }, first), ...cells);
      }),
    );
    const caption = element("caption", {}, element("b", {}, letter), " ", badge(`${rows.length} × ${width}`));
    const table = element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...rows));
    const region = { class: "gs-scroll", tabindex: 0, role: "region", "aria-label": `Weights ${letter}` };
    return { node: element("div", region, table), rows, heads: titles };
  }

  /** @param {Cell} cell */
  function build(cell) {
    const { inside, units, size } = cell;
    const states = Array.from({ length: units }, (_, k) => `h[${k}]`);
    tables = [
      matrix(cell, { letter: "W", weights: inside.weight_ih, width: size, heads: inside.inputs }),
      matrix(cell, { letter: "U", weights: inside.weight_hh, width: units, heads: states }),
    ];
    matrices.replaceChildren(...tables.map((t) => t.node));
  }

  /** @param {Cell} cell */
  function light(cell) {
    const { name } = state.panel();
    const { x } = cell.byName;
    const id = x.order.find((k) => x.at(state.step, k) === 1);
    for (const [which, { rows, heads }] of tables.entries()) {
      for (const row of rows) row.classList.toggle("gs-lit", row.dataset.row === `${name}${state.unit}`);
      heads.forEach((head, k) => {
        const on = which === 0 && k === id;
        if (head.classList.contains("gs-lit") === on) return;
        head.classList.toggle("gs-lit", on);
        for (const row of rows) row.children[k + 1].classList.toggle("gs-lit", on);
      });
    }
    const word = state.reading.tokens[state.step];
    const places = x.order.map((k) => (k === id ? "1" : "0")).join(" ");
    path.replaceChildren(
      "token ",
      element("b", {}, word),
      ` → id ${id} → one-hot row ${id} of 10: x${sub(state.step + 1)} = (${places}) `,
      badge(`x (${cell.size},)`),
      " ",
      badge(`h (${cell.units},)`),
      ` With a one-hot x, W x is column “${word}” of W.`,
    );
    dots.replaceChildren(dot(cell, name));
  }

  /**
   * @param {Cell} cell
   * @param {string} name of the chosen array
   */
  function dot(cell, name) {
    const has = tables[0].rows.some((row) => row.dataset.row?.startsWith(name));
    const found = has ? cell.explain(name, state.step, state.unit) : null;
    if (found?.kind !== "sum") return `${state.panel().letter} ${NO_WEIGHTS}`;
    const parts = Object.fromEntries(found.groups.map((g) => [g.key, g.value]));
    const row = `row ${name === "h" ? "" : name}[${state.unit}] of W`;
    const sums = `${row} · x = ${fixed(parts.x, 3)}; the same row of U · h = ${fixed(parts.h, 3)}`;
    return (
      `Row · column is a dot product: all pairs are multiplied and added up. ${sums}. ` +
      "Then the activation function is applied. ⊙ is different: it multiplies pairs and adds nothing up."
    );
  }

  /** @param {Cell} cell */
  function three(cell) {
    const { tokens, length } = state.reading;
    const { h } = cell.byName;
    const unit = state.unitIn(h);
    const { turned } = cell.inside;
    const boxes = [-1, 0, 1].flatMap((by) => {
      const t = state.step + (turned ? -by : by); // in the order of reading
      const inside = t >= 0 && t < length;
      const first = by < 0;
      const name = inside ? `t = ${t + 1} · ${tokens[t]}` : t < 0 ? "the start" : "the end";
      const same = inside ? "same W, U, b" : first ? "h₀ = 0" : "";
      const face = [name, element("span", { class: "gs-from" }, same)];
      const box = button({ class: by === 0 ? "gs-cell gs-cell-now" : "gs-cell" }, face, () => state.go(t));
      box.disabled = !inside || by === 0;
      if (by === 1) return [box]; // what comes is not told
      const value = inside && state.hidden(h, t, unit) ? "?" : inside ? fixed(h.at(t, unit), 2) : "";
      const passed = inside ? `h${sub(t + 1)}[${unit}] = ${value} →` : "0 →";
      return [box, element("span", { class: "gs-pass" }, passed)];
    });
    unrolled.replaceChildren(...boxes);
  }

  return {
    update(change) {
      if (state.level !== "inside" || !state.reading.length) return;
      const cell = state.cell();
      const shown = cell && state.small(state.panel().layer) ? cell : null;
      origin.hidden = originTab.hidden = !shown;
      if (!shown) return;
      if (built !== shown || change.theme) {
        build(shown);
        built = shown;
      }
      light(shown);
      three(shown);
    },
  };
}
