// The trainer's engine by itself: how weights begin, what a batch is, what is not asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exps, sigmoids, tanhs } from "../../../assets/train/engine/curves.js";
import { Network } from "../../../assets/train/engine/network.js";
import { Random } from "../../../assets/train/random.js";
import { INITIAL, SHAPE, TASK } from "./given.js";

const LATER = ["mingru", "minlstm", "slstm"];

function network(architecture, initial = INITIAL, seed = 1) {
  const made = new Network({ ...SHAPE, ...architecture }, Float64Array);
  made.initialise(Random.of(seed, "weights"), initial);
  return made;
}

test("exp, σ and tanh are those of Math, to their rounding", () => {
  const random = new Random(1);
  const a = Float64Array.from({ length: 20000 }, (_, i) => random.between(-1, 1) * 10 ** (i % 4 - 1));
  const [e, s, y] = Array.from({ length: 3 }, () => new Float64Array(a.length));
  exps(a, 0, e, 0, a.length);
  sigmoids(a, 0, s, 0, a.length);
  tanhs(a, 0, y, 0, a.length);
  a.forEach((each, i) => {
    assert.ok(Math.abs(e[i] / Math.exp(each) - 1) < 1e-15, `exp(${each})`);
    assert.ok(Math.abs(s[i] - 1 / (1 + Math.exp(-each))) < 3e-16, `σ(${each})`);
    assert.ok(Math.abs(y[i] - Math.tanh(each)) < 5e-16, `tanh(${each})`);
  });
  const ends = Float64Array.of(0, NaN, 1e9, -Infinity);
  exps(ends, 0, e, 0, 4);
  assert.ok(e[0] === 1 && Number.isNaN(e[1]) && e[2] > 1e300 && e[3] < 1e-300);
});

for (const cell of ["rnn", "lstm", "gru"])
  test(`${cell}: weights begin uniform within 1/√H`, () => {
    const { parameters } = network({ cell, units: 64, layers: 2, inputs: 40, outputs: 30 });
    const own = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    const names = [0, 1].flatMap((layer) => own.map((name) => `cell.${name}_l${layer}`));
    assert.deepEqual(parameters.map(({ name }) => name), [...names, "readout.weight", "readout.bias"]);
    for (const { name, shape, value } of parameters) {
      assert.equal(value.length, shape.reduce((a, b) => a * b), name);
      const sorted = value.slice().sort();
      const off = sorted.map((each, i) => Math.abs((each * 8 + 1) / 2 - (i + 0.5) / sorted.length));
      const most = Math.max(...off) * Math.sqrt(value.length); // Kolmogorov and Smirnov's: above 1.95 once in 1000
      assert.ok(most < 1.95, `${name}: ${most}`);
    }
  });

test("orthogonal: each gate's U; all else is as torch begins", () => {
  const begun = (weights) => network({ cell: "lstm" }, { ...INITIAL, weights }).read();
  const [plain, turned] = ["torch", "orthogonal"].map(begun);
  const n = SHAPE.units;
  for (const [name, array] of Object.entries(turned))
    if (!name.includes("weight_hh")) assert.deepEqual(array, plain[name], name);
  const U = turned["cell.weight_hh_l0"];
  for (let gate = 0; gate < 4; gate += 1)
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1) {
        let dot = 0;
        for (let k = 0; k < n; k += 1) dot += U[(gate * n + i) * n + k] * U[(gate * n + j) * n + k];
        assert.ok(Math.abs(dot - (i === j ? 1 : 0)) < 1e-14, `${gate} ${i} ${j}: ${dot}`);
      }
});

for (const [cell, keep, initial, wanted] of [
  ["lstm", "z", { forget_bias: 3 }, 3],
  ["gru", "z", { update_bias: 2 }, 2],
  ["gru", "1-z", { update_bias: 2 }, -2],
  ["mingru", "z", { update_bias: 2 }, -2], // its z always writes
  ["minlstm", "z", { forget_bias: 3 }, 3],
  ["slstm", "z", { forget_bias: 3 }, 3],
])
  test(`${cell} ${keep}: the bias that keeps`, () => {
    const begun = (each) => network({ cell, keep, layers: 2 }, { ...INITIAL, ...each }).read();
    const [plain, set] = [{}, initial].map(begun);
    const row = cell.startsWith("min") ? 0 : 1;
    for (const layer of [0, 1])
      for (const [name, value] of [["bias_ih", wanted], ["bias_hh", 0]]) {
        const own = `cell.${name}_l${layer}`;
        if (!plain[own]) continue; // a later cell has one bias
        plain[own].fill(value, row * SHAPE.units, (row + 1) * SHAPE.units);
        assert.deepEqual(set[own], plain[own]);
      }
    assert.deepEqual(set, plain);
  });

for (const cell of ["rnn", "lstm", "gru", ...LATER])
  test(`${cell}: a batch is its sequences one by one, in a network that has read longer ones`, () => {
    const batch = TASK.draw(new Random(5), 6, 7);
    const together = network({ cell, layers: 2 });
    const alone = network({ cell, layers: 2 });
    together.forward(TASK.draw(new Random(6), 11, 12));
    together.forward(batch);
    const loss = together.loss(batch);
    together.backward(batch, 3);
    let sum = 0;
    const gradients = alone.parameters.map(({ value }) => new Float64Array(value.length));
    batch.lengths.forEach((T, b) => {
      const pick = (array) => array.filter((_, i) => i % 6 === b && Math.floor(i / 6) < T);
      const one = { ...batch, T, B: 1, ids: pick(batch.ids), targets: pick(batch.targets), lengths: Int32Array.of(T) };
      alone.forward(one);
      assert.deepEqual(alone.outputs, pick(together.outputs));
      sum += alone.loss(one) / 6;
      alone.backward(one, 3);
      alone.parameters.forEach(({ gradient }, k) => gradient.forEach((each, i) => (gradients[k][i] += each / 6)));
    });
    assert.ok(Math.abs(sum - loss) < 1e-15);
    together.parameters.forEach(({ name, gradient }, k) =>
      gradient.forEach((each, i) => assert.ok(Math.abs(each - gradients[k][i]) < 1e-14, `${name} ${i}`)),
    );
  });

for (const cell of LATER)
  test(`${cell}: the gradient is the slope of the loss`, () => {
    const made = network({ cell, layers: 2 });
    const batch = TASK.draw(new Random(8), 6, 9);
    const at = () => {
      made.forward(batch);
      return made.loss(batch);
    };
    at();
    made.backward(batch, 0);
    const random = new Random(9);
    for (const { name, value, gradient } of made.parameters) {
      const [begun, slope] = [value.slice(), gradient.slice()];
      const way = value.map(() => random.normal());
      const moved = (/** @type {number} */ step) => {
        value.forEach((_, i) => (value[i] = begun[i] + step * way[i]));
        return at();
      };
      const [e, f] = [1e-5, 2e-5].map((step) => (moved(step) - moved(-step)) / (2 * step));
      value.set(begun);
      const wanted = slope.reduce((sum, each, i) => sum + each * way[i], 0);
      const found = (4 * e - f) / 3; // Richardson; no step is so long that it meets the corner of g
      assert.ok(Math.abs(found - wanted) < 1e-9, `${name}: ${found} ${wanted}`);
    }
  });

test("nothing asked: no loss and no gradient", () => {
  const made = network({ cell: "gru" });
  const batch = TASK.draw(new Random(5), 4, 7);
  batch.targets.fill(NaN);
  made.forward(batch);
  assert.equal(made.loss(batch), 0);
  made.backward(batch, 0);
  for (const { gradient } of made.parameters) assert.ok(gradient.every((each) => each === 0));
});
