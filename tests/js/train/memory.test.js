// Nothing is allocated inside an update of the network CELL, by JavaScript if PLAIN: run by itself, with --expose-gc.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Network } from "../../../assets/train/engine/network.js";
import { fastest, plain } from "../../../assets/train/engine/products.js";
import { Optimiser } from "../../../assets/train/engine/optimiser.js";
import { Random } from "../../../assets/train/random.js";
import { DESCENT, INITIAL, SHAPE, TASK } from "./given.js";

test("nothing is allocated inside an update", () => {
  const products = (process.env.PLAIN ? plain : fastest)(Float32Array);
  const network = new Network({ ...SHAPE, cell: process.env.CELL, layers: 2, units: 8 }, Float32Array, products);
  network.initialise(Random.of(1, "weights"), INITIAL);
  const optimiser = new Optimiser(network.parameters, DESCENT, Float32Array);
  const batch = TASK.draw(new Random(1), 8, 12);
  const updates = (count) => {
    for (let k = 0; k < count; k += 1) {
      network.forward(batch);
      network.loss(batch);
      network.backward(batch, 4);
      optimiser.step();
    }
  };
  updates(3000); // until all is compiled
  const least = { heapUsed: Infinity, arrayBuffers: Infinity };
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc();
    const before = process.memoryUsage();
    updates(200);
    const after = process.memoryUsage();
    for (const name of Object.keys(least)) least[name] = Math.min(least[name], after[name] - before[name]);
  }
  assert.ok(least.arrayBuffers <= 0, `${least.arrayBuffers} bytes of arrays`);
  assert.ok(least.heapUsed < 40000, `${least.heapUsed} bytes`); // an array of H an update would be 150 kB
});
