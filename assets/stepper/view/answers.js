// What the model says after the word that was read: its likeliest answers, or its values. A click watches one through
// the text.
import { fixed } from "../pure/numbers.js";
import { button, element } from "./element.js";

const MOST = 5;
/** @param {number} share */
const percent = (share) => (share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`);
/** @param {string} text */
const capital = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  /** @type {(Row)[]} */
  let rows = [];

  function build() {
    for (const { node } of rows) node.remove();
    rows = state.reading.layers.flatMap((layer) => {
      const panel = layer.all.find((p) => p.name === "p");
      return panel ? [row(layer, panel)] : [];
    });
    for (const { node } of rows) frame.guess.before(node);
  }

  /**
   * @typedef {ReturnType<typeof row>} Row
   * @param {import("../types").Layer} layer
   * @param {import("../types").Panel} panel
   */
  function row(layer, panel) {
    const title = layer.title ? `${layer.title}, ${panel.title}` : capital(panel.title);
    const buttons = Array.from({ length: Math.min(MOST, panel.units) }, () => {
      const [name, share] = [element("b", {}), element("span", {})];
      const choose = () => state.choose({ array: panel.id, unit: Number(made.dataset.unit) });
      const made = button({ class: "gs-likely" }, [name, share], choose);
      return { made, name, share };
    });
    const id = layer.name ? `stepper-answers-${layer.name}` : "stepper-answers";
    const node = element(
      "div",
      { class: "gs-answers", role: "group", "aria-label": title, "data-testid": id },
      element("span", { class: "gs-answers-title" }, title),
      element("span", { class: "gs-answer-list" }, ...buttons.map(({ made }) => made)),
    );
    return { panel, node, buttons };
  }

  return {
    update(change) {
      if (change.reading) build();
      for (const { panel, node, buttons } of rows) {
        node.hidden = state.reading.length === 0;
        if (node.hidden) continue;
        const shares = panel.kind === "gate"; // values keep their places
        const best = shares ? state.likeliest(panel, state.step, buttons.length) : buttons.map((_, k) => k);
        buttons.forEach(({ made, name, share }, k) => {
          const value = panel.at(state.step, best[k]);
          const pressed = panel.id === state.array && state.unitIn(panel) === best[k];
          made.dataset.unit = String(best[k]);
          made.setAttribute("aria-pressed", String(pressed));
          name.textContent = panel.names?.[best[k]] ?? "";
          share.textContent = shares ? percent(value) : fixed(value, 3);
          made.style.setProperty("--share", String(shares ? value : 0));
        });
      }
    },
  };
}
