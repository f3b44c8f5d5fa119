// Runs the engine in float64 on the cases of test_engine.py, JSON at the path NUMBERS, and prints what it finds.
import { readFileSync } from "node:fs";
import { Network } from "../../../assets/train/engine/network.js";
import { Optimiser } from "../../../assets/train/engine/optimiser.js";

function batchOf({ T, B, ids, x, lengths, labels, targets }) {
  return {
    T,
    B,
    ids: ids && Int32Array.from(ids),
    x: x && Float64Array.from(x, (each) => each ?? NaN),
    lengths: Int32Array.from(lengths),
    labels: labels && Int32Array.from(labels),
    targets: targets && Float64Array.from(targets, (each) => each ?? NaN),
  };
}

function found({ architecture, descent, weights, batch: told, updates }) {
  const network = new Network(architecture, Float64Array);
  network.write(weights);
  const batch = batchOf(told);
  const optimiser = new Optimiser(network.parameters, descent, Float64Array);
  const step = () => {
    network.forward(batch);
    const loss = network.loss(batch);
    network.backward(batch, descent.truncate);
    return loss;
  };
  const plain = (record) => Object.fromEntries(Object.entries(record).map(([name, array]) => [name, [...array]]));
  const losses = [step()];
  const first = {
    outputs: [...network.outputs],
    gradients: Object.fromEntries(network.parameters.map(({ name, gradient }) => [name, [...gradient]])),
    arrays: network.layers.map((_, layer) => plain(network.arrays(layer))),
    norms: network.layers.map((_, layer) => [...network.norms(layer)]),
  };
  const norms = [optimiser.step()];
  while (norms.length < updates) {
    losses.push(step());
    norms.push(optimiser.step());
  }
  return { ...first, losses, clipped: norms, weights: plain(network.read()) };
}

const cases = JSON.parse(readFileSync(process.env.NUMBERS, "utf8"));
console.log(JSON.stringify(cases.map(found)));
