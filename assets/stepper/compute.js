// A small model at work in the browser: the payload of a reading with other words, its numbers worked out from the weights and the plans of the
// equations that it carries (core/views/stepper/layers.py). In float64; NumPy's float32 run is within rounding of it.
const WORDS = /\p{L}[\p{L}\p{M}\p{N}]*(?:['’]\p{L}[\p{L}\p{M}]*)*|\p{N}+(?:[.,]\p{N}+)*|\S/gu; // as core/models/text.py, for words that a closed vocabulary may have
export const MOST = 500;
const sum = (numbers) => numbers.reduce((x, y) => x + y, 0);

export function create({ arrays: { floats }, cell: { CURVES } }) {
  const pack = (rows) => {
    const bytes = new Uint8Array(Float32Array.from(rows).buffer);
    let text = "";
    for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
    return btoa(text);
  };

  // What a text comes to: tokens, and those that the model does not know.
  function split({ reads, words }, text) {
    const all = reads === "words" ? (text.match(WORDS) ?? []).map((word) => word.toLowerCase().replaceAll("’", "'")) : [...text.replace(/\s+$/u, "")];
    const tokens = all.slice(0, MOST);
    return { tokens, cut: all.length > MOST, strange: [...new Set(tokens.filter((token) => !words.includes(token)))] };
  }

  // Every array of the cell over the one-hot rows `ids`: name -> (T · H) numbers. And x, (T · D).
  function run(layer, ids) {
    const { units, inside } = layer, length = ids.length;
    const given = Object.fromEntries(["weight_ih", "weight_hh", "bias_ih", "bias_hh", "peephole", "h0", "c0"].map((name) => [name, inside[name] ? floats(inside[name]) : null]));
    const size = given.weight_ih.length / given.bias_ih.length;
    const rows = Object.fromEntries(inside.lines.map(({ name }) => [name, new Float64Array(length * units)]));
    const x = new Float64Array(length * size);
    ids.forEach((id, t) => { x[t * size + id] = 1; });

    function number(plan, t, unit) {
      const [kind, a, b] = plan;
      if (kind === "var") return a === "x" ? x[t * size + unit] : !b ? rows[a][t * units + unit] : t ? rows[a][(t - 1) * units + unit] : given[`${a}0`][unit];
      if (kind === "rest") return 1 - number(a, t, unit);
      if (kind === "one") return 1;
      if (kind === "times") return number(a, t, unit) * number(b, t, unit);
      if (kind === "sum") return sum(plan.slice(1).map((term) => number(term, t, unit)));
      if (kind === "peep") return given.peephole[b * units + unit] * number(plan[3], t, unit);
      if (kind === "affine") return affine(plan, t, unit);
      if (a !== "softmax") return CURVES[a](number(b, t, unit));
      const exps = Array.from({ length: units }, (_, u) => Math.exp(number(b, t, u)));
      return exps[unit] / sum(exps);
    }
    function affine([, , start, inner, vector], t, unit) {
      const [weight, bias, width] = inner ? [given.weight_hh, given.bias_hh, units] : [given.weight_ih, given.bias_ih, size];
      let total = bias[start + unit];
      for (let k = 0; k < width; k += 1) total += weight[(start + unit) * width + k] * number(vector, t, k);
      return total;
    }
    for (let t = 0; t < length; t += 1) for (const { name, plan } of inside.lines) for (let u = 0; u < units; u += 1) rows[name][t * units + u] = number(plan, t, u);
    return { x, rows, start: given.h0 };
  }

  // The readout's probabilities of its labels for one h, logistic if it has one row, else a softmax.
  function outputs({ weight, bias }, h) {
    const logits = Array.from(bias, (b, k) => b + sum(Array.from(h, (v, u) => weight[k * h.length + u] * v)));
    if (logits.length === 1) return [1 - 1 / (1 + Math.exp(-logits[0])), 1 / (1 + Math.exp(-logits[0]))];
    const exps = logits.map((v) => Math.exp(v - Math.max(...logits)));
    return exps.map((v) => v / sum(exps));
  }

  // The key place, as core/insight/heroes.py finds it.
  function hero({ rows }, { weight }, units, length) {
    const before = (name, t, u) => (t ? rows[name][(t - 1) * units + u] : 0);
    let found = null;
    for (let t = 0; t < length; t += 1) {
      for (let u = 0; u < units; u += 1) {
        const listens = Math.max(...Array.from({ length: weight.length / units }, (_, k) => Math.abs(weight[k * units + u])));
        const score = listens * Math.abs(rows.h[t * units + u] - before("h", t, u));
        if (!found || score > found.score) found = { step: t, unit: u, score };
      }
    }
    if (!found) return null;
    const { step, unit } = found, at = (name) => rows[name][step * units + unit];
    const gate = () => (Math.abs(before("c", step, unit)) * (1 - at("f")) >= Math.abs(at("i") * at("g")) ? "f" : "i");
    return { step, unit, array: rows.z ? "z" : rows.c ? gate() : "h" };
  }

  // One layer with its numbers worked out anew for `tokens`.
  function filled(layer, tokens) {
    const { computes, units } = layer, readout = { weight: floats(computes.weight), bias: floats(computes.bias) };
    const found = run(layer, tokens.map((token) => computes.words.indexOf(token)));
    const said = [found.start, ...tokens.map((_, t) => found.rows.h.subarray(t * units, (t + 1) * units))].map((h) => outputs(readout, h));
    const panels = layer.panels.map((panel) => ({ ...panel, values: pack(panel.name === "p" ? said.slice(1).flat() : found.rows[panel.name]) }));
    const positive = layer.positive === null ? null : pack(said.map((p) => p[1]));
    return { layer: { ...layer, panels, positive, inside: { ...layer.inside, x: pack(found.x) } }, hero: hero(found, readout, units, tokens.length) };
  }

  // A payload of which every layer can be worked out; of two texts read by one model the second is what is typed over, its arrays all shown.
  function whole(body) {
    const one = new Set(body.layers.map((layer) => layer.cell)).size < body.layers.length ? [body.layers.at(-1)] : body.layers;
    if (!one.every((layer) => layer.computes)) return null;
    if (one.length === body.layers.length) return body;
    return { ...body, layers: one.map((layer) => ({ ...layer, name: "", title: "", panels: layer.panels.map((panel) => ({ ...panel, shown: true })) })) };
  }

  return {
    split,
    // What words a payload's model reads ({reads, words}), null where its numbers cannot be worked out here.
    reads: (body) => whole(body)?.layers[0].computes ?? null,
    read(body, tokens) {
      const base = whole(body), made = base.layers.map((layer) => filled(layer, tokens));
      const spaces = { " ": "␣", "\n": "↵" };
      return { ...base, id: `own ${body.id} ${tokens.join(" ")}`, tokens: tokens.map((token) => spaces[token] ?? token), known: tokens.map(() => 1), layers: made.map((m) => m.layer), hero: made[0].hero };
    },
  };
}
