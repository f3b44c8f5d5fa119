// A reader's own number beside the right one: right, right to so many digits, or wrong, as
// core/byhand/mistakes/diagnoses.py says.

export const LARGEST = 1e4;
const NUMBER = /^[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)(e[-+]?[0-9]{1,2})?$/;

/** @param {string} said */
const plain = (said) => said.trim().toLowerCase().replace(/[−–]/g, "-").replace(",", ".");

/**
 * The number that a text states; null for what is none, or too large.
 * @param {string} said
 */
export function read(said) {
  if (!NUMBER.test(said.trim().toLowerCase().replace(/[−–]/g, "-"))) return null;
  const value = Number(plain(said));
  return Math.abs(value) <= LARGEST ? value : null;
}

/**
 * The decimals of a number as it is written; negative for 1.2e3 and the like.
 * @param {string} said
 */
function decimals(said) {
  const [mantissa, exponent] = plain(said).split("e");
  return (mantissa.split(".")[1] ?? "").length - Number(exponent ?? 0);
}

/** @type {(given: number, value: number, places: number) => boolean} */
const same = (given, value, places) => Math.abs(given - value) <= 0.5 * 10 ** -places * (1 + 1e-9) + 1e-15;
/** @param {number} value */
const first = (value) => (value ? Math.floor(Math.log10(Math.abs(value))) : 0);

/**
 * @param {string} said
 * @param {number} value the right number
 * @returns {{verdict: "right" | "near" | "wrong" | "unread", digits: number}} digits: significant ones that are right
 */
export function checked(said, value) {
  const given = read(said);
  if (given === null) return { verdict: "unread", digits: 0 };
  const places = decimals(said);
  const digits = (/** @type {number} */ count) => count + first(value) + 1;
  if (same(given, value, places)) return { verdict: "right", digits: digits(places) };
  for (let fewer = places; fewer > -first(value) - 2; fewer -= 1) {
    if (same(given, value, fewer)) {
      const right = Math.max(0, digits(fewer));
      return { verdict: right >= 2 ? "near" : "wrong", digits: right };
    }
  }
  return { verdict: "wrong", digits: 0 };
}
