// What the tasks share: empty batches, how right outputs are, and steps in words.

import { fixed } from "../../stepper/pure/numbers.js";

/** @typedef {import("../types").Batch} Batch */
/** @typedef {import("../types").Floats} Floats */

export const ALWAYS = "Always one answer";
export const PRESENT = "Best without memory";
export const LINEAR = "Best linear answer without memory";
/** The largest number of steps that is read of a reader's own probe. */
export const STEPS = 500;

/**
 * Sequences of symbols with a class asked after some: ids (T, B), labels (T, B).
 * @param {number} T
 * @param {number} B
 */
export const classes = (T, B) => ({
  T,
  B,
  ids: new Int32Array(T * B).fill(-1),
  x: null,
  lengths: new Int32Array(B).fill(T),
  labels: new Int32Array(T * B).fill(-1),
  targets: null,
});

/**
 * Sequences of symbols with a yes or no asked after some: ids (T, B), targets (T, B).
 * @param {number} T
 * @param {number} B
 */
export const verdicts = (T, B) => ({ ...classes(T, B), labels: null, targets: new Float64Array(T * B).fill(NaN) });

/**
 * Sequences of numbers with a number asked after some: x (T, B, D), targets (T, B).
 * @param {number} T
 * @param {number} B
 * @param {number} D
 */
export const values = (T, B, D) => ({ ...verdicts(T, B), ids: null, x: new Float64Array(T * B * D) });

/** @type {(right: number, asked: number) => {score: number, asked: number}} */
const share = (right, asked) => ({ score: asked ? right / asked : NaN, asked });

/**
 * Whether a softmax is right where it is asked: the right class is more probable than each other one.
 * @param {Floats} outputs (T, B, K)
 * @param {Batch} batch
 * @param {number} place t * B + b
 */
export function says(outputs, batch, place) {
  const K = outputs.length / (batch.T * batch.B);
  const label = /** @type {Int32Array} */ (batch.labels)[place];
  const right = outputs[place * K + label];
  for (let k = 0; k < K; k += 1) if (k !== label && !(outputs[place * K + k] < right)) return false;
  return true;
}

/** @type {import("../types").Task["measure"]} */
export function ofClasses(outputs, batch) {
  let right = 0;
  let asked = 0;
  /** @type {Int32Array} */ (batch.labels).forEach((label, place) => {
    if (label < 0) return;
    asked += 1;
    if (says(outputs, batch, place)) right += 1;
  });
  return share(right, asked);
}

/**
 * Of a logistic: the share on the right side of one half, at some places; where one half is right, nothing is asked.
 * @param {Floats} outputs (T, B)
 * @param {Batch} batch
 * @param {Iterable<number>} places
 */
export function ofVerdicts(outputs, batch, places) {
  const targets = /** @type {Float64Array} */ (batch.targets);
  let right = 0;
  let asked = 0;
  for (const place of places) {
    if (Number.isNaN(targets[place]) || targets[place] === 0.5) continue;
    asked += 1;
    if ((outputs[place] - 0.5) * (targets[place] - 0.5) > 0) right += 1;
  }
  return share(right, asked);
}

/** @type {import("../types").Task["measure"]} the squared error */
export function ofValues(outputs, batch) {
  let sum = 0;
  let asked = 0;
  /** @type {Float64Array} */ (batch.targets).forEach((target, place) => {
    if (Number.isNaN(target)) return;
    asked += 1;
    sum += (outputs[place] - target) ** 2;
  });
  return share(sum, asked);
}

/**
 * The places of one sequence, first step first.
 * @param {Batch} batch
 * @param {number} b
 */
const steps = (batch, b) => Array.from({ length: batch.lengths[b] }, (_, t) => t * batch.B + b);

/** @type {(words: string[]) => import("../types").Task["tokens"]} the symbol read at each step */
export const named = (words) => (batch, b) =>
  steps(batch, b).map((place) => words[/** @type {Int32Array} */ (batch.ids)[place]]);

/** @type {(digits: number) => import("../types").Task["tokens"]} the number read at each step */
export const printed = (digits) => (batch, b) =>
  steps(batch, b).map((place) => fixed(/** @type {Floats} */ (batch.x)[place], digits));

/** @type {(labels: string[]) => import("../types").Task["asked"]} */
export const classOf = (labels) => (batch, b) =>
  steps(batch, b).map((place) => labels[/** @type {Int32Array} */ (batch.labels)[place]] ?? "");

/** @type {(labels: string[]) => import("../types").Task["asked"]} what 0, 1 and one half mean */
export const verdictOf = ([no, yes]) => (batch, b) =>
  steps(batch, b).map((place) => {
    const target = /** @type {Float64Array} */ (batch.targets)[place];
    return Number.isNaN(target) ? "" : target === 0.5 ? "undecided" : target > 0.5 ? yes : no;
  });

/** @type {(digits: number) => import("../types").Task["asked"]} */
export const valueOf = (digits) => (batch, b) =>
  steps(batch, b).map((place) => {
    const target = /** @type {Float64Array} */ (batch.targets)[place];
    return Number.isNaN(target) ? "" : fixed(target, digits);
  });

/**
 * Symbols as one sequence, nothing asked yet; null if there is none, if there are too many, or if one is not among the
 * words.
 * @template {{ ids: Int32Array }} Made
 * @param {(T: number, B: number) => Made} empty `classes` or `verdicts`
 * @param {string[]} symbols
 * @param {string[]} words
 */
export function sequence(empty, symbols, words) {
  const ids = symbols.length > STEPS ? [] : symbols.map((symbol) => words.indexOf(symbol));
  if (!ids.length || ids.includes(-1)) return null;
  const batch = empty(ids.length, 1);
  batch.ids.set(ids);
  return batch;
}

/**
 * The letters of a text without its blanks.
 * @param {string} text
 */
export const letters = (text) => (text.length > 10 * STEPS ? [] : [...text.replace(/\s+/g, "")]);

/**
 * What stands between the blanks of a text.
 * @param {string} text
 */
export const pieces = (text) => (text.length > 50 * STEPS ? [] : text.split(/\s+/).filter(Boolean));

/**
 * A number as it is typed, with a hyphen or a minus sign; NaN for anything else.
 * @param {string} text
 */
export const typed = (text) =>
  /^[-+−]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text.replace("−", "-")) : NaN;

/** @param {number} whole with its thousands apart: 20,000 */
export const grouped = (whole) => whole.toLocaleString("en");

/**
 * Lengths in ascending order, each once.
 * @param {number[]} lengths
 */
export const ascending = (...lengths) => [...new Set(lengths)].sort((a, b) => a - b);
