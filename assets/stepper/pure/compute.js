// A small model at work in the browser: the payload of a reading with other words, its numbers worked out from the
// weights and the plans of the equations that it carries (core/views/stepper/layers.py). In float64; NumPy's float32
// run is within rounding of it.
import { floats, pack, starts as startsOf } from "./arrays.js";
import { total } from "./numbers.js";
import { unrolled } from "./plan.js";

/**
 * @typedef {import("../types").Body} Body
 * @typedef {import("../types").Computes} Computes
 * @typedef {Record<string, Float64Array>} Rows
 */

// As core/models/text.py, for words that a closed vocabulary may have.
const WORDS = /\p{L}[\p{L}\p{M}\p{N}]*(?:['’]\p{L}[\p{L}\p{M}]*)*|\p{N}+(?:[.,]\p{N}+)*|\S/gu;
export const MOST = 500;
/** @type {Record<string, string>} */
const SPACES = { " ": "␣", "\n": "↵" };

/** @param {string} text */
const wordsOf = (text) => (text.match(WORDS) ?? []).map((word) => word.toLowerCase().replaceAll("’", "'"));

/**
 * What a text comes to: tokens, and those that the model does not know.
 * @param {Computes} computes
 * @param {string} text
 */
export function split({ reads, words }, text) {
  const all = reads === "words" ? wordsOf(text) : [...text.replace(/\s+$/u, "")];
  const tokens = all.slice(0, MOST);
  const strange = [...new Set(tokens.filter((token) => !words.includes(token)))];
  return { tokens, cut: all.length > MOST, strange };
}

/**
 * Every array of a cell over the inputs x, (T · D) numbers: name -> (T · H) numbers.
 * @param {import("../types").SentInside} inside
 * @param {number} units
 * @param {Float64Array} x
 * @returns {{rows: Rows, start: Float32Array}} start: the h before the first step
 */
export function run(inside, units, x) {
  if (typeof inside.fixed === "string") throw new Error("the weights are not here");
  const { fixed } = inside;
  const [weight_ih, weight_hh] = [floats(fixed.weight_ih), floats(fixed.weight_hh)];
  const [bias_ih, bias_hh] = [floats(fixed.bias_ih), floats(fixed.bias_hh)];
  const peephole = fixed.peephole ? floats(fixed.peephole) : null;
  const starts = startsOf(inside);
  const { size } = inside;
  const weights = { units, size, weight_ih, weight_hh, bias_ih, bias_hh, peephole };
  const { rows } = unrolled(fixed.lines, weights, x, starts);
  return { rows, start: starts.h };
}

/**
 * The readout's probabilities of its labels for one h, logistic if it has one row, else a softmax.
 * @param {{weight: Float32Array, bias: Float32Array}} readout
 * @param {Float32Array | Float64Array} h
 */
function outputs({ weight, bias }, h) {
  const logits = Array.from(bias, (b, k) => b + total(Array.from(h, (v, u) => weight[k * h.length + u] * v)));
  if (logits.length === 1) return [1 - 1 / (1 + Math.exp(-logits[0])), 1 / (1 + Math.exp(-logits[0]))];
  const exps = logits.map((v) => Math.exp(v - Math.max(...logits)));
  return exps.map((v) => v / total(exps));
}

/**
 * The key place, as core/insight/heroes.py finds it.
 * @param {Rows} rows
 * @param {Float32Array} weight of the readout
 * @param {number} units
 * @param {number} length
 * @returns {import("../types").Hero | null}
 */
function hero(rows, weight, units, length) {
  /** @type {(name: string, t: number, u: number) => number} */
  const before = (name, t, u) => (t ? rows[name][(t - 1) * units + u] : 0);
  /** @type {(u: number) => number} */
  const heard = (u) =>
    Math.max(...Array.from({ length: weight.length / units }, (_, k) => Math.abs(weight[k * units + u])));
  let [step, unit, most] = [-1, -1, -1];
  for (let t = 0; t < length; t += 1) {
    for (let u = 0; u < units; u += 1) {
      const score = heard(u) * Math.abs(rows.h[t * units + u] - before("h", t, u));
      if (score > most) [step, unit, most] = [t, u, score];
    }
  }
  if (step < 0) return null;
  /** @type {(name: string) => number} */
  const at = (name) => rows[name][step * units + unit];
  const gate = () => (Math.abs(before("c", step, unit)) * (1 - at("f")) >= Math.abs(at("i") * at("g")) ? "f" : "i");
  return { step, unit, array: rows.z ? "z" : rows.c ? gate() : "h" };
}

/**
 * One layer with its numbers worked out anew for `tokens`.
 * @param {import("../types").SentLayer} layer
 * @param {string[]} tokens
 */
function filled(layer, tokens) {
  const { computes, inside, units } = layer;
  if (!computes || !inside) throw new Error("this model cannot be computed here");
  const readout = { weight: floats(computes.weight), bias: floats(computes.bias) };
  const size = computes.words.length;
  const x = new Float64Array(tokens.length * size);
  tokens.forEach((token, t) => {
    x[t * size + computes.words.indexOf(token)] = 1;
  });
  const { rows, start } = run(inside, units, x);
  const states = [start, ...tokens.map((_, t) => rows.h.subarray(t * units, (t + 1) * units))];
  const said = states.map((h) => outputs(readout, h));
  const panels = layer.panels.map((panel) => ({
    ...panel,
    values: pack(panel.name === "p" ? said.slice(1).flat() : rows[panel.name]),
  }));
  const positive = layer.positive === null ? null : pack(said.map((p) => p[1]));
  return {
    layer: { ...layer, panels, positive, inside: { ...inside, x: pack(x) } },
    hero: hero(rows, readout.weight, units, tokens.length),
  };
}

/**
 * A payload of which every layer can be worked out; of two texts read by one model the second is what is typed over,
 * its arrays all shown.
 * @param {Body} body
 * @returns {Body | null}
 */
function whole(body) {
  const twice = new Set(body.layers.map((layer) => layer.cell)).size < body.layers.length;
  const layers = twice ? body.layers.slice(-1) : body.layers;
  if (!layers.every((layer) => layer.computes)) return null;
  if (!twice) return body;
  /** @type {(layer: import("../types").SentLayer) => import("../types").SentLayer} */
  const alone = (layer) => ({
    ...layer,
    name: "",
    title: "",
    panels: layer.panels.map((panel) => ({ ...panel, shown: true })),
  });
  return { ...body, layers: layers.map(alone) };
}

/**
 * What words a payload's model reads, null where its numbers cannot be worked out here.
 * @param {Body} body
 */
export const reads = (body) => whole(body)?.layers[0].computes ?? null;

/**
 * A payload of other tokens.
 * @param {Body} body one of which `reads` is not null
 * @param {string[]} tokens
 * @returns {Body}
 */
export function read(body, tokens) {
  const base = whole(body);
  if (!base) throw new Error("this model cannot be computed here");
  const made = base.layers.map((layer) => filled(layer, tokens));
  return {
    ...base,
    id: `own ${body.id} ${tokens.join(" ")}`,
    tokens: tokens.map((token) => SPACES[token] ?? token),
    known: tokens.map(() => 1),
    layers: made.map((m) => m.layer),
    hero: made[0].hero,
  };
}
