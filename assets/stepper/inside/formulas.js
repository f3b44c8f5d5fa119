// The cell's equations, the line at work lit, in the notation of one's choice; the walk through them; copying them as
// LaTeX.
import { labelled } from "../pure/keys.js";
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
    .replace(/\b(hard|ReLU|LeakyReLU|softmax)\b/g, "\\mathrm{$1}");

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
  const notation = element("div", { class: "gs-notation" }, element("label", {}, "written as in ", select), ...copies);
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
    const { latex: written } = cell.lines[state.panel().name] ?? cell.lines[cell.walk[0].name];
    const formula = written[select.value];
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

  select.onchange = () => {
    store?.setItem(STORE, select.value);
    const cell = state.cell();
    if (cell) draw(cell);
  };

  /** @param {import("../types").Cell} cell */
  function draw(cell) {
    note.textContent = state.reading.notations.find((n) => n.name === select.value)?.note ?? "";
    buttons = cell.inside.lines.map(({ name, math, shape }) => {
      const title = `Choose the ${cell.byName[name].title}`;
      const choose = () => state.choose({ array: cell.byName[name].id });
      const made = button({ class: "gs-equation", title, "data-line": name }, "", choose);
      made.innerHTML = math[select.value]; // made by our server from our equations
      if (OURS.includes(select.value)) made.append(element("span", { class: "gs-shape" }, shape));
      return made;
    });
    list.replaceChildren(...buttons);
    light(cell);
  }

  /** @param {import("../types").Cell} cell */
  function light({ walk: stages }) {
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
      const now = cell.inside.lines.map((l) => l.latex.ours).join() + state.panel().layer.name;
      if (now !== shown) draw(cell);
      else if (change.array || change.level) light(cell);
      shown = now;
    },
  };
}
