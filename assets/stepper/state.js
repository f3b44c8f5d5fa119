// Where the reader stands: step, unit, array. Setting them publishes what changed.
export function create() {
  const listeners = [];
  let open = null; // opens a layer's cell, once that module is there
  const state = {
    reading: null, colours: null, agreement: null, link: {}, ask: () => {},
    step: 0, unit: 0, array: "", level: "", playing: false, fallback: null,
    dim: null, inner: 0, // the chosen place of x (null: a one-hot word’s own), and the stage of the walk inside the cell
    subscribe: (listener) => listeners.push(listener),
    publish: (change) => listeners.forEach((listener) => listener(change)),

    // A place in a new reading: what is asked for where it exists, else the last step, the most telling unit and the first array.
    open(place) {
      const { panels, length } = state.reading;
      if (place.bad?.length) state.fallback = `The link asks for ${place.bad.join(", ")}, which is not here; shown instead: the last token, the foremost unit or the first array.`;
      state.step = within(place.step, length) ?? Math.max(0, length - 1);
      state.array = panels.some((p) => p.id === place.array) ? place.array : panels.some((p) => p.id === state.array) ? state.array : panels.find((p) => p.name !== "x").id;
      const { units, order } = state.panel().layer;
      state.dim = within(place.dim, state.panel().layer.inside?.size ?? 0) ?? null;
      settle();
      const { hero } = state.reading;
      const telling = hero && state.panel().layer === state.reading.layers[0] ? hero.unit : undefined;
      state.unit = within(place.unit, units) ?? within(telling, units) ?? order[0];
    },

    panel: () => state.reading.panels.find((p) => p.id === state.array),
    // Whether a layer is so small that all of it fits on the screen: the models of ten words.
    small: (layer) => Boolean(layer.inside?.inputs.length),
    units: () => Math.max(...state.reading.layers.map((layer) => layer.units)),
    // The cell that the chosen array belongs to, and where in its order of computation the array stands (undefined for x).
    cell: (layer = state.panel().layer) => (layer.inside && open ? (layer.opened ??= open(layer)) : null),
    use(opener) {
      open = opener;
      if (state.reading) settle();
    },
    stage: () => state.cell()?.walk[state.inner],
    value: (panel = state.panel()) => panel.at(state.step, unitIn(panel)),
    unitIn: (panel) => unitIn(panel),

    go(step) {
      const to = Math.min(state.reading.length - 1, Math.max(0, step));
      if (to === state.step || state.reading.length === 0) return;
      state.step = to;
      state.publish({ step: true });
    },
    // In x a unit is a place of the input, in every other array one of the cell's.
    choose({ step = state.step, unit, array = state.array, inner }) {
      if (!state.reading.panels.some((p) => p.id === array)) return; // not shown here
      const which = state.reading.panels.find((p) => p.id === array).name === "x" ? "dim" : "unit";
      const change = { step: step !== state.step, unit: unit !== undefined && unit !== state[which], array: array !== state.array || (inner !== undefined && inner !== state.inner) };
      Object.assign(state, { step, array, [which]: unit ?? state[which] });
      if (inner === undefined) settle();
      else state.inner = inner;
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
          settle();
        }
        state.show(state.panel().layer.inside ? "inside" : "unit");
        state.publish({ array: true, unit: true });
        return;
      }
      if (state.level === "inside" && state.cell()) {
        const { walk } = state.cell(), to = Math.min(walk.length - 1, Math.max(0, state.inner + by));
        return state.choose({ array: walk[to].array, inner: to });
      }
      const panels = state.reading.panels.filter((p) => p.name !== "x" || (state.level === "all" && state.small(p.layer)));
      const k = panels.findIndex((p) => p.id === state.array) + by;
      if (panels[k]) state.choose({ array: panels[k].id });
    },
  };
  const unitIn = (panel) => (panel.name === "x" ? state.dim ?? own(panel) : Math.min(state.unit, panel.units - 1));
  const own = (panel) => Math.max(0, state.small(panel.layer) ? panel.order.findIndex((k) => panel.at(state.step, k) === 1) : 0);
  function settle() {
    const walk = state.cell()?.walk ?? [];
    state.inner = walk.findLastIndex((stage) => stage.array === state.array);
  }
  return state;
}

export const LEVELS = ["story", "unit", "all", "inside"];
export const within = (value, size) => (Number.isInteger(value) && value >= 0 && value < size ? value : undefined);
