// The minGRU (Feng et al. 2024); rows z n: h = (1-z)⊙h + z⊙n, n = g(W x + b). There is no U: gates see the input alone.
import { InputGated } from "./gated.js";
import { positives } from "./positive.js";

/** @typedef {import("../types").Floats} Floats */

export class MinGRU extends InputGated {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, products) {
    super(index, inputs, units, 2, products);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, rows, a, s, h, products } = this;
    const count = units * size.lanes;
    products.sigmoids(a, 0, s, 0, size.T * rows * size.lanes);
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      positives(a, 2 * at + count, s, count);
      for (let i = 0, k = 2 * at; i < count; i += 1, k += 1)
        h[at + count + i] = h[at + i] + s[k] * (s[k + count] - h[at + i]);
      this.hold(h, t, size);
    }
  }

  /** One step back: h from place `at`. @type {(at: number, count: number) => void} */
  backStep(at, count) {
    const { a, s, h, d_h, d_a, carry } = this;
    for (let e = 0, k = 2 * at; e < count; e += 1, k += 1) {
      const z = s[k], n = s[k + count], d = d_h[at + e] + carry[e];
      d_h[at + e] = d;
      d_a[k] = d * (n - h[at + e]) * z * (1 - z);
      d_a[k + count] = d * z * (a[k + count] >= 0 ? 1 : n * (1 - n));
      carry[e] = d * (1 - z);
    }
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units, rows, a, s } = this;
    const of = (/** @type {Floats} */ from, /** @type {number} */ gate) => ({ from, rows, row: gate * units, late: 0 });
    const h = { from: this.h, rows: units, row: 0, late: 1 };
    return { z: of(s, 0), n: of(s, 1), h, a_z: of(a, 0), a_n: of(a, 1) };
  }
}
