// The votes of a question as bars.
import { element } from "../view/element.js";

const ROWS = 12; // bars of a slider’s answers

/**
 * @typedef {{label: string, votes: number, right: boolean}} Bar
 */

/**
 * A slider's number.
 * @param {number | string} value
 */
export const shown = (value) => String(Number(Number(value).toFixed(3))).replace("-", "−");

/**
 * One bar a choice; many places of a slider are put together.
 * @param {import("../types").Question} question
 * @param {number[]} counts
 * @param {number | null} answer the right one, once it is revealed
 * @returns {Bar[]}
 */
export function bars({ choices, slider }, counts, answer) {
  if (choices) return choices.map((label, k) => ({ label, votes: counts[k] ?? 0, right: answer === k }));
  if (!slider) return [];
  const { min, step } = slider;
  const each = Math.max(1, Math.ceil(counts.length / ROWS));
  return Array.from({ length: Math.ceil(counts.length / each) }, (_, k) => {
    const votes = counts.slice(k * each, (k + 1) * each);
    const from = min + k * each * step;
    const to = from + (votes.length - 1) * step;
    const right = answer !== null && answer >= from - step / 2 && answer < to + step / 2;
    const label = votes.length > 1 ? `${shown(from)} to ${shown(to)}` : shown(from);
    return { label, votes: votes.reduce((a, b) => a + b, 0), right };
  });
}

/** @param {Bar[]} rows */
export function chart(rows) {
  const most = Math.max(1, ...rows.map(({ votes }) => votes));
  const drawn = rows.map(({ label, votes, right }) =>
    element(
      "tr",
      right ? { class: "gs-right" } : {},
      element("th", { scope: "row" }, right ? `✓ ${label}` : label),
      element("td", { class: "gs-bar-votes" }, element("span", { style: `width:${(100 * votes) / most}%` })),
      element("td", { class: "gs-bar-count" }, String(votes)),
    ),
  );
  const caption = element("caption", { class: "gs-live" }, "Votes");
  return element("table", { class: "gs-bars", "data-testid": "room-bars" }, caption, ...drawn);
}
