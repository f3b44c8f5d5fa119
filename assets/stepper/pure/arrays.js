// The arrays of a reading: unpacked from base64, packed again, drawn as rows and lines.

/**
 * @param {import("../types").Packed} text
 * @returns {Float32Array}
 */
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/**
 * @param {Iterable<number>} numbers
 * @returns {import("../types").Packed}
 */
export const pack = (numbers) => base64(new Uint8Array(Float32Array.from(numbers).buffer));

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  let text = "";
  for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  return btoa(text);
}

/**
 * The data of one reading: tokens, and layers (models) with panels whose `at(step, unit)` gives a value.
 * @param {import("../types").Body} data
 * @returns {import("../types").Reading}
 */
export function reading(data) {
  const layers = data.layers.map((layer) => opened(layer, data.input));
  const count = data.known.filter(Boolean).length;
  const length = data.tokens.length;
  return { ...data, length, strange: 2 * count < length, layers, panels: layers.flatMap((layer) => layer.panels) };
}

/**
 * @param {import("../types").SentLayer} sent
 * @param {import("../types").Body["input"]} about what is said of the input
 * @returns {import("../types").Layer}
 */
function opened(sent, about) {
  const inside = sent.inside && unpacked(sent.inside);
  /** @type {import("../types").Layer} */
  const layer = {
    ...{ ...sent, inside, all: [], panels: [] },
    positive: sent.positive ? floats(sent.positive) : null,
    back: sent.back ? flowing(sent.back) : null,
  };
  /** @type {(Omit<import("../types").SentPanel, "values"> & {values: Float32Array, among?: boolean})[]} */
  const given = sent.panels.map((panel) => ({ ...panel, values: floats(panel.values) }));
  if (inside) given.unshift(inputOf(inside, about));
  layer.all = given.map((panel) => {
    const id = layer.name ? `${layer.name}-${panel.name}` : panel.name;
    const units = panel.units ?? layer.units;
    const order = ordered(panel, layer.order, units);
    const { values } = panel;
    const slope = sloped(panel.curve);
    return { ...panel, id, units, order, layer, slope, at: (step, unit) => values[step * units + unit] };
  });
  layer.panels = layer.all.filter((panel) => panel.shown !== false);
  return layer;
}

/** @type {(curve: import("../types").SentSlope | null | undefined) => import("../types").Slope | null} */
const sloped = (curve) => (curve ? { ...curve, at: floats(curve.at), slope: floats(curve.slope) } : null);

/**
 * @param {import("../types").SentBack} sent
 * @returns {import("../types").Back}
 */
function flowing(sent) {
  const entries = Object.entries(sent.flows).map(([id, { values, told }]) => [id, { values: floats(values), told }]);
  return { ...sent, flows: Object.fromEntries(entries) };
}

/**
 * The rows of an array from top to bottom: as the cell's units are ordered, each with all of its numbers.
 * @param {{units?: number, per?: number}} panel
 * @param {number[]} order
 * @param {number} units
 */
function ordered({ units: own, per }, order, units) {
  if (per) return order.flatMap((unit) => Array.from({ length: per }, (_, k) => unit * per + k));
  return own ? Array.from({ length: units }, (_, k) => k) : order;
}

/**
 * What the cell read, as one more array. among: it stands as a heatmap among the gates'.
 * @param {import("../types").Inside} inside
 * @param {import("../types").Body["input"]} about
 */
function inputOf({ input, size, x }, about) {
  return {
    ...input,
    ...about,
    among: input.shown,
    shown: true,
    name: "x",
    letter: "x",
    title: "input",
    kind: /** @type {const} */ ("input"),
    ranges: null,
    ends: null,
    own: true,
    axis: /** @type {const} */ ("x"),
    units: size,
    values: x,
  };
}

/**
 * @param {import("../types").SentInside} inside
 * @returns {import("../types").Inside}
 */
function unpacked(inside) {
  const x = floats(inside.x);
  const edited = Object.fromEntries(Object.entries(inside.edited).map(([name, mask]) => [name, floats(mask)]));
  const { fixed } = inside;
  const here = typeof fixed === "object";
  const weights = /** @type {import("../types").Weights} */ (here ? weighed(fixed) : {}); // else by `complete`
  return { ...inside, ...weights, fixed: here, x, starts: starts(inside), edited };
}

/**
 * The states before the first step, by the array's name.
 * @param {import("../types").SentInside} inside
 * @returns {Record<string, Float32Array>}
 */
export function starts({ h0, c0, n0, m0 }) {
  const given = Object.entries({ h: h0, c: c0, n: n0, m: m0 });
  return Object.fromEntries(given.flatMap(([name, packed]) => (packed ? [[name, floats(packed)]] : [])));
}

/**
 * What never changes with a text.
 * @param {import("../types").Fixed} fixed
 * @returns {import("../types").Weights}
 */
function weighed({ lines, peephole, more, ...given }) {
  const shared = {
    weight_ih: floats(given.weight_ih),
    weight_hh: floats(given.weight_hh),
    bias_ih: floats(given.bias_ih),
    bias_hh: floats(given.bias_hh),
  };
  const others = Object.fromEntries(Object.entries(more ?? {}).map(([name, packed]) => [name, floats(packed)]));
  return { lines, peephole: peephole ? floats(peephole) : null, ...shared, weights: { ...shared, ...others } };
}

/**
 * Gives an open layer the equations and weights that came after it.
 * @param {import("../types").Layer} layer
 * @param {import("../types").SentLayer} sent
 */
export function complete({ inside }, sent) {
  if (!inside || !sent.inside || typeof sent.inside.fixed === "string") return;
  Object.assign(inside, weighed(sent.inside.fixed), { fixed: true });
}

/**
 * The rows of one panel from top to bottom, as Plotly wants a heatmap's z: one Float32Array a unit.
 * @param {import("../types").Panel} panel
 * @param {number} length
 */
export function rows(panel, length) {
  return panel.order.map((unit) => Float32Array.from({ length }, (_, step) => panel.at(step, unit)));
}

/** Units of a line's drawing a step: browsers blur a drawing one unit wide that is stretched over the page. */
export const COLUMN = 100;

/**
 * A line of treads, one a step, on a height of 100 with low at the foot; it breaks where there is no number.
 * A riser stands just behind the border to what comes, where the cover hides it: the line must not tell what comes.
 * @param {number} length
 * @param {(step: number) => number} at
 * @param {number} low
 * @param {number} high
 * @param {boolean} back whether what comes is on the left
 */
export function path(length, at, low, high, back = false) {
  let pen = "M";
  const by = back ? -3 : 3;
  return Array.from({ length }, (_, step) => {
    const value = at(step);
    if (Number.isNaN(value)) {
      pen = "M";
      return "";
    }
    const y = 100 - (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
    const [from, to] = [step, step + 1].map((k) => Math.min(COLUMN * length, Math.max(0, COLUMN * k + by)));
    const tread = `${pen}${from} ${y}H${to}`;
    pen = "L";
    return tread;
  }).join("");
}
