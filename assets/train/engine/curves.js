// σ and tanh of whole arrays. exp is our own, from tables and six terms of the series (Tang 1989): exp(x) =
// 2^(n/64) exp(r) with |r| ≤ ln 2 / 128. Its numbers are the same in every browser; those of Math.exp need not be.

/** @typedef {import("../types").Floats} Floats */
/** @typedef {number} n to keep lines short: places and sizes */

const HIGHEST = 708; // e^±708 are still normal numbers
const LN2_64 = Math.LN2 / 64;
const LOW = 1.428606820309417e-6 / 64; // what of ln 2 does not fit into HIGH, 33 bits, so that n * HIGH is exact
const HIGH = 0.693145751953125 / 64;
const ROUND = 6755399441055744; // 1.5 * 2^52: adding and taking it away rounds to a whole number
const OFFSET = 1100;
const PARTS = Float64Array.from({ length: 64 }, (_, j) => 2 ** (j / 64));
const POWERS = Float64Array.from({ length: 2 * OFFSET }, (_, m) => 2 ** (m - OFFSET));

/**
 * y = shift + scale / (1 + exp(factor a)), or where scale is 0, exp(factor a); `count` numbers. exp is within 3e-16 of
 * itself; NaN stays NaN, beyond ±708 it is e^±708. In one loop: what a call returns may be put into an object.
 * @type {(a: Floats, from: n, y: Floats, to: n, count: n, factor: n, scale: n, shift: n) => void}
 */
function curve(a, from, y, to, count, factor, scale, shift) {
  for (let i = 0; i < count; i += 1) {
    let x = factor * a[from + i];
    if (x > HIGHEST) x = HIGHEST;
    else if (x < -HIGHEST) x = -HIGHEST;
    const n = x * (1 / LN2_64) + ROUND - ROUND, whole = n | 0;
    const r = x - n * HIGH - n * LOW;
    const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
    const e = POWERS[(whole >> 6) + OFFSET] * PARTS[whole & 63] * series;
    y[to + i] = scale === 0 ? e : shift + scale / (1 + e);
  }
}

/** y = exp(a), `count` numbers. @type {(a: Floats, from: n, y: Floats, to: n, count: n) => void} */
export const exps = (a, from, y, to, count) => curve(a, from, y, to, count, 1, 0, 0);

/** y = σ(a), `count` numbers. @type {(a: Floats, from: n, y: Floats, to: n, count: n) => void} */
export const sigmoids = (a, from, y, to, count) => curve(a, from, y, to, count, -1, 1, 0);

/** y = tanh(a), `count` numbers. @type {(a: Floats, from: n, y: Floats, to: n, count: n) => void} */
export const tanhs = (a, from, y, to, count) => curve(a, from, y, to, count, 2, -2, 1);
