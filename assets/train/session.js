// A training as it runs: one or two networks on the same batches, what is measured on the way, what is drawn of it. It
// knows no page and no clock: the worker, or a hand-out, says how long it may run.
import { Trainer } from "./engine/trainer.js";
import { taskOf } from "./tasks/index.js";

/**
 * @typedef {import("./types").Setup} Setup
 * @typedef {import("./types").Course} Course
 * @typedef {import("./types").Snapshot} Snapshot
 */

const POINTS = 400; // of a curve; beyond, two become one
const HELD_OUT = 200; // sequences measured on the way; a figure by length has as many

/** A curve of means that never grows beyond POINTS: (updates, mean since the entry before). */
class Curve {
  constructor() {
    /** @type {[number, number][]} */
    this.points = [];
    this.every = 1;
    this.sum = 0;
    this.count = 0;
  }

  /**
   * @param {number} updates
   * @param {number} value
   */
  add(updates, value) {
    this.sum += value;
    this.count += 1;
    if (this.count < this.every) return;
    this.points.push([updates, this.sum / this.count]);
    this.sum = this.count = 0;
    if (this.points.length < POINTS) return;
    this.every *= 2;
    this.points = this.points.flatMap(([at, mean], k, all) => (k % 2 ? [[at, (all[k - 1][1] + mean) / 2]] : []));
  }
}

/** After which updates is measured: often at first, then every twentieth of what has been done, in steps of 25. */
const due = (/** @type {number} */ updates) => updates % Math.max(25, 25 * Math.floor(updates / 500)) === 0;

export class Session {
  /**
   * @param {Setup} setup
   * Raises Error in words for data that the task cannot use.
   */
  constructor(setup) {
    this.setup = setup;
    const task = taskOf(setup.task, setup.data);
    if ("error" in task) throw new Error(task.error);
    this.task = task;
    this.length = Math.min(setup.length, task.longest); // what fits the reader's own data is known here alone
    this.probe = task.read(setup.probe) ?? task.read(task.probe);
    this.baselines = task.baselines(this.length);
    this.updates = 0;
    this.networks = this.begun();
    this.measure();
  }

  /** Back to the first weights. */
  reset() {
    this.updates = 0;
    this.networks = this.begun();
    this.measure();
  }

  begun() {
    const { networks, batch, seed } = this.setup;
    const { length, task } = this;
    const shape = { inputs: task.inputs, outputs: task.outputs, readout: task.readout };
    return networks.map(({ architecture, initial, descent }) => ({
      trainer: new Trainer(
        { architecture: { ...architecture, ...shape }, initial, descent, batch, length, seed },
        task,
        Float32Array,
      ),
      losses: new Curve(),
      scores: /** @type {[number, number, number][]} */ ([]), // updates, held-out score, held-out loss
      last: NaN,
      norm: NaN,
      stopped: false,
    }));
  }

  /** @param {string} text read by the networks while they train; false where it cannot be read */
  read(text) {
    const probe = this.task.read(text);
    if (probe) this.probe = probe;
    return probe !== null;
  }

  get over() {
    return this.networks.every((network) => network.stopped);
  }

  /** One update of every network. */
  step() {
    if (this.over) return;
    this.updates += 1;
    for (const network of this.networks) {
      if (network.stopped) continue;
      const { loss, norm, finite } = network.trainer.update();
      if (!finite) {
        network.stopped = true;
        continue;
      }
      [network.last, network.norm] = [loss, norm];
      network.losses.add(this.updates, loss);
    }
    if (due(this.updates)) this.measure();
  }

  /**
   * Updates until the time is over, at most so many.
   * @param {() => boolean} over
   * @param {number} most
   */
  run(over, most = Infinity) {
    for (let done = 0; done < most && !over() && !this.over; done += 1) this.step();
  }

  measure() {
    for (const network of this.networks) {
      if (network.stopped) continue;
      const { score, loss } = network.trainer.measure(this.length, HELD_OUT);
      network.scores.push([this.updates, score, loss]);
      if (network.scores.length >= POINTS) network.scores = network.scores.filter((_, k) => k % 2 === 0);
    }
  }

  /** The held-out figure at each length, a row a network. */
  byLength() {
    const lengths = this.task.beyond(this.length);
    return {
      lengths,
      scores: this.networks.map(({ trainer }) => lengths.map((length) => trainer.measure(length, HELD_OUT).score)),
    };
  }

  /**
   * What is drawn of it.
   * @param {{ weights?: boolean, gradients?: boolean, lengths?: boolean }} wanted what costs more than the curves
   * @returns {Snapshot}
   */
  snapshot({ weights = false, gradients = false, lengths = false } = {}) {
    return {
      updates: this.updates,
      over: this.over,
      tokens: this.probe ? this.task.tokens(this.probe, 0) : [],
      baselines: this.baselines,
      about: this.task.about,
      length: this.length,
      usual: this.task.probe,
      figure: this.task.figure,
      words: this.task.words,
      labels: this.task.labels,
      asked: this.probe ? this.task.asked(this.probe, 0) : [],
      lengths: lengths ? this.byLength() : null,
      networks: this.networks.map((network) => ({
        loss: network.last,
        norm: network.norm,
        stopped: network.stopped,
        losses: network.losses.points,
        scores: network.scores,
        norms: gradients ? this.lags(network.trainer) : null,
        probe: this.probe && this.reading(network.trainer),
        weights: weights || this.probe ? network.trainer.network.read() : null,
      })),
    };
  }

  /** @param {Trainer} trainer */
  reading(trainer) {
    const probe = /** @type {import("./types").Batch} */ (this.probe);
    trainer.read(probe);
    const { network } = trainer;
    const layers = Array.from({ length: network.architecture.layers }, (_, k) => {
      /** @type {Record<string, Float32Array>} */
      const arrays = {};
      for (const [name, values] of Object.entries(network.arrays(k))) arrays[name] = Float32Array.from(values);
      return arrays;
    });
    const x = inputs(probe, network.architecture.inputs);
    return { T: probe.T, x, layers, outputs: Float32Array.from(network.outputs) };
  }

  /**
   * ‖∂L/∂h_t‖ by lag, the mean over the last batch: L is the whole loss of that batch.
   * @param {Trainer} trainer
   */
  lags(trainer) {
    return Array.from(trainer.network.norms());
  }
}

/**
 * What is read, as numbers (T, D), one-hot where it is given by places.
 * @param {import("./types").Batch} batch its first sequence
 * @param {number} D
 */
function inputs({ T, B, ids, x }, D) {
  const made = new Float32Array(T * D);
  for (let t = 0; t < T; t += 1) {
    if (ids && ids[t * B] >= 0) made[t * D + ids[t * B]] = 1;
    if (x) for (let k = 0; k < D; k += 1) made[t * D + k] = x[t * B * D + k];
  }
  return made;
}
