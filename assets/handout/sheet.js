// A sheet of By hand as one file: its numbers can be changed, the worked lines of the forward pass follow, and a
// reader's own number is checked. Nothing is asked of a server.
import { checked, read } from "../stepper/pure/checked.js";
import { unrolled } from "../stepper/pure/plan.js";
import { shown, written } from "../stepper/pure/written.js";
import { element } from "../stepper/view/element.js";
import { unpacked } from "./unpack.js";

/**
 * @typedef {object} Table
 * @property {string} name weights, peepholes, state or inputs
 * @property {string} title
 * @property {string[]} rows
 * @property {string[]} columns
 * @property {number[][]} values
 * @typedef {object} Worked one line of the solution, in the order in which the page has them
 * @property {string} name of the array
 * @property {number} step from 0
 * @property {number} unit from 0
 * @property {string} label
 * @typedef {object} Sheet
 * @property {string} title
 * @property {boolean} two whether there is a second bias
 * @property {number} digits
 * @property {Table[]} tables
 * @property {import("../stepper/types").Line[]} lines
 * @property {Worked[]} solution
 * @property {Record<string, string>} words
 */

/** @param {string} id */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @type {(text: string, more?: Record<string, string>) => string} */
const filled = (text, more = {}) => text.replace(/\{(\w+)\}/g, (_, name) => more[name]);

export async function open() {
  /** @type {Sheet} */
  const sheet = await unpacked(JSON.parse($("data").textContent ?? ""));
  const { tables, words } = sheet;
  let { digits } = sheet;
  document.title = sheet.title;
  $("title").textContent = sheet.title;
  $("turn").remove();
  /** @type {Map<Worked, {sum: Element, field: HTMLInputElement, out: HTMLElement, root: Element}>} */
  const places = new Map();

  $("tables").replaceChildren(...tables.map(drawn));
  const hide = element("input", { type: "checkbox" });
  hide.onchange = work;
  const count = element("select", {}, ...[2, 3, 4, 5, 6, 7, 8].map((n) => element("option", { value: n }, String(n))));
  count.value = String(digits);
  count.onchange = () => {
    digits = Number(count.value);
    work();
  };
  const labels = [element("label", {}, words.digits, " ", count), element("label", {}, hide, " ", words.hide)];
  $("controls").replaceChildren(...labels);

  const roots = [...document.querySelectorAll(".ho-line")];
  sheet.solution.forEach((line, k) => {
    const root = roots[k];
    const attributes = { type: "text", inputmode: "decimal", maxlength: 40, autocomplete: "off" };
    const names = { placeholder: words.yours, "aria-label": `${words.yours}: ${line.label}` };
    const field = element("input", { ...attributes, ...names });
    const out = element("output", {});
    field.oninput = work;
    root.append(field, out);
    places.set(line, { sum: /** @type {Element} */ (root.querySelector(".sum")), field, out, root });
  });

  /** @param {Table} table */
  function drawn(table) {
    const head = element("tr", {}, element("td", {}), ...table.columns.map((c) => element("th", { scope: "col" }, c)));
    const rows = table.values.map((values, r) => {
      const cells = values.map((_, c) => element("td", {}, cell(table, r, c)));
      return element("tr", {}, element("th", { scope: "row" }, table.rows[r]), ...cells);
    });
    const caption = element("caption", {}, table.title);
    return element("div", { class: "ho-table" }, element("table", {}, caption, element("tbody", {}, head, ...rows)));
  }
  /**
   * A number to type into; what is none is marked, and the last one that could be read still counts.
   * @param {Table} table
   * @param {number} r
   * @param {number} c
   */
  function cell(table, r, c) {
    const name = `${table.title}, ${table.rows[r]}, ${table.columns[c]}`;
    const attributes = { type: "text", inputmode: "decimal", maxlength: 40, autocomplete: "off", "aria-label": name };
    const longest = Math.max(...table.values.flat().map((value) => String(value).length));
    const field = element("input", { ...attributes, style: `width:${Math.max(6, longest + 2)}ch` });
    field.value = String(table.values[r][c]);
    field.oninput = () => {
      const value = read(field.value);
      field.setAttribute("aria-invalid", String(value === null));
      $("said").textContent = value === null ? filled(words.unread, { name, text: field.value }) : "";
      if (value === null) return;
      table.values[r][c] = value;
      work();
    };
    return field;
  }

  /** @param {string} name */
  const values = (name) => tables.find((table) => table.name === name)?.values ?? null;
  /** @param {number[][]} rows */
  const flat = (rows) => Float64Array.from(rows.flat());

  // The cell's arrays, by the stepper's own arithmetic.
  function computed() {
    const [weights, state, inputs] = ["weights", "state", "inputs"].map((name) => values(name) ?? []);
    const [units, size] = [state[0].length, inputs[0].length];
    const seen = weights[0].length - size - (sheet.two ? 2 : 1); // columns of U, which not every cell has
    const b = weights.map((row) => row[size + seen]);
    const peepholes = values("peepholes");
    const given = {
      ...{ units, size, peephole: peepholes && flat(peepholes) },
      weight_ih: flat(weights.map((row) => row.slice(0, size))),
      weight_hh: flat(weights.map((row) => row.slice(size, size + seen))),
      bias_ih: Float64Array.from(b),
      bias_hh: Float64Array.from(sheet.two ? weights.map((row) => row[size + seen + 1]) : b.map(() => 0)),
    };
    const starts = { h: Float64Array.from(state[0]), c: Float64Array.from(state[1] ?? []) };
    return { units, ...unrolled(sheet.lines, given, flat(inputs), starts) };
  }

  function work() {
    const { rows, source, units } = computed();
    const plans = Object.fromEntries(sheet.lines.map(({ name, plan }) => [name, plan]));
    for (const [line, { sum, field, out, root }] of places) {
      const { name, step, unit, label } = line;
      const value = rows[name][step * units + unit];
      const said = field.value.trim() ? checked(field.value, value) : null;
      const verdict = said?.verdict ?? "";
      root.className = `ho-line ${verdict}`;
      out.textContent = said ? filled(words[verdict], { digits: String(said.digits) }) : "";
      const put = written(plans[name], { source, step, unit, digits, two: sheet.two });
      const right = [`${put} = `, element("b", {}, shown(value, digits))];
      sum.replaceChildren(element("i", {}, label), " = ", ...(hide.checked && verdict !== "right" ? ["…"] : right));
    }
  }
  work();
}
