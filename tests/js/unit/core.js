// The numbers that the NumPy core has computed for these tests (tests/js/test_js.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const { models, variants, sheets, passes, successors } = JSON.parse(
  readFileSync(process.env.NUMBERS ?? "", "utf-8"),
);

/** @param {string} text float64 numbers as base64 */
export const doubles = (text) => new Float64Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);

/**
 * |a − b| ≤ least · max(1, |b|), number by number.
 * @param {ArrayLike<number>} given
 * @param {ArrayLike<number>} wanted
 * @param {number} least
 * @param {string} what
 */
export function close(given, wanted, least, what) {
  assert.equal(given.length, wanted.length, what);
  for (let k = 0; k < wanted.length; k += 1) {
    const gap = Math.abs(given[k] - wanted[k]);
    assert.ok(gap <= least * Math.max(1, Math.abs(wanted[k])), `${what} at ${k}: ${given[k]}, not ${wanted[k]}`);
  }
}
