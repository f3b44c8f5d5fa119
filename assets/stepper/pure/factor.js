// A factor of a product: its number, how it is written, and what it is for a number of decimals.
import { curve as curveOf, symbol } from "./activations.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Factor} Factor
 */
/**
 * How a term's number is worked out, and where it comes from.
 * @typedef {object} Lookup
 * @property {(plan: Plan, step: number, unit: number) => number} number
 * @property {(plan: Plan, step: number, unit: number) => import("../types").From} place
 * @property {(name: string) => string} letter
 */

/**
 * @param {Plan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {Factor}
 */
export function factor(plan, lookup, step, unit) {
  const { number, place, letter } = lookup;
  const value = number(plan, step, unit);
  switch (plan[0]) {
    case "one_minus": {
      const [, gate] = plan;
      const own = number(gate, step, unit);
      return {
        name: `1 − ${letter(gate[1])}`,
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
    case "weight":
      return { name: plan[2], value, round: (round) => round(value), write: (write) => write(value), goto: null };
    case "var":
      return {
        name: plan[2] ? `${letter(plan[1])} before` : letter(plan[1]),
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
 * The factors of a product, those of its products among them.
 * @param {Plan} plan
 * @returns {Plan[]}
 */
export const factors = (plan) => (plan[0] === "times" ? [...factors(plan[1]), ...factors(plan[2])] : [plan]);

/**
 * Whether a term is written as one factor.
 * @param {Plan} plan
 */
export const isFactor = (plan) =>
  ["var", "one", "one_minus", "weight"].includes(plan[0]) || (plan[0] === "apply" && plan[2][0] === "var");

/**
 * @param {import("../types").ApplyPlan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {Factor}
 */
function curved(plan, { number, place, letter }, step, unit) {
  const [, curve, term] = plan;
  const value = number(plan, step, unit);
  const array = String(term[1]);
  const found = { name: `${symbol(curve)} ${letter(array)}`.trim(), value, goto: place(term, step, unit), array };
  if (curve === "softmax") return { ...found, round: (round) => round(value), write: (write) => write(value) };
  const inner = number(term, step, unit);
  return {
    ...found,
    round: (round) => curveOf(curve)(round(inner)),
    write: (write) => (curve === "identity" ? write(inner) : `${symbol(curve)}(${write(inner)})`),
    curve: { name: curve, at: inner },
  };
}
