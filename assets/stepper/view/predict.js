// Predict: before a step the reader says what the watched number will do; then it moves and says so. Nothing is stored.
import { unitRange } from "../pure/colours.js";
import { pressed } from "../pure/keys.js";
import { fixed } from "../pure/numbers.js";
import { button, element, targetOf } from "./element.js";

const ANSWERS = ["falls", "stays", "rises"];
const FIELDS = "select, textarea, input:not([type=range], [type=checkbox])";

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View & {ask(on: boolean): void}}
 */
export function create(frame, state) {
  const { predict, guess, root } = frame;
  let right = 0;
  let asked = 0;
  let result = "";
  let answering = false;

  // The watched number now and after the next word; none where either is missing.
  function pair() {
    const panel = state.watched();
    const unit = state.unitIn(panel);
    const next = state.onward();
    if (next < 0 || next >= state.reading.length) return null;
    const [now, then] = [panel.at(state.step, unit), panel.at(next, unit)];
    return Number.isNaN(now) || Number.isNaN(then) ? null : { panel, unit, now, then };
  }

  /** @param {number} said a place in ANSWERS */
  function answer(said) {
    const found = predict.checked && pair();
    if (!found) return;
    const { panel, unit, now, then } = found;
    // Less than a twentieth of the scale counts as staying.
    const least = (panel.kind === "gate" ? 1 : 2 * unitRange(panel, unit)) / 20;
    const real = then - now < -least ? 0 : then - now > least ? 2 : 1;
    const [before, after] = [now, then].map((v) => fixed(v, 2));
    asked += 1;
    right += said === real ? 1 : 0;
    const verdict = said === real ? "Right" : "Wrong";
    result = `${verdict}: it ${ANSWERS[real]}, from ${before} to ${after}. ${right} of ${asked} right.`;
    answering = true;
    state.go(state.onward());
    answering = false;
  }

  function show() {
    guess.hidden = !predict.checked;
    root.classList.toggle("gs-predicting", predict.checked); // what comes is wholly covered then
    if (guess.hidden) return;
    const said = element("span", { role: "status" }, result);
    const found = pair();
    if (!found) return guess.replaceChildren(said);
    const buttons = ANSWERS.map((label, k) =>
      button({ class: "gs-answer", "data-testid": `stepper-guess-${label}` }, `${k + 1} ${label}`, () => answer(k)),
    );
    const name = `${found.panel.letter}[${state.named(found.panel, found.unit)}]`;
    const question = ` What will ${name} do at ${state.reading.tokens[state.onward()]}? `;
    guess.replaceChildren(said, element("span", {}, question), ...buttons);
  }

  function begin() {
    result = "";
    right = asked = 0;
    show();
  }
  predict.onchange = begin;

  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (!predict.checked || targetOf(event).closest(FIELDS)) return;
    const found = pressed("predict", event);
    if (found) answer(ANSWERS.indexOf(found.id));
  };
  /** @param {KeyboardEvent} event */
  const onBody = (event) => {
    if (document.activeElement === document.body) onKey(event);
  };
  root.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onBody);

  return {
    update(change) {
      if ((change.step || change.reading) && !answering) result = "";
      show();
    },
    ask(on) {
      predict.checked = on;
      begin();
    },
    close: () => document.removeEventListener("keydown", onBody),
  };
}
