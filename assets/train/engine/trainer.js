// One network in training: which batches it sees, its updates, how right it is on what it has not seen.
import { Random } from "../random.js";
import { Network } from "./network.js";
import { Optimiser } from "./optimiser.js";

/** @typedef {import("../types").Batch} Batch */
/** @typedef {import("../types").Floats} Floats */
/** @typedef {import("../types").Task} Task */
/**
 * batch: sequences an update. length: of the task's. The same seed gives two networks the same batches.
 * @typedef {{architecture: import("../types").Architecture, initial: import("../types").Initial,
 *   descent: import("../types").Descent, batch: number, length: number, seed: number}} Settings
 */
/** @typedef {Record<string, Floats | Uint32Array>} Saved */

const TEST = 20140601; // the seed of what is held out, for every network and every seed
const AT_ONCE = 64; // sequences measured at once
const KEPT = 16; // lengths whose sequences are kept

export class Trainer {
  /**
   * @param {Settings} settings
   * @param {Task} task
   * @param {import("../types").FloatsType} FloatsType
   */
  constructor(settings, task, FloatsType) {
    this.settings = settings;
    this.task = task;
    this.network = new Network(settings.architecture, FloatsType);
    this.network.initialise(Random.of(settings.seed, "weights"), settings.initial);
    this.optimiser = new Optimiser(this.network.parameters, settings.descent, FloatsType);
    this.random = Random.of(settings.seed, "batches");
    this.updates = 0;
    /** What was measured on, by length and count. @type {Map<string, Batch[]>} */
    this.held = new Map();
  }

  /**
   * One update on a batch of the training stream. If loss or gradient is not finite, the weights stay as they were.
   * @returns {{loss: number, norm: number, finite: boolean}} the loss before the update, the gradient's norm before
   *   clipping
   */
  update() {
    const { task, settings, network } = this;
    const batch = task.draw(this.random, settings.batch, settings.length);
    network.forward(batch);
    const loss = network.loss(batch);
    if (!Number.isFinite(loss)) return { loss, norm: NaN, finite: false };
    network.backward(batch, settings.descent.truncate);
    const norm = this.optimiser.step();
    const finite = Number.isFinite(norm);
    if (finite) this.updates += 1;
    return { loss, norm, finite };
  }

  /**
   * How right the network is on so many held-out sequences: the same for every network and every seed.
   * @param {number} length
   * @param {number} count
   * @returns {import("../types").Measured}
   */
  measure(length, count) {
    const found = { loss: 0, answers: 0, score: 0, asked: 0 };
    for (const batch of this.tests(length, count)) {
      this.network.forward(batch);
      const loss = this.network.loss(batch);
      const { score, asked } = this.task.measure(this.network.outputs, batch); // it may count whole sequences
      const answers = this.network.readout.asked(batch);
      if (!asked) continue;
      found.loss += loss * answers;
      found.answers += answers;
      found.score += score * asked;
      found.asked += asked;
    }
    return { loss: found.loss / found.answers, score: found.score / found.asked, asked: found.asked };
  }

  /** @type {(length: number, count: number) => Batch[]} */
  tests(length, count) {
    const name = `${length} ${count}`;
    const known = this.held.get(name);
    if (known) return known;
    const { task } = this;
    const random = Random.of(TEST, `test${length}`);
    const drawn = [];
    for (let left = count; left > 0; left -= AT_ONCE) {
      const B = Math.min(left, AT_ONCE);
      drawn.push(task.held(random, B, length));
    }
    if (this.held.size >= KEPT) this.held.clear();
    this.held.set(name, drawn);
    return drawn;
  }

  /**
   * Reads a probe, so that the network's outputs and arrays are of it.
   * @param {Batch} batch
   */
  read(batch) {
    this.network.forward(batch);
    return this.network;
  }

  /** All that the run goes on from: weights, the optimiser's means, the generator, and counts. @returns {Saved} */
  save() {
    const { optimiser, random, updates } = this;
    const means = (/** @type {string} */ name, /** @type {Floats[]} */ arrays) =>
      arrays.map((array, k) => [`${name}.${optimiser.parameters[k].name}`, array.slice()]);
    return {
      ...this.network.read(),
      ...Object.fromEntries([...means("first", optimiser.first), ...means("second", optimiser.second)]),
      random: random.state.slice(),
      counts: Float64Array.of(updates, optimiser.steps, optimiser.rate, random.spare),
    };
  }

  /**
   * Goes on from what `save` gave. Throws an Error if it is of another network or optimiser.
   * @param {Saved} saved
   */
  restore(saved) {
    const { optimiser, random } = this;
    for (const [name, arrays] of Object.entries({ first: optimiser.first, second: optimiser.second }))
      arrays.forEach((array, k) => {
        const own = `${name}.${optimiser.parameters[k].name}`;
        if (saved[own]?.length !== array.length) throw new Error(`${own}: got another optimiser's state`);
      });
    this.network.write(saved);
    optimiser.parameters.forEach(({ name }, k) => {
      optimiser.first[k]?.set(saved[`first.${name}`]);
      optimiser.second[k]?.set(saved[`second.${name}`]);
    });
    random.state.set(saved.random);
    [this.updates, optimiser.steps, optimiser.rate, random.spare] = saved.counts;
  }
}
