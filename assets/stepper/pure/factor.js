// A factor of a product: its number, how it is written, and what it is for a number of decimals.
import { CURVES, SYMBOLS } from "./activations.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Factor} Factor
 */
/**
 * How a term's number is worked out, and where it comes from.
 * @typedef {object} Lookup
 * @property {(plan: Plan, step: number, unit: number) => number} number
 * @property {(plan: Plan, step: number, unit: number) => import("../types").From} place
 */

/**
 * @param {Plan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {Factor}
 */
export function factor(plan, lookup, step, unit) {
  const { number, place } = lookup;
  const value = number(plan, step, unit);
  switch (plan[0]) {
    case "one_minus": {
      const [, gate] = plan;
      const own = number(gate, step, unit);
      return {
        name: `1 − ${gate[1]}`,
        value,
        round: (round) => 1 - round(own),
        write: (write) => `(1 − ${write(own)})`,
        goto: place(gate, step, unit),
        array: gate[1],
      };
    }
    case "one":
      return { name: "1", value, round: () => 1, write: () => "1", goto: null };
    case "apply":
      return curved(plan, lookup, step, unit);
    case "var":
      return {
        name: plan[2] ? `${plan[1]} before` : plan[1],
        value,
        round: (round) => round(value),
        write: (write) => write(value),
        goto: place(plan, step, unit),
        array: plan[1],
      };
    default:
      throw new Error(`no factor of a product: ${plan[0]}`);
  }
}

/**
 * @param {import("../types").ApplyPlan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {Factor}
 */
function curved(plan, { number, place }, step, unit) {
  const [, curve, term] = plan;
  const value = number(plan, step, unit);
  const array = String(term[1]);
  const found = { name: `${SYMBOLS[curve]} ${array}`.trim(), value, goto: place(term, step, unit), array };
  if (curve === "softmax") return { ...found, round: (round) => round(value), write: (write) => write(value) };
  const inner = number(term, step, unit);
  return {
    ...found,
    round: (round) => CURVES[curve](round(inner)),
    write: (write) => (curve === "identity" ? write(inner) : `${SYMBOLS[curve]}(${write(inner)})`),
    curve: { name: curve, at: inner },
  };
}
