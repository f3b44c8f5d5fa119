// The arithmetic of the chosen number: its parts as signed bars that add up to it.
import { name, worked, concealed } from "../pure/arithmetic.js";
import { ink } from "../pure/colours.js";
import { fixed, missing, signed } from "../pure/numbers.js";
import { DIGITS } from "../pure/rows.js";
import { button, element } from "../view/element.js";
import { share } from "./bar.js";
import { draw } from "./curve.js";
import { solved } from "./solved.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {import("../types").Factor} Factor
 * @typedef {import("../types").Panel} Panel
 * @typedef {import("../pure/rows.js").Row} Row
 */

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ arithmetic }, state) {
  /** The groups whose members are all shown. @type {Set<string>} */
  const open = new Set();

  /** @param {string} group */
  function toggle(group) {
    if (!open.delete(group)) open.add(group);
    show();
    /** @type {HTMLElement | null} */ (arithmetic.querySelector(`[data-more="${group}"] button`))?.focus();
  }

  /**
   * @param {Row} row
   * @param {Cell} cell
   */
  function label(row, cell) {
    if (row.factors) return row.factors.flatMap((f, k) => [...(k ? [" ⊙ "] : []), link(f, cell)]);
    const from = row.from === undefined ? [] : [element("span", { class: "gs-from" }, row.from && ` ${row.from}`)];
    const { goto, more } = row;
    if (more) return [button({ class: "gs-plain" }, row.label, () => toggle(more))];
    if (goto) return [button({ class: "gs-plain" }, [row.label, ...from], () => state.choose(goto))];
    return [element("span", {}, row.label, ...from)];
  }

  /**
   * @param {Row} row
   * @param {Cell} cell
   */
  function drawn(row, cell) {
    const { value, bar, digits } = row;
    // A secret's empty cell still is one: "?" where a value is to be filled in, nothing beside "show fewer".
    const amount = value !== null ? signed(value, digits) : row.more ? "" : "?";
    const bars = bar === null || value === null ? [] : [share(value, bar)];
    return element(
      "tr",
      { "data-part": row.part, class: row.member ? "gs-member" : null, "data-more": row.more },
      element("th", { scope: "row" }, ...label(row, cell)),
      element("td", { class: "gs-product" }, row.text),
      element("td", { class: "gs-bar-cell", "aria-hidden": "true" }, ...bars),
      element("td", { class: "gs-amount" }, amount),
    );
  }

  /**
   * @param {Factor} factor
   * @param {Cell} cell
   */
  function link(factor, cell) {
    const { goto, array } = factor;
    if (!goto || !array || goto.step < 0) return element("span", {}, factor.name);
    const made = button({ class: "gs-plain" }, factor.name, () => state.choose(goto));
    made.style.color = ink(state.colours, cell.byName[array]);
    return made;
  }

  /**
   * Why there is no arithmetic, where there is none.
   * @param {Panel} panel
   * @param {Cell | null} cell
   * @param {string} letter
   */
  function why(panel, cell, letter) {
    const value = state.value(panel);
    if (!cell) return "The weights behind these numbers are not on this page.";
    if (!Number.isFinite(value)) return `${letter} is ${fixed(value, DIGITS)}: ${panel.gaps ?? missing(panel.layer)}.`;
    const told = `${letter} = ${fixed(value, DIGITS)}`;
    if (panel.name === "x") {
      const word = state.reading.tokens[state.step];
      const row = `component ${state.unitIn(panel)} of the vector that stands for “${word}”`;
      return `${told} is looked up, not computed: it is ${row}.`;
    }
    if (panel.name !== "p") return "";
    return `${told} is the readout’s, computed from all of h. Choose another array to see its arithmetic.`;
  }

  function show() {
    const focused = arithmetic.contains(document.activeElement);
    const panel = state.panel();
    const cell = state.cell();
    const { step } = state;
    const unit = state.unitIn(panel);
    if (panel.lines) return arithmetic.replaceChildren(...solved(panel, step, unit, ink(state.colours, panel)));
    const letter = name(panel.letter, panel.place ? state.named(panel, unit) : unit, step);
    const none = why(panel, cell, letter);
    if (none || !cell) return arithmetic.replaceChildren(element("p", {}, none));
    if (cell.edited(panel.name, step, unit)) {
      const said = `${letter} = ${fixed(state.value(panel), DIGITS)} was set by hand, not computed.`;
      const all = `${said} Everything after it is computed from it.`;
      const line = element("p", { "data-testid": "stepper-worked" }, all);
      return arithmetic.replaceChildren(line);
    }
    const half = Boolean(state.stage()?.sum);
    const { tokens } = state.reading;
    /** @param {Factor} f */
    const secret = ({ goto, array }) =>
      Boolean(goto && array && goto.step === step && state.hidden(cell.byName[array], step, goto.unit));
    const words = cell.byName.x.names ?? [];
    const at = { step, tokens, letter, unit, words, open, half, secret, turned: cell.inside.turned };
    const found = worked(cell.explain(panel.name, step, unit), at);
    const { rows, line, plot } = state.hidden(panel) ? concealed(found) : found;
    const colour = ink(state.colours, panel);
    const said = element(
      "p",
      { class: "gs-worked", "data-testid": "stepper-worked" },
      element("b", { style: `color:${colour}` }, half ? "" : letter),
      half ? line : ` = ${line}`,
    );
    const body = element("tbody", {}, ...rows.map((row) => drawn(row, cell)));
    const table = element("table", { "aria-label": `The arithmetic of ${letter}` }, body);
    arithmetic.replaceChildren(element("div", { class: "gs-worked-row" }, said, ...draw(plot, colour)), table);
    if (focused && !arithmetic.contains(document.activeElement)) arithmetic.focus({ preventScroll: true });
  }

  return {
    update() {
      if (state.level === "inside" && state.reading.length) show();
    },
  };
}
