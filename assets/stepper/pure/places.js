// Places in an array: a unit, a place of the input, an answer, a state of a channel, a word.

/** @typedef {import("../types").Panel} Panel */

/**
 * A whole number from 0 to below a size; else undefined.
 * @param {number | undefined} value
 * @param {number} size
 */
export const within = (value, size) =>
  value !== undefined && Number.isInteger(value) && value >= 0 && value < size ? value : undefined;

/**
 * What the places of an array are called; arrays whose places are called the same are chosen together.
 * @param {Panel} panel
 */
export const placeOf = (panel) => panel.place ?? panel.axis ?? panel.name;

/**
 * The places of an output with the largest values after a step.
 * @param {Panel} panel
 * @param {number} step
 * @param {number} [count]
 */
export const likeliest = (panel, step, count = 1) =>
  Array.from({ length: panel.units }, (_, k) => k)
    .sort((a, b) => panel.at(step, b) - panel.at(step, a))
    .slice(0, count);

/**
 * The word so far that counts most.
 * @param {Panel} panel
 * @param {number} step
 */
export function weightiest(panel, step) {
  const so = Array.from({ length: step + 1 }, (_, k) => panel.at(step, k));
  return so.indexOf(Math.max(...so));
}

/**
 * The place of `count` on `size` pixels that a click fell on.
 * @type {(at: number, from: number, size: number, count: number) => number}
 */
export const placeAt = (at, from, size, count) =>
  Math.min(count - 1, Math.max(0, Math.floor(((at - from) / size) * count)));
