// The arithmetic of a number that has no curve over its sum, and of a term that is written out.
import { fixed, total } from "./numbers.js";
import { bracketed, DIGITS, enough, row, rounded } from "./rows.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./rows.js").Worked} Worked
 * @typedef {import("./rows.js").At} At
 */

/**
 * A sum without a curve.
 * @param {import("../types").Summed} found
 * @param {Row[]} rows its groups
 * @param {At} at
 * @returns {Worked}
 */
export function plainSum({ groups, value }, rows, at) {
  const left = rounded(value) - total(groups.map((g) => rounded(g.value)));
  if (rounded(left) !== 0) rows.push(row("rounding", "rounding", "", left));
  rows.push(row("value", at.letter, "", value));
  const sum = groups.map((g, k) => (k ? bracketed(g.value, DIGITS) : fixed(g.value, DIGITS))).join(" + ");
  const whole = fixed(value, DIGITS);
  return { rows, line: groups.length > 1 ? `${sum} = ${whole}` : whole, plot: null };
}

/**
 * A term written out with its numbers: first the arrays that it reads.
 * @param {import("../types").Written} found
 * @param {At} at
 * @returns {Worked}
 */
export function spelled(found, at) {
  const digits = enough((d) => rounded(found.worth(d)) === rounded(found.value));
  const hidden = found.parts.some(at.secret);
  const rows = found.parts.map((f) =>
    row("operand", "", "", at.secret(f) ? null : f.value, { digits, factors: [f] }),
  );
  const text = hidden ? "?" : found.write(digits);
  const lack = rounded(found.value) - rounded(found.worth(digits));
  if (!hidden && rounded(lack) !== 0) rows.push(row("float", "rounding of float32", "", lack));
  rows.push(row("value", at.letter, text, found.value));
  return { rows, line: `${text} = ${fixed(found.value, DIGITS)}`, plot: null };
}
