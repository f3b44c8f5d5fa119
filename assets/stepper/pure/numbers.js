// Numbers as text, and rounding.

/**
 * A number as it is shown everywhere: so many decimals, a true minus sign, no minus before zero.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/**
 * The same, with a plus before a positive number.
 * @param {number} value
 * @param {number} digits
 */
export const signed = (value, digits) =>
  (value > 0 && Number(value.toFixed(digits)) !== 0 ? "+" : "") + fixed(value, digits);

/**
 * Why a layer has no number, or none that can be drawn, in some place.
 * @param {{overflow: boolean}} layer
 */
export const missing = (layer) =>
  layer.overflow ? "infinite or not a number: the computation overflowed" : "this text has no such word";

/**
 * A number as a subscript.
 * @param {number} n
 */
export const sub = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/**
 * A number as one digit times a power of ten: 2 × 10⁻⁷.
 * @param {number} value
 */
export function power(value) {
  const [digit, exponent] = value.toExponential(0).split("e");
  const raised = String(Number(exponent)).replace(/[-\d]/g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
  return `${digit.replace("-", "−")} × 10${raised}`;
}

/**
 * So many things, in the singular or the plural.
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * A share as whole percent.
 * @param {number} share
 */
export const percent = (share) => (Number.isNaN(share) ? "–" : `${Math.round(100 * share)} %`);

/**
 * @param {number} value
 * @param {number} digits
 */
export const rounded = (value, digits) => Number(value.toFixed(digits));

/** @param {Iterable<number>} numbers */
export function total(numbers) {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

/** @param {Iterable<number>} numbers */
export function product(numbers) {
  let made = 1;
  for (const number of numbers) made *= number;
  return made;
}

/** @type {Record<string, string>} */
const MARKS = {
  ".": "full stop",
  ",": "comma",
  ";": "semicolon",
  ":": "colon",
  "?": "question mark",
  "!": "exclamation mark",
};

/**
 * A token as it is read out: a mark by its name.
 * @param {string} token
 */
export const spoken = (token) => MARKS[token] ?? token;

/**
 * A token, cut where it is longer than 24 signs.
 * @param {string} token
 */
export const short = (token) => ([...token].length > 24 ? `${[...token].slice(0, 24).join("")}…` : token);
