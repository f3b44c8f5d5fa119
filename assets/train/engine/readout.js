// The readout of h after each step: V h + b, through σ or softmax, or linear; the loss and its gradient.
import { exps } from "./curves.js";
import { rowSums, spread, transpose } from "./kernels.js";

/** @typedef {import("../types").Floats} Floats */
/** @typedef {import("../types").Batch} Batch */
/** @typedef {import("./layer.js").Size} Size */

const NONE = new Float64Array(0);

export class Readout {
  /**
   * @param {number} units
   * @param {number} outputs
   * @param {import("../types").ReadoutName} kind
   * @param {import("./products.js").Products} products
   */
  constructor(units, outputs, kind, products) {
    const { FloatsType } = products;
    this.products = products;
    this.units = units;
    this.rows = outputs;
    this.kind = kind;
    const parameter = (/** @type {string} */ name, /** @type {number[]} */ ...shape) => {
      const count = shape.reduce((a, b) => a * b);
      return { name: `readout.${name}`, shape, value: new FloatsType(count), gradient: new FloatsType(count) };
    };
    this.weight = parameter("weight", outputs, units);
    this.bias = parameter("bias", outputs);
    this.parameters = [this.weight, this.bias];
    /** @type {Floats} */
    this.V = NONE;
    /** @type {Floats} */
    this.V_T = NONE;
    /** @type {Floats} */
    this.dV = NONE;
    /** @type {Floats} */
    this.logits = NONE;
    /** @type {Floats} */
    this.y = NONE;
    this.largest = NONE;
    this.sums = NONE;
    /** @type {Floats} */
    this.d_logits = NONE;
    /** @type {Floats} */
    this.outputs = NONE; // (T, B, K), without gaps
  }

  /**
   * @param {import("./layer.js").Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    const { rows, units } = this;
    [this.V, this.V_T, this.dV] = [take(rows * units), take(rows * units), take(rows * units)];
    this.logits = take(T * rows * lanes);
    this.y = take(T * rows * lanes); // σ or softmax of them
    this.largest = new Float64Array(T * lanes); // of each softmax: the largest logit
    this.sums = new Float64Array(T * lanes); // and Σ exp(logit - largest)
    this.d_logits = take(T * rows * lanes);
  }

  /**
   * @param {Floats} h (T + 1, H, lanes), of which the first is h0
   * @param {Size} size
   */
  forward(h, { T, B, lanes }) {
    const { rows, units, logits, y, outputs, V, kind, products } = this;
    const values = kind === "linear" ? logits : y;
    V.set(this.weight.value);
    for (let t = 0; t < T; t += 1) {
      const to = t * rows * lanes;
      spread(logits, to, this.bias.value, 0, rows, lanes);
      products.product(logits, to, V, 0, h, (t + 1) * units * lanes, rows, units, lanes);
      if (kind === "logistic") products.sigmoids(logits, to, y, to, rows * lanes);
      else if (kind === "softmax") this.softmax(t, lanes);
      for (let b = 0, i = t * B * rows; b < B; b += 1)
        for (let k = 0; k < rows; k += 1) outputs[i++] = values[to + k * lanes + b];
    }
  }

  /** Softmax of the logits of step t. @type {(t: number, lanes: number) => void} */
  softmax(t, lanes) {
    const { rows, logits, y, largest, sums } = this;
    const from = t * rows * lanes, end = from + rows * lanes;
    for (let b = 0; b < lanes; b += 1) {
      let most = -Infinity;
      for (let i = from + b; i < end; i += lanes) if (!(logits[i] <= most)) most = logits[i]; // NaN is found too
      for (let i = from + b; i < end; i += lanes) y[i] = logits[i] - most;
      largest[t * lanes + b] = most;
    }
    exps(y, from, y, from, rows * lanes);
    for (let b = 0; b < lanes; b += 1) {
      let sum = 0;
      for (let i = from + b; i < end; i += lanes) sum += y[i];
      for (let i = from + b; i < end; i += lanes) y[i] /= sum;
      sums[t * lanes + b] = sum;
    }
  }

  /**
   * The mean over what is asked, 0 where nothing is; the gradients of the logits. What is after a sequence's end
   * is ignored.
   * @param {Batch} batch
   * @param {Size} size
   */
  loss(batch, { T, B, lanes, lengths }) {
    const { d_logits, rows, kind } = this;
    d_logits.fill(0, 0, T * rows * lanes);
    const asked = this.asked(batch);
    let sum = 0;
    for (let t = 0; t < T; t += 1)
      for (let b = 0; b < B; b += 1) {
        if (t >= lengths[b]) continue;
        const place = t * B + b;
        if (kind === "softmax") {
          const label = batch.labels ? batch.labels[place] : -1;
          if (label >= 0) sum += this.classLoss(t, b, lanes, label, asked);
        } else {
          const target = batch.targets ? batch.targets[place] : NaN;
          if (!isNaN(target)) sum += this.numberLoss(t * rows * lanes + b, target, asked);
        }
      }
    return asked ? sum / asked : 0;
  }

  /** How many answers are asked. @param {Batch} batch */
  asked({ T, B, lengths, labels, targets }) {
    const softmax = this.kind === "softmax";
    let count = 0;
    for (let t = 0; t < T; t += 1)
      for (let b = 0; b < B; b += 1) {
        const place = t * B + b;
        const asks = softmax ? labels && labels[place] >= 0 : targets && !isNaN(targets[place]);
        if (asks && t < lengths[b]) count += 1;
      }
    return count;
  }

  /** @type {(t: number, b: number, lanes: number, label: number, asked: number) => number} */
  classLoss(t, b, lanes, label, asked) {
    const { rows, logits, d_logits, y, largest, sums } = this;
    const from = t * rows * lanes + b, place = t * lanes + b;
    for (let k = 0, i = from; k < rows; k += 1, i += lanes) d_logits[i] = (y[i] - (k === label ? 1 : 0)) / asked;
    return Math.log(sums[place]) + largest[place] - logits[from + label * lanes];
  }

  /** @type {(at: number, target: number, asked: number) => number} */
  numberLoss(at, target, asked) {
    const logit = this.logits[at];
    if (this.kind === "linear") {
      this.d_logits[at] = (2 * (logit - target)) / asked;
      return (logit - target) * (logit - target);
    }
    this.d_logits[at] = (this.y[at] - target) / asked;
    return Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
  }

  /**
   * @param {Floats} h (T + 1, H, lanes)
   * @param {Floats} d_h (T, H, lanes), which is overwritten
   * @param {Size} size
   */
  backward(h, d_h, { T, lanes }) {
    const { rows, units, d_logits, dV, products } = this;
    const count = units * lanes;
    transpose(this.V_T, this.V, 0, rows, units);
    d_h.fill(0, 0, T * count);
    for (let t = 0; t < T; t += 1)
      products.product(d_h, t * count, this.V_T, 0, d_logits, t * rows * lanes, units, rows, lanes);
    products.outer(dV, 0, d_logits, 0, rows * lanes, h, count, count, rows, units, lanes, T);
    this.weight.gradient.set(dV);
    rowSums(this.bias.gradient, 0, d_logits, 0, rows * lanes, rows, lanes, T);
  }
}
