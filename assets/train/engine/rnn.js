// The plain RNN: h = tanh(W x + b + U h + b').
import { cut, Layer } from "./layer.js";

export class RNN extends Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, products) {
    super(index, inputs, units, 1, products);
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   */
  forward(input, size) {
    this.read(input, size);
    const { units, a, h, U, products } = this;
    const count = units * size.lanes;
    for (let t = 0, at = 0; t < size.T; t += 1, at += count) {
      products.product(a, at, U, 0, h, at, units, units, size.lanes);
      products.tanhs(a, at, h, at + count, count);
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
    const { units, h, d_h, d_a, carry, products } = this;
    const count = units * size.lanes;
    carry.fill(0);
    for (let t = size.T - 1; t >= 0; t -= 1) {
      const at = t * count;
      for (let i = 0; i < count; i += 1) {
        const d = d_h[at + i] + carry[i], y = h[at + count + i];
        d_h[at + i] = d;
        d_a[at + i] = d * (1 - y * y);
        carry[i] = 0;
      }
      if (!cut(t, truncate)) products.product(carry, 0, this.U_T, 0, d_a, at, units, units, size.lanes);
    }
    this.weightGradients(input, size);
    this.weight_hh.gradient.set(this.dU);
  }

  /** The arrays of the last forward, by core's names: which array, its rows a step, and where it begins. */
  named() {
    const { units } = this;
    return { a: { from: this.a, rows: units, row: 0, late: 0 }, h: { from: this.h, rows: units, row: 0, late: 1 } };
  }
}
