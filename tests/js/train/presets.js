// Trains networks as the presets of the page say, without a page, and measures on the sequences that the page uses.
// Each line of stdin is {"networks", "updates", "seeds", "lengths", "lags"}, a network being all of its settings; for
// each is printed {"baseline", "length", "networks"}: of each network its figures, an entry a seed.
import { createInterface } from "node:readline";
import { Trainer } from "../../../assets/train/engine/trainer.js";
import { TASKS } from "../../../assets/train/tasks/index.js";

const HELD = 200; // sequences measured on
const EVERY = 25; // updates between two measurements on the way
const LEARNED = 0.99;

/** One network before its first update. */
function trainerOf(told, seed) {
  const task = TASKS.get(told.task);
  const part = (...names) => Object.fromEntries(names.map((name) => [name, told[name]]));
  const { inputs, outputs, readout } = task;
  const architecture = { ...part("cell", "units", "layers", "reset", "keep"), inputs, outputs, readout };
  const initial = part("weights", "forget_bias", "update_bias");
  const descent = part("optimiser", "rate", "clip", "decay", "truncate");
  const length = told.length ?? task.length;
  return new Trainer({ architecture, initial, descent, batch: told.batch, length, seed }, task, Float32Array);
}

/**
 * A network's figures after its updates. scores: held out, by length, null where it stopped. gradients: of the last
 * batch, ‖∂L/∂h_t‖ by the lag from the last step to t, as a share of the last step's. needed: updates to 99 % at the
 * trained length. stopped: the update whose loss or gradient was not finite.
 */
function run(told, seed, { updates, lengths, lags }) {
  const trainer = trainerOf(told, seed);
  const { length } = trainer.settings;
  let needed = null;
  let stopped = null;
  for (let k = 1; k <= updates && stopped === null; k += 1) {
    if (!trainer.update().finite) stopped = k;
    else if (needed === null && trainer.task.figure === "accuracy" && k % EVERY === 0)
      if (trainer.measure(length, HELD).score >= LEARNED) needed = k;
  }
  const norms = trainer.network.norms();
  const share = (lag) => (stopped === null ? norms[norms.length - 1 - lag] / norms[norms.length - 1] : null);
  const gradients = Object.fromEntries(lags.map((lag) => [lag, share(lag)]));
  const score = (at) => (stopped === null ? trainer.measure(at, HELD).score : null);
  const scores = Object.fromEntries([...new Set([length, ...lengths])].map((at) => [at, score(at)]));
  return { scores, gradients, needed, stopped };
}

for await (const line of createInterface({ input: process.stdin })) {
  const wanted = JSON.parse(line);
  const { task, settings: { length } } = trainerOf(wanted.networks[0], 1);
  const networks = wanted.networks.map((told) => wanted.seeds.map((seed) => run(told, seed, wanted)));
  console.log(JSON.stringify({ baseline: task.baselines(length)[0].score, length, networks }));
}
