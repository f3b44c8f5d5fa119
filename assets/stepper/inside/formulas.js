// The cell's equations, the line at work lit, in the notation of one's choice; the walk through them; copying them as
// LaTeX.
import { labelled } from "../pure/keys.js";
import { formulas as solved, linesAt } from "../pure/solved.js";
import { button, element } from "../view/element.js";

const STORE = "gatescope-notation";
const OURS = ["ours", "torch"]; // notations whose formulas have the shapes of our layout
const store = (() => {
  try {
    return localStorage;
  } catch {
    return null; // a hand-out inside another page may not have one
  }
})();

/** @param {string} text */
const plain = (text) => text.replaceAll("−", "-").replaceAll("+", "");
/** @param {string} part */
const tex = (part) =>
  part
    .replaceAll(" · ", " \\cdot ")
    .replaceAll("σ", "\\sigma")
    .replace(/\|?tanh\|?/g, (name) => name.replace("tanh", "\\tanh"))
    .replace(/\b(hard|ReLU|LeakyReLU|ELU|softplus|softsign|affine|softmax|clip)\b/g, "\\mathrm{$1}");

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ formulas, walk, arithmetic }, state) {
  const select = element("select", { class: "gs-select", "aria-label": "Notation" });
  const note = element("p", { class: "gs-note" });
  const list = element("div", { class: "gs-lines", role: "group", "aria-label": "Equations" });
  const [up, down] = /** @type {const} */ ([
    ["↑", labelled("Previous inner step", "up"), -1, "prev"],
    ["↓", labelled("Next inner step", "down"), 1, "next"],
  ]).map(([face, label, by, name]) => {
    const attributes = { "aria-label": label, title: label, "data-testid": `stepper-inner-${name}` };
    return button({ class: "gs-button", ...attributes }, face, () => state.walk(by));
  });
  const where = element("span", { class: "gs-where", "data-testid": "stepper-inner" });
  const copies = [copier("copy as LaTeX", false), copier("with the numbers", true)];
  walk.append(up, down, where);
  const written = element("label", {}, "written as in ", select);
  const notation = element("div", { class: "gs-notation" }, written, ...copies);
  formulas.append(list, notation, note);
  let shown = "";
  /** @type {HTMLButtonElement[]} */
  let buttons = [];

  /**
   * @param {string} label
   * @param {boolean} numbers
   */
  function copier(label, numbers) {
    const made = button({ class: "gs-plain", "data-label": label }, label, async () => {
      try {
        await navigator.clipboard.writeText(latex(numbers));
        for (const other of copies) other.textContent = other.dataset.label ?? "";
        made.textContent = "copied";
      } catch {
        made.textContent = "the browser does not allow copying";
      }
      setTimeout(() => {
        made.textContent = label;
      }, 2000);
    });
    return made;
  }

  /**
   * The chosen line as LaTeX; with the numbers: its sum, rounding included, and what stands above the arithmetic.
   * @param {boolean} numbers
   */
  function latex(numbers) {
    const cell = state.cell();
    if (!cell) return "";
    if (state.panel().lines) return solution(numbers);
    const { latex: written } = cell.lines[state.panel().name] ?? cell.lines[cell.walk[0].name];
    const formula = written[select.value] ?? written.ours;
    if (!numbers) return formula;
    const line = arithmetic.querySelector("[data-testid=stepper-worked]")?.textContent ?? "";
    const worked = plain(line).split(" = ").slice(1);
    const parts = [...arithmetic.querySelectorAll("tr:is([data-part=group], [data-part=rounding])")];
    const rows = parts.map((row) => plain(row.lastChild?.textContent ?? ""));
    const sum = rows.join(" + ").replaceAll("+ -", "- ");
    const summed = arithmetic.querySelector("[data-part=group]") && /\(.*\)/.test(worked[0]);
    const applied = summed ? [worked[0].replace(/\(.*\)/, `(${sum})`)] : [];
    const result = [formula.split(" = ")[0], ...[...applied, ...worked].map(tex)].join(" = ");
    return `${formula}\n${result} % t = ${state.step + 1}, unit ${state.unit}`;
  }

  /**
   * The same of a line of the solution.
   * @param {boolean} numbers
   */
  function solution(numbers) {
    const panel = state.panel();
    const unit = state.unitIn(panel);
    const all = linesAt(panel, state.step, unit).map(({ formula, numbers: put, result }) => {
      const { latex: line = "" } = panel.layer.back?.formulas[formula] ?? {};
      if (!numbers) return line;
      const worked = [put, result].map((part) => tex(plain(part)));
      return `${line}\n${[line.split(" = ")[0], ...worked].join(" = ")} % t = ${state.step + 1}, unit ${unit}`;
    });
    return all.join("\n");
  }

  select.onchange = () => {
    store?.setItem(STORE, select.value);
    const cell = state.cell();
    if (cell) draw(cell);
  };

  /** @param {import("../types").Cell} cell */
  function draw(cell) {
    const back = state.back();
    const focused = list.contains(document.activeElement) && document.activeElement?.getAttribute("data-line");
    const several = Object.keys(cell.inside.lines[0].math).length > 1;
    note.textContent = state.reading.notations.find((n) => n.name === select.value)?.note ?? "";
    written.hidden = note.hidden = back || !several; // gradients, and a later cell, are written in one way
    const own = back ? [] : cell.inside.lines;
    buttons = own.map(({ name, math, shape }) => {
      const title = `Choose the ${cell.byName[name].title}`;
      const choose = () => state.choose({ array: cell.byName[name].id });
      const made = button({ class: "gs-equation", title, "data-line": name }, "", choose);
      made.innerHTML = math[select.value] ?? math.ours; // made by our server from our equations
      if (OURS.includes(select.value) || !several) made.append(element("span", { class: "gs-shape" }, shape));
      return made;
    });
    for (const { panel, math } of solved(cell, back, state.step)) {
      const title = `Choose ${panel.letter}`;
      const choose = () => state.choose({ array: panel.id });
      const made = button({ class: "gs-equation", title, "data-line": panel.name }, "", choose);
      made.innerHTML = math; // made by our server from our equations
      buttons.push(made);
    }
    list.replaceChildren(...buttons);
    if (focused) buttons.find((made) => made.dataset.line === focused)?.focus({ preventScroll: true });
    light(cell);
  }

  /** @param {import("../types").Cell} cell */
  function light(cell) {
    const stages = state.stages(cell);
    const { name } = state.panel();
    const { inner } = state;
    for (const line of buttons) line.setAttribute("aria-pressed", String(line.dataset.line === name));
    const before = "the input, before the first inner step";
    where.textContent =
      inner < 0 ? before : `inner step ${inner + 1} of ${stages.length}: ${stages[inner].label}`;
    up.disabled = inner <= 0;
    down.disabled = inner >= stages.length - 1;
  }

  return {
    update(change) {
      const { notations, length } = state.reading;
      if (change.reading && !select.options.length) {
        select.append(...notations.map(({ name, title }) => element("option", { value: name }, title)));
        const kept = store?.getItem(STORE);
        select.value = notations.find((n) => n.name === kept)?.name ?? "ours";
      }
      const cell = state.level === "inside" && length ? state.cell() : null;
      if (!cell) return;
      const { id } = state.reading;
      const stepped = cell.back.length ? `${state.back()} ${state.step} ${id}` : ""; // a solution has lines a step
      const now = cell.inside.lines.map((l) => l.latex.ours).join() + state.panel().layer.name + stepped;
      if (now !== shown) draw(cell);
      else if (change.array || change.level) light(cell);
      shown = now;
    },
  };
}
