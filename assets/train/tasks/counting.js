// Counting aⁿbⁿ, as core/tasks/counting.py: after each symbol, what may follow? A string is right if every answer is.

import { ALWAYS, PRESENT, ascending, classOf, classes, letters, named, says, sequence } from "./batches.js";
import { entropy } from "./chances.js";

const WORDS = ["a", "b"];
const LABELS = ["a or b", "b", "end"];

/** The class of what may follow the symbol at t, counted from 0. @type {(t: number, n: number) => number} */
const after = (t, n) => (t < n ? 0 : t < 2 * n - 1 ? 1 : 2);

/** @type {import("../types").Task["draw"]} */
function draw(random, B, length) {
  const counts = Array.from({ length: B }, () => random.integer(1, length + 1));
  const batch = classes(2 * Math.max(...counts), B);
  counts.forEach((n, b) => {
    batch.lengths[b] = 2 * n;
    for (let t = 0; t < 2 * n; t += 1) {
      batch.ids[t * B + b] = Number(t >= n);
      batch.labels[t * B + b] = after(t, n);
    }
  });
  return batch;
}

/** @type {import("../types").Task["measure"]} the share of the strings in which every answer is right */
function measure(outputs, batch) {
  let right = 0;
  for (let b = 0; b < batch.B; b += 1) {
    let all = true;
    for (let t = 0; t < batch.lengths[b] && all; t += 1) all = says(outputs, batch, t * batch.B + b);
    if (all) right += 1;
  }
  return { score: right / batch.B, asked: batch.B };
}

/** @type {import("../types").Task} */
export const counting = {
  name: "counting",
  title: "Counting aⁿbⁿ",
  about:
    "First n letters a are read, then n letters b. After each letter, what may follow? " +
    "A string counts as right if every answer in it is right.",
  words: WORDS,
  inputs: WORDS.length,
  outputs: LABELS.length,
  readout: "softmax",
  labels: LABELS,
  figure: "accuracy",
  length: 10,
  shortest: 1,
  longest: 50,
  called: "the largest n",
  draw,
  held: draw,
  beyond: (length) => ascending(length, 2 * length, 4 * length),
  // Of all symbols half are a, and one in N + 1 is the end, N being the largest n. A b is the last one with a chance of
  // 2 / (N + 1); without memory one string at most can be right: n = 1, by always saying “end” after b.
  baselines: (N) => [
    { title: ALWAYS, loss: entropy(0.5, 0.5 - 1 / (N + 1), 1 / (N + 1)), score: 0 },
    { title: PRESENT, loss: entropy(2 / (N + 1), 1 - 2 / (N + 1)) / 2, score: 1 / N },
  ],
  measure,
  probe: "aaaaaaaabbbbbbbb",
  read(text) {
    const batch = sequence(classes, letters(text.toLowerCase()), WORDS);
    if (!batch) return null;
    const n = batch.ids.filter((id) => id === 0).length;
    if (batch.T > 2 * n || batch.ids.some((id, t) => id !== Number(t >= n))) return null;
    batch.ids.forEach((_, t) => (batch.labels[t] = after(t, n)));
    return batch;
  },
  tokens: named(WORDS),
  asked: classOf(LABELS),
};
