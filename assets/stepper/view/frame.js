// The stepper's fixed furniture: built once, filled by the views.
import { labelled } from "../pure/keys.js";
import { counted } from "../pure/numbers.js";
import { button, element, icon } from "./element.js";
import { toggle } from "./present.js";

const LEVELS = [
  ["story", "Story", "The words, the verdict, one memory"],
  ["unit", "One unit", "One unit’s gates and memory, as lines"],
  ["all", "All units", "Every unit of every gate, as heatmaps"],
  ["inside", "Inside", "The diagram, the equations, the arithmetic of one number"],
];
const TABS = [
  ["numbers", "Numbers"],
  ["diagram", "Diagram"],
  ["origin", "From word to gate"],
];
const SPEEDS = [0.5, 1, 2, 4, 8, 20];

/**
 * A part of the stepper.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
const part = (name, attributes = {}) =>
  element("div", { class: `gs-${name}`, "data-testid": `stepper-${name}`, ...attributes });

/** @param {Element} root */
export function build(root) {
  const buttons = player();
  const scrub = element("input", {
    type: "range",
    min: 0,
    step: 1,
    class: "gs-scrub",
    "data-testid": "stepper-scrub",
    "aria-label": "Token",
  });
  const status = element("span", { class: "gs-status" });
  const speed = element("select", { class: "gs-select", "aria-label": "Speed, tokens a second" });
  for (const rate of SPEEDS) speed.append(element("option", { value: rate }, `${counted(rate, "token")}/s`));
  speed.value = "4";
  const unit = element("select", { class: "gs-select", "aria-label": "Unit" });
  const levels = element("div", { class: "gs-levels", role: "group", "aria-label": "Level of detail" });
  for (const [name, label, title] of LEVELS) {
    const attributes = { type: "button", class: "gs-level", "data-testid": `stepper-level-${name}`, title };
    levels.append(element("button", attributes, label));
  }
  const passes = part("passes", { role: "group", "aria-label": "Pass", hidden: "" });
  const name = labelled("Presenter mode", "present", "page");
  const attributes = { class: "gs-button", "data-testid": "stepper-present", "aria-label": name, title: name };
  const present = button(attributes, [icon("present")], toggle);
  const notice = element("p", { class: "gs-notice", role: "status", hidden: "" });
  const tokens = element("div", { class: "gs-tokens", role: "group", "aria-label": "Tokens" });
  const cursor = element("div", { class: "gs-cursor" });
  const cover = element("div", { class: "gs-cover" });
  const overlay = element("div", { class: "gs-overlay", "aria-hidden": "true" }, cover, cursor);
  const grid = element("div", { class: "gs-grid" }, tokens, overlay);
  const sentence = element("p", { class: "gs-sentence", "data-testid": "stepper-sentence" });
  const predict = element("input", { type: "checkbox", "data-testid": "stepper-predict" });
  const guess = part("guess", { hidden: "" });
  const number = element("p", { class: "gs-number", "data-testid": "stepper-value" });
  const id = `gs-meaning-${Math.random().toString(36).slice(2)}`;
  const explained = element("span", { popover: "", id, class: "gs-popover" });
  const term = element("button", {
    type: "button",
    class: "gs-term",
    popovertarget: id,
    "data-testid": "stepper-term",
  });
  const blank = part("blank", { hidden: "" });
  const inner = inside();
  const table = element("details", { class: "gs-table" });
  const provenance = element("span", { "data-testid": "stepper-provenance" });
  const tested = element("details", { class: "gs-tested", "data-testid": "stepper-tested" });
  const parity = element("span", { class: "gs-parity", "data-testid": "stepper-parity" });
  const tools = element("span", { class: "gs-tools" });
  const live = element("p", { class: "gs-live", "aria-live": "polite" });
  const title = "Before each step, predict what the chosen number will do: keys 1, 2, 3";
  const section = element(
    "section",
    { class: "gs", "data-testid": "stepper", "aria-label": "Stepper", tabindex: -1 },
    element(
      "div",
      { class: "gs-bar" },
      element("div", { class: "gs-buttons" }, ...Object.values(buttons)),
      scrub,
      status,
      speed,
      element("label", { class: "gs-predict", title }, predict, " predict"),
      passes,
      levels,
      present,
    ),
    notice,
    grid,
    sentence,
    guess,
    element(
      "div",
      { class: "gs-chosen" },
      number,
      term,
      explained,
      element("label", { class: "gs-unit" }, "unit ", unit),
    ),
    blank,
    inner.inside,
    table,
    element("footer", { class: "gs-foot" }, provenance, tested, parity, tools),
    live,
  );
  root.replaceChildren(section);
  return {
    root: /** @type {import("../types").StepperElement} */ (section),
    ...{ buttons, scrub, status, speed, unit, passes, levels, present, notice, tokens, grid, overlay, cursor, cover },
    ...{ sentence, predict, guess, number, term, explained, blank, table, provenance, tested, parity, tools, live },
    ...inner,
  };
}

/** The buttons that step and play. */
function player() {
  /** @type {(name: "first" | "prev" | "play" | "next" | "last", label: string, text?: string) => HTMLButtonElement} */
  const made = (name, label, text) =>
    element(
      "button",
      { type: "button", class: "gs-button", "data-testid": `stepper-${name}`, "aria-label": label, title: label },
      ...(text ? [element("span", { class: "gs-word" }, text)] : []),
      icon(name),
    );
  return {
    first: made("first", labelled("First token", "first")),
    prev: made("prev", labelled("Previous word", "back"), "Back in time"),
    play: made("play", labelled("Play", "play")),
    next: made("next", labelled("Next word", "on"), "Next word"),
    last: made("last", labelled("Last token", "last")),
  };
}

/** What the level Inside shows; on a narrow screen one tab at a time. */
function inside() {
  const walk = element("div", { class: "gs-walk" });
  const diagram = part("diagram");
  const formulas = part("formulas");
  const arithmetic = part("arithmetic", { tabindex: -1, role: "group", "aria-label": "Arithmetic" });
  const origin = part("origin", { hidden: "" });
  const tabs = element("div", { class: "gs-tabs", role: "group", "aria-label": "Inside" });
  const left = element("div", {}, walk, tabs, diagram, formulas);
  const inside = element("div", { class: "gs-inside", "data-tab": "numbers" }, left, arithmetic, origin);
  const made = TABS.map(([name, label]) => {
    const pressed = String(name === "numbers");
    const attributes = { class: "gs-level", "aria-pressed": pressed, "data-testid": `stepper-tab-${name}` };
    const tab = button(attributes, label, () => {
      inside.dataset.tab = name;
      for (const other of made) other.setAttribute("aria-pressed", String(other === tab));
    });
    return tab;
  });
  tabs.append(...made);
  return { inside, walk, diagram, formulas, arithmetic, origin, tabs, originTab: made[2] };
}
