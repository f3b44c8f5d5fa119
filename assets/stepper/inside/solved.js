// The lines of a worked solution at one place: as the page prints them, the parts of a sum as signed bars, and the
// slope of the activation that stands there.
import { curve } from "../pure/activations.js";
import { linesAt } from "../pure/solved.js";
import { element } from "../view/element.js";
import { share } from "./bar.js";
import { draw } from "./curve.js";

/**
 * @param {import("../types").SolvedLine} line
 * @param {string} ink
 */
function written(line, ink) {
  const attributes = { class: "gs-worked", "data-testid": "stepper-worked", "data-key": line.key };
  const result = [element("b", { class: "gs-result" }, line.result), line.rounded ? "†" : ""];
  const name = element("b", { style: `color:${ink}` }, line.name);
  return element("p", attributes, name, ` = ${line.numbers} = `, ...result);
}

/** @param {import("../types").SolvedLine} line */
function parts({ name, parts: all }) {
  const bar = Math.max(1e-300, ...all.map(({ value }) => Math.abs(value)));
  const rows = all.map(({ text, told, value }) =>
    element(
      "tr",
      { "data-part": "product" },
      element("th", { scope: "row" }, text),
      element("td", { class: "gs-bar-cell", "aria-hidden": "true" }, share(value, bar)),
      element("td", { class: "gs-amount" }, told),
    ),
  );
  return rows.length ? [element("table", { "aria-label": `The parts of ${name}` }, element("tbody", {}, ...rows))] : [];
}

/**
 * @param {import("../types").Panel} panel
 * @param {number} step
 * @param {number} unit
 * @param {string} ink
 * @returns {HTMLElement[]}
 */
export function solved(panel, step, unit, ink) {
  const lines = linesAt(panel, step, unit);
  if (!lines.length) return [element("p", { "data-testid": "stepper-worked" }, "Nothing is asked at this step.")];
  const { slope } = panel;
  const k = step * panel.units + unit;
  const at = slope ? slope.at[k] : 0;
  const figure = slope
    ? draw(
        { name: slope.name, at, value: curve(slope.name)(at), slope: { value: slope.slope[k], told: slope.told[k] } },
        ink,
      )
    : [];
  return lines.flatMap((line, n) => [
    element("div", { class: "gs-worked-row" }, written(line, ink), ...(n ? [] : figure)),
    ...parts(line),
  ]);
}
