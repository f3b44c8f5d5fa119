// Next character of the reader's own text. The last tenth is held out; all but the 63 most frequent characters are one.

import { ALWAYS, STEPS, ascending, classOf, classes, grouped, named, ofClasses } from "./batches.js";

/** @typedef {import("../types").Task} Task */

const BYTES = 20_000;
const FEWEST = 400; // characters
const LONGEST = 100;
const ALPHABET = 64;
const OTHER = "□";
const HELD = 0.1; // the share of the text, its end
const SHOWN = /** @type {Record<string, string>} */ ({ " ": "␣", "\n": "↵", "\t": "⇥" });

/** What is known of the task before there is a text. @type {import("../types").Known} */
export const TEXT = {
  ...{ name: "text", title: "Next character of your text", readout: "softmax", figure: "accuracy" },
  about: "Your text is read character by character. After each, which one comes next?",
  ...{ length: 30, shortest: 2, longest: LONGEST, called: "characters read at once" },
};

/** @param {string} text */
const characters = (text) => [...text.replace(/\r\n?/g, "\n").normalize("NFC")];

/**
 * The different characters, the most frequent first.
 * @param {string[]} text
 */
function frequent(text) {
  const counts = new Map();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
}

/**
 * Windows of a text, each character's label the next one.
 * @param {Int32Array} ids
 * @returns {Task["draw"]}
 */
const windows = (ids) => (random, B, length) => {
  const T = Math.min(length, ids.length - 1);
  const batch = classes(T, B);
  for (let b = 0; b < B; b += 1) {
    const start = random.integer(0, ids.length - T);
    for (let t = 0; t < T; t += 1) {
      batch.ids[t * B + b] = ids[start + t];
      batch.labels[t * B + b] = ids[start + t + 1];
    }
  }
  return batch;
};

/**
 * Frequencies counted on one part and measured on another: of each character alone, and after the one before. What was
 * never seen gets a chance too: alone by adding one to each count, after another character as in Witten & Bell (1991).
 * @param {Int32Array} train
 * @param {Int32Array} held
 * @param {number} K characters
 */
function counted(train, held, K) {
  const single = new Float64Array(K).fill(1);
  const pairs = Array.from({ length: K }, () => new Float64Array(K));
  train.forEach((id, t) => {
    single[id] += 1;
    if (t) pairs[train[t - 1]][id] += 1;
  });
  const sum = train.length + K;
  const most = single.indexOf(Math.max(...single));
  const next = pairs.map((row) => (row.some(Boolean) ? row.indexOf(Math.max(...row)) : most));
  const followers = pairs.map((row) => row.filter(Boolean).length);
  const totals = pairs.map((row) => row.reduce((a, b) => a + b));
  const always = { title: ALWAYS, loss: 0, score: 0 };
  const bigram = { title: "Best from the present character", loss: 0, score: 0 };
  const n = held.length - 1;
  for (let t = 1; t <= n; t += 1) {
    const [before, id] = [held[t - 1], held[t]];
    const alone = single[id] / sum;
    const kinds = Math.max(1, followers[before]);
    always.loss -= Math.log(alone) / n;
    always.score += Number(id === most) / n;
    bigram.loss -= Math.log((pairs[before][id] + kinds * alone) / (totals[before] + kinds)) / n;
    bigram.score += Number(id === next[before]) / n;
  }
  return [always, bigram];
}

/**
 * What is wrong with a text; "" for nothing.
 * @param {string} text
 * @param {string[]} all its characters
 */
function fault(text, all) {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > BYTES)
    return `The text has ${grouped(bytes)} bytes. At most ${grouped(BYTES)} can be used.`;
  if (all.length < FEWEST) return `The text has ${all.length} characters. At least ${FEWEST} are needed.`;
  if (new Set(all.slice(0, splitAt(all))).size < 2) return "The text repeats one character: there is nothing to learn.";
  return "";
}

/** @param {string[]} all */
const splitAt = (all) => all.length - Math.floor(HELD * all.length);

/**
 * The task of a pasted text, or why it cannot be used.
 * @param {string} text
 * @returns {Task | {error: string}}
 */
export function textTask(text) {
  const all = text.length > 4 * BYTES ? [] : characters(text);
  const error = fault(text, all);
  if (error) return { error };
  const split = splitAt(all);
  const kept = frequent(all.slice(0, split)).slice(0, ALPHABET - 1);
  const places = new Map(kept.map((one, k) => [one, k]));
  const shown = [...kept.map((one) => SHOWN[one] ?? one), OTHER];
  /** @param {string[]} some */
  const read = (some) => Int32Array.from(some, (one) => places.get(one) ?? kept.length);
  const train = read(all.slice(0, split));
  const held = read(all.slice(split));
  const longest = Math.min(LONGEST, Math.floor(held.length / 2)); // so that there are several to measure on
  const baselines = counted(train, held, shown.length);
  return {
    ...TEXT,
    about:
      `${TEXT.about} The first ${grouped(split)} characters are for training; ` +
      `the last ${grouped(held.length)}, a tenth, are held out.`,
    words: shown,
    inputs: shown.length,
    outputs: shown.length,
    labels: shown,
    length: Math.min(TEXT.length, longest),
    longest,
    draw: windows(train),
    held: windows(held),
    beyond: (length) => ascending(length, Math.min(2 * length, held.length - 1)),
    baselines: () => baselines,
    measure: ofClasses,
    probe: all.slice(split, split + 40).join("").replace(/\s+/g, " "),
    read(own) {
      const ids = own.length > 4 * STEPS ? [] : [...read(characters(own))];
      if (!ids.length || ids.length > STEPS) return null;
      const batch = classes(ids.length, 1);
      batch.ids.set(ids);
      batch.labels.set(ids.slice(1));
      return batch;
    },
    tokens: named(shown),
    asked: classOf(shown),
  };
}
