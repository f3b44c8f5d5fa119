// The minLSTM (Feng et al. 2024); rows f i n: h = f/(f+i)⊙h + i/(f+i)⊙n, n = g(W x + b). There is no U.
import { InputGated, NONE } from "./gated.js";
import { positives } from "./positive.js";

/** @typedef {import("../types").Floats} Floats */

export class MinLSTM extends InputGated {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, products) {
    super(index, inputs, units, 3, products);
    /** @type {Floats} */
    this.keep = NONE;
    /** @type {Floats} */
    this.write = NONE;
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    super.allocate(take, T, lanes);
    this.keep = take(T * this.units * lanes);
    this.write = take(T * this.units * lanes);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, rows, a, s, h, keep, write, products } = this;
    const count = units * size.lanes;
    products.sigmoids(a, 0, s, 0, size.T * rows * size.lanes);
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      positives(a, 3 * at + 2 * count, s, count);
      for (let i = at, k = 3 * at; i < at + count; i += 1, k += 1) {
        const total = s[k] + s[k + count];
        keep[i] = total > 0 ? s[k] / total : 0.5; // two gates so shut that they are 0
        write[i] = total > 0 ? s[k + count] / total : 0.5;
        h[i + count] = keep[i] * h[i] + write[i] * s[k + 2 * count];
      }
      this.hold(h, t, size);
    }
  }

  /** One step back: h from place `at`. @type {(at: number, count: number) => void} */
  backStep(at, count) {
    const { a, s, h, keep, write, d_h, d_a, carry } = this;
    for (let e = 0, k = 3 * at; e < count; e += 1, k += 1) {
      const f = s[k], i = s[k + count], n = s[k + 2 * count], d = d_h[at + e] + carry[e];
      const apart = d * (h[at + e] - n) * keep[at + e] * write[at + e]; // keep = σ(log f - log i), write = 1 - keep
      d_h[at + e] = d;
      d_a[k] = apart * (1 - f);
      d_a[k + count] = -apart * (1 - i);
      d_a[k + 2 * count] = d * write[at + e] * (a[k + 2 * count] >= 0 ? 1 : n * (1 - n));
      carry[e] = d * keep[at + e];
    }
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units, rows, a, s } = this;
    const of = (/** @type {Floats} */ from, /** @type {number} */ gate) => ({ from, rows, row: gate * units, late: 0 });
    const unit = (/** @type {Floats} */ from, /** @type {number} */ late) => ({ from, rows: units, row: 0, late });
    return {
      f: of(s, 0),
      i: of(s, 1),
      keep: unit(this.keep, 0),
      write: unit(this.write, 0),
      n: of(s, 2),
      h: unit(this.h, 1),
      a_f: of(a, 0),
      a_i: of(a, 1),
      a_n: of(a, 2),
    };
  }
}
