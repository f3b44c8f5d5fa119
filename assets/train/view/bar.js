// The trainer's furniture: built once, filled by main.js.
import { button, element, icon } from "../../stepper/view/element.js";
import { own } from "./own.js";
import { seeds } from "./seeds.js";

const SPEEDS = [
  ["full", "as fast as it can"],
  ["quick", "some 40 updates a second"],
  ["slow", "4 updates a second"],
];

/**
 * A figure that is drawn when it is opened.
 * @param {string} name
 * @param {string} title
 * @param {number} count of charts
 */
function folded(name, title, count) {
  const charts = Array.from({ length: count }, () => element("div", { class: "gt-chart" }));
  const fold = element(
    "details",
    { class: "gt-fold", "data-testid": `trainer-${name}` },
    element("summary", {}, title),
    element("div", { class: "gt-charts" }, ...charts),
  );
  return { fold, charts };
}

/**
 * @param {Element} root
 * @param {Record<string, string>} words
 * @param {() => void} changed is told of other data of the reader's own
 */
export function build(root, words, changed) {
  const pasted = own(words, changed);
  const listed = seeds(words);
  /** @type {(name: string, face: string | (Node | string)[], title: string) => HTMLButtonElement} */
  const press = (name, face, title) =>
    button({ class: "gt-button", "data-testid": `trainer-${name}`, title, disabled: "" }, face, () => {});
  const start = press("start", [icon("play"), " ", words.start], words["start title"]);
  const pause = press("pause", [icon("pause"), " ", words.pause], words["pause title"]);
  const step = press("step", [icon("next"), " ", words.step], words["step title"]);
  const reset = press("reset", [icon("first"), " ", words.reset], words["reset title"]);
  start.classList.add("gt-main");
  pause.classList.add("gt-main");
  const speed = element("select", { class: "gt-select", "aria-label": words.speed });
  for (const [value, title] of SPEEDS) speed.append(element("option", { value }, title));
  const status = element("p", { class: "gt-status", "data-testid": "trainer-status" });
  const live = element("p", { class: "gt-live", "aria-live": "polite" });
  const away = element("p", { class: "gt-said", hidden: "", "data-testid": "trainer-away" }, words.away);
  const notice = element("p", { class: "gt-notice", role: "alert", hidden: "" });
  const loss = element("div", { class: "gt-chart", role: "img", "aria-label": words["loss label"] });
  const score = element("div", { class: "gt-chart", role: "img", "aria-label": words["score label"] });
  const lengths = folded("lengths", words["lengths title"], 1);
  const gradients = folded("gradients", words["gradients title"], 1);
  const gates = folded("gates", words["gates title"], 2);
  const weights = folded("weights", words["weights title"], 8);
  const field = { type: "text", class: "gt-probe", spellcheck: "false", autocomplete: "off", dir: "auto" };
  const probe = element("input", { ...field, "data-testid": "trainer-probe" });
  const label = element("label", { class: "gt-label" }, words.probe, " ", probe);
  const said = element("p", { class: "gt-said", role: "status" });
  const stage = element("div", { class: "gt-stage" }, element("div", { class: "gs-root" }));
  const files = element("p", { class: "gt-files" });
  const folds = { lengths, gates, gradients, weights };
  const figures = element(
    "div",
    { class: "gt-figures" },
    element("div", { class: "gt-charts" }, score, loss),
    label,
    said,
    element("h3", { class: "gt-live" }, words.stepper),
    stage,
    ...[lengths, gates, gradients, weights].map(({ fold }) => fold),
    files,
  );
  const section = element(
    "section",
    { class: "gt", "data-testid": "trainer", "aria-label": words.trainer },
    element("h2", { class: "gt-live" }, words.trainer), // the stepper's networks have headings below these
    pasted.box,
    element("div", { class: "gt-bar" }, start, pause, step, reset, speed),
    status,
    away,
    live,
    notice,
    listed.box,
    figures,
  );
  root.replaceChildren(section);
  const presses = { start, pause, step, reset, speed };
  const told = { status, away, live, notice, said };
  return { ...presses, ...folds, ...told, pasted, listed, section, figures, score, loss, probe, stage, files };
}
