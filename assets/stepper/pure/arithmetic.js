// The arithmetic of one number as rows that add up to it, to the last digit shown.
// Parts have three decimals; what their rounding leaves over stands in a row of its own. A factor, and the number a
// curve is applied to, has as many decimals as its result needs.
import { curve as curveOf, symbol } from "./activations.js";
import { fixed, product, sub, total } from "./numbers.js";
import { bracketed, DIGITS, digitsOf, dot, enough, row, rounded } from "./rows.js";
import { plainSum, spelled } from "./spelled.js";

const SHOWN = 4; // members of a group before "and … more"

/**
 * @typedef {import("../types").From} From
 * @typedef {import("../types").Factor} Factor
 * @typedef {import("../types").Group} Group
 * @typedef {import("../types").Member} Member
 * @typedef {import("./rows.js").Row} Row
 * @typedef {import("./rows.js").Worked} Worked
 * @typedef {import("./rows.js").At} At
 */

/**
 * A number's name: f₃[7].
 * @param {string} letter
 * @param {string | number} unit
 * @param {number} step
 */
export const name = (letter, unit, step) => `${letter}${sub(step + 1)}[${unit}]`;

/** @type {(goto: From | null | undefined) => From | null} */
const there = (goto) => (goto && goto.step >= 0 ? goto : null);

/**
 * @param {Member} m
 * @param {At} at
 * @param {number} bar
 */
function member(m, at, bar) {
  const early = m.goto?.step ?? at.step;
  let label = m.letter;
  let from = "";
  if (m.index !== null) {
    if (early < 0) label = `h₀[${m.index}]`;
    else label = name(m.letter, m.index, m.letter === "x" ? at.step : early);
    if (m.letter === "x") from = at.words[m.index] ?? "";
    else if (early >= 0 && early !== at.step) from = `from ${at.tokens[early]}`;
  }
  const text = m.factors.length > 1 ? dot(m.factors, digitsOf(m.factors, m.value)) : "";
  return row("share", label, text, m.value, { from, bar, goto: there(m.goto), member: true });
}

/**
 * @param {Group} g
 * @param {At} at
 */
function titleOf(g, at) {
  const before = at.turned ? "the step to the right" : "the previous step";
  const titles = {
    x: `W x, “${at.tokens[at.step]}”`,
    h: g.scale ? `${g.scale.letter} · (U h + b′)` : `U h, from ${before}`,
    b: "bias b",
    "b′": "bias b′",
    peephole: "peephole p · c",
    score: g.title ?? "",
  };
  return titles[g.key];
}

/**
 * A group of a sum, and its largest members.
 * @param {Group} g
 * @param {At} at
 * @param {number} bar
 */
function group(g, at, bar) {
  const text = g.factors && g.factors.length > 1 ? dot(g.factors, digitsOf(g.factors, g.value)) : "";
  const rows = [row("group", titleOf(g, at), text, g.value, { bar, goto: there(g.goto) })];
  if (!g.members.length) return rows;
  const sorted = [...g.members].sort((p, q) => Math.abs(q.value) - Math.abs(p.value));
  const all = at.open.has(g.key);
  const shown = all ? sorted : sorted.slice(0, SHOWN).filter((m) => m.value !== 0);
  const rest = sorted.slice(shown.length);
  rows.push(...shown.map((m) => member(m, at, bar)));
  const others = total(rest.map((m) => m.value));
  if (all) rows.push(row("more", "show fewer", "", null, { member: true, more: g.key }));
  else if (rest.length)
    rows.push(row("more", `and ${rest.length} more`, "", others, { bar, member: true, more: g.key }));
  const left = rounded(g.value) - total(shown.map((m) => rounded(m.value))) - rounded(others);
  if (rounded(left) !== 0) rows.push(row("group-rounding", "rounding", "", left, { member: true }));
  return rows;
}

/** How a share of exponentials is written, under a softmax and in attention. @type {Record<string, string>} */
const SHARES = { softmax: "e^a / Σ e^a", "": "e^(a − max) / Σ e^(a − max)" };

/**
 * The exponentials that are shared out, if a number is such a share. In attention all scores may be far below 0: there
 * the largest is taken off.
 * @param {import("../types").Summed} found
 */
function exponentials({ all, curve }) {
  const most = all && !curve ? Math.max(...all) : 0;
  return all?.map((each) => Math.exp(each - most)) ?? null;
}

/**
 * A sum under a curve: groups, rounding, pre-activation, curve, value.
 * @param {import("../types").Summed} found
 * @param {At} at
 * @returns {Worked}
 */
function summed(found, at) {
  const { value, curve, a } = found;
  const sizes = found.groups.flatMap((g) => [g.value, ...g.members.map((m) => m.value)]).map(Math.abs);
  const bar = Math.max(1e-9, ...sizes);
  const rows = found.groups.flatMap((g) => group(g, at, bar));
  if (!curve && !found.all) return plainSum(found, rows, at);
  const exps = exponentials(found);
  const whole = exps ? total(exps) : 1;
  const own = exps ? exps[at.unit] : 1;
  /** @param {number} d */
  const result = (d) => (exps ? rounded(own, d) / rounded(whole, d) : curveOf(curve)(rounded(a, d)));
  const digits = enough((d) => rounded(result(d)) === rounded(value));
  const left = rounded(a, digits) - total(found.groups.map((g) => rounded(g.value)));
  if (rounded(left, digits) !== 0) rows.push(row("rounding", "rounding", "", left, { digits }));
  rows.push(row("pre", "pre-activation a", "", a, { digits }));
  const plot = exps ? null : { name: curve, at: a, value };
  if (at.half) return { rows, line: `a = ${fixed(a, digits)}`, plot };
  const share = SHARES[curve] ?? "";
  const written = exps
    ? `${share} = ${fixed(own, digits)} / ${fixed(whole, digits)}`
    : `${symbol(curve)}(${fixed(a, digits)})`;
  // Where even the most decimals do not give float32's digit: what is lacking.
  const lack = rounded(value) - rounded(result(digits));
  if (rounded(lack) !== 0) rows.push(row("float", "rounding of float32", "", lack));
  rows.push(row("value", at.letter, written, value));
  return { rows, line: `${exps ? "softmax: " : ""}${written} = ${fixed(value, DIGITS)}`, plot };
}

/**
 * Products that are added, as for c and h.
 * @param {import("../types").Blended} found
 * @param {At} at
 * @returns {Worked}
 */
function blended(found, at) {
  const bar = Math.max(1e-9, ...found.products.map((p) => Math.abs(p.value)));
  // One number of decimals for all: what stands in two products is written alike.
  const digits = enough((d) =>
    found.products.every(({ factors, value }) => {
      const shown = product(factors.map((f) => f.round((v) => rounded(v, d))));
      return rounded(shown) === rounded(value);
    }),
  );
  /** @type {string[]} */
  const lines = [];
  /** @type {Factor["curve"]} */
  let curved;
  const rows = found.products.map(({ factors, value }) => {
    const secret = factors.map(at.secret);
    const hidden = secret.some(Boolean);
    const texts = factors.map((f, k) =>
      secret[k] ? "?" : f.write((v) => (f.curve ? fixed(v, digits) : bracketed(v, digits))),
    );
    const text = texts.join(" · ");
    lines.push(text);
    if (!hidden) curved ??= factors.find((f) => f.curve)?.curve;
    return row("product", "", text, hidden ? null : value, { bar, factors });
  });
  const left = rounded(found.value) - total(found.products.map((p) => rounded(p.value)));
  if (rounded(left) !== 0) rows.push(row("rounding", "rounding", "", left));
  rows.push(row("value", at.letter, "", found.value));
  const plot = curved ? { ...curved, value: curveOf(curved.name)(curved.at) } : null;
  return { rows, line: `${lines.join(" + ")} = ${fixed(found.value, DIGITS)}`, plot };
}

/**
 * How a number comes about.
 * @param {import("../types").Explained} found
 * @param {At} at
 */
export function worked(found, at) {
  if (found.kind === "written") return spelled(found, at);
  return found.kind === "sum" ? summed(found, at) : blended(found, at);
}

/**
 * What is to be filled in: the parts stay, the result and what would give it away go.
 * @param {Worked} made
 * @returns {Worked}
 */
export function concealed({ rows, line }) {
  const sums = rows.some((r) => r.part === "pre"); // what rounding leaves before the curve tells nothing of the value
  const kept = rows.filter((r) => r.part !== "float" && (sums || r.part !== "rounding"));
  const hidden = kept.map((r, k) => {
    if (k === kept.length - 1) return { ...r, value: null };
    return r.part === "product" ? { ...r, bar: null } : r;
  });
  return { rows: hidden, line: line.replace(/= [^=]*$/, "= ?"), plot: null };
}
