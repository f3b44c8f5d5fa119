// Two kinds of brackets, at most four deep, as core/tasks/brackets.py: after each, which one may be closed next?
// A network must tell 31 stacks apart.

import { ALWAYS, PRESENT, ascending, classOf, classes, letters, named, ofClasses, sequence } from "./batches.js";
import { entropy } from "./chances.js";

const WORDS = ["(", "[", ")", "]"];
const LABELS = ["nothing", ")", "]"];
const DEPTH = 4;

/** The class of what may be closed. @param {number[]} stack the kinds that are open */
const closable = (stack) => (stack.length ? 1 + stack[stack.length - 1] : 0);

/** @param {number} length */
const even = (length) => Math.max(2, length - (length % 2));

/** @type {import("../types").Task["held"]} */
function held(random, B, length) {
  const T = even(length);
  const batch = classes(T, B);
  for (let b = 0; b < B; b += 1) {
    /** @type {number[]} */
    const stack = [];
    for (let t = 0; t < T; t += 1) {
      const kind = random.integer(0, 2);
      const opens = random.uniform() < 0.5;
      const room = stack.length < DEPTH && stack.length < T - t; // what is open must still be closed in time
      const up = stack.length === 0 || (opens && room);
      batch.ids[t * B + b] = up ? kind : 2 + /** @type {number} */ (stack.pop());
      if (up) stack.push(kind);
      batch.labels[t * B + b] = closable(stack);
    }
  }
  return batch;
}

/**
 * The share of brackets after which nothing is open, over all strings of T brackets as they are drawn.
 * @param {number} T
 */
function empty(T) {
  let chances = [1, 0, 0, 0, 0]; // of each depth
  let found = 0;
  for (let t = 0; t < T; t += 1) {
    const next = [0, 0, 0, 0, 0];
    chances.forEach((chance, depth) => {
      const up = depth === 0 ? 1 : depth < DEPTH && depth < T - t ? 0.5 : 0;
      if (up) next[depth + 1] += chance * up;
      if (up < 1) next[depth - 1] += chance * (1 - up);
    });
    chances = next;
    found += chances[0];
  }
  return found / T;
}

/** @type {import("../types").Task["baselines"]} */
function baselines(length) {
  const none = empty(even(length));
  const closed = 2 * none; // the share of the closing brackets, which are half, after which nothing is open
  const kind = (1 - closed) / 2;
  return [
    { title: ALWAYS, loss: entropy(none, (1 - none) / 2, (1 - none) / 2), score: Math.max(none, (1 - none) / 2) },
    { title: PRESENT, loss: entropy(closed, kind, kind) / 2, score: (1 + Math.max(closed, kind)) / 2 },
  ];
}

/** @type {import("../types").Task} */
export const brackets = {
  name: "brackets",
  title: "Brackets",
  about:
    "Two kinds of brackets are read, nested at most four levels deep. After each, which bracket may be closed?",
  words: WORDS,
  inputs: WORDS.length,
  outputs: LABELS.length,
  readout: "softmax",
  labels: LABELS,
  figure: "accuracy",
  length: 40,
  shortest: 2,
  longest: 100,
  called: "brackets in the longest string",
  draw: (random, B, length) => held(random, B, 2 * random.integer(1, even(length) / 2 + 1)),
  held,
  beyond: (length) => ascending(even(length), 2 * even(length), 4 * even(length)),
  baselines,
  measure: ofClasses,
  probe: "[()([])]([([])])",
  read(text) {
    const batch = sequence(classes, letters(text), WORDS);
    if (!batch) return null;
    /** @type {number[]} */
    const stack = [];
    for (const [t, id] of batch.ids.entries()) {
      if (id < 2) stack.push(id);
      else if (stack.pop() !== id - 2) return null; // it closes what is not open
      batch.labels[t] = closable(stack);
    }
    return batch;
  },
  tokens: named(WORDS),
  asked: classOf(LABELS),
};
