import assert from "node:assert/strict";
import { test } from "node:test";
import { trial } from "../../../assets/train/classroom/trial.js";
import { Session } from "../../../assets/train/session.js";

const shape = { layers: 1, reset: "after", keep: "z", inputs: 2, outputs: 1, readout: "logistic" };
const initial = { weights: "torch", forget_bias: null, update_bias: null };
const descent = { optimiser: "adam", rate: 0.03, clip: 1, decay: 0, truncate: 0 };

/** @param {string} name @param {string} cell */
const network = (name, cell, more = {}) => ({
  name,
  title: cell,
  architecture: { ...shape, cell, units: 3 },
  initial,
  descent: { ...descent, ...more },
});
const EXPERIMENT = {
  ...{ id: 1, title: "Parity", task: "parity", length: 4, batch: 16, seed: 1, updates: 230, goal: 0.99 },
  networks: [network("first", "rnn"), network("second", "gru")],
};

/** @param {object} more @param {number} seed */
function run(more = {}, seed = 5) {
  /** @type {any[]} */
  const said = [];
  trial(/** @type {any} */ ({ ...EXPERIMENT, ...more }), seed, (each) => said.push(each));
  return said;
}
/** @param {any[]} said */
const outcomes = (said) => Object.fromEntries(said.filter((s) => s.outcome).map((s) => [s.network, s.outcome]));

test("the figures are those of the page: both networks on the same batches, side by side", () => {
  const { task, length, batch, networks, updates, goal } = EXPERIMENT;
  const setup = { task, data: {}, length, batch, seed: 5, probe: "", networks };
  const page = new Session(/** @type {any} */ (setup));
  page.run(() => false, updates);
  page.measure();
  const found = outcomes(run());
  page.networks.forEach(({ scores }, k) => {
    const { score, needed, stopped } = found[networks[k].name];
    assert.equal(score, scores.at(-1)?.[1]);
    assert.equal(needed, scores.find(([, right]) => right >= goal)?.[0] ?? null);
    assert.equal(stopped, null);
  });
});

test("a seed gives the same figures again, and another seed others", () => {
  assert.deepEqual(run(), run());
  assert.notDeepEqual(outcomes(run({}, 6)), outcomes(run()));
});

test("a goal that is met at once and one that is never met", () => {
  assert.equal(outcomes(run({ goal: 0.01, updates: 30 })).first.needed, 0);
  assert.equal(outcomes(run({ goal: 1.5, updates: 30 })).first.needed, null);
});

test("progress is told on the way, of each network up to its last update", () => {
  const said = run({ updates: 60 });
  assert.deepEqual(
    said.map(({ kind, network: name, updates }) => [kind, name, updates]),
    ["first", "second"].flatMap((name) => [
      ...[25, 50, 60].map((at) => ["progress", name, at]),
      ["outcome", name, undefined],
    ]),
  );
});

test("a run that diverges has the update and no score, and the other network goes on", () => {
  const adding = { ...shape, readout: "linear", cell: "rnn", units: 16 };
  const wild = network("first", "rnn", { optimiser: "sgd", rate: 100, clip: 0 });
  const tame = network("second", "rnn");
  const networks = [wild, tame].map((each) => ({ ...each, architecture: adding }));
  const { first, second } = outcomes(run({ task: "adding", length: 20, goal: 0.06, networks, updates: 100 }));
  assert.equal(first.score, null);
  assert.ok(first.stopped > 0 && first.stopped <= 100);
  assert.equal(second.stopped, null);
  assert.ok(second.score < 2);
});
