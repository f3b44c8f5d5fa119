// The trainer's engine by itself: how weights begin, padding, repetition to the bit, what stops it, and what it allocates.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exp, sigmoids, tanhs } from "../../../assets/train/engine/curves.js";
import { Network } from "../../../assets/train/engine/network.js";
import { Optimiser } from "../../../assets/train/engine/optimiser.js";
import { Trainer } from "../../../assets/train/engine/trainer.js";
import { Random } from "../../../assets/train/random.js";

const SHAPE = { inputs: 5, units: 6, layers: 1, reset: "after", keep: "z", outputs: 1, readout: "logistic" };
const INITIAL = { weights: "torch", forget_bias: null, update_bias: null };
const DESCENT = { optimiser: "adam", rate: 0.01, clip: 1, decay: 0.001, truncate: 0 };

/** A task of this test's own: whether the last input is the first. Sequences of up to `length` steps. */
const TASK = {
  draw(random, B, length) {
    const lengths = Int32Array.from({ length: B }, () => random.integer(1, length + 1));
    const ids = Int32Array.from({ length: length * B }, (_, i) => {
      const id = random.integer(0, 5);
      return Math.floor(i / B) < lengths[i % B] ? id : -1;
    });
    const targets = new Float64Array(length * B).fill(NaN);
    lengths.forEach((own, b) => {
      targets[(own - 1) * B + b] = Number(ids[(own - 1) * B + b] === ids[b]);
    });
    return { T: length, B, ids, x: null, lengths, labels: null, targets };
  },
  measure(outputs, { targets }) {
    const asked = [...targets.keys()].filter((i) => !Number.isNaN(targets[i]));
    const right = asked.filter((i) => (outputs[i] > 0.5 ? 1 : outputs[i] < 0.5 ? 0 : NaN) === targets[i]);
    return { score: right.length / asked.length, asked: asked.length };
  },
};

const settings = (more = {}) => ({
  architecture: { ...SHAPE, cell: "lstm", ...more.architecture },
  initial: INITIAL,
  descent: { ...DESCENT, ...more.descent },
  batch: 8,
  length: 7,
  seed: more.seed ?? 3,
});

/** Bits of all numbers, so that NaN and -0 count too. */
const bits = (record) =>
  Object.fromEntries(Object.entries(record).map(([name, array]) => [name, Buffer.from(array.slice().buffer).toString("hex")]));

function network(architecture, initial = INITIAL, seed = 1) {
  const made = new Network({ ...SHAPE, ...architecture }, Float64Array);
  made.initialise(Random.of(seed, "weights"), initial);
  return made;
}

test("exp, σ and tanh are those of Math, to their rounding", () => {
  const random = new Random(1);
  const a = Float64Array.from({ length: 20000 }, (_, i) => random.between(-1, 1) * 10 ** (i % 4 - 1));
  const [s, y] = [new Float64Array(a.length), new Float64Array(a.length)];
  sigmoids(a, 0, s, 0, a.length);
  tanhs(a, 0, y, 0, a.length);
  a.forEach((each, i) => {
    assert.ok(Math.abs(exp(each) / Math.exp(each) - 1) < 1e-15, `exp(${each})`);
    assert.ok(Math.abs(s[i] - 1 / (1 + Math.exp(-each))) < 3e-16, `σ(${each})`);
    assert.ok(Math.abs(y[i] - Math.tanh(each)) < 5e-16, `tanh(${each})`);
  });
  assert.equal(exp(0), 1);
  assert.ok(Number.isNaN(exp(NaN)));
  assert.ok(exp(1e9) > 1e300 && exp(-Infinity) < 1e-300);
});

for (const cell of ["rnn", "lstm", "gru"])
  test(`${cell}: weights begin uniform within 1/√H`, () => {
    const { parameters } = network({ cell, units: 64, layers: 2, inputs: 40, outputs: 30 });
    const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].flatMap((name) => [`cell.${name}_l0`, `cell.${name}_l1`]);
    assert.deepEqual(parameters.map(({ name }) => name).sort(), [...names, "readout.bias", "readout.weight"].sort());
    for (const { name, shape, value } of parameters) {
      assert.equal(value.length, shape.reduce((a, b) => a * b), name);
      const sorted = value.slice().sort();
      const off = sorted.map((each, i) => Math.abs((each * 8 + 1) / 2 - (i + 0.5) / sorted.length)); // Kolmogorov, Smirnov
      assert.ok(Math.max(...off) < 1.95 / Math.sqrt(value.length), `${name}: ${Math.max(...off)}`);
    }
  });

test("orthogonal: each gate's U; all else is as torch begins", () => {
  const [plain, turned] = ["torch", "orthogonal"].map((weights) => network({ cell: "lstm" }, { ...INITIAL, weights }).read());
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
])
  test(`${cell} ${keep}: the bias that keeps`, () => {
    const [plain, set] = [INITIAL, { ...INITIAL, ...initial }].map((each) => network({ cell, keep, layers: 2 }, each).read());
    for (const layer of [0, 1])
      for (const [name, value] of [["bias_ih", wanted], ["bias_hh", 0]]) {
        const own = `cell.${name}_l${layer}`;
        plain[own].fill(value, SHAPE.units, 2 * SHAPE.units);
        assert.deepEqual(set[own], plain[own]);
      }
    assert.deepEqual(set, plain);
  });

for (const cell of ["rnn", "lstm", "gru"])
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

test("nothing asked: no loss and no gradient", () => {
  const made = network({ cell: "gru" });
  const batch = TASK.draw(new Random(5), 4, 7);
  batch.targets.fill(NaN);
  made.forward(batch);
  assert.equal(made.loss(batch), 0);
  made.backward(batch, 0);
  for (const { gradient } of made.parameters) assert.ok(gradient.every((each) => each === 0));
});

test("the same seed gives the same run to the bit, another seed another", () => {
  const run = (seed) => {
    const trainer = new Trainer(settings({ seed }), TASK, Float32Array);
    const told = Array.from({ length: 30 }, () => ({ ...trainer.update() }));
    return { told, saved: bits(trainer.save()), measured: trainer.measure(7, 100) };
  };
  assert.deepEqual(run(3), run(3));
  assert.notDeepEqual(run(3).saved, run(4).saved);
});

test("networks of one seed see the same batches; measured is on the same sequences whatever the seed", () => {
  const drawn = [];
  const task = { ...TASK, draw: (...told) => (drawn.push(TASK.draw(...told)), drawn.at(-1)) };
  const seen = (cell, seed) => {
    const trainer = new Trainer(settings({ architecture: { cell }, seed }), task, Float32Array);
    for (let k = 0; k < 5; k += 1) trainer.update();
    const trained = drawn.splice(0);
    trainer.measure(9, 150);
    return [trained, drawn.splice(0)];
  };
  const [[rnn, first], [lstm, second], [other, third]] = [seen("rnn", 1), seen("lstm", 1), seen("lstm", 2)];
  assert.deepEqual(rnn, lstm);
  assert.notDeepEqual(lstm, other);
  assert.deepEqual(first, second);
  assert.deepEqual(second, third);
  assert.equal(first.reduce((sum, { B }) => sum + B, 0), 150);
});

test("measured: the means over all that is asked, and no trace left in the run", () => {
  const [one, two] = [0, 1].map(() => new Trainer(settings(), TASK, Float32Array));
  for (let k = 0; k < 5; k += 1) one.update();
  for (let k = 0; k < 5; k += 1) {
    two.update();
    two.measure(20, 70);
    two.read(TASK.draw(new Random(9), 1, 4));
  }
  assert.deepEqual(bits(one.save()), bits(two.save()));
  const { loss, score, asked } = two.measure(20, 70);
  assert.equal(asked, 70);
  const all = two.tests(20, 70).flatMap((batch) => {
    const { outputs } = two.read(batch);
    return [...batch.targets.keys()].filter((i) => batch.targets[i] >= 0).map((i) => [outputs[i], batch.targets[i]]);
  });
  const mean = (of) => all.reduce((sum, each) => sum + of(...each), 0) / all.length;
  assert.ok(Math.abs(score - mean((p, y) => Number(p > 0.5 === (y === 1)))) < 1e-12);
  assert.ok(Math.abs(loss - mean((p, y) => -Math.log(y ? p : 1 - p))) < 1e-6);
});

test("it learns", () => {
  const trainer = new Trainer({ ...settings({ descent: { rate: 0.03 } }), length: 2 }, TASK, Float32Array);
  for (let k = 0; k < 400; k += 1) assert.ok(trainer.update().finite);
  assert.equal(trainer.updates, 400);
  assert.equal(trainer.measure(2, 200).score, 1);
});

test("an infinite loss or gradient stops before the weights are touched", () => {
  const far = new Trainer(settings({ architecture: { readout: "linear" } }), TASK, Float32Array);
  for (const { name, value } of far.network.parameters) if (name === "readout.weight") value.fill(1e30);
  const before = bits(far.network.read());
  const told = far.update(); // the error's square is still finite in float64, the gradients of U are not in float32
  assert.ok(Number.isFinite(told.loss) && !Number.isFinite(told.norm) && !told.finite);
  for (const { name, value } of far.network.parameters) if (name === "readout.bias") value[0] = NaN;
  const after = { ...before, ...bits({ "readout.bias": Float32Array.of(NaN) }) };
  assert.deepEqual({ ...far.update() }, { loss: NaN, norm: NaN, finite: false });
  assert.deepEqual(bits(far.network.read()), after);
  assert.equal(far.updates, 0);
});

for (const optimiser of ["sgd", "momentum", "rmsprop", "adam"])
  test(`${optimiser}: a restored run goes on to the bit, with its rate`, () => {
    const task = { ...TASK, draw: (random, ...told) => (random.normal(), TASK.draw(random, ...told)) }; // a spare number is kept
    const trainer = new Trainer(settings({ descent: { optimiser } }), task, Float32Array);
    for (let k = 0; k < 7; k += 1) trainer.update();
    trainer.optimiser.rate /= 2;
    const saved = structuredClone(trainer.save());
    const other = new Trainer(settings({ descent: { optimiser }, seed: 8 }), task, Float32Array);
    other.restore(saved);
    const ways = [trainer, other].map((each) => {
      const told = Array.from({ length: 7 }, () => ({ ...each.update() }));
      return { told, saved: bits(each.save()), updates: each.updates };
    });
    assert.deepEqual(ways[0], ways[1]);
    assert.equal(ways[1].updates, 14);
    const strange = new Trainer(settings({ descent: { optimiser }, architecture: { units: 7 } }), task, Float32Array);
    assert.throws(() => strange.restore(saved), /got/);
  });

for (const cell of ["rnn", "lstm", "gru"])
  test(`${cell}: nothing is allocated inside an update`, () => {
    const made = new Network({ ...SHAPE, cell, layers: 2, units: 8 }, Float32Array);
    made.initialise(Random.of(1, "weights"), INITIAL);
    const optimiser = new Optimiser(made.parameters, DESCENT, Float32Array);
    const batch = TASK.draw(new Random(1), 8, 12);
    const updates = (/** @type {number} */ count) => {
      for (let k = 0; k < count; k += 1) {
        made.forward(batch);
        made.loss(batch);
        made.backward(batch, 4);
        optimiser.step();
      }
    };
    updates(1500); // until everything is compiled
    globalThis.gc();
    const before = process.memoryUsage();
    updates(200);
    const after = process.memoryUsage();
    console.log(cell, after.heapUsed - before.heapUsed, after.arrayBuffers - before.arrayBuffers);
    assert.equal(after.arrayBuffers, before.arrayBuffers);
    assert.ok(after.heapUsed - before.heapUsed < 10000, `${after.heapUsed - before.heapUsed} bytes`);
  });
