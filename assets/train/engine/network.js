// A recurrent network that is trained: one or two layers and a readout, forward and back through time.
import { GRU } from "./gru.js";
import { initialise } from "./initial.js";
import { LSTM } from "./lstm.js";
import { MinGRU } from "./mingru.js";
import { MinLSTM } from "./minlstm.js";
import { allot, fastest } from "./products.js";
import { Readout } from "./readout.js";
import { RNN } from "./rnn.js";
import { SLSTM } from "./slstm.js";

/** @typedef {import("../types").Architecture} Architecture */
/** @typedef {import("../types").Batch} Batch */
/** @typedef {import("../types").Floats} Floats */
/** @typedef {import("../types").FloatsType} FloatsType */
/** @typedef {import("./layer.js").Parameter} Parameter */
/** @typedef {RNN | LSTM | GRU | MinGRU | MinLSTM | SLSTM} Cell */

/** @type {(architecture: Architecture, index: number, products: import("./products.js").Products) => Cell} */
function layer({ cell, inputs, units, reset, keep }, index, products) {
  const width = index ? units : inputs;
  if (cell === "lstm") return new LSTM(index, width, units, products);
  if (cell === "gru") return new GRU(index, width, units, products, reset, keep);
  if (cell === "mingru") return new MinGRU(index, width, units, products);
  if (cell === "minlstm") return new MinLSTM(index, width, units, products);
  if (cell === "slstm") return new SLSTM(index, width, units, products);
  return new RNN(index, width, units, products);
}

export class Network {
  /**
   * Float32Array is for training, Float64Array for exact comparisons. All weights begin at 0; see `initialise`.
   * @param {Architecture} architecture
   * @param {FloatsType} FloatsType
   * @param {import("./products.js").Products} [products] the fastest there are unless told
   */
  constructor(architecture, FloatsType, products = fastest(FloatsType)) {
    this.products = products;
    this.architecture = architecture;
    this.FloatsType = FloatsType;
    this.layers = Array.from({ length: architecture.layers }, (_, index) => layer(architecture, index, products));
    this.readout = new Readout(architecture.units, architecture.outputs, architecture.readout, products);
    /** By torch's names, rows and order; both biases as torch keeps them. @type {Parameter[]} */
    this.parameters = [...this.layers.flatMap((each) => each.parameters), ...this.readout.parameters];
    /** Probabilities or values of the last forward, (T, B, K). @type {Floats} */
    this.outputs = new FloatsType(0);
    /** @type {import("./layer.js").Size} */
    this.size = { T: 0, B: 0, lanes: 0, lengths: new Int32Array(0), shortest: 0 };
    this.steps = 0; // for which there is room
    this.lanes = 0;
    this.ids = new Int32Array(0);
    /** @type {Floats} */
    this.x = new FloatsType(0);
    /** @type {import("./layer.js").Input[]} */
    this.inputs = this.layers.map(() => ({ ids: null, x: this.x, from: 0 }));
    this.steppedBack = 0; // steps of the last backward
  }

  /**
   * @param {import("../random.js").Random} random
   * @param {import("../types").Initial} initial
   */
  initialise(random, initial) {
    initialise(this.parameters, this.architecture, random, initial);
  }

  /** Makes room for a longer or bigger batch. @type {(T: number, B: number) => void} */
  reserve(T, B) {
    const lanes = 4 * Math.ceil(B / 4);
    if (T > this.steps || lanes > this.lanes) {
      this.steps = Math.max(T, this.steps);
      this.lanes = Math.max(lanes, this.lanes);
      const places = this.steps * this.lanes;
      const share = (/** @type {import("./layer.js").Take} */ take) => {
        for (const part of [...this.layers, this.readout]) part.allocate(take, this.steps, this.lanes);
        this.x = take(places * this.architecture.inputs);
      };
      allot(this.products, share);
      this.ids = new Int32Array(places);
      this.readout.outputs = new this.FloatsType(places * this.architecture.outputs);
      this.outputs = this.readout.outputs.subarray(0, 0);
    }
    const count = T * B * this.architecture.outputs;
    if (this.outputs.length !== count) this.outputs = this.readout.outputs.subarray(0, count);
    this.size.T = T;
    this.size.B = B;
    this.size.lanes = lanes;
  }

  /**
   * Reads a batch from h0 = c0 = 0; `outputs` and `arrays` are then of it. A sequence that has ended keeps its state.
   * @param {Batch} batch
   */
  forward(batch) {
    this.reserve(batch.T, batch.B);
    const { size, layers, inputs } = this;
    size.lengths = batch.lengths;
    size.shortest = batch.T;
    for (let b = 0; b < batch.B; b += 1) size.shortest = Math.min(size.shortest, batch.lengths[b]);
    inputs[0].ids = batch.ids ? this.ids : null;
    inputs[0].x = this.x;
    if (batch.ids) this.takeIds(batch.ids);
    else if (batch.x) this.takeNumbers(batch.x);
    for (let k = 0; k < layers.length; k += 1) {
      if (k) {
        inputs[k].x = layers[k - 1].h;
        inputs[k].from = layers[k - 1].units * size.lanes;
      }
      layers[k].forward(inputs[k], size);
    }
    this.readout.forward(layers[layers.length - 1].h, size);
  }

  /** Into lanes; D stands for no input. @param {Int32Array} ids */
  takeIds(ids) {
    const { T, B, lanes } = this.size;
    const none = this.architecture.inputs;
    for (let t = 0; t < T; t += 1)
      for (let b = 0; b < lanes; b += 1) {
        const id = b < B ? ids[t * B + b] : -1;
        this.ids[t * lanes + b] = id < 0 ? none : id;
      }
  }

  /** Into lanes; 0 after a sequence's end, whatever is there. @param {Floats} x */
  takeNumbers(x) {
    const { T, B, lanes, lengths } = this.size;
    const D = this.architecture.inputs;
    for (let t = 0; t < T; t += 1)
      for (let k = 0; k < D; k += 1)
        for (let b = 0, to = (t * D + k) * lanes; b < lanes; b += 1)
          this.x[to + b] = b < B && t < lengths[b] ? x[(t * B + b) * D + k] : 0;
  }

  /**
   * The mean over all that the batch asks: cross-entropy in nats, or the squared error; 0 if it asks nothing. After
   * `forward`.
   * @param {Batch} batch
   */
  loss(batch) {
    return this.readout.loss(batch, this.size);
  }

  /**
   * Every parameter's gradient, by backpropagation through time. After `loss`.
   * @param {Batch} batch
   * @param {number} truncate at each multiple of so many steps the gradient through the state is cut; 0: nowhere
   */
  backward(batch, truncate) {
    const { layers, inputs, size } = this;
    const top = layers[layers.length - 1];
    this.readout.backward(top.h, top.d_h, size);
    for (let k = layers.length - 1; k >= 0; k -= 1) {
      layers[k].backward(inputs[k], size, truncate);
      if (k) layers[k].backwardInput(layers[k - 1].d_h, size);
    }
    this.steppedBack = batch.T;
  }

  /**
   * ‖∂L/∂h_t‖ of each step of the last backward, over units and sequences.
   * @param {number} [layer] the top one unless told
   * @returns {Float64Array} (T,)
   */
  norms(layer = this.layers.length - 1) {
    return this.layers[layer].norms.slice(0, this.steppedBack);
  }

  /**
   * A layer's gates and states of the last forward, by the names of core/cells, (T, B, H) each. After a sequence's end
   * its states (h, c; of an sLSTM n and m) stay, the others are 0.
   * @param {number} layer
   */
  arrays(layer) {
    const { T, B, lanes, lengths } = this.size;
    const { units } = this.layers[layer];
    /** @type {Record<string, Floats>} */
    const found = {};
    for (const [name, { from, rows, row, late }] of Object.entries(this.layers[layer].named())) {
      const array = new this.FloatsType(T * B * units);
      for (let t = 0; t < T; t += 1)
        for (let b = 0; b < B; b += 1)
          if (late || t < lengths[b])
            for (let j = 0; j < units; j += 1)
              array[(t * B + b) * units + j] = from[((t + late) * rows + row + j) * lanes + b];
      found[name] = array;
    }
    return found;
  }

  /** Copies of the weights, by name. */
  read() {
    return Object.fromEntries(this.parameters.map(({ name, value }) => [name, value.slice()]));
  }

  /**
   * Copies weights from a record. Throws an Error if one is missing or of another size.
   * @param {Record<string, ArrayLike<number>>} record
   */
  write(record) {
    for (const { name, value } of this.parameters)
      if (record[name]?.length !== value.length)
        throw new Error(`${name}: got ${record[name]?.length ?? "no"} numbers, wanted ${value.length}`);
    for (const { name, value } of this.parameters) value.set(record[name]);
  }
}
