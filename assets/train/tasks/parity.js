// Parity: is the number of ones so far odd? Asked at the end alone, nothing short of the whole answer lowers the loss.
// So it is asked at every step: the first are learned soon, and each later answer builds on the one before.

import { ALWAYS, PRESENT, ascending, letters, named, ofVerdicts, sequence, verdictOf, verdicts } from "./batches.js";
import { entropy } from "./chances.js";

const WORDS = ["0", "1"];
const LABELS = ["even", "odd"];

/**
 * Writes the parity after each bit into a batch.
 * @param {ReturnType<typeof verdicts>} batch
 */
function counted(batch) {
  batch.ids.forEach((bit, place) => {
    const before = place < batch.B ? 0 : batch.targets[place - batch.B];
    batch.targets[place] = before === bit ? 0 : 1;
  });
  return batch;
}

/** @type {import("../types").Task["draw"]} */
function draw(random, B, length) {
  const batch = verdicts(length, B);
  for (let b = 0; b < B; b += 1) for (let t = 0; t < length; t += 1) batch.ids[t * B + b] = random.integer(0, 2);
  return counted(batch);
}

/** @type {import("../types").Task} */
export const parity = {
  name: "parity",
  title: "Parity of bits",
  about: "Bits are read. After each bit, is the number of ones so far even or odd?",
  words: WORDS,
  inputs: WORDS.length,
  outputs: 1,
  readout: "logistic",
  labels: LABELS,
  figure: "accuracy",
  length: 20,
  shortest: 2,
  longest: 200,
  called: "bits in a sequence",
  draw,
  held: draw,
  beyond: (length) => ascending(length, 2 * length, 4 * length),
  baselines(length) {
    const right = 0.5 + 0.5 / length; // the first bit is its own parity; later ones say nothing
    return [
      { title: ALWAYS, loss: Math.LN2, score: 0.5 },
      { title: PRESENT, loss: entropy(right, 1 - right), score: right },
    ];
  },
  measure: (outputs, batch) => ofVerdicts(outputs, batch, /** @type {Float64Array} */ (batch.targets).keys()),
  probe: "0110100010111001",
  read(text) {
    const batch = sequence(verdicts, letters(text), WORDS);
    return batch && counted(batch);
  },
  tokens: named(WORDS),
  asked: verdictOf(LABELS),
};
