// Milliseconds of one update of the trainer's engine, float32: the best of as many as the line says that it reads.
// Arguments: cell, units, at which steps is asked ("each", "last"), and "plain" for JavaScript alone.
import { createInterface } from "node:readline";
import { Network } from "../../../assets/train/engine/network.js";
import { fastest, plain } from "../../../assets/train/engine/products.js";
import { Optimiser } from "../../../assets/train/engine/optimiser.js";
import { Random } from "../../../assets/train/random.js";

const [cell, units, asked, alone] = process.argv.slice(2);
const [T, B, inputs] = [30, 32, 10];
const random = new Random(0);
const shape = { cell, inputs, units: Number(units), layers: 1, outputs: 1, readout: "logistic" };
const products = (alone ? plain : fastest)(Float32Array);
const network = new Network({ ...shape, reset: "after", keep: "z" }, Float32Array, products);
network.initialise(random, { weights: "torch", forget_bias: null, update_bias: null });
const descent = { optimiser: "sgd", rate: 0.1, clip: 0, decay: 0, truncate: 0 };
const optimiser = new Optimiser(network.parameters, descent, Float32Array);
const batch = {
  T,
  B,
  ids: Int32Array.from({ length: T * B }, () => random.integer(0, inputs)),
  x: null,
  lengths: new Int32Array(B).fill(T),
  labels: null,
  targets: Float64Array.from({ length: T * B }, (_, i) =>
    asked === "each" || i >= (T - 1) * B ? random.integer(0, 2) : NaN,
  ),
};

function update() {
  network.forward(batch);
  network.loss(batch);
  network.backward(batch, 0);
  optimiser.step();
}

for (let k = 0; k < 200; k += 1) update();
for await (const line of createInterface({ input: process.stdin })) {
  let least = Infinity;
  for (let k = 0; k < Number(line); k += 1) {
    const start = performance.now();
    update();
    least = Math.min(least, performance.now() - start);
  }
  console.log(least);
}
