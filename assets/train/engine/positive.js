// g of Feng et al. 2024, which makes a candidate positive: a + 0.5 from 0 on, σ(a) below.

/** @typedef {import("../types").Floats} Floats */

/**
 * y, where σ(a) stands already, becomes g(a); `count` numbers, both from place `at`.
 * @type {(a: Floats, at: number, y: Floats, count: number) => void}
 */
export function positives(a, at, y, count) {
  for (let i = at; i < at + count; i += 1) if (a[i] >= 0) y[i] = a[i] + 0.5;
}
