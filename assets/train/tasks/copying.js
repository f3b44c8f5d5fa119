// Copying at a lag, as core/tasks/copying.py: read four letters, wait, say them in the same order.

import { ALWAYS, ascending, classOf, classes, letters, named, ofClasses, sequence } from "./batches.js";

const LETTERS = ["a", "b", "c", "d"];
const WORDS = [...LETTERS, "·", ">"];
const BLANK = 4;
const GO = 5;
const COUNT = 4; // letters to keep

/** @type {import("../types").Task["draw"]} */
function draw(random, B, lag) {
  const T = COUNT + lag + COUNT;
  const batch = classes(T, B);
  batch.ids.fill(BLANK);
  batch.ids.fill(GO, (T - COUNT) * B);
  for (let b = 0; b < B; b += 1)
    for (let k = 0; k < COUNT; k += 1) {
      const letter = random.integer(0, LETTERS.length);
      batch.ids[k * B + b] = letter;
      batch.labels[(T - COUNT + k) * B + b] = letter;
    }
  return batch;
}

/** @type {import("../types").Task} */
export const copying = {
  name: "copying",
  title: "Copying letters after a lag",
  about: "Four letters are read, then dots. At each of the four signs “>” the network says the next of the letters.",
  words: WORDS,
  inputs: WORDS.length,
  outputs: LETTERS.length,
  readout: "softmax",
  labels: LETTERS,
  figure: "accuracy",
  length: 10,
  shortest: 0,
  longest: 100,
  called: "dots between the letters and their copy",
  draw,
  held: draw,
  beyond: (lag) => ascending(lag, lag + 5, 2 * lag),
  // The letters are independent and uniform, and every > looks the same: nothing is gained by seeing it.
  baselines: () => [{ title: ALWAYS, loss: Math.log(LETTERS.length), score: 1 / LETTERS.length }],
  measure: ofClasses,
  probe: "dacb··········>>>>",
  read(text) {
    const batch = sequence(classes, letters(text.toLowerCase().replaceAll(".", "·")), WORDS);
    if (!batch) return null;
    const kept = batch.ids.filter((id) => id < BLANK);
    let said = 0;
    batch.ids.forEach((id, t) => {
      if (id === GO && said < kept.length) batch.labels[t] = kept[said++];
    });
    return batch;
  },
  tokens: named(WORDS),
  asked: classOf(LETTERS),
};
