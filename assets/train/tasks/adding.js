// Adding, as core/tasks/adding.py (Hochreiter & Schmidhuber 1997, experiment 4): keep two numbers, give their sum.

import { fixed } from "../../stepper/pure/numbers.js";
import { ALWAYS, PRESENT, STEPS, ascending, ofValues, pieces, typed, valueOf, values } from "./batches.js";

const VALUE = 1 / 3; // the variance of one number, uniform from −1 to 1

/** @type {import("../types").Task["draw"]} */
function draw(random, B, T) {
  const batch = values(T, B, 2);
  const half = Math.floor(T / 2);
  for (let b = 0; b < B; b += 1) {
    const marks = [random.integer(0, half), random.integer(half, T)];
    for (let t = 0; t < T; t += 1) batch.x[(t * B + b) * 2] = random.between(-1, 1);
    for (const t of marks) batch.x[(t * B + b) * 2 + 1] = 1;
    batch.targets[(T - 1) * B + b] = marks.reduce((sum, t) => sum + batch.x[(t * B + b) * 2], 0);
  }
  return batch;
}

/** @type {import("../types").Task} */
export const adding = {
  name: "adding",
  title: "Adding two marked numbers",
  about:
    "Numbers from −1 to 1 are read, two of them marked, one in each half. " +
    "After the last one, what is the sum of the two?",
  words: null,
  inputs: 2,
  outputs: 1,
  readout: "linear",
  labels: ["sum"],
  figure: "error",
  length: 20,
  shortest: 2,
  longest: 200,
  called: "numbers in a sequence",
  draw,
  held: draw,
  beyond: (length) => ascending(length, 2 * length, 4 * length),
  baselines(length) {
    const seen = 1 / (length - Math.floor(length / 2)); // the chance that the last number is the second one marked
    return [
      { title: ALWAYS, loss: 2 * VALUE, score: 2 * VALUE },
      { title: PRESENT, loss: (2 - seen) * VALUE, score: (2 - seen) * VALUE },
    ];
  },
  measure: ofValues,
  probe: "0.3 0.5* -0.8 0.1 -0.3 0.9 -0.6 0.2 -0.4* 0.7 -0.1 0.6",
  read(text) {
    const parts = pieces(text);
    const numbers = parts.map((part) => typed(part.replace(/\*$/, "")));
    if (!parts.length || parts.length > STEPS || !numbers.every(Number.isFinite)) return null;
    const batch = values(parts.length, 1, 2);
    const marked = numbers.filter((_, t) => parts[t].endsWith("*"));
    numbers.forEach((number, t) => batch.x.set([number, Number(parts[t].endsWith("*"))], 2 * t));
    if (marked.length === 2) batch.targets[parts.length - 1] = marked[0] + marked[1];
    return batch;
  },
  tokens: ({ x, B, lengths }, b) =>
    Array.from({ length: lengths[b] }, (_, t) => {
      const [value, mark] = /** @type {import("../types").Floats} */ (x).slice((t * B + b) * 2, (t * B + b) * 2 + 2);
      return fixed(value, 2) + (mark ? "*" : "");
    }),
  asked: valueOf(2),
};
