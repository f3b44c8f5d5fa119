// What the stepper is given of a network that is being trained: the template that the server made for it
// (core/views/train/template.py), with the numbers of this moment, and the names that the task gives what is read and
// said: of the reader's own data they are known here alone.
import { pack } from "../../stepper/pure/arrays.js";

/**
 * @typedef {import("../../stepper/types").Body} Body
 * @typedef {import("../../stepper/types").SentLayer} SentLayer
 * @typedef {import("../types").ProbeReading} ProbeReading
 * @typedef {import("../types").Course} Course
 */

const PARAMETERS = /** @type {const} */ (["weight_ih", "weight_hh", "bias_ih", "bias_hh"]); // a cell may lack some

/** @param {number} sum */
const logistic = (sum) => 1 / (1 + Math.exp(-sum));

/**
 * @param {SentLayer} layer
 * @param {ProbeReading} probe
 * @param {number} k the layer's place in its network
 * @param {Record<string, import("../types").Floats>} weights
 * @param {boolean} last whether the readout sees this layer
 * @param {import("../types").Snapshot} snapshot
 * @returns {SentLayer}
 */
function filled(layer, probe, k, weights, last, { words, labels }) {
  const arrays = probe.layers[k];
  const panels = layer.panels.map((panel) => ({
    ...panel,
    ...(panel.name === "p" ? { names: labels, units: labels.length } : {}),
    values: pack(panel.name === "p" ? probe.outputs : arrays[panel.name]),
  }));
  const { inside } = layer;
  if (!inside || typeof inside.fixed === "string") throw new Error("a template has its equations with it");
  const fixed = { ...inside.fixed };
  for (const name of PARAMETERS) {
    const values = weights[`cell.${name}_l${k}`];
    if (values) fixed[name] = pack(values);
  }
  const x = k ? probe.layers[k - 1].h : probe.x;
  const size = x.length / probe.T;
  const read = k ? {} : { size, inputs: words ?? [], input: { ...inside.input, names: words } };
  const positive = [logistic(weights["readout.bias"][0]), ...probe.outputs];
  return {
    ...layer,
    panels,
    positive: last && layer.positive !== null ? pack(positive) : null,
    inside: { ...inside, ...read, fixed, x: pack(x) },
  };
}

/**
 * @param {Body} template its layers: those of the first network, then those of the second
 * @param {import("../types").Snapshot} snapshot
 * @returns {Body | null} null where there is nothing to read
 */
export function body(template, snapshot) {
  const { networks, tokens, updates, words, labels } = snapshot;
  const layers = [];
  for (const { probe, weights } of networks) {
    if (!probe || !weights) return null;
    for (let k = 0; k < probe.layers.length; k += 1) {
      layers.push(filled(template.layers[layers.length], probe, k, weights, k === probe.layers.length - 1, snapshot));
    }
  }
  const id = [template.id, updates, ...tokens, ...(words ?? []), ...labels].join(" ");
  return { ...template, id, tokens, known: tokens.map(() => 1), layers };
}
