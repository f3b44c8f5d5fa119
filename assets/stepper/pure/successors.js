// Sums that only the cells after the LSTM have: over the words so far, and over the states of a channel.
import { factor } from "./factor.js";
import { product, sub, total } from "./numbers.js";

/**
 * @typedef {import("../types").Factor} Factor
 * @typedef {import("./factor.js").Lookup} Lookup
 */

/**
 * Query times key, scaled by 1 / √H or as it is, for one word so far, as the group of a sum.
 * @param {import("../types").AttendPlan} plan
 * @param {{units: number}} source
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} word
 * @returns {import("../types").Group[]}
 */
export function scored([, query, key, scaled], { units }, { number, place, letter }, step, word) {
  const parts = Array.from({ length: units }, (_, u) => {
    const factors = [number(query, step, u), number(key, word, u), ...(scaled ? [1 / Math.sqrt(units)] : [])];
    return { index: u, letter: letter(key[1]), factors, value: product(factors), goto: place(key, word, u) };
  });
  const pair = `${letter(query[1])}${sub(step + 1)} · ${letter(key[1])}${sub(word + 1)}`;
  const title = scaled ? `${pair} / √${units}` : pair;
  return [{ key: "score", title, members: parts, value: total(parts.map((m) => m.value)) }];
}

/**
 * The values of all words so far, each times its weight.
 * @param {import("../types").MixPlan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {Factor[][]}
 */
export function mixed([, weights, array], lookup, step, unit) {
  return Array.from({ length: step + 1 }, (_, word) => {
    const weight = factor(weights, lookup, step, word);
    const value = factor(array, lookup, word, unit);
    const t = sub(word + 1);
    return [
      { ...weight, name: `${weight.name}${sub(step + 1)}[${word + 1}]` },
      { ...value, name: `${value.name}${t}` },
    ];
  });
}

/**
 * The states of a channel, each times what reads it.
 * @param {import("../types").ContractPlan} plan
 * @param {Lookup} lookup
 * @param {number} per states of a channel
 * @param {number} step
 * @param {number} unit
 * @returns {Factor[][]}
 */
export const contracted = ([, state, read], lookup, per, step, unit) =>
  Array.from({ length: per }, (_, k) => [
    { ...factor(state, lookup, step, unit * per + k), name: `${lookup.letter(state[1])}[${unit}, ${k}]` },
    { ...factor(read, lookup, step, k), name: `${lookup.letter(read[1])}[${k}]` },
  ]);
