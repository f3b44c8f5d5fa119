// The GRU; rows r z n. keep "z", as torch: h = z⊙h + (1-z)⊙n; "1-z": h = (1-z)⊙h + z⊙n.
// reset "after", as torch: n = tanh(W x + b + r⊙(U h + b')); "before": n = tanh(W x + b + U (r⊙h) + b').
import { rowSums, spread, transpose } from "./kernels.js";
import { cut, Layer } from "./layer.js";

/** @typedef {import("../types").Floats} Floats */

const NONE = new Float64Array(0);

export class GRU extends Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   * @param {"after" | "before"} reset
   * @param {"z" | "1-z"} keep
   */
  constructor(index, inputs, units, products, reset, keep) {
    super(index, inputs, units, 3, products);
    this.joined = 2 * units;
    this.after = reset === "after";
    this.keeps = keep === "z";
    /** @type {Floats} */
    this.s = NONE;
    /** @type {Floats} */
    this.u_n = NONE;
    /** @type {Floats} */
    this.d_u = NONE;
    /** @type {Floats} */
    this.rh = NONE;
    /** @type {Floats} */
    this.d_rh = NONE;
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    super.allocate(take, T, lanes);
    const { units, rows } = this;
    this.s = take(T * rows * lanes); // r z n
    this.u_n = take(T * units * lanes);
    this.d_u = take(T * units * lanes); // of u_n
    this.rh = take(this.after ? 0 : T * units * lanes); // r⊙h, what U_n is applied to
    this.d_rh = take(this.after ? 0 : units * lanes);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, a, s, h, U, keeps, products } = this;
    const { lanes } = size;
    const count = units * lanes;
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      const from = 3 * at;
      products.product(a, from, U, 0, h, at, 2 * units, units, lanes);
      products.sigmoids(a, from, s, from, 2 * count);
      this.candidate(at, count, lanes);
      products.tanhs(a, from + 2 * count, s, from + 2 * count, count);
      for (let i = 0, k = from + count; i < count; i += 1, k += 1) {
        const z = s[k], n = s[k + count], before = h[at + i];
        h[at + count + i] = keeps ? n + z * (before - n) : before + z * (n - before);
      }
      this.hold(h, t, size);
    }
  }

  /**
   * The state's part of a_n, of the step from place `at`.
   * @type {(at: number, count: number, lanes: number) => void}
   */
  candidate(at, count, lanes) {
    const { units, a, s, h, u_n, rh, U, after, products } = this;
    spread(u_n, at, this.bias_hh.value, 2 * units, units, lanes);
    if (!after) for (let i = 0; i < count; i += 1) rh[at + i] = s[3 * at + i] * h[at + i];
    products.product(u_n, at, U, 2 * units * units, after ? h : rh, at, units, units, lanes);
    for (let i = 0, k = 3 * at + 2 * count; i < count; i += 1)
      a[k + i] += after ? s[3 * at + i] * u_n[at + i] : u_n[at + i];
  }

  /** Of U, the part of the gates and that of the candidate separately. */
  transposeWeights() {
    super.transposeWeights();
    const { units } = this;
    transpose(this.U_T, this.U, 0, 2 * units, units);
    transpose(this.U_T, this.U, 2 * units * units, units, units);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   * @param {number} truncate
   */
  backward(input, size, truncate) {
    this.transposeWeights();
    const { units, h, rh, d_u, dU, carry, after, joined, products } = this;
    const { T, lanes } = size;
    const count = units * lanes;
    carry.fill(0);
    for (let t = T - 1; t >= 0; t -= 1) {
      const at = t * count;
      this.backStep(at, count);
      if (!after) this.backThroughReset(at, count, lanes);
      if (cut(t, truncate)) {
        carry.fill(0);
        continue;
      }
      products.product(carry, 0, this.U_T, 0, this.d_a, 3 * at, units, joined, lanes);
      if (after) products.product(carry, 0, this.U_T, joined * units, d_u, at, units, units, lanes);
    }
    this.weightGradients(input, size);
    products.outer(dU, joined * units, d_u, 0, count, after ? h : rh, 0, count, units, units, lanes, T);
    this.weight_hh.gradient.set(dU);
    rowSums(this.bias_hh.gradient, joined, d_u, 0, count, units, lanes, T);
  }

  /** One step back, without U. @type {(at: number, count: number) => void} */
  backStep(at, count) {
    const { s, h, u_n, d_h, d_a, d_u, carry, after, keeps } = this;
    for (let e = 0, k = 3 * at; e < count; e += 1, k += 1) {
      const r = s[k], z = s[k + count], n = s[k + 2 * count];
      const d = d_h[at + e] + carry[e], kept = keeps ? z : 1 - z, moved = keeps ? h[at + e] - n : n - h[at + e];
      const dn = d * (1 - kept) * (1 - n * n);
      d_h[at + e] = d;
      if (after) d_a[k] = dn * u_n[at + e] * r * (1 - r);
      d_a[k + count] = d * moved * z * (1 - z);
      d_a[k + 2 * count] = dn;
      d_u[at + e] = after ? dn * r : dn;
      carry[e] = d * kept;
    }
  }

  /**
   * Reset before: from the gradient of r⊙h to r and to h.
   * @type {(at: number, count: number, lanes: number) => void}
   */
  backThroughReset(at, count, lanes) {
    const { units, s, h, d_a, d_u, d_rh, carry, joined, products } = this;
    d_rh.fill(0);
    products.product(d_rh, 0, this.U_T, joined * units, d_u, at, units, units, lanes);
    for (let e = 0, k = 3 * at; e < count; e += 1, k += 1) {
      const r = s[k];
      d_a[k] = d_rh[e] * h[at + e] * r * (1 - r);
      carry[e] += d_rh[e] * r;
    }
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units, rows, a, s } = this;
    const of = (/** @type {Floats} */ from, /** @type {number} */ gate) => ({ from, rows, row: gate * units, late: 0 });
    return {
      r: of(s, 0),
      z: of(s, 1),
      n: of(s, 2),
      h: { from: this.h, rows: units, row: 0, late: 1 },
      a_r: of(a, 0),
      a_z: of(a, 1),
      a_n: of(a, 2),
      u_n: { from: this.u_n, rows: units, row: 0, late: 0 },
    };
  }
}
