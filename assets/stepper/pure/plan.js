// The one interpreter of the equations' plans: terms as nested lists, see core/cells/terms.py. In float64.
import { CURVES } from "./activations.js";
import { total } from "./numbers.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Source} Source
 */

/**
 * A term's number at one step and unit.
 * @param {Plan} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 * @returns {number}
 */
export function number(plan, source, step, unit) {
  switch (plan[0]) {
    case "var":
      return source.at(plan[1], plan[2], step, unit);
    case "one_minus":
      return 1 - number(plan[1], source, step, unit);
    case "one":
      return 1;
    case "times":
      return number(plan[1], source, step, unit) * number(plan[2], source, step, unit);
    case "sum":
      return summed(plan, source, step, unit);
    case "peephole":
      return peephole(plan, source, unit) * number(plan[3], source, step, unit);
    case "affine":
      return affine(plan, source, step, unit);
    default:
      return applied(plan, source, step, unit);
  }
}

/**
 * @param {import("../types").SumPlan} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 */
function summed(plan, source, step, unit) {
  let sum = 0;
  for (let k = 1; k < plan.length; k += 1) sum += number(/** @type {Plan} */ (plan[k]), source, step, unit);
  return sum;
}

/**
 * @param {import("../types").ApplyPlan} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 */
function applied([, curve, term], source, step, unit) {
  if (curve !== "softmax") return CURVES[curve](number(term, source, step, unit));
  const all = Array.from({ length: source.units }, (_, u) => Math.exp(number(term, source, step, u)));
  return all[unit] / total(all);
}

/**
 * What a matrix's term uses for a unit: [weights, where its row begins in them, the row's width, bias].
 * @param {import("../types").AffinePlan} plan
 * @param {Source} source
 * @param {number} unit
 * @returns {[Float32Array, number, number, number]}
 */
export function row([, , start, inner], source, unit) {
  const width = inner ? source.units : source.size;
  const [weight, bias] = inner ? [source.weight_hh, source.bias_hh] : [source.weight_ih, source.bias_ih];
  return [weight, (start + unit) * width, width, bias[start + unit]];
}

/**
 * @param {import("../types").AffinePlan} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 */
function affine(plan, source, step, unit) {
  const [weight, from, width, bias] = row(plan, source, unit);
  let sum = bias;
  for (let k = 0; k < width; k += 1) sum += weight[from + k] * number(plan[4], source, step, k);
  return sum;
}

/**
 * A peephole's weight.
 * @param {import("../types").PeepholePlan} plan
 * @param {Source} source
 * @param {number} unit
 */
export function peephole([, , at], { peephole: weights, units }, unit) {
  if (!weights) throw new Error("this cell has no peepholes");
  return weights[at * units + unit];
}

/**
 * The parts of a sum.
 * @param {import("../types").SumPlan} plan
 * @returns {Plan[]}
 */
export const terms = (plan) => /** @type {Plan[]} */ (plan.slice(1));

/**
 * The terms directly inside a term.
 * @param {Plan} plan
 */
export const inner = (plan) => /** @type {Plan[]} */ (/** @type {unknown[]} */ (plan).filter(Array.isArray));

/**
 * The term at a path of places: "h.2.1" is the first part of the second part of h's line.
 * @param {string} id
 * @param {Record<string, {plan: Plan}>} lines
 */
export function at(id, lines) {
  const [name, ...places] = id.split(".");
  return /** @type {Plan} */ (places.reduce((/** @type {any} */ tree, k) => tree[Number(k)], lines[name].plan));
}

/**
 * The arrays that a term is made of.
 * @param {Plan} plan
 * @returns {string[]}
 */
export const arrays = (plan) => (plan[0] === "var" ? [plan[1]] : inner(plan).flatMap(arrays));

/**
 * Where the blocks of rows begin that a term uses: a coupled LSTM has rows for i and does not look at them.
 * @param {Plan} plan
 * @returns {number[]}
 */
export const starts = (plan) => (plan[0] === "affine" ? [plan[2]] : inner(plan).flatMap(starts));
