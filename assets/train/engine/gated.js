// What the cells share whose gates see the input alone (Feng et al. 2024): there is no U, and a step back reads nothing
// but its own numbers.
import { cut, Layer } from "./layer.js";

/** @typedef {import("../types").Floats} Floats */

export const NONE = new Float64Array(0);

export class InputGated extends Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {number} blocks of rows: gates and candidate
   * @param {import("./products.js").Products} products
   */
  constructor(index, inputs, units, blocks, products) {
    super(index, inputs, units, blocks, products, { U: false, biases: 1 });
    /** @type {Floats} */
    this.s = NONE;
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    super.allocate(take, T, lanes);
    this.s = take(T * this.rows * lanes); // gates and candidate
  }

  /**
   * @param {import("./layer.js").Input} input
   * @param {import("./layer.js").Size} size
   * @param {number} truncate
   */
  backward(input, size, truncate) {
    this.transposeWeights();
    const { units, carry } = this;
    const count = units * size.lanes;
    carry.fill(0);
    for (let t = size.T - 1; t >= 0; t -= 1) {
      this.backStep(t * count, count);
      if (cut(t, truncate)) carry.fill(0);
    }
    this.weightGradients(input, size);
  }

  /** One step back: h from place `at`. @type {(at: number, count: number) => void} */
  backStep(at, count) {
    throw new TypeError(`no way back from ${at} over ${count}`);
  }
}
