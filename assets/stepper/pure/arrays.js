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
export function pack(numbers) {
  const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
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
  return { ...data, length: data.tokens.length, layers, panels: layers.flatMap((layer) => layer.panels) };
}

/**
 * @param {import("../types").SentLayer} sent
 * @param {import("../types").Body["input"]} about what is said of the input
 * @returns {import("../types").Layer}
 */
function opened(sent, about) {
  const inside = sent.inside && unpacked(sent.inside);
  /** @type {import("../types").Layer} */
  const layer = { ...sent, inside, positive: sent.positive ? floats(sent.positive) : null, all: [], panels: [] };
  const given = sent.panels.map((panel) => ({ ...panel, values: floats(panel.values) }));
  if (inside) given.unshift(inputOf(inside, about));
  layer.all = given.map((panel) => {
    const id = layer.name ? `${layer.name}-${panel.name}` : panel.name;
    const units = panel.units ?? layer.units;
    const order = panel.units ? Array.from({ length: units }, (_, k) => k) : layer.order;
    const { values } = panel;
    return { ...panel, id, units, order, layer, at: (step, unit) => values[step * units + unit] };
  });
  layer.panels = layer.all.filter((panel) => panel.shown !== false);
  return layer;
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
    units: size,
    values: x,
  };
}

/**
 * @param {import("../types").SentInside} inside
 * @returns {import("../types").Inside}
 */
function unpacked(inside) {
  const [x, h0] = [floats(inside.x), floats(inside.h0)];
  const c0 = inside.c0 ? floats(inside.c0) : null;
  const edited = Object.fromEntries(Object.entries(inside.edited).map(([name, mask]) => [name, floats(mask)]));
  const { fixed } = inside;
  const here = typeof fixed === "object";
  const weights = /** @type {import("../types").Weights} */ (here ? weighed(fixed) : {}); // else by `complete`
  return { ...inside, ...weights, fixed: here, x, h0, c0, edited };
}

/**
 * What never changes with a text.
 * @param {import("../types").Fixed} fixed
 * @returns {import("../types").Weights}
 */
function weighed({ lines, peephole, weight_ih, weight_hh, bias_ih, bias_hh }) {
  return {
    lines,
    peephole: peephole ? floats(peephole) : null,
    weight_ih: floats(weight_ih),
    weight_hh: floats(weight_hh),
    bias_ih: floats(bias_ih),
    bias_hh: floats(bias_hh),
  };
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
 * A riser stands just behind the next step's border, where the cover hides it: the line must not tell what comes.
 * @param {number} length
 * @param {(step: number) => number} at
 * @param {number} low
 * @param {number} high
 */
export function path(length, at, low, high) {
  let pen = "M";
  return Array.from({ length }, (_, step) => {
    const value = at(step);
    if (Number.isNaN(value)) {
      pen = "M";
      return "";
    }
    const y = 100 - (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
    const tread = `${pen}${COLUMN * step + 3} ${y}H${Math.min(COLUMN * length, COLUMN * (step + 1) + 3)}`;
    pen = "L";
    return tread;
  }).join("");
}
