// What a class has answered to a number of a sheet: how many are right and to how many digits, the commonest mistakes
// by name, every number that was given.
import { counted } from "../pure/numbers.js";
import { element } from "../view/element.js";
import { chart } from "./bars.js";

/**
 * @typedef {import("../types").Answers} Answers
 * @typedef {import("../types").Mistake} Mistake
 */

/** @param {string} said a number as it was typed */
const written = (said) => said.replace("-", "−");

/**
 * How many are right, and to how many digits.
 * @param {Answers} answers
 */
export function tally({ given, right, near, wrong, digits }) {
  const to = digits.map(([count, students]) => `${students} to ${counted(count, "digit")}`).join(", ");
  const rights = right ? `${right} of ${given} right (${to})` : `None of ${given} right`;
  const nears = near ? `; ${near} right to fewer digits than given` : "";
  return `${rights}${nears}; ${wrong} wrong.`;
}

/**
 * A mistake in a sentence: what would give the numbers, and how many readings match.
 * @param {Mistake} mistake
 */
export function named({ count, numbers, causes, matching, tried }) {
  const who = `${counted(count, "student")}: ${numbers.map(written).join(", ")}.`;
  if (!causes.length) return `${who} None of the ${tried} mistakes tried gives it.`;
  const said = causes.map((cause) => `${cause.said}${cause.alone ? ", in this line alone" : ""}`).join("; or ");
  return `${who} It comes out if ${said} (${matching} of the ${tried} mistakes tried).`;
}

/** @param {Answers} answers */
export function drawn(answers) {
  const { numbers, others, mistakes } = answers;
  const bars = numbers.map(({ said, count, right }) => ({ label: written(said), votes: count, right }));
  if (others) bars.push({ label: "other numbers", votes: others, right: false });
  const items = mistakes.map((mistake) => element("li", {}, named(mistake)));
  const list = element("ol", { "data-testid": "room-mistakes" }, ...items);
  const wrong = mistakes.length ? [element("p", {}, element("b", {}, "The commonest mistakes")), list] : [];
  const said = element("p", { "data-testid": "room-tally" }, tally(answers));
  return element("div", {}, ...(answers.given ? [said, chart(bars), ...wrong] : []));
}
