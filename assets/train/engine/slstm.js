// The sLSTM (Beck et al. 2024), one head; rows i f g o. The input gate is exponential; n sums what was written, and the
// stabiliser m keeps every exponential at most 1: i = exp(a_i - m), f = exp(log σ(a_f) + m before - m), h = o⊙c/n.
import { exps } from "./curves.js";
import { cut, Layer } from "./layer.js";

/** @typedef {import("../types").Floats} Floats */

const NONE = new Float64Array(0);

export class SLSTM extends Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, products) {
    super(index, inputs, units, 4, products, { U: true, biases: 1 });
    /** @type {Floats} */
    this.s = NONE;
    /** @type {Floats} */
    this.open = NONE;
    /** @type {Floats} */
    this.m = NONE;
    /** @type {Floats} */
    this.c = NONE;
    /** @type {Floats} */
    this.n = NONE;
    /** @type {Floats} */
    this.d_c = NONE;
    /** @type {Floats} */
    this.d_n = NONE;
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    super.allocate(take, T, lanes);
    const { units } = this;
    this.s = take(T * this.rows * lanes); // i f g o
    this.open = take(T * units * lanes); // σ(a_f)
    this.m = take((T + 1) * units * lanes); // from m0 on, as are c and n
    this.c = take((T + 1) * units * lanes);
    this.n = take((T + 1) * units * lanes);
    this.d_c = take(units * lanes);
    this.d_n = take(units * lanes);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, rows, a, s, h, m, c, n, open, U, products } = this;
    const count = units * size.lanes;
    m.fill(-Infinity, 0, count); // nothing is held
    c.fill(0, 0, count);
    n.fill(0, 0, count);
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      const from = 4 * at;
      products.product(a, from, U, 0, h, at, rows, units, size.lanes);
      products.sigmoids(a, from + count, open, at, count);
      products.tanhs(a, from + 2 * count, s, from + 2 * count, count);
      products.sigmoids(a, from + 3 * count, s, from + 3 * count, count);
      this.exponents(at, count);
      exps(s, from, s, from, 2 * count);
      for (let i = at, k = from; i < at + count; i += 1, k += 1) {
        c[i + count] = s[k + count] * c[i] + s[k] * s[k + 2 * count];
        n[i + count] = s[k + count] * n[i] + s[k];
        h[i + count] = (s[k + 3 * count] * c[i + count]) / n[i + count];
      }
      this.holdAll(t, size);
    }
  }

  /** m of the step from place `at`, and what i and f are exp of. @type {(at: number, count: number) => void} */
  exponents(at, count) {
    const { a, s, m, open } = this;
    for (let i = at, k = 4 * at; i < at + count; i += 1, k += 1) {
      const kept = Math.log(open[i]) + m[i];
      m[i + count] = Math.max(kept, a[k]);
      s[k] = a[k] - m[i + count];
      s[k + count] = kept - m[i + count];
    }
  }

  /** @type {(t: number, size: import("./layer.js").Size) => void} */
  holdAll(t, size) {
    this.hold(this.m, t, size);
    this.hold(this.c, t, size);
    this.hold(this.n, t, size);
    this.hold(this.h, t, size);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   * @param {number} truncate
   */
  backward(input, size, truncate) {
    this.transposeWeights();
    const { units, rows, d_a, d_c, d_n, carry, products } = this;
    const count = units * size.lanes;
    carry.fill(0);
    d_c.fill(0);
    d_n.fill(0);
    for (let t = size.T - 1; t >= 0; t -= 1) {
      this.backStep(t * count, count);
      if (!cut(t, truncate)) products.product(carry, 0, this.U_T, 0, d_a, 4 * t * count, units, rows, size.lanes);
      else {
        d_c.fill(0);
        d_n.fill(0);
      }
    }
    this.weightGradients(input, size);
    this.weight_hh.gradient.set(this.dU);
  }

  /**
   * One step back, without U: states from place `at`. m has no gradient: it divides c and n alike, so no h depends on
   * it.
   * @type {(at: number, count: number) => void}
   */
  backStep(at, count) {
    const { s, c, n, open, d_h, d_a, d_c, d_n, carry } = this;
    for (let e = 0, k = 4 * at; e < count; e += 1, k += 1) {
      const i = s[k], f = s[k + count], g = s[k + 2 * count], o = s[k + 3 * count];
      const d = d_h[at + e] + carry[e], now = at + count + e, mean = c[now] / n[now];
      const dc = d_c[e] + (d * o) / n[now], dn = d_n[e] - ((d * o) / n[now]) * mean;
      d_h[at + e] = d;
      d_a[k] = (dc * g + dn) * i;
      d_a[k + count] = (dc * c[at + e] + dn * n[at + e]) * f * (1 - open[at + e]);
      d_a[k + 2 * count] = dc * i * (1 - g * g);
      d_a[k + 3 * count] = d * mean * o * (1 - o);
      d_c[e] = dc * f;
      d_n[e] = dn * f;
      carry[e] = 0;
    }
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units, rows, a, s } = this;
    const of = (/** @type {Floats} */ from, /** @type {number} */ gate) => ({ from, rows, row: gate * units, late: 0 });
    const state = (/** @type {Floats} */ from) => ({ from, rows: units, row: 0, late: 1 });
    return {
      i: of(s, 0),
      f: of(s, 1),
      g: of(s, 2),
      o: of(s, 3),
      m: state(this.m),
      c: state(this.c),
      n: state(this.n),
      h: state(this.h),
      a_i: of(a, 0),
      a_f: of(a, 1),
      a_g: of(a, 2),
      a_o: of(a, 3),
    };
  }
}
