// Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a): X or Y at two places among distractors. The places are
// the paper's, in proportion to its length of 100.

import { ALWAYS, ascending, classOf, classes, letters, named, ofClasses, sequence } from "./batches.js";

const WORDS = ["E", "a", "b", "c", "d", "X", "Y", "B"]; // E begins, B ends, as in the paper
const LABELS = ["X X", "X Y", "Y X", "Y Y"];
const [BEGIN, DISTRACTORS, X, END] = [0, [1, 5], 5, 7];

/** @type {import("../types").Task["draw"]} */
function draw(random, B, length) {
  const tenth = Math.floor(length / 10);
  const plans = Array.from({ length: B }, () => ({
    T: random.integer(length, length + tenth + 1),
    places: [random.integer(tenth, 2 * tenth + 1), random.integer(5 * tenth, 6 * tenth + 1)],
    signs: [random.integer(0, 2), random.integer(0, 2)],
  }));
  const batch = classes(Math.max(...plans.map(({ T }) => T)), B);
  plans.forEach(({ T, places, signs }, b) => {
    for (let t = 1; t < T - 1; t += 1) batch.ids[t * B + b] = random.integer(DISTRACTORS[0], DISTRACTORS[1]);
    batch.ids[b] = BEGIN;
    batch.ids[(T - 1) * B + b] = END;
    places.forEach((t, k) => (batch.ids[t * B + b] = X + signs[k]));
    batch.lengths[b] = T;
    batch.labels[(T - 1) * B + b] = 2 * signs[0] + signs[1];
  });
  return batch;
}

/** @type {import("../types").Task} */
export const order = {
  name: "order",
  title: "Temporal order",
  about:
    "Among the letters a to d stand two signs, far apart, each X or Y. " +
    "After the last letter, B: which two were they, in order?",
  words: WORDS,
  inputs: WORDS.length,
  outputs: LABELS.length,
  readout: "softmax",
  labels: LABELS,
  figure: "accuracy",
  length: 30,
  shortest: 10,
  longest: 200,
  called: "letters in the shortest sequence",
  draw,
  held: draw,
  beyond: (length) => ascending(length, 2 * length, 4 * length),
  // The four classes are equally frequent, and the last letter is always B: nothing is gained by seeing it.
  baselines: () => [{ title: ALWAYS, loss: Math.log(LABELS.length), score: 1 / LABELS.length }],
  measure: ofClasses,
  probe: "EbcaXdabccadbacYbdacdabcdbacdB",
  read(text) {
    const batch = sequence(classes, letters(text), WORDS);
    if (!batch) return null;
    const [last, signs] = [batch.T - 1, batch.ids.filter((id) => id === X || id === X + 1).map((id) => id - X)];
    if (signs.length === 2 && batch.ids[last] === END) batch.labels[last] = 2 * signs[0] + signs[1];
    return batch;
  },
  tokens: named(WORDS),
  asked: classOf(LABELS),
};
