// What a student answers with: a button for each choice, or a slider.
import { button, element } from "../view/element.js";
import { shown } from "./bars.js";

/**
 * @param {import("../types").Asked} question
 * @param {number | null} mine what was said so far
 * @param {(choice: number) => void} vote
 */
export function choices(question, mine, vote) {
  const group = { class: "gs-choices", role: "group", "aria-label": "Your answer" };
  if (question.choices) {
    const buttons = question.choices.map((label, k) => {
      const pressed = { "aria-pressed": String(mine === k), "data-testid": `room-choice-${k}` };
      return button({ class: "gs-answer", ...pressed }, label, () => vote(k));
    });
    return element("div", group, ...buttons);
  }
  const { min, max, step } = question.slider ?? { min: 0, max: 1, step: 1 };
  const attributes = { type: "range", min, max, step, "aria-label": "Your answer", "data-testid": "room-slide" };
  const slide = element("input", attributes);
  slide.value = String(mine ?? (min + max) / 2);
  const out = element("output", {}, shown(slide.value));
  slide.oninput = () => {
    out.textContent = shown(slide.value);
  };
  const act = () => vote(Number(slide.value));
  const send = button({ class: "gs-answer", "data-testid": "room-send" }, "Answer", act);
  const [low, high] = [min, max].map((end) => element("span", {}, shown(end)));
  return element("div", { class: "gs-choices" }, low, slide, high, out, send);
}
