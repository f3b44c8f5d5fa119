// WebAssembly against the same in JavaScript: products of every shape, curves, whole networks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Network } from "../../../assets/train/engine/network.js";
import { fastest, plain, simd } from "../../../assets/train/engine/products.js";
import { Random } from "../../../assets/train/random.js";
import { INITIAL, SHAPE, TASK } from "./given.js";

const drawn = (random, count) => Float64Array.from({ length: count }, () => random.normal());

/** The same call by both: `fill` gives the arrays' numbers, `call` what is done; the first array is what comes out. */
function both(arrays, call) {
  const [fast, exact] = [simd(), plain(Float64Array)].map((products) => {
    products.clear(arrays.reduce((sum, { length }) => sum + length + 4, 0));
    const taken = arrays.map((array) => {
      const own = products.take(array.length);
      own.set(array);
      return own;
    });
    call(products, ...taken);
    return taken[0];
  });
  fast.forEach((each, i) => assert.ok(Math.abs(each - exact[i]) < 2e-5 * Math.max(1, Math.abs(exact[i])), `${i}`));
}

test("SIMD is there, and is taken for 32 bits alone", () => {
  assert.equal(fastest(Float32Array).FloatsType, Float32Array);
  assert.notEqual(fastest(Float32Array).product, plain(Float32Array).product);
  assert.equal(fastest(Float64Array).product, plain(Float64Array).product);
});

test("without WebAssembly, JavaScript does it", async () => {
  const kept = globalThis.WebAssembly;
  try {
    delete globalThis.WebAssembly;
    const other = await import("../../../assets/train/engine/products.js?without");
    assert.equal(other.fastest(Float32Array).product, plain(Float32Array).product);
  } finally {
    globalThis.WebAssembly = kept;
  }
});

for (const rows of [1, 2, 3, 4, 5, 8, 13])
  test(`products of ${rows} rows`, () => {
    const random = new Random(rows);
    for (const inner of [1, 2, 3, 4, 7, 10])
      for (const lanes of [4, 8, 12, 32]) {
        const steps = 3, count = (each) => 1 + each * lanes * (steps + 1);
        const arrays = (...counts) => counts.map((each) => drawn(random, each));
        both(arrays(4 + rows * lanes, rows * inner + 1, count(inner)), (products, out, M, x) =>
          products.product(out, 4, M, 1, x, lanes, rows, inner, lanes),
        );
        both(arrays(rows * inner + 2, count(rows), count(inner)), (products, G, d, x) =>
          products.outer(G, 1, d, lanes, rows * lanes, x, 0, inner * lanes, rows, inner, lanes, steps),
        );
      }
  });

test("curves", () => {
  const random = new Random(1);
  const a = Float32Array.from({ length: 4096 }, (_, i) => random.between(-1, 1) * 10 ** (i % 6 - 3));
  a.set([0, 200, -200, Infinity, -Infinity, NaN]);
  const products = simd();
  products.clear(2 * a.length);
  const [from, y] = [products.take(a.length), products.take(a.length)];
  from.set(a);
  products.tanhs(from, 0, y, 0, a.length);
  a.forEach((each, i) => assert.ok(Math.abs(y[i] - Math.tanh(each)) <= 4e-7 * Math.abs(Math.tanh(each)) || i === 5));
  assert.ok(Number.isNaN(y[5]));
  products.sigmoids(from, 0, y, 0, a.length);
  a.forEach((each, i) => assert.ok(Math.abs(y[i] - 1 / (1 + Math.exp(-each))) < 2e-7 || i === 5));
  assert.ok(Number.isNaN(y[5]));
});

for (const cell of ["rnn", "lstm", "gru", "mingru", "minlstm", "slstm"])
  for (const [units, B, layers, readout, reset] of [
    [1, 1, 1, "logistic", "after"],
    [5, 6, 2, "linear", "before"],
    [12, 32, 2, "logistic", "after"],
    [64, 3, 1, "softmax", "before"],
  ])
    test(`${cell} of ${units} units: gradients`, () => {
      const batch = TASK.draw(new Random(units), B, 9);
      if (readout === "softmax") batch.labels = Int32Array.from(batch.targets, (each) => (each >= 0 ? each : -1));
      const outputs = readout === "softmax" ? 3 : 1;
      const gradients = [simd(), plain(Float64Array), simd()].map((products) => {
        const architecture = { ...SHAPE, cell, units, layers, readout, reset, outputs };
        const network = new Network(architecture, products.FloatsType, products);
        network.initialise(new Random(2), INITIAL);
        network.forward(TASK.draw(new Random(1), 1, 2)); // grows with the next
        network.forward(batch);
        network.loss(batch);
        network.backward(batch, 4);
        return network.parameters.map(({ gradient }) => gradient);
      });
      const [fast, exact, again] = gradients;
      assert.deepEqual(fast, again);
      exact.forEach((wanted, k) => {
        const largest = Math.max(...wanted.map(Math.abs));
        wanted.forEach((each, i) => assert.ok(Math.abs(fast[k][i] - each) < 1e-5 * largest + 1e-9, `${k} ${i}`));
      });
    });

test("the norms of the last update stay when a longer probe is read", () => {
  const network = new Network({ ...SHAPE, cell: "lstm" }, Float32Array);
  network.initialise(new Random(2), INITIAL);
  const batch = TASK.draw(new Random(1), 4, 6);
  network.forward(batch);
  network.loss(batch);
  network.backward(batch, 0);
  const norms = network.norms();
  assert.ok(norms.length === 6 && norms.every((each) => each > 0));
  network.forward(TASK.draw(new Random(1), 9, 40));
  assert.deepEqual(network.norms(), norms);
});
