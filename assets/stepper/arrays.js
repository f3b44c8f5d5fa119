// Decoding what the server sent: base64 float32 to typed arrays.
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

// The data of one reading: tokens, and layers (models) with panels whose `at(step, unit)` gives a value.
export function reading(data) {
  const length = data.tokens.length;
  const layers = data.layers.map((layer) => {
    const panels = layer.panels.map((panel) => {
      const values = floats(panel.values);
      const id = layer.name ? `${layer.name}-${panel.name}` : panel.name;
      return { ...panel, id, values, layer: null, at: (step, unit) => values[step * layer.units + unit] };
    });
    const made = { ...layer, positive: layer.positive ? floats(layer.positive) : null, panels };
    for (const panel of panels) panel.layer = made;
    return made;
  });
  return { ...data, length, layers, panels: layers.flatMap((layer) => layer.panels) };
}

// The rows of one panel from top to bottom, as Plotly wants a heatmap's z: one Float32Array a unit.
export function rows(panel, length) {
  return panel.layer.order.map((unit) => Float32Array.from({ length }, (_, step) => panel.at(step, unit)));
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
