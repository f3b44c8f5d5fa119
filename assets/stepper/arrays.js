// Decoding what the server sent: base64 float32 to typed arrays.
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

// A number as it is shown everywhere: so many decimals, a true minus sign, no minus before zero.
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
export const signed = (value, digits) => (value > 0 && Number(value.toFixed(digits)) !== 0 ? "+" : "") + fixed(value, digits);

// Why a layer has no number, or none that can be drawn, in some place.
export const missing = (layer) => (layer.overflow ? "infinite or not a number: the computation overflowed" : "this text has no such word");
// A share in per cent.
export const percent = (share) => (Number.isNaN(share) ? "–" : `${Math.round(100 * share)} %`);

// A number as a subscript.
export const sub = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);

// The data of one reading: tokens, and layers (models) with panels whose `at(step, unit)` gives a value.
export function reading(data) {
  const length = data.tokens.length;
  const layers = data.layers.map((layer) => {
    const inside = layer.inside && opened(layer.inside);
    const input = inside && { ...inside.input, ...data.input, among: inside.input.shown, shown: true, name: "x", letter: "x", title: "input", kind: "input", ranges: null, ends: null, own: true, units: inside.size, values: inside.x };
    const given = [...(input ? [input] : []), ...layer.panels.map((panel) => ({ ...panel, values: floats(panel.values) }))];
    const panels = given.map((panel) => {
      const id = layer.name ? `${layer.name}-${panel.name}` : panel.name, units = panel.units ?? layer.units;
      const order = panel.units ? Array.from({ length: units }, (_, k) => k) : layer.order;
      return { ...panel, id, units, order, layer: null, at: (step, unit) => panel.values[step * units + unit] };
    });
    const made = { ...layer, inside, positive: layer.positive ? floats(layer.positive) : null, all: panels, panels: panels.filter((p) => p.shown !== false) };
    for (const panel of panels) panel.layer = made;
    return made;
  });
  return { ...data, length, layers, panels: layers.flatMap((layer) => layer.panels) };
}

// Weights and states of a cell; `size` is the number of the input's places.
function opened(inside) {
  const packed = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "peephole", "x", "h0", "c0"];
  const made = { ...inside, ...Object.fromEntries(packed.map((name) => [name, typeof inside[name] === "string" ? floats(inside[name]) : null])) };
  made.edited = Object.fromEntries(Object.entries(inside.edited).map(([name, mask]) => [name, floats(mask)]));
  return { ...made, size: made.weight_ih.length / made.bias_ih.length };
}

// The rows of one panel from top to bottom, as Plotly wants a heatmap's z: one Float32Array a unit.
export function rows(panel, length) {
  return panel.order.map((unit) => Float32Array.from({ length }, (_, step) => panel.at(step, unit)));
}

// A line of treads, one a step, on a height of 100 with low at the foot; it breaks where there is no number.
// A riser stands just behind the next step's border, where the cover hides it: the line must not tell what comes.
export function path(length, at, low, high) {
  let pen = "M";
  return Array.from({ length }, (_, step) => {
    const value = at(step);
    if (Number.isNaN(value)) { pen = "M"; return ""; }
    const y = 100 - (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
    const tread = `${pen}${step + 0.03} ${y}H${Math.min(length, step + 1.03)}`;
    pen = "L";
    return tread;
  }).join("");
}
