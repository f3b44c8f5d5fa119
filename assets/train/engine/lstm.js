// The LSTM of 2000, as torch computes it; rows i f g o: c = f⊙c + i⊙g, h = o⊙tanh c.
import { cut, Layer } from "./layer.js";

/** @typedef {import("../types").Floats} Floats */

const NONE = new Float64Array(0);

export class LSTM extends Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, products) {
    super(index, inputs, units, 4, products);
    /** @type {Floats} */
    this.s = NONE;
    /** @type {Floats} */
    this.c = NONE;
    /** @type {Floats} */
    this.out_c = NONE;
    /** @type {Floats} */
    this.d_c = NONE;
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    super.allocate(take, T, lanes);
    this.s = take(T * this.rows * lanes); // i f g o
    this.c = take((T + 1) * this.units * lanes); // from c0 on
    this.out_c = take(T * this.units * lanes);
    this.d_c = take(this.units * lanes);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, rows, a, s, h, c, out_c, U, products } = this;
    const count = units * size.lanes;
    c.fill(0, 0, count);
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      const from = 4 * at;
      products.product(a, from, U, 0, h, at, rows, units, size.lanes);
      products.sigmoids(a, from, s, from, 2 * count);
      products.tanhs(a, from + 2 * count, s, from + 2 * count, count);
      products.sigmoids(a, from + 3 * count, s, from + 3 * count, count);
      for (let i = 0, k = from; i < count; i += 1, k += 1)
        c[at + count + i] = s[k + count] * c[at + i] + s[k] * s[k + 2 * count];
      products.tanhs(c, at + count, out_c, at, count);
      for (let i = 0, k = from + 3 * count; i < count; i += 1) h[at + count + i] = s[k + i] * out_c[at + i];
      this.hold(c, t, size);
      this.hold(h, t, size);
    }
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   * @param {number} truncate
   */
  backward(input, size, truncate) {
    this.transposeWeights();
    const { units, rows, d_a, d_c, carry, products } = this;
    const count = units * size.lanes;
    carry.fill(0);
    d_c.fill(0);
    for (let t = size.T - 1; t >= 0; t -= 1) {
      this.backStep(t * count, count);
      if (!cut(t, truncate)) products.product(carry, 0, this.U_T, 0, d_a, 4 * t * count, units, rows, size.lanes);
      else d_c.fill(0);
    }
    this.weightGradients(input, size);
    this.weight_hh.gradient.set(this.dU);
  }

  /** One step back, without U: h and c from place `at`. @type {(at: number, count: number) => void} */
  backStep(at, count) {
    const { s, c, out_c, d_h, d_a, d_c, carry } = this;
    for (let e = 0, k = 4 * at; e < count; e += 1, k += 1) {
      const i = s[k], f = s[k + count], g = s[k + 2 * count], o = s[k + 3 * count];
      const d = d_h[at + e] + carry[e], y = out_c[at + e];
      const dc = d_c[e] + d * o * (1 - y * y);
      d_h[at + e] = d;
      d_a[k] = dc * g * i * (1 - i);
      d_a[k + count] = dc * c[at + e] * f * (1 - f);
      d_a[k + 2 * count] = dc * i * (1 - g * g);
      d_a[k + 3 * count] = d * y * o * (1 - o);
      d_c[e] = dc * f;
      carry[e] = 0;
    }
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units, rows, a, s } = this;
    const of = (/** @type {Floats} */ from, /** @type {number} */ gate) => ({ from, rows, row: gate * units, late: 0 });
    return {
      i: of(s, 0),
      f: of(s, 1),
      g: of(s, 2),
      o: of(s, 3),
      c: { from: this.c, rows: units, row: 0, late: 1 },
      out_c: { from: this.out_c, rows: units, row: 0, late: 0 },
      h: { from: this.h, rows: units, row: 0, late: 1 },
      a_i: of(a, 0),
      a_f: of(a, 1),
      a_g: of(a, 2),
      a_o: of(a, 3),
    };
  }
}
