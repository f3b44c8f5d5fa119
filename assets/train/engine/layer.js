// What the cells share: their arrays, W x of all steps at once, and the gradients of the weights.
// Arrays of a layer stand step by step, row by row, lane by lane: (T, rows, lanes); see kernels.js.
import { rowSums, spread, transpose } from "./kernels.js";

/** @typedef {import("../types").Floats} Floats */
/** @typedef {{name: string, shape: number[], value: Floats, gradient: Floats}} Parameter */
/** @typedef {(count: number) => Floats} Take */
/**
 * What a layer reads: one-hot inputs by their place (T, lanes), D where there is none, or numbers (T, D, lanes) that
 * begin at `from`.
 * @typedef {{ids: Int32Array | null, x: Floats, from: number}} Input
 */
/**
 * The sizes of the present batch. shortest: the length of the shortest sequence, before which none has ended.
 * @typedef {{T: number, B: number, lanes: number, lengths: Int32Array, shortest: number}} Size
 */

const NONE = new Float64Array(0);

export class Layer {
  /**
   * @param {number} index
   * @param {number} inputs
   * @param {number} units
   * @param {number} gates blocks of rows in the stacked weights
   * @param {import("./products.js").Products} products
   * @param {{U: boolean, biases: 1 | 2}} has whether the state is multiplied by U, and whether b' is there too
   */
  constructor(index, inputs, units, gates, products, has = { U: true, biases: 2 }) {
    const { FloatsType } = products;
    this.products = products;
    this.index = index;
    this.inputs = inputs;
    this.units = units;
    this.rows = gates * units;
    const parameter = (/** @type {string} */ name, /** @type {number[]} */ ...shape) => {
      const count = shape.reduce((a, b) => a * b);
      return { name: `cell.${name}_l${index}`, shape, value: new FloatsType(count), gradient: new FloatsType(count) };
    };
    this.weight_ih = parameter("weight_ih", this.rows, inputs);
    this.states = has.U ? units : 0; // columns of U
    this.weight_hh = parameter("weight_hh", this.rows, this.states);
    this.bias_ih = parameter("bias_ih", this.rows);
    this.bias_hh = parameter("bias_hh", has.biases === 2 ? this.rows : 0);
    this.parameters = [this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh].filter(({ value }) => value.length);
    /** Rows whose b' (if there is one) is added to W x + b: all but those of a GRU's candidate. */
    this.joined = this.rows;
    this.bias = new FloatsType(this.rows);
    this.counts = new Float64Array(inputs + 1);
    this.norms = NONE;
    /** @type {Floats} */
    this.W = NONE;
    /** @type {Floats} */
    this.U = NONE;
    /** @type {Floats} */
    this.W_T = NONE;
    /** @type {Floats} */
    this.U_T = NONE;
    /** @type {Floats} */
    this.dW = NONE;
    /** @type {Floats} */
    this.dU = NONE;
    /** @type {Floats} */
    this.picks = NONE;
    /** @type {Floats} */
    this.a = NONE;
    /** @type {Floats} */
    this.d_a = NONE;
    /** @type {Floats} */
    this.h = NONE;
    /** @type {Floats} */
    this.d_h = NONE;
    /** @type {Floats} */
    this.carry = NONE;
  }

  /**
   * Makes the arrays for up to T steps of so many lanes.
   * @param {Take} take
   * @param {number} T
   * @param {number} lanes
   */
  allocate(take, T, lanes) {
    const { rows, units, states, inputs } = this;
    [this.W, this.W_T, this.dW] = [take(rows * inputs), take(rows * inputs), take(rows * inputs)];
    [this.U, this.U_T, this.dU] = [take(rows * states), take(rows * states), take(rows * states)];
    this.picks = take(rows * (inputs + 1));
    this.a = take(T * rows * lanes); // pre-activations
    this.d_a = take(T * rows * lanes);
    this.h = take((T + 1) * units * lanes); // from h0 on
    this.d_h = take(T * units * lanes); // from the layer above; after `backward` the total
    this.carry = take(units * lanes); // the gradient of h that flows back from the next step
    const norms = new Float64Array(T);
    norms.set(this.norms); // those of the last backward stay
    this.norms = norms;
  }

  /**
   * Copies the weights, and computes W x + b (+ b') of all steps into a.
   * @param {Input} input
   * @param {Size} size
   */
  read(input, size) {
    const { rows, inputs, a, W, joined, bias, products } = this;
    const { T, lanes } = size;
    W.set(this.weight_ih.value);
    this.U.set(this.weight_hh.value);
    this.h.fill(0, 0, this.units * lanes);
    const outside = this.bias_ih.value, inside = this.bias_hh.value;
    for (let r = 0; r < rows; r += 1) bias[r] = outside[r] + (r < joined && inside.length ? inside[r] : 0);
    if (input.ids) {
      this.pick(input.ids, size);
      return;
    }
    for (let t = 0; t < T; t += 1) {
      const to = t * rows * lanes;
      spread(a, to, bias, 0, rows, lanes);
      products.product(a, to, W, 0, input.x, input.from + t * inputs * lanes, rows, inputs, lanes);
    }
  }

  /**
   * One-hot inputs: W x is a column of W.
   * @param {Int32Array} ids
   * @param {Size} size
   */
  pick(ids, { T, lanes }) {
    const { rows, inputs, a, W, picks, bias } = this;
    for (let r = 0, to = 0; r < rows; r += 1) {
      for (let k = 0; k < inputs; k += 1) picks[to++] = W[r * inputs + k] + bias[r];
      picks[to++] = bias[r];
    }
    for (let t = 0, to = 0; t < T; t += 1)
      for (let r = 0; r < rows; r += 1) {
        const row = r * (inputs + 1);
        for (let i = t * lanes; i < (t + 1) * lanes; i += 1) a[to++] = picks[row + ids[i]];
      }
  }

  /**
   * A sequence that has ended keeps its state.
   * @param {Floats} state (T + 1, H, lanes)
   * @param {number} t
   * @param {Size} size
   */
  hold(state, t, { B, lanes, lengths, shortest }) {
    if (t < shortest) return;
    const count = this.units * lanes;
    for (let b = 0; b < B; b += 1)
      if (t >= lengths[b])
        for (let i = t * count + b; i < (t + 1) * count; i += lanes) state[i + count] = state[i];
  }

  /** The backward pass multiplies by the transposes. */
  transposeWeights() {
    transpose(this.U_T, this.U, 0, this.rows, this.states);
    if (this.index > 0) transpose(this.W_T, this.W, 0, this.rows, this.inputs);
  }

  /**
   * The weights' gradients from d_a (of W x + b) and from that of U h + b', which is d_a but in a GRU's candidate.
   * @param {Input} input
   * @param {Size} size
   */
  weightGradients(input, { T, lanes }) {
    const { rows, units, inputs, d_a, products } = this;
    const step = rows * lanes;
    if (input.ids) this.gatherPicked(input.ids, T, lanes);
    else {
      products.outer(this.dW, 0, d_a, 0, step, input.x, input.from, inputs * lanes, rows, inputs, lanes, T);
      rowSums(this.bias_ih.gradient, 0, d_a, 0, step, rows, lanes, T);
    }
    this.weight_ih.gradient.set(this.dW);
    if (this.bias_hh.value.length) this.bias_hh.gradient.set(this.bias_ih.gradient);
    if (this.states) products.outer(this.dU, 0, d_a, 0, step, this.h, 0, units * lanes, this.joined, units, lanes, T);
    this.norm(T, units * lanes);
  }

  /**
   * The gradient of W where columns were picked, and of b.
   * @type {(ids: Int32Array, T: number, lanes: number) => void}
   */
  gatherPicked(ids, T, lanes) {
    const { rows, inputs, d_a, dW, counts } = this;
    for (let r = 0; r < rows; r += 1) {
      counts.fill(0);
      for (let t = 0; t < T; t += 1) {
        const from = (t * rows + r) * lanes;
        for (let b = 0, i = t * lanes; b < lanes; b += 1) counts[ids[i + b]] += d_a[from + b];
      }
      let sum = counts[inputs];
      for (let k = 0; k < inputs; k += 1) {
        dW[r * inputs + k] = counts[k];
        sum += counts[k];
      }
      this.bias_ih.gradient[r] = sum;
    }
  }

  /** ‖∂L/∂h_t‖ of every step. @type {(T: number, count: number) => void} */
  norm(T, count) {
    const { d_h, norms } = this;
    for (let t = 0; t < T; t += 1) {
      let sum = 0;
      for (let i = t * count; i < (t + 1) * count; i += 1) sum += d_h[i] * d_h[i];
      norms[t] = Math.sqrt(sum);
    }
  }

  /**
   * The gradient of what is below, this layer's input: Wᵀ d_a, into (T, D, lanes).
   * @param {Floats} below
   * @param {Size} size
   */
  backwardInput(below, { T, lanes }) {
    const { rows, inputs, products } = this;
    below.fill(0, 0, T * inputs * lanes);
    for (let t = 0; t < T; t += 1)
      products.product(below, t * inputs * lanes, this.W_T, 0, this.d_a, t * rows * lanes, inputs, rows, lanes);
  }
}

/**
 * Whether the gradient is cut before step t, so that nothing flows from its state to the step before.
 * @param {number} t
 * @param {number} truncate
 */
export const cut = (t, truncate) => t === 0 || (truncate > 0 && t % truncate === 0);
