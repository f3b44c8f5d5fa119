// Noisy sine: after each value of a sum of two sines with noise, what is the next one? Periods and phases differ from one
// sequence to the next, so that they must be read off the past.

import { ALWAYS, STEPS, ascending, ofValues, pieces, printed, typed, valueOf, values } from "./batches.js";
import { average } from "./chances.js";

const PERIODS = /** @type {const} */ ([
  [6, 12],
  [15, 30],
]);
const SIZE = 0.5; // the amplitude of each sine
const NOISE = 0.1; // standard deviation

/** @type {import("../types").Task["draw"]} */
function draw(random, B, T) {
  const batch = values(T, B, 1);
  for (let b = 0; b < B; b += 1) {
    const waves = PERIODS.map((range) => [(2 * Math.PI) / random.between(...range), random.between(0, 2 * Math.PI)]);
    for (let t = 0; t <= T; t += 1) {
      const clean = waves.reduce((sum, [pace, phase]) => sum + SIZE * Math.sin(pace * t + phase), 0);
      const value = clean + NOISE * random.normal();
      if (t < T) batch.x[t * B + b] = value;
      if (t > 0) batch.targets[(t - 1) * B + b] = value;
    }
  }
  return batch;
}

/**
 * The covariance of values that lie some steps apart. The phases are uniform, so it does not depend on the step.
 * @param {number} lag
 */
const covariance = (lag) =>
  PERIODS.reduce((sum, range) => sum + (SIZE ** 2 / 2) * average((p) => Math.cos((2 * Math.PI * lag) / p), range), 0);

/** @type {import("../types").Task["baselines"]} */
function baselines() {
  const variance = covariance(0) + NOISE ** 2;
  return [
    { title: ALWAYS, error: variance },
    { title: "Best linear answer without memory", error: variance - covariance(1) ** 2 / variance },
    { title: "The noise alone", error: NOISE ** 2 },
  ].map(({ title, error }) => ({ title, loss: error, score: error }));
}

/** @type {import("../types").Task} */
export const sine = {
  name: "sine",
  title: "Noisy sine",
  about: "The values of a sum of two sines are read, with noise. After each value, what is the next one?",
  words: null,
  inputs: 1,
  outputs: 1,
  readout: "linear",
  labels: ["next value"],
  figure: "error",
  length: 40,
  shortest: 2,
  longest: 200,
  called: "values in a sequence",
  draw,
  held: draw,
  beyond: (length) => ascending(length, 2 * length, 4 * length),
  baselines,
  measure: ofValues,
  probe:
    "0.12 0.51 0.83 0.71 0.49 0.02 -0.21 -0.18 0.09 0.44 0.72 0.63 0.22 -0.31 -0.78 -0.92 -0.71 -0.38 0.07 0.21 0.03 -0.33 " +
    "-0.74 -0.83 -0.52 -0.08 0.47 0.88 0.97 0.76 0.31",
  read(text) {
    const numbers = pieces(text).map(typed);
    if (!numbers.length || numbers.length > STEPS || !numbers.every(Number.isFinite)) return null;
    const batch = values(numbers.length, 1, 1);
    batch.x.set(numbers);
    batch.targets.set(numbers.slice(1));
    return batch;
  },
  tokens: printed(2),
  asked: valueOf(2),
};
