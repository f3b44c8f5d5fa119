// Where the reader stands: step, unit, array. Setting them publishes what changed.
export function create() {
  const listeners = [];
  const state = {
    reading: null, colours: null, agreement: null, link: {}, ask: () => {},
    step: 0, unit: 0, array: "", level: "all", playing: false, fallback: null,
    subscribe: (listener) => listeners.push(listener),
    publish: (change) => listeners.forEach((listener) => listener(change)),

    // A place in a new reading: what is asked for where it exists, else the last step, the first model's foremost unit and first array.
    open(place) {
      const { panels, length } = state.reading;
      if (place.bad?.length) state.fallback = `The link asks for ${place.bad.join(", ")}, which is not here; shown instead: the last token, the foremost unit or the first array.`;
      state.step = within(place.step, length) ?? Math.max(0, length - 1);
      state.array = panels.some((p) => p.id === place.array) ? place.array : panels.some((p) => p.id === state.array) ? state.array : panels[0].id;
      const { units, order } = state.panel().layer;
      state.unit = within(place.unit, units) ?? order[0];
    },

    panel: () => state.reading.panels.find((p) => p.id === state.array),
    units: () => Math.max(...state.reading.layers.map((layer) => layer.units)),
    value: (panel = state.panel()) => panel.at(state.step, unitIn(panel)),
    unitIn: (panel) => unitIn(panel),

    go(step) {
      const to = Math.min(state.reading.length - 1, Math.max(0, step));
      if (to === state.step || state.reading.length === 0) return;
      state.step = to;
      state.publish({ step: true });
    },
    choose({ step = state.step, unit = state.unit, array = state.array }) {
      const change = { step: step !== state.step, unit: unit !== state.unit, array: array !== state.array };
      Object.assign(state, { step, unit, array });
      if (change.step || change.unit || change.array) state.publish(change);
    },
    walk(by) {
      const { panels } = state.reading;
      const k = panels.findIndex((p) => p.id === state.array) + by;
      if (panels[k]) state.choose({ array: panels[k].id });
    },
  };
  const unitIn = (panel) => Math.min(state.unit, panel.layer.units - 1);
  return state;
}

export const within = (value, size) => (Number.isInteger(value) && value >= 0 && value < size ? value : undefined);
