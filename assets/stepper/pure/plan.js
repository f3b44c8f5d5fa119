// The one interpreter of the equations' plans: terms as nested lists, see core/cells/terms.py. In float64.
import { curve as curveOf } from "./activations.js";
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
    case "apply":
      return applied(plan, source, step, unit);
    default:
      return successor(plan, source, step, unit);
  }
}

/**
 * A term that only the cells after the LSTM have.
 * @param {Exclude<Plan, import("../types").ApplyPlan>} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 * @returns {number}
 */
function successor(plan, source, step, unit) {
  switch (plan[0]) {
    case "minus":
      return number(plan[1], source, step, unit) - number(plan[2], source, step, unit);
    case "frac":
      return number(plan[1], source, step, unit) / number(plan[2], source, step, unit);
    case "max":
      return Math.max(number(plan[1], source, step, unit), number(plan[2], source, step, unit));
    case "weight":
      return source.weights[plan[1]][unit];
    case "rows": {
      const [weight, from, width] = rowOf(plan, source, unit);
      return total(Array.from({ length: width }, (_, k) => weight[from + k] * number(plan[3], source, step, k)));
    }
    case "contract":
      return total(contracted(plan, source, step, unit).map(([state, read]) => state * read));
    case "attend": {
      const all = scores(plan, source, step).map(Math.exp);
      return unit < all.length ? all[unit] / total(all) : 0;
    }
    case "mix": {
      const [, weights, array] = plan;
      const steps = Array.from({ length: step + 1 }, (_, j) => j);
      return total(steps.map((j) => number(weights, source, step, j) * number(array, source, j, unit)));
    }
    default:
      throw new Error(`no term: ${plan[0]}`);
  }
}

/**
 * The pairs of numbers that a unit's states and what reads them make: [state, read].
 * @param {import("../types").ContractPlan} plan
 * @param {Source} source
 * @param {number} step
 * @param {number} unit
 */
export const contracted = ([, state, read], source, step, unit) =>
  Array.from({ length: source.per }, (_, k) => [
    number(state, source, step, unit * source.per + k),
    number(read, source, step, k),
  ]);

/**
 * Query times key, scaled by 1 / √H or as it is, of every step up to this one.
 * @param {import("../types").AttendPlan} plan
 * @param {Source} source
 * @param {number} step
 */
export const scores = ([, query, key, scaled], source, step) =>
  Array.from({ length: step + 1 }, (_, j) => {
    const products = Array.from(
      { length: source.units },
      (_, u) => number(query, source, step, u) * number(key, source, j, u),
    );
    return total(products) / (scaled ? Math.sqrt(source.units) : 1);
  });

/**
 * What a matrix's term without a bias uses for a unit: [weights, where its row begins in them, the row's width].
 * @param {import("../types").RowsPlan} plan
 * @param {Source} source
 * @param {number} unit
 * @returns {[import("../types").Floats, number, number]}
 */
export function rowOf([, weight, start, vector], source, unit) {
  const width = vector[1] === "x" ? source.size : source.units;
  return [source.weights[weight], (start + unit) * width, width];
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
  if (curve !== "softmax") return curveOf(curve)(number(term, source, step, unit));
  const all = Array.from({ length: source.units }, (_, u) => Math.exp(number(term, source, step, u)));
  return all[unit] / total(all);
}

/**
 * What a matrix's term uses for a unit: [weights, where its row begins in them, the row's width, bias].
 * @param {import("../types").AffinePlan} plan
 * @param {Source} source
 * @param {number} unit
 * @returns {[import("../types").Floats, number, number, number]}
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
 * Every array of a cell over the inputs x, (T · D) numbers: name -> (T · H) numbers.
 * @param {import("../types").Line[]} lines in the order of computation
 * @param {Omit<Source, "at" | "weights" | "per">} weights
 * @param {import("../types").Floats} x
 * @param {Record<string, import("../types").Floats>} starts the states before the first step, h and an LSTM's c
 */
export function unrolled(lines, weights, x, starts) {
  const { units, size, weight_ih, weight_hh, bias_ih, bias_hh } = weights;
  const length = x.length / size;
  /** @type {Record<string, Float64Array>} */
  const rows = Object.fromEntries(lines.map(({ name }) => [name, new Float64Array(length * units)]));
  /** @type {Source} */
  const source = {
    ...weights,
    weights: { weight_ih, weight_hh, bias_ih, bias_hh },
    per: 1,
    at(name, before, t, unit) {
      if (name === "x") return x[t * size + unit];
      if (!before) return rows[name][t * units + unit];
      return t ? rows[name][(t - 1) * units + unit] : starts[name][unit];
    },
  };
  for (let t = 0; t < length; t += 1) {
    for (const { name, plan } of lines) {
      for (let u = 0; u < units; u += 1) rows[name][t * units + u] = number(plan, source, t, u);
    }
  }
  return { rows, source };
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
export const starts = (plan) =>
  plan[0] === "affine" || plan[0] === "rows" ? [Number(plan[2])] : inner(plan).flatMap(starts);
