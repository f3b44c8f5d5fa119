// The reader's own table: the last column is predicted from the others, row after row; of a single column, its next
// value. The last fifth is held out; every column is standardised by the rows before.

import { counted } from "../../stepper/pure/numbers.js";
import { ALWAYS, LINEAR, STEPS, ascending, grouped, ofValues, pieces, typed, values } from "./batches.js";
import { leastSquares } from "./chances.js";
import { tableOf } from "./csv.js";

/** @typedef {import("../types").Task} Task */

const FEWEST = 50; // rows
const HELD = 0.2; // the share of the rows, the last ones
const LONGEST = 100;
const FAR = 1e6; // standard deviations
const LETTERS = 100_000; // of a probe
const SHOWN = 3; // columns of a row in words

/** What is known of the task before there is a table. @type {import("../types").Known} */
export const TABLE = {
  ...{ name: "table", title: "Your table", readout: "linear", figure: "error" },
  about: "The rows of your table are read one by one. After each, what is the value in its last column?",
  ...{ length: 20, shortest: 2, longest: LONGEST, called: "rows read at once" },
};

/** @type {(numbers: number[]) => number} */
const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/**
 * Mean and standard deviation of a column; of one that does not vary, but for rounding, 1.
 * @param {number[]} column
 */
function scaleOf(column) {
  const middle = mean(column);
  const deviation = Math.sqrt(mean(column.map((value) => (value - middle) ** 2)));
  const constant = Number.isFinite(deviation) && deviation <= 1e-12 * Math.abs(middle);
  return { middle, deviation: constant ? 1 : deviation, constant };
}

/** @param {number} value as it can be typed */
const short = (value) => String(Number(value.toPrecision(6)));

/** @param {number} value three digits that matter */
const shown = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

/** @type {(pieces: string[]) => string[][]} each value with the one after it */
const series = (pieces) => pieces.map((piece, n) => [piece, ...pieces.slice(n + 1, n + 2)]);

/**
 * Windows of rows, (T, B, D), and of the last column, (T, B).
 * @param {number[][]} rows (N, D + 1), standardised
 * @returns {Task["draw"]}
 */
const windows = (rows) => (random, B, length) => {
  const D = rows[0].length - 1;
  const T = Math.min(length, rows.length);
  const batch = values(T, B, D);
  for (let b = 0; b < B; b += 1) {
    const start = random.integer(0, rows.length - T + 1);
    for (let t = 0; t < T; t += 1) {
      batch.x.set(rows[start + t].slice(0, D), (t * B + b) * D);
      batch.targets[t * B + b] = rows[start + t][D];
    }
  }
  return batch;
};

/** @type {(rows: number[][], guess: (row: number[]) => number) => number} the mean squared error on the last column */
const error = (rows, guess) => mean(rows.map((row) => (guess(row) - row[row.length - 1]) ** 2));

/**
 * What can be said of held-out rows without memory: the mean of training, and the best linear answer from the columns.
 * @param {number[][]} train (N, D + 1), standardised
 * @param {number[][]} held
 */
function guesses(train, held) {
  const D = train[0].length - 1;
  const weights = leastSquares(
    train.map((row) => row.slice(0, D)),
    train.map((row) => row[D]),
  );
  return [
    { title: ALWAYS, error: error(held, () => 0) },
    { title: LINEAR, error: error(held, (row) => weights.reduce((sum, w, k) => sum + w * (k < D ? row[k] : 1), 0)) },
  ];
}

/**
 * Saying the last value again, where the target is the next value of one of the columns.
 * @param {number[][]} raw all rows (N, D + 1), in the table's units
 * @param {number} split how many of them are for training
 * @param {number} unit the target's standard deviation
 */
function again(raw, split, unit) {
  const D = raw[0].length - 1;
  const follows = (/** @type {number} */ k) => raw.slice(1).every((row, n) => row[k] === raw[n][D]);
  const column = Array.from({ length: D }, (_, k) => k).find(follows);
  if (column === undefined) return [];
  return [{ title: "The last value again", error: error(raw.slice(split), (row) => row[column]) / unit ** 2 }];
}

/**
 * The rows of a pasted table as they stand (raw) and standardised, how many are for training, and the columns' scales,
 * or why they cannot be used. A single column gets its next value as a second one.
 * @param {string} pasted
 */
function prepared(pasted) {
  const table = tableOf(pasted);
  if ("error" in table) return table;
  const single = table.names.length === 1;
  const names = single ? [table.names[0], `next ${table.names[0]}`] : table.names;
  const raw = single ? table.rows.slice(1).map((row, n) => [...table.rows[n], ...row]) : table.rows;
  const fewest = FEWEST + Number(single);
  if (table.rows.length < fewest)
    return { error: `The table has ${counted(table.rows.length, "row")}. At least ${fewest} are needed.` };
  const split = raw.length - Math.floor(HELD * raw.length);
  const scales = names.map((_, k) => scaleOf(raw.slice(0, split).map((row) => row[k])));
  const last = names.length - 1;
  if (scales[last].constant)
    return { error: `“${names[last]}” is the same in every row for training: there is nothing to learn.` };
  const rows = raw.map((row) => row.map((value, k) => (value - scales[k].middle) / scales[k].deviation));
  const finite = scales.every(({ deviation }) => Number.isFinite(deviation));
  if (!finite || !rows.every((row) => row.every((value) => Math.abs(value) < FAR)))
    return { error: "The table has numbers that are too large, or too far from the others, to compute with." };
  return { names, raw, rows, split, scales, single };
}

/**
 * The task of a pasted table, or why it cannot be used.
 * @param {string} pasted
 * @returns {Task | {error: string}}
 */
export function tableTask(pasted) {
  const found = prepared(pasted);
  if ("error" in found) return found;
  const { names, raw, rows, split, scales, single } = found;
  const D = names.length - 1;
  /** @type {(value: number, k: number) => number} */
  const scaled = (value, k) => (value - scales[k].middle) / scales[k].deviation;
  /** @type {(value: number, k: number) => string} */
  const told = (value, k) => shown(value * scales[k].deviation + scales[k].middle);
  const [train, held] = [rows.slice(0, split), rows.slice(split)];
  const longest = Math.min(LONGEST, Math.floor(held.length / 2)); // so that there are several to measure on
  const baselines = [...guesses(train, held), ...again(raw, split, scales[D].deviation)];
  /** @param {string} text rows of D numbers, or of D and the right one */
  function read(text) {
    const parts = text.length > LETTERS ? [] : single ? series(pieces(text)) : text.split(/[;\n]/).map(pieces);
    const numbers = parts.filter((row) => row.length).map((row) => row.map(typed));
    const fits = numbers.every((row) => [D, D + 1].includes(row.length) && row.every(Number.isFinite));
    if (!numbers.length || numbers.length > STEPS || !fits) return null;
    const batch = values(numbers.length, 1, D);
    numbers.forEach((row, t) => {
      batch.x.set(row.slice(0, D).map(scaled), t * D);
      if (row.length > D) batch.targets[t] = scaled(row[D], D);
    });
    return batch;
  }
  const probe = raw.slice(split, split + Math.min(20, longest)).map((row) => row.map(short));
  return {
    ...TABLE,
    about:
      `The rows of your table are read one by one. After each, what is “${names[D]}”? ` +
      `The first ${grouped(split)} rows are for training; the last ${grouped(held.length)} are held out. ` +
      "Each column is standardised: 1 is its standard deviation.",
    words: null,
    inputs: D,
    outputs: 1,
    labels: [names[D]],
    length: Math.min(TABLE.length, longest),
    longest,
    draw: windows(train),
    held: windows(held),
    beyond: (length) => ascending(length, Math.min(2 * length, held.length)),
    baselines: () => baselines.map(({ title, error }) => ({ title, loss: error, score: error })),
    measure: ofValues,
    probe: single ? probe.map(([value]) => value).join(" ") : probe.map((row) => row.join(" ")).join("; "),
    read,
    tokens: ({ x, B, lengths }, b) =>
      Array.from({ length: lengths[b] }, (_, t) => {
        const row = [.../** @type {import("../types").Floats} */ (x).slice((t * B + b) * D, (t * B + b + 1) * D)];
        return row.slice(0, SHOWN).map(told).join(" ") + (D > SHOWN ? " …" : "");
      }),
    asked: ({ targets, B, lengths }, b) =>
      Array.from({ length: lengths[b] }, (_, t) => {
        const target = /** @type {Float64Array} */ (targets)[t * B + b];
        return Number.isNaN(target) ? "" : told(target, D);
      }),
  };
}
