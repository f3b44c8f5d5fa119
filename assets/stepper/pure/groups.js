// The groups of a sum before its curve: the input's part, the state's, the biases, a peephole's.
import { product, total } from "./numbers.js";
import { peephole, row, rowOf, terms } from "./plan.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Group} Group
 * @typedef {import("../types").Member} Member
 */

/**
 * Whether a term is a sum over matrix rows.
 * @param {Plan} plan
 * @returns {boolean}
 */
export const summed = (plan) =>
  plan[0] === "affine" || plan[0] === "rows" || (plan[0] === "sum" && summed(/** @type {Plan} */ (plan[1])));

/**
 * @param {import("../types").Source} source
 * @param {import("./factor.js").Lookup} lookup
 */
export function grouping(source, { number, place, letter: letterOf }) {
  /**
   * The products of one matrix row and its vector.
   * @param {import("../types").AffinePlan} plan
   * @param {number} step
   * @param {number} unit
   * @returns {Member[]}
   */
  function members(plan, step, unit) {
    const [weight, from, width] = row(plan, source, unit);
    const vector = plan[4];
    const letter = plan[3] ? "h" : "x";
    return Array.from({ length: width }, (_, k) => {
      const [left, right] = vector[0] === "times" ? [vector[1], vector[2]] : [null, vector];
      const factors = [weight[from + k], ...(left ? [number(left, step, k)] : []), number(right, step, k)];
      return { index: k, letter, factors, value: product(factors), goto: place(right, step, k) };
    });
  }

  /**
   * A matrix row times its vector, without a bias.
   * @param {import("../types").RowsPlan} plan
   * @param {number} step
   * @param {number} unit
   * @returns {Group[]}
   */
  function rows(plan, step, unit) {
    const [weight, from, width] = rowOf(plan, source, unit);
    const vector = plan[3];
    const letter = letterOf(vector[1]);
    const parts = Array.from({ length: width }, (_, k) => {
      const factors = [weight[from + k], number(vector, step, k)];
      return { index: k, letter, factors, value: product(factors), goto: place(vector, step, k) };
    });
    return [{ key: vector[1] === "x" ? "x" : "h", members: parts, value: total(parts.map((m) => m.value)) }];
  }

  /**
   * @param {Plan} term
   * @param {number} step
   * @param {number} unit
   * @param {import("../types").Scaled | null} scale what the whole part is multiplied by
   * @returns {Group[]}
   */
  function groups(term, step, unit, scale = null) {
    switch (term[0]) {
      case "sum":
        return terms(term).flatMap((t) => groups(t, step, unit, scale));
      case "times": {
        const [, gate, part] = term;
        const goto = place(gate, step, unit);
        return groups(part, step, unit, { value: number(gate, step, unit), letter: String(gate[1]), goto });
      }
      case "peephole": {
        const factors = [peephole(term, source, unit), number(term[3], step, unit)];
        return [{ key: "peephole", members: [], factors, value: product(factors), goto: place(term[3], step, unit) }];
      }
      case "affine":
        return affine(term, step, unit, scale);
      case "rows":
        return rows(term, step, unit);
      default:
        throw new Error(`no part of a sum: ${term[0]}`);
    }
  }

  /**
   * @param {import("../types").AffinePlan} term
   * @param {number} step
   * @param {number} unit
   * @param {import("../types").Scaled | null} scale
   * @returns {Group[]}
   */
  function affine(term, step, unit, scale) {
    const key = term[3] ? "h" : "x";
    const letter = term[3] ? "b′" : "b";
    const [, , , bias] = row(term, source, unit);
    const parts = members(term, step, unit);
    if (!scale) {
      return [
        { key, members: parts, value: total(parts.map((m) => m.value)) },
        { key: letter, members: [], factors: [bias], value: bias },
      ];
    }
    const offset = { index: null, letter, factors: [bias], value: bias, goto: null };
    const scaled = [...parts, offset].map((m) => ({
      ...m,
      factors: [scale.value, ...m.factors],
      value: scale.value * m.value,
    }));
    return [{ key: "h", scale, members: scaled, value: total(scaled.map((m) => m.value)) }];
  }

  return groups;
}
