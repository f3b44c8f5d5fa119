// A term that is neither a sum of products nor a curve over one: a fraction, a maximum, an exponential of a difference.
// It is written out with its numbers.
import { curve, symbol } from "./activations.js";
import { factor } from "./factor.js";
import { fixed, rounded, total } from "./numbers.js";
import { inner, terms } from "./plan.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("./factor.js").Lookup} Lookup
 */

/**
 * The arrays and weights that a term reads, each once.
 * @param {Plan} plan
 * @returns {Plan[]}
 */
function leaves(plan) {
  if (plan[0] === "var" || plan[0] === "weight") return [plan];
  const all = inner(plan).flatMap(leaves);
  return all.filter((leaf, k) => all.findIndex((other) => String(other) === String(leaf)) === k);
}

/**
 * A term at one step and unit.
 * @param {Plan} plan
 * @param {Lookup} lookup
 * @param {number} step
 * @param {number} unit
 * @returns {import("../types").Written}
 */
export function written(plan, lookup, step, unit) {
  /** @type {(plan: Plan) => number} */
  const number = (each) => lookup.number(each, step, unit);

  /**
   * @param {Plan} each
   * @param {number} digits
   * @param {boolean} alone whether nothing stands before it: a negative number then needs no brackets
   * @returns {string}
   */
  function text(each, digits, alone = true) {
    switch (each[0]) {
      case "one":
        return "1";
      case "one_minus":
        return `(1 − ${text(each[1], digits, false)})`;
      case "apply":
        return `${symbol(each[1])}(${text(each[2], digits)})`;
      case "minus":
        return `${text(each[1], digits, alone)} − ${text(each[2], digits, false)}`;
      case "frac":
        return `${bound(each[1], digits)} / ${bound(each[2], digits)}`;
      case "max":
        return `max(${text(each[1], digits)}; ${text(each[2], digits)})`;
      case "sum":
        return terms(each)
          .map((part, k) => text(part, digits, alone && k === 0))
          .join(" + ");
      case "times":
        return `${bound(each[1], digits)} · ${bound(each[2], digits)}`;
      default: {
        const value = number(each);
        return value < 0 && !alone ? `(${fixed(value, digits)})` : fixed(value, digits);
      }
    }
  }
  /** @type {(plan: Plan, digits: number) => string} */
  const bound = (each, digits) =>
    each[0] === "sum" || each[0] === "minus" ? `(${text(each, digits)})` : text(each, digits, false);

  /** @type {(plan: Plan, digits: number) => number} */
  function worth(each, digits) {
    switch (each[0]) {
      case "one_minus":
        return 1 - worth(each[1], digits);
      case "apply":
        return curve(each[1])(worth(each[2], digits));
      case "minus":
        return worth(each[1], digits) - worth(each[2], digits);
      case "frac":
        return worth(each[1], digits) / worth(each[2], digits);
      case "max":
        return Math.max(worth(each[1], digits), worth(each[2], digits));
      case "sum":
        return total(terms(each).map((part) => worth(part, digits)));
      case "times":
        return worth(each[1], digits) * worth(each[2], digits);
      default:
        return rounded(number(each), digits);
    }
  }
  return {
    kind: "written",
    value: number(plan),
    parts: leaves(plan).map((leaf) => factor(leaf, lookup, step, unit)),
    write: (digits) => text(plan, digits),
    worth: (digits) => worth(plan, digits),
  };
}
