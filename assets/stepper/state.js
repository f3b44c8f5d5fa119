// Where the reader stands: step, unit, array. Setting them publishes what changed.
export function create() {
  const listeners = [];
  let open = null; // opens a layer's cell, once that module is there
  const state = {
    reading: null, colours: null, agreement: null, link: {}, ask: () => {},
    step: 0, unit: 0, array: "", level: "", playing: false, fallback: null,
    places: {}, // the chosen place of x (else a one-hot word’s own) and of p (else the likeliest): they have no units of the cell
    inner: 0, // the stage of the walk inside the cell
    subscribe: (listener) => listeners.push(listener),
    publish: (change) => listeners.forEach((listener) => listener(change)),

    // A place in a new reading: what is asked for where it exists, else the last step, the most telling unit and the first array.
    open(place) {
      const { panels, length } = state.reading;
      if (place.bad?.length) state.fallback = `The link asks for ${place.bad.join(", ")}, which is not here; shown instead: the last token, the foremost unit or the first array.`;
      state.step = within(place.step, length) ?? Math.max(0, length - 1);
      state.array = panels.some((p) => p.id === place.array) ? place.array : panels.some((p) => p.id === state.array) ? state.array : panels.find((p) => !p.own).id;
      const { units, order } = state.panel().layer;
      for (const [name, asked] of [["x", place.dim], ["p", place.out]]) state.places[name] = within(asked, panels.find((p) => p.name === name)?.units ?? 0);
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
    // The places of an output with the largest values after a step.
    likeliest: (panel, step, count = 1) => Array.from({ length: panel.units }, (_, k) => k).sort((a, b) => panel.at(step, b) - panel.at(step, a)).slice(0, count),
    // What stands for a panel's unit: its name where it has one.
    named: (panel, unit) => panel.names?.[unit] ?? String(unit),
    // In x a unit is a place of the input, in p an answer, in every other array one of the cell's.
    choose({ step = state.step, unit, array = state.array, inner }) {
      if (!state.reading.panels.some((p) => p.id === array)) return; // not shown here
      const { own: apart, name } = state.reading.panels.find((p) => p.id === array), [home, which] = apart ? [state.places, name] : [state, "unit"];
      const change = { step: step !== state.step, unit: unit !== undefined && unit !== home[which], array: array !== state.array || (inner !== undefined && inner !== state.inner) };
      Object.assign(state, { step, array });
      home[which] = unit ?? home[which];
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
    memory: (layer) => layer.panels.find((p) => p.kind === "state" && !p.own) ?? layer.panels.findLast((p) => !p.own),
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
      const panels = state.reading.panels.filter((p) => p.name !== "x" || (state.level === "all" && (p.among || state.small(p.layer))));
      const k = panels.findIndex((p) => p.id === state.array) + by;
      if (panels[k]) state.choose({ array: panels[k].id });
    },
  };
  const unitIn = (panel) => (panel.own ? state.places[panel.name] ?? own(panel) : Math.min(state.unit, panel.units - 1));
  const own = (panel) => (panel.name === "p" && state.reading.length ? state.likeliest(panel, state.step)[0]
    : Math.max(0, state.small(panel.layer) ? panel.order.findIndex((k) => panel.at(state.step, k) === 1) : 0));
  function settle() {
    const walk = state.cell()?.walk ?? [];
    state.inner = walk.findLastIndex((stage) => stage.array === state.array);
  }
  return state;
}

export const LEVELS = ["story", "unit", "all", "inside"];
export const within = (value, size) => (Number.isInteger(value) && value >= 0 && value < size ? value : undefined);
