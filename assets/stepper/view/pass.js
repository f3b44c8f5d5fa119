// The switch between the forward pass and the way back through time, and what the buttons are called on each. The keys
// and buttons move along the axis of time on both: on the way back the next number is one step to the left.
import { labelled } from "../pure/keys.js";
import { button } from "./element.js";

/**
 * @typedef {Record<"first" | "prev" | "next" | "last", [label: string, shortcut: string]>} Called
 * @type {Record<"forward" | "backward", Called>}
 */
const CALLED = {
  forward: {
    first: ["First token", "first"],
    prev: ["Previous word", "back"],
    next: ["Next word", "on"],
    last: ["Last token", "last"],
  },
  backward: {
    first: ["First token, where the backward pass ends", "first"],
    prev: ["Next: one step back in time", "back"],
    next: ["Previous: the step after", "on"],
    last: ["Last token, where the backward pass begins", "last"],
  },
};

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ passes, buttons }, state) {
  const made = ["Forward", "Backward"].map((label, k) => {
    const attributes = { class: "gs-level", "data-testid": `stepper-pass-${label.toLowerCase()}` };
    return button(attributes, label, () => state.turn(k === 1));
  });
  passes.append(...made);

  return {
    update(change) {
      if (change.reading) passes.hidden = !state.turns();
      if (!change.pass && !change.reading) return;
      const back = state.back();
      made.forEach((each, k) => each.setAttribute("aria-pressed", String(back === (k === 1))));
      for (const [name, called] of Object.entries(CALLED[back ? "backward" : "forward"])) {
        const label = labelled(...called);
        const named = buttons[/** @type {keyof typeof CALLED.forward} */ (name)];
        named.setAttribute("aria-label", label);
        named.title = label;
      }
    },
  };
}
