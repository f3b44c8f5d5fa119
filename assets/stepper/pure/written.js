// A line of a worked solution as text: its term with the numbers put in, as core/byhand/expressions.py writes it. What
// the numbers are is worked out by plan.js.
import { short } from "./activations.js";
import { number, peephole, row, terms } from "./plan.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Source} Source
 */
/**
 * A text and what it is: a sum of several, or 1 − something, stands in brackets as a factor.
 * @typedef {{text: string, many: boolean}} Part
 */
/**
 * Where and how.
 * @typedef {object} At
 * @property {Source} source
 * @property {number} step
 * @property {number} unit
 * @property {number} digits
 * @property {boolean} two whether there is a second bias
 */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** @param {string} text */
const signed = (text) => (/[1-9]/.test(text) ? text : text.replace("-", "")).replaceAll("-", "−");

/**
 * A number with so many decimals; very small and very large ones with so many digits and a power of ten.
 * @param {number} value
 * @param {number} digits
 */
export function shown(value, digits) {
  if (!value || (Math.abs(value) >= 10 ** (1 - digits) && Math.abs(value) < 1e7)) return signed(value.toFixed(digits));
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = exponent.replace("+", "").replace("-", "⁻").replace(/[0-9]/g, (digit) => RAISED[Number(digit)]);
  return `${signed(mantissa)} × 10${raised}`;
}

/**
 * A number that was given, as it was typed unless it has more decimals than are shown.
 * @param {number} value
 * @param {number} digits
 */
function typed(value, digits) {
  const text = String(value);
  const short = !text.includes("e") && (text.split(".")[1] ?? "").length <= digits && Math.abs(value) < 1e7;
  return short ? signed(text) : shown(value, digits);
}

/** @type {(text: string) => Part} */
const one = (text) => ({ text, many: false });
/** @type {(parts: Part[]) => Part} */
function plus(parts) {
  const text = parts.map((part) => part.text).reduce((sum, next) => {
    return next.startsWith("−") ? `${sum} − ${next.slice(1)}` : `${sum} + ${next}`;
  });
  return { text, many: parts.length > 1 };
}
/** A negative number behind a sign stands in brackets. @param {string} text */
const behind = (text) => (text.startsWith("−") ? `(${text})` : text);
/** @type {(part: Part) => string} */
const whole = ({ text, many }) => (many ? `(${text})` : text);
/** @type {(parts: Part[]) => Part} */
const times = (parts) =>
  one(
    parts
      .map(({ text, many }, k) => (many || (k > 0 && text.startsWith("−")) ? `(${text})` : text))
      .join(" · "),
  );

/**
 * The products of a row of W or U with its vector, and its bias.
 * @param {import("../types").AffinePlan} plan
 * @param {At} at
 */
function affine(plan, at) {
  const [weight, from, width, bias] = row(plan, at.source, at.unit);
  const products = Array.from({ length: width }, (_, k) =>
    times([one(typed(weight[from + k], at.digits)), part(plan[4], { ...at, unit: k })]),
  );
  return { products, bias: one(typed(bias, at.digits)) };
}

/**
 * @param {import("../types").SumPlan} plan
 * @param {At} at
 */
function sum(plan, at) {
  /** @type {Part[]} */
  const parts = [];
  /** @type {Part | null} */
  let held = null; // the one bias there is, which is written last: W x + U h + b
  const all = terms(plan);
  for (const term of all) {
    if (term[0] !== "affine") parts.push(part(term, at));
    else {
      const { products, bias } = affine(term, at);
      parts.push(...products);
      if (at.two) parts.push(bias);
      else if (!term[3]) held = bias;
      const last = held && (term[3] || all[1]?.[0] !== "affine");
      if (last && held) [parts[parts.length], held] = [held, null];
    }
  }
  return plus(parts);
}

/**
 * @param {Plan} plan
 * @param {At} at
 * @returns {Part}
 */
function part(plan, at) {
  const { source, step, unit, digits, two } = at;
  switch (plan[0]) {
    case "var": {
      const given = plan[1] === "x" || (plan[2] && step === 0);
      return one((given ? typed : shown)(number(plan, source, step, unit), digits));
    }
    case "one":
      return one("1");
    case "one_minus": {
      const { text } = part(plan[1], at);
      return { text: `1 − ${behind(text)}`, many: true };
    }
    case "times":
      return times([part(plan[1], at), part(plan[2], at)]);
    case "peephole":
      return times([one(typed(peephole(plan, source, unit), digits)), part(plan[3], at)]);
    case "sum":
      return sum(plan, at);
    case "affine": {
      const { products, bias } = affine(plan, at);
      return plus(plan[3] && !two ? products : [...products, bias]);
    }
    case "apply":
      return applied(plan, at);
    case "frac": {
      const [over, under] = [plan[1], plan[2]].map((each) => part(each, at)).map(whole);
      return one(`${over} / ${behind(under)}`);
    }
    default:
      throw new TypeError(`no way to write: ${plan[0]}`); // what only an sLSTM, a state-space cell or attention has
  }
}

/**
 * @param {import("../types").ApplyPlan} plan
 * @param {At} at
 */
function applied([, curve, term], at) {
  if (curve === "identity") return one(part(term, at).text);
  if (curve !== "softmax") return one(`${short(curve)}(${part(term, at).text})`);
  const all = Array.from({ length: at.source.units }, (_, k) => part(term, { ...at, unit: k }).text);
  return one(`softmax(${all.join(", ")}) at place ${at.unit + 1}`);
}

/**
 * A term with its numbers put in.
 * @param {Plan} plan
 * @param {At} at
 */
export const written = (plan, at) => part(plan, at).text;
