// The colours of numbers: an array's own for a gate, one scale around 0 for what has a sign.

/**
 * @typedef {import("../types").Colours} Colours
 * @typedef {Pick<import("../types").Panel, "kind" | "range" | "colour">} Painted
 */

/** @type {(colours: Colours, panel: {colour: import("../types").Colour}) => string} */
export const fill = (colours, panel) => (colours.dark ? panel.colour.fill_dark : panel.colour.fill);
/** @type {(colours: Colours, panel: {colour: import("../types").Colour}) => string} */
export const ink = (colours, panel) => (colours.dark ? panel.colour.ink_dark : panel.colour.ink);

/**
 * A gate runs from the page's ground to its colour; signed arrays share one scale around 0. In presenter mode (strong)
 * scales end nearer to the text's side, for projectors wash colours out.
 * @param {Colours} colours
 * @param {{kind: string, colour?: import("../types").Colour}} panel
 * @returns {import("../types").Stop[]}
 */
export function ramp(colours, { kind, colour }) {
  /** @param {string} hex */
  const end = (hex) => (colours.strong ? mix(hex, colours.dark ? "#ffffff" : "#000000", 0.35) : hex);
  if ((kind === "gate" || kind === "positive") && colour) {
    return [
      [0, colours.ground],
      [1, end(fill(colours, { colour }))],
    ];
  }
  const { negative, positive } = colours.scale;
  /** @param {string} hex */
  const lift = (hex) => (colours.dark ? mix(hex, "#ffffff", 0.25) : hex);
  return [
    [0, end(lift(negative))],
    [0.5, colours.ground],
    [1, end(lift(positive))],
  ];
}

/**
 * @param {Colours} colours
 * @param {{kind: string, range: number, colour?: import("../types").Colour}} panel
 * @param {number} value
 */
export function at(colours, panel, value) {
  const [low, high] = limits(panel);
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  const stops = ramp(colours, panel);
  const k = share === 1 ? stops.length - 2 : stops.findLastIndex(([s]) => s <= share);
  const [[s0, c0], [s1, c1]] = [stops[k], stops[k + 1]];
  return mix(c0, c1, (share - s0) / (s1 - s0));
}

/** @type {(panel: {kind: string, range: number}) => [number, number]} */
export const limits = ({ kind, range }) => (kind === "gate" ? [0, 1] : [kind === "positive" ? 0 : -range, range]);

/**
 * A line runs over its own unit's range, fixed on the model's card as the map's is.
 * @param {import("../types").Panel} panel
 * @param {number} unit
 */
export const unitRange = (panel, unit) => panel.ranges?.[unit] ?? panel.range;

/**
 * Red, green and blue, from 0 to 255.
 * @param {string} colour #rgb, #rrggbb or rgb(…)
 */
function channels(colour) {
  if (colour.startsWith("#")) {
    const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
    return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
  }
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/**
 * @param {string} from
 * @param {string} to
 * @param {number} share
 */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((v, k) => Math.round(v + (b[k] - v) * share)).join(",")})`;
}

/**
 * From 0, black, to 1, white.
 * @param {string} colour
 */
export function luminance(colour) {
  const [r, g, b] = channels(colour);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

/**
 * Black or white, whichever has the higher contrast on a ground.
 * @param {string} ground
 */
export function legible(ground) {
  const [r, g, b] = channels(ground).map((v) => (v / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}
