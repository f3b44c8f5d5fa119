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
