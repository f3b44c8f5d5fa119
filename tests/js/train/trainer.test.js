// A network in training: repetition to the bit, what is measured, what stops it, how it goes on from what was saved.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Trainer } from "../../../assets/train/engine/trainer.js";
import { Random } from "../../../assets/train/random.js";
import { settings, TASK } from "./given.js";

/** Bits of all numbers, so that NaN and -0 count too. */
const bits = (record) =>
  Object.fromEntries(Object.entries(record).map(([name, { buffer }]) => [name, Buffer.from(buffer).toString("hex")]));

test("the same seed gives the same run to the bit, another seed another", () => {
  const run = (seed) => {
    const trainer = new Trainer(settings({ seed }), TASK, Float32Array);
    const told = Array.from({ length: 30 }, () => trainer.update());
    return { told, saved: bits(trainer.save()), measured: trainer.measure(7, 100) };
  };
  assert.deepEqual(run(3), run(3));
  assert.notDeepEqual(run(3).saved, run(4).saved);
});

test("networks of one seed see the same batches; measured is on the same sequences whatever the seed", () => {
  const drawn = [];
  const draw = (...told) => (drawn.push(TASK.draw(...told)), drawn.at(-1));
  const task = { ...TASK, draw, held: draw };
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

test("what a task holds apart is measured on", () => {
  const asked = [];
  const held = (random, B, length) => (asked.push([B, length]), TASK.draw(random, B, length));
  new Trainer(settings(), { ...TASK, held }, Float32Array).measure(5, 70);
  assert.deepEqual(asked, [[64, 5], [6, 5]]);
});

test("it learns", () => {
  const trainer = new Trainer({ ...settings({ descent: { rate: 0.02, decay: 0 } }), length: 2 }, TASK, Float32Array);
  for (let k = 0; k < 1500; k += 1) assert.ok(trainer.update().finite);
  assert.equal(trainer.updates, 1500);
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
  assert.deepEqual(far.update(), { loss: NaN, norm: NaN, finite: false });
  assert.deepEqual(bits(far.network.read()), after);
  assert.equal(far.updates, 0);
});

for (const optimiser of ["sgd", "momentum", "rmsprop", "adam"])
  test(`${optimiser}: a restored run goes on to the bit, with its rate`, () => {
    const draw = (random, ...told) => (random.normal(), TASK.draw(random, ...told)); // keeps a spare number
    const task = { ...TASK, draw };
    const trainer = new Trainer(settings({ descent: { optimiser } }), task, Float32Array);
    for (let k = 0; k < 7; k += 1) trainer.update();
    trainer.optimiser.rate /= 2;
    const saved = structuredClone(trainer.save());
    const other = new Trainer(settings({ descent: { optimiser }, seed: 8 }), task, Float32Array);
    other.restore(saved);
    const ways = [trainer, other].map((each) => {
      const told = Array.from({ length: 7 }, () => each.update());
      return { told, saved: bits(each.save()), updates: each.updates };
    });
    assert.deepEqual(ways[0], ways[1]);
    assert.equal(ways[1].updates, 14);
    const strange = new Trainer(settings({ descent: { optimiser }, architecture: { units: 7 } }), task, Float32Array);
    assert.throws(() => strange.restore(saved), /got/);
  });
