// The stepper's fixed furniture: built once, filled by the views.
const ICONS = {
  first: "M4 4h2v12H4zM16 4v12L7 10z",
  prev: "M14 4v12L5 10z",
  play: "M6 4l10 6-10 6z",
  pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z",
  next: "M6 4v12l9-6z",
  last: "M14 4h2v12h-2zM4 4v12l9-6z",
};
const LEVELS = [
  ["story", "Story", "The words, the verdict, one memory"],
  ["unit", "One unit", "One unit’s gates and memory, as lines"],
  ["all", "All units", "Every unit of every gate, as heatmaps"],
  ["inside", "Inside", "The diagram, the equations, the arithmetic of one number"],
];

const SVG = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "title"]);

export function element(tag, attributes = {}, ...children) {
  const made = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function icon(name) {
  return element("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" }, element("path", { d: ICONS[name], fill: "currentColor" }));
}

export function build(root) {
  const button = (name, label, text) => element("button", { type: "button", class: "gs-button", "data-testid": `stepper-${name}`, "aria-label": label, title: label },
    ...(text ? [element("span", { class: "gs-word" }, text)] : []), icon(name));
  const buttons = {
    first: button("first", "First token (Home)"),
    prev: button("prev", "Previous word (Left)"),
    play: button("play", "Play (Space)"),
    next: button("next", "Next word (Right)", "Next word"),
    last: button("last", "Last token (End)"),
  };
  const scrub = element("input", { type: "range", min: 0, step: 1, class: "gs-scrub", "data-testid": "stepper-scrub", "aria-label": "Token" });
  const status = element("span", { class: "gs-status" });
  const speed = element("select", { class: "gs-select", "aria-label": "Speed, tokens a second" });
  for (const rate of [0.5, 1, 2, 4, 8, 20]) speed.append(element("option", { value: rate }, `${rate} tokens/s`));
  speed.value = "4";
  const unit = element("select", { class: "gs-select", "aria-label": "Unit" });
  const levels = element("div", { class: "gs-levels", role: "group", "aria-label": "Level of detail" });
  for (const [name, label, hint] of LEVELS) {
    levels.append(element("button", { type: "button", class: "gs-level", "data-testid": `stepper-level-${name}`, title: hint }, label));
  }
  const notice = element("p", { class: "gs-notice", role: "status", hidden: "" });
  const tokens = element("div", { class: "gs-tokens", role: "group", "aria-label": "Tokens" });
  const cursor = element("div", { class: "gs-cursor" }), cover = element("div", { class: "gs-cover" });
  const overlay = element("div", { class: "gs-overlay", "aria-hidden": "true" }, cover, cursor);
  const grid = element("div", { class: "gs-grid" }, tokens, overlay);
  const sentence = element("p", { class: "gs-sentence", "data-testid": "stepper-sentence" });
  const predict = element("input", { type: "checkbox", "data-testid": "stepper-predict" });
  const guess = element("div", { class: "gs-guess", "data-testid": "stepper-guess", hidden: "" });
  const number = element("p", { class: "gs-number", "data-testid": "stepper-value" });
  const explained = element("span", { popover: "", id: `gs-meaning-${Math.random().toString(36).slice(2)}`, class: "gs-popover" });
  const term = element("button", { type: "button", class: "gs-term", popovertarget: explained.id, "data-testid": "stepper-term" });
  const diagram = element("div", { class: "gs-diagram", "data-testid": "stepper-diagram" });
  const walk = element("div", { class: "gs-walk" });
  const formulas = element("div", { class: "gs-formulas", "data-testid": "stepper-formulas" });
  const arithmetic = element("div", { class: "gs-arithmetic", "data-testid": "stepper-arithmetic", tabindex: -1, role: "group", "aria-label": "Arithmetic" });
  const origin = element("div", { class: "gs-origin", "data-testid": "stepper-origin", hidden: "" });
  const blank = element("div", { class: "gs-blank", "data-testid": "stepper-blank", hidden: "" });
  const tabs = element("div", { class: "gs-tabs", role: "group", "aria-label": "Inside" });
  const inside = element("div", { class: "gs-inside", "data-tab": "numbers" }, element("div", {}, walk, tabs, diagram, formulas), arithmetic, origin);
  for (const [name, label] of [["numbers", "Numbers"], ["diagram", "Diagram"], ["origin", "From word to gate"]]) {
    const tab = element("button", { type: "button", class: "gs-level", "aria-pressed": String(name === "numbers"), "data-testid": `stepper-tab-${name}` }, label);
    tab.onclick = () => {
      inside.dataset.tab = name;
      for (const other of tabs.children) other.setAttribute("aria-pressed", String(other === tab));
    };
    tabs.append(tab);
  }
  const table = element("details", { class: "gs-table" });
  const provenance = element("span", { "data-testid": "stepper-provenance" });
  const parity = element("span", { class: "gs-parity", "data-testid": "stepper-parity" });
  const tools = element("span", { class: "gs-tools" });
  const live = element("p", { class: "gs-live", "aria-live": "polite" });
  const section = element("section", { class: "gs", "data-testid": "stepper", "aria-label": "Stepper", tabindex: -1 },
    element("div", { class: "gs-bar" }, element("div", { class: "gs-buttons" }, ...Object.values(buttons)), scrub, status, speed,
      element("label", { class: "gs-predict", title: "Before each step say what the watched number will do: keys 1, 2, 3" }, predict, " predict"), levels),
    notice, grid, sentence, guess,
    element("div", { class: "gs-chosen" }, number, term, explained, element("label", { class: "gs-unit" }, "unit ", unit)),
    blank,
    inside,
    table,
    element("footer", { class: "gs-foot" }, provenance, parity, tools), live);
  root.replaceChildren(section);
  return { root: section, buttons, scrub, status, speed, unit, levels, notice, tokens, grid, overlay, cursor, cover, sentence, predict, guess, number, term, explained, inside, walk, diagram, formulas, arithmetic, origin, tabs, blank, table, provenance, parity, tools, live };
}
