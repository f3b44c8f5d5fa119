// Noisy sine: after each value of a sum of two sines with noise, what is the next one? Each sequence has periods and
// phases of its own, which must be read off its past.

import { ALWAYS, LINEAR, STEPS, ascending, ofValues, pieces, printed, typed, valueOf, values } from "./batches.js";
import { average } from "./chances.js";

/** @type {(readonly [number, number])[]} from which each sine's period is drawn, in steps */
const PERIODS = [
  [6, 12],
  [15, 30],
];
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
    { title: LINEAR, error: variance - covariance(1) ** 2 / variance },
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
    "0.65 0.84 1.04 0.43 0.19 -0.19 -0.14 0.01 0.30 0.39 -0.24 -0.74 -0.85 -0.98 -0.63 -0.21 0.18 0.13 -0.01 -0.41 " +
    "-0.25 0.26 0.78 0.90 0.93 0.52 0.18 -0.02 0.13 0.38",
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
