// The rows of a number's arithmetic, and how many decimals they need.
import { fixed, product, rounded as round } from "./numbers.js";

export const DIGITS = 3;
const MOST = 8;

/**
 * @typedef {import("../types").From} From
 * @typedef {import("../types").Factor} Factor
 * @typedef {import("../types").Group} Group
 */
/**
 * One row of the table. label: text, and after it where it comes from; factors: what is multiplied, in its place.
 * bar: the number that fills half of the bar's cell (null: no bar). value null: not told.
 * @typedef {object} Row
 * @property {string} part
 * @property {string} label
 * @property {string} [from]
 * @property {Factor[]} [factors]
 * @property {string} text
 * @property {number | null} value
 * @property {number} digits
 * @property {number | null} bar
 * @property {From | null} goto
 * @property {boolean} member
 * @property {Group["key"]} [more] the group of which it shows all members or few
 */
/**
 * @typedef {{rows: Row[], line: string, plot: {name: string, at: number, value: number} | null}} Worked
 */
/**
 * Where the number stands.
 * @typedef {object} At
 * @property {number} step
 * @property {string[]} tokens
 * @property {string} letter how the number is called: f₃[7]
 * @property {number} unit
 * @property {readonly string[]} words the input's places, where they have names
 * @property {Set<string>} open the groups whose members are all shown
 * @property {boolean} half whether only the sum is shown, before the curve
 * @property {(factor: Factor) => boolean} secret whether a factor is to be filled in
 * @property {boolean} [turned] whether the text is read from the right
 */

/** @type {(value: number, digits?: number) => number} */
export const rounded = (value, digits = DIGITS) => round(value, digits);

/** @type {(part: string, label: string, text: string, value: number | null, more?: Partial<Row>) => Row} */
export const row = (part, label, text, value, more = {}) => ({
  ...{ part, label, text, value, digits: DIGITS, bar: null, goto: null, member: false },
  ...more,
});

/**
 * The least number of decimals with which `gives` holds.
 * @param {(digits: number) => boolean} gives
 */
export function enough(gives) {
  for (let digits = DIGITS; digits < MOST; digits += 1) if (gives(digits)) return digits;
  return MOST;
}

/**
 * The decimals with which factors multiply to a value as it is shown.
 * @param {number[]} factors
 * @param {number} value
 */
export const digitsOf = (factors, value) =>
  enough((d) => rounded(product(factors.map((v) => rounded(v, d)))) === rounded(value));

/** @type {(value: number, digits: number) => string} */
export const bracketed = (value, digits) => (value < 0 ? `(${fixed(value, digits)})` : fixed(value, digits));
/** @type {(numbers: number[], digits: number) => string} */
export const dot = (numbers, digits) => numbers.map((v) => bracketed(v, digits)).join(" · ");
