// Where the reader stands: step, unit, array. Setting them publishes what changed.
export function create() {
  const listeners = [];
  const state = {
    reading: null, colours: null, agreement: null, link: {}, ask: () => {},
    step: 0, unit: 0, array: "", level: "", playing: false, fallback: null,
    subscribe: (listener) => listeners.push(listener),
    publish: (change) => listeners.forEach((listener) => listener(change)),

    // A place in a new reading: what is asked for where it exists, else the last step, the most telling unit and the first array.
    open(place) {
      const { panels, length } = state.reading;
      if (place.bad?.length) state.fallback = `The link asks for ${place.bad.join(", ")}, which is not here; shown instead: the last token, the foremost unit or the first array.`;
      state.step = within(place.step, length) ?? Math.max(0, length - 1);
      state.array = panels.some((p) => p.id === place.array) ? place.array : panels.some((p) => p.id === state.array) ? state.array : panels[0].id;
      const { units, order } = state.panel().layer;
      const { hero } = state.reading;
      const telling = hero && state.panel().layer === state.reading.layers[0] ? hero.unit : undefined;
      state.unit = within(place.unit, units) ?? within(telling, units) ?? order[0];
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
    show(level) {
      if (level === state.level) return;
      const apply = () => { state.level = level; state.publish({ level: true, unit: true, step: true }); };
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (state.level && document.startViewTransition && !still) document.startViewTransition(apply);
      else apply();
    },
    // The array that holds the memory of a layer: c, or h where there is no c.
    memory: (layer) => layer.panels.find((p) => p.kind === "state") ?? layer.panels.at(-1),
    // What a prediction is about: the chosen number, in a story the memory.
    watched: () => (state.level === "story" ? state.memory(state.panel().layer) : state.panel()),
    walk(by) {
      if (state.level === "story") {
        if (by < 0) return;
        const { hero, layers } = state.reading;
        if (hero?.step === state.step) {
          state.array = layers[0].panels.find((p) => p.name === hero.array)?.id ?? state.array;
          state.unit = hero.unit;
        }
        state.show("unit");
        state.publish({ array: true, unit: true });
        return;
      }
      const { panels } = state.reading;
      const k = panels.findIndex((p) => p.id === state.array) + by;
      if (panels[k]) state.choose({ array: panels[k].id });
    },
  };
  const unitIn = (panel) => Math.min(state.unit, panel.layer.units - 1);
  return state;
}

export const LEVELS = ["story", "unit", "all"];
export const within = (value, size) => (Number.isInteger(value) && value >= 0 && value < size ? value : undefined);
