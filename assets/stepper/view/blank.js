// Fill in: `?blank=f,c` hides those arrays' numbers until the reader has worked them out, to within 0.01.
import { fixed } from "../pure/numbers.js";
import { element } from "./element.js";

const NEAR = 0.01;

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ blank, root }, state) {
  const { blanks } = state;
  const input = element("input", {
    inputmode: "decimal",
    size: 8,
    class: "gs-fill",
    "data-testid": "stepper-fill",
    "aria-label": "Your answer",
  });
  const said = element("span", { role: "status" });
  const name = document.createTextNode("");
  const label = element("label", {}, name, input);
  const check = element("button", { type: "submit", class: "gs-answer" }, "check");
  const form = element("form", { class: "gs-fill-form" }, label, check, said);
  blank.append(form);
  let at = "";

  const key = () => {
    const panel = state.panel();
    return blanks.key(state.reading.id, panel, state.step, state.unitIn(panel));
  };

  form.onsubmit = (event) => {
    event.preventDefault();
    const panel = state.panel();
    const value = state.value(panel);
    const answer = Number(input.value.trim().replace("−", "-").replace(",", "."));
    if (input.value.trim() === "" || Number.isNaN(answer)) {
      said.textContent = "This is not a number. Write it like 0.42";
      return;
    }
    if (Math.abs(answer - value) > NEAR + 1e-9) {
      said.textContent = "Not yet: more than 0.01 off.";
      return;
    }
    blanks.solve(state.reading.id, panel, state.step, state.unitIn(panel));
    at = key();
    state.publish({ array: true, unit: true, step: true });
    said.textContent = `Right: ${fixed(value, 3)}.`;
    root.focus({ preventScroll: true });
  };

  return {
    update() {
      blank.hidden = !blanks.any || !state.reading.length || state.level === "story";
      if (blank.hidden) return;
      const panel = state.panel();
      const now = key();
      if (now !== at) {
        input.value = "";
        said.textContent = "";
        at = now;
      }
      name.data = `${panel.letter} at t = ${state.step + 1}, unit ${state.unitIn(panel)} = `;
      label.hidden = check.hidden = !state.hidden(panel);
    },
  };
}
