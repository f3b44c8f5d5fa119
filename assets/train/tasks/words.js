// Ten words, as core/tasks/mini.py: is the last opinion positive? A *not* since the opinion before reverses it.

import { ALWAYS, PRESENT, ascending, named, ofVerdicts, pieces, sequence, verdictOf, verdicts } from "./batches.js";
import { average, entropy } from "./chances.js";

const WORDS = ["the", "film", "was", "but", "very", "not", "good", "great", "bad", "dull"];
const FILLERS = 5;
const NOT = 5;
const LABELS = ["negative", "positive"];
const SHORTEST = 4;
const FAR = 200; // words, as the shipped models are measured
/** The share of opinion words and of *not* in a sentence: each sentence has its own. */
const OPINIONS = /** @type {const} */ ([0.05, 0.6]);
const NEGATIONS = /** @type {const} */ ([0.02, 0.2]);

/** @param {number} word */
const opinion = (word) => (word > NOT ? Number(word < 8) : NaN);

/**
 * Writes what is true after each word into a batch.
 * @param {ReturnType<typeof verdicts>} batch
 */
function judged(batch) {
  for (let b = 0; b < batch.B; b += 1) {
    let verdict = 0.5;
    let negated = false;
    for (let t = 0; t < batch.T; t += 1) {
      const word = batch.ids[t * batch.B + b];
      if (word > NOT) {
        verdict = negated ? 1 - opinion(word) : opinion(word);
        negated = false;
      } else if (word === NOT) negated = true;
      batch.targets[t * batch.B + b] = verdict;
    }
  }
  return batch;
}

/** @type {import("../types").Task["held"]} */
function held(random, B, length) {
  const batch = verdicts(length, B);
  for (let b = 0; b < B; b += 1) {
    const share = random.between(...OPINIONS);
    const negation = random.between(...NEGATIONS);
    for (let t = 0; t < length; t += 1) {
      const draw = random.uniform();
      const filler = random.integer(0, FILLERS);
      const said = random.integer(NOT + 1, WORDS.length);
      batch.ids[t * B + b] = draw < share ? said : draw < share + negation ? NOT : filler;
    }
  }
  return judged(batch);
}

/**
 * The mean over sentences of something that depends on their shares of opinions and of *not*.
 * @param {(s: number, q: number) => number} of
 */
const overSentences = (of) => average((s) => average((q) => of(s, q), NEGATIONS), OPINIONS);

/**
 * An opinion word is reversed if a *not* came after the opinion before: after n words with a chance of
 * q / (s + q) · (1 − rⁿ), r = 1 − s − q. After any other word both verdicts are equally likely.
 * @type {import("../types").Task["baselines"]}
 */
function baselines(T) {
  const opinions = overSentences((s) => s);
  const decided = overSentences((s) => 1 - (1 - s) ** T);
  const atLast = overSentences((s, q) => (s * q * (1 - (1 - s - q) ** (T - 1))) / (s + q));
  const anywhere = overSentences((s, q) => (s * q * (1 - (1 - (1 - s - q) ** T) / (T * (s + q)))) / (s + q));
  const reversed = anywhere / opinions;
  return [
    { title: ALWAYS, loss: Math.LN2, score: 0.5 },
    {
      title: PRESENT,
      loss: opinions * entropy(reversed, 1 - reversed) + (1 - opinions) * Math.LN2,
      score: (opinions - atLast + (decided - opinions) / 2) / decided,
    },
  ];
}

/** @type {import("../types").Task} */
export const words = {
  name: "words",
  title: "Ten words with not",
  about:
    "A sentence made of ten words is read. After each word, is the last opinion positive? A “not” since the opinion " +
    "before reverses it. Accuracy is measured after the last word.",
  words: WORDS,
  inputs: WORDS.length,
  outputs: 1,
  readout: "logistic",
  labels: LABELS,
  figure: "accuracy",
  length: 30,
  shortest: SHORTEST,
  longest: 100,
  called: "words in the longest sentence",
  draw: (random, B, length) => held(random, B, random.integer(SHORTEST, length + 1)),
  held,
  beyond: (length) => ascending(length, 2 * length, FAR),
  baselines,
  measure: (outputs, batch) => ofVerdicts(outputs, batch, Array.from(batch.lengths, (T, b) => (T - 1) * batch.B + b)),
  probe: "good the film was the film was not the film was bad",
  read(text) {
    const batch = sequence(verdicts, pieces(text.toLowerCase()), WORDS);
    return batch && judged(batch);
  },
  tokens: named(WORDS),
  asked: verdictOf(LABELS),
};
