// Where the reader stands: step, unit, array. Setting them publishes what changed.
import { likeliest, placeOf, weightiest, within } from "./pure/places.js";

/**
 * @typedef {import("./types").Change} Change
 * @typedef {import("./types").Layer} Layer
 * @typedef {import("./types").Panel} Panel
 * @typedef {import("./types").Place} Place
 * @typedef {import("./types").Reading} Reading
 * @typedef {import("./types").Sent} Sent
 */

export const LEVELS = /** @type {const} */ (["story", "unit", "all", "inside"]);

/**
 * @param {() => ((layer: Layer) => import("./types").Cell) | null} opener what opens a layer's cell, once it is there
 * @param {import("./blanks.js").Blanks} blanks
 */
export function create(opener, blanks) {
  /** @type {((change: Change) => void)[]} */
  const listeners = [];
  /** @type {WeakMap<Layer, import("./types").Cell>} */
  const cells = new WeakMap();

  // What the first show brings is there before any view is told anything.
  const later = /** @type {any} */ (null);
  /** @type {import("./types").State} */
  const state = {
    given: later,
    reading: later,
    colours: later,
    agreement: null,
    link: {},
    ask: () => {},
    step: 0,
    unit: 0,
    array: "",
    level: "",
    playing: false,
    fallback: null,
    // The chosen place of x (else a one-hot word’s own) and of p (else the likeliest): they have no units of the cell.
    places: {},
    inner: 0, // the stage of the walk inside the cell
    blanks,

    subscribe: (listener) => void listeners.push(listener),
    publish: (change) => listeners.forEach((listener) => listener(change)),

    // What the server sent. ask: how something is asked of it.
    receive: (given, agreement, ask) => void Object.assign(state, { given, agreement, ask, link: given.link }),

    wrote() {}, // main.js remembers where the address is of

    // A place in a new reading: what is asked for where it exists, else the last step, the most telling unit and the
    // first array.
    open(place) {
      const { panels, length, hero, layers } = state.reading;
      if (place.bad?.length) {
        state.fallback =
          `The link asks for ${place.bad.join(", ")}, which does not exist here. ` +
          "You see the last token, the first unit shown or the first array instead.";
      }
      state.step = within(place.step, length) ?? Math.max(0, length - 1);
      const array = [place.array, state.array].find((id) => panels.some((p) => p.id === id));
      state.array = array ?? panels.filter((p) => !p.own)[0].id;
      const { units, order } = state.panel().layer;
      const sizeOf = (/** @type {string} */ axis) => panels.find((p) => placeOf(p) === axis)?.units ?? 0;
      state.places = { x: within(place.dim, sizeOf("x")), p: within(place.out, sizeOf("p")) };
      const { place: shared, per, units: own } = state.panel();
      if (shared) state.places[shared] = within(place.dim, per ?? own);
      settle();
      const telling = hero && state.panel().layer === layers[0] ? hero.unit : undefined;
      state.unit = within(place.unit, units) ?? within(telling, units) ?? order[0];
    },

    panel: () => /** @type {Panel} */ (state.reading.panels.find((p) => p.id === state.array)),
    // Which way the reader steps is told by the array: a gradient belongs to the way back.
    back: () => Boolean(state.reading?.panels.find((p) => p.id === state.array)?.back),
    turns: () => state.reading.panels.some((p) => p.back),
    turn(back) {
      if (back === state.back()) return;
      const { panels, length } = state.reading;
      if (!back) return state.choose({ array: panels.find((p) => p.id === state.panel().of)?.id ?? panels[0].id });
      const first = panels.find((p) => p.back);
      state.choose({ array: first?.id, step: Math.max(0, length - 1) });
    },
    onward: (step = state.step) => step + (state.back() ? -1 : 1),
    stages: (cell) => (state.back() ? cell.back : cell.walk),
    // Whether a layer is so small that all of it fits on the screen: the models of ten words.
    small: (layer) => Boolean(layer.inside?.inputs.length),
    units: () => Math.max(...state.reading.layers.map((layer) => layer.units)),

    // The cell that the chosen array belongs to; null without its weights, or before the inside has been fetched.
    cell() {
      const { layer } = state.panel();
      const open = opener();
      if (!layer.inside?.fixed || !open) return null;
      const cell = cells.get(layer) ?? open(layer);
      cells.set(layer, cell);
      return cell;
    },
    // Where in the cell's order of computation the array stands (undefined for x).
    stage() {
      const cell = state.cell();
      return cell ? state.stages(cell)[state.inner] : undefined;
    },
    // To be called when cells can be opened.
    settle() {
      if (state.reading) settle();
    },
    value: (panel = state.panel()) => panel.at(state.step, unitIn(panel)),
    unitIn: (panel) => unitIn(panel),

    // Whether a number is to be filled in, and not yet.
    hidden: (panel, step = state.step, unit = unitIn(panel)) => blanks.hidden(state.reading.id, panel, step, unit),

    go(step) {
      const to = Math.min(state.reading.length - 1, Math.max(0, step));
      if (to === state.step || state.reading.length === 0) return;
      state.step = to;
      state.publish({ step: true });
    },
    likeliest,
    // What stands for a panel's unit: its name where it has one.
    named: (panel, unit) => panel.names?.[unit] ?? String(unit),

    // In x a unit is a place of the input, in p an answer, in every other array one of the cell's.
    choose({ step = state.step, unit, array = state.array, inner }) {
      const panel = state.reading.panels.find((p) => p.id === array);
      if (!panel) return; // not shown here
      const before = panel.own ? state.places[placeOf(panel)] : panel.per ? unitIn(panel) : state.unit;
      const change = {
        pass: Boolean(panel.back) !== state.back(),
        step: step !== state.step,
        unit: unit !== undefined && unit !== before,
        array: array !== state.array || (inner !== undefined && inner !== state.inner),
      };
      Object.assign(state, { step, array });
      stand(panel, unit ?? before);
      if (inner === undefined) settle();
      else state.inner = inner;
      if (change.step || change.unit || change.array) state.publish(change);
    },

    show(level) {
      if (level === state.level) return;
      const apply = () => {
        state.level = level;
        state.publish({ level: true, unit: true, step: true });
      };
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (!state.level || still || !("startViewTransition" in document)) return apply();
      document.startViewTransition(apply).ready.catch(() => {}); // cut short by the next one, or hidden: it is there
    },
    // The array that holds the memory of a layer: c, or h where there is no c.
    memory({ panels }) {
      const own = panels.filter((p) => !p.own && !p.back);
      const memory = panels.find((p) => p.memory) ?? own.find((p) => p.kind === "state") ?? own[own.length - 1];
      return (state.back() && panels.find((p) => p.name === `d_${memory.name}`)) || memory;
    },
    // What a prediction is about: the chosen number, in a story the memory.
    watched: () => (state.level === "story" ? state.memory(state.panel().layer) : state.panel()),

    // From array to array; inside the cell in the order of computation; in a story to what explains it.
    walk(by) {
      if (state.level === "story") return by > 0 ? explain() : undefined;
      const cell = state.level === "inside" ? state.cell() : null;
      if (cell) {
        const stages = state.stages(cell);
        const to = Math.min(stages.length - 1, Math.max(0, state.inner + by));
        return state.choose({ array: stages[to].array, inner: to });
      }
      const walked = (/** @type {Panel} */ p) =>
        Boolean(p.back) === state.back() &&
        (p.axis !== "x" || (state.level === "all" && (p.among || state.small(p.layer))));
      const panels = state.reading.panels.filter(walked);
      const next = panels[panels.findIndex((p) => p.id === state.array) + by];
      return next ? state.choose({ array: next.id }) : undefined;
    },
  };

  function explain() {
    const { hero, layers } = state.reading;
    if (hero && hero.step === state.step) {
      state.array = layers[0].panels.find((p) => p.name === hero.array)?.id ?? state.array;
      state.unit = hero.unit;
      settle();
    }
    state.show(state.panel().layer.inside ? "inside" : "unit");
    state.publish({ array: true, unit: true });
  }

  /**
   * @param {Panel} panel
   * @returns {number}
   */
  function unitIn(panel) {
    const { per = 1 } = panel;
    const inner = per > 1 ? (state.places[placeOf(panel)] ?? 0) : 0;
    if (!panel.own) return Math.min(state.unit * per, panel.units - per) + inner;
    return within(state.places[placeOf(panel)], panel.units) ?? own(panel);
  }

  /**
   * @param {Panel} panel x, p or one with a number for each word or state
   * @returns {number}
   */
  function own(panel) {
    if (panel.place === "word") return weightiest(panel, state.step);
    if (panel.name === "p" && state.reading.length) return likeliest(panel, state.step)[0];
    if (!state.small(panel.layer)) return 0;
    return Math.max(
      0,
      panel.order.findIndex((k) => panel.at(state.step, k) === 1),
    );
  }

  /**
   * @param {Panel} panel
   * @param {number | undefined} unit of it
   */
  function stand(panel, unit) {
    if (panel.own) state.places[placeOf(panel)] = unit;
    else if (panel.per && unit !== undefined) {
      state.places[placeOf(panel)] = unit % panel.per;
      state.unit = Math.floor(unit / panel.per);
    } else state.unit = unit ?? state.unit;
  }

  function settle() {
    const cell = state.cell();
    const walk = cell ? state.stages(cell) : [];
    state.inner = walk.findLastIndex((stage) => stage.array === state.array);
  }

  return state;
}
