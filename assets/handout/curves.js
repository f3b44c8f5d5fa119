// The trainer's figures in a hand-out, as SVG and canvas: what assets/train/view/figures.js asks of plotly.js, which
// would make the file 0.7 MB larger. Lines and bars over linear, logarithmic and named axes, level lines with their
// names, and matrices.
import { element } from "../stepper/view/element.js";
import { heatmaps } from "./heatmaps.js";

/**
 * @typedef {object} Trace
 * @property {string} type
 * @property {string} [name]
 * @property {(number | string)[]} x
 * @property {number[]} y
 * @property {{ color: string, dash?: string, shape?: string }} [line]
 * @property {{ color: string, line: { color: string } }} [marker]
 * @property {string[]} [text]
 * @typedef {{ at: (value: number) => number, ticks: [number, string][] }} Axis where a value stands; what is printed
 */

const ROOM = { left: 60, right: 12, top: 28, bottom: 44 };
const DASHES = /** @type {Record<string, string>} */ ({ dash: "7 5", dot: "2 4" });

/** @type {(place: HTMLElement, chart: import("../stepper/view/chart.js").Chart) => Promise<void>} */
export async function draw(place, { figure }) {
  const data = /** @type {any[]} */ (figure.data);
  const made = data[0]?.type === "heatmap" ? matrix(data[0], figure.layout) : plot(place, data, figure.layout);
  place.replaceChildren(made);
}

/**
 * @param {HTMLElement} place
 * @param {Trace[]} data
 * @param {any} layout
 */
function plot(place, data, layout) {
  const width = Math.max(240, place.clientWidth);
  const height = Math.max(160, place.clientHeight);
  const bottom = height - ROOM.bottom;
  const named = layout.xaxis.type === "category";
  const names = named ? data[0].x.map(String) : [];
  const shapes = /** @type {any[]} */ (layout.shapes ?? []);
  const levels = shapes.map(({ y0 }) => /** @type {number} */ (y0));
  const x = named
    ? { at: spread(-0.5, names.length - 0.5, ROOM.left, width - ROOM.right), ticks: names.map(ticked) }
    : axis(layout.xaxis, data.flatMap(({ x: all }) => all.map(Number)), ROOM.left, width - ROOM.right);
  const y = axis(layout.yaxis, [...data.flatMap(({ y: all }) => all), ...levels], bottom, ROOM.top);
  /** @type {(trace: Trace, k: number) => Element[]} */
  const drawn = (trace, k) =>
    trace.type === "bar" ? bars(trace, k, data.length, x, y, bottom) : [curve(trace, x, y)];
  /** @type {Element[]} */
  const parts = [
    ...y.ticks.map(([value]) => rule(ROOM.left, width - ROOM.right, y.at(value))),
    ...y.ticks.map(([value, text]) => label(text, ROOM.left - 6, y.at(value) + 4, "end")),
    ...x.ticks.map(([value, text]) => label(text, x.at(value), bottom + 18, "middle")),
    label(layout.xaxis.title.text, (ROOM.left + width) / 2, height - 6, "middle"),
    label(layout.yaxis.title.text, 0, 14, "start"),
    ...shapes.map(({ y0, line }) => rule(ROOM.left, width - ROOM.right, y.at(y0), line)),
    ...(layout.annotations ?? []).map((/** @type {any} */ { text, yanchor }, /** @type {number} */ k) =>
      label(text, width - ROOM.right, y.at(levels[k]) + (yanchor === "top" ? 14 : -4), "end"),
    ),
    ...data.flatMap(drawn),
  ];
  if (layout.showlegend) parts.push(...legend(data, width));
  const size = { viewBox: `0 0 ${width} ${height}`, width: "100%", height: "100%" };
  return element("svg", { ...size, class: "ho-plot" }, ...parts);
}

/** @type {(text: string, k: number) => [number, string]} */
const ticked = (text, k) => [k, text];

/** @type {(from: number, to: number, a: number, b: number) => (value: number) => number} */
const spread = (from, to, a, b) => (value) => a + ((value - from) / (to - from || 1)) * (b - a);

/**
 * @param {any} given the axis as Plotly has it
 * @param {number[]} values
 * @param {number} a where its least value stands
 * @param {number} b where its largest stands
 * @returns {Axis}
 */
function axis({ type, range, rangemode, autorange, ticksuffix = "" }, values, a, b) {
  const log = type === "log";
  const found = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  let least = found.length ? Math.min(...found) : log ? 0.1 : 0;
  let most = found.length ? Math.max(...found) : 1;
  if (log) {
    [least, most] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
    const at = spread(least, most > least ? most : least + 1, a, b);
    const every = Math.ceil((most - least) / 6) || 1; // powers of ten between two ticks
    const powers = Array.from({ length: Math.floor((most - least) / every) + 1 }, (_, k) => least + k * every);
    /** @type {(power: number) => [number, string]} */
    const printed = (power) => [10 ** power, Math.abs(power) > 3 ? `1e${power}` : Number(`1e${power}`).toString()];
    return { at: (value) => at(Math.log10(value)), ticks: powers.map(printed) };
  }
  if (rangemode === "tozero") least = Math.min(0, least);
  if (range) [least, most] = range;
  if (most <= least) most = least + 1;
  const rough = (most - least) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * ten).find((size) => size >= rough) ?? rough;
  const count = Math.floor(most / step + 1e-9) - Math.ceil(least / step - 1e-9) + 1;
  const first = Math.ceil(least / step - 1e-9);
  const ticks = Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
  const at = autorange === "reversed" ? spread(most, least, a, b) : spread(least, most, a, b);
  return { at, ticks: ticks.map((value) => [value, value.toLocaleString("en") + ticksuffix]) };
}

/** @type {(text: string, x: number, y: number, anchor: string) => Element} */
const label = (text, x, y, anchor) => element("text", { x, y, "text-anchor": anchor }, text);

/** @type {(from: number, to: number, y: number, line?: { color: string, dash: string }) => Element} */
function rule(from, to, y, line) {
  const stroke = line?.color ?? "var(--st-border-color)";
  return element("line", { x1: from, x2: to, y1: y, y2: y, stroke, "stroke-dasharray": line && DASHES[line.dash] });
}

/**
 * @param {Trace} trace
 * @param {Axis} x
 * @param {Axis} y
 */
function curve({ x: along, y: up, line }, x, y) {
  const { color, dash = "", shape = "" } = line ?? { color: "currentColor" };
  const half = shape === "hvh" && along.length > 1 ? (Number(along[1]) - Number(along[0])) / 2 : 0;
  let [d, drawn] = ["", false];
  along.forEach((value, k) => {
    const height = y.at(up[k]);
    const ends = half ? [Number(value) - half, Number(value) + half] : [Number(value)];
    for (const end of ends) {
      if (Number.isFinite(height)) d += `${drawn ? "L" : "M"}${x.at(end).toFixed(1)} ${height.toFixed(1)}`;
      drawn = Number.isFinite(height);
    }
  });
  return element("path", { d, fill: "none", stroke: color, "stroke-width": 2, "stroke-dasharray": DASHES[dash] });
}

/**
 * @param {Trace} trace
 * @param {number} k
 * @param {number} count of traces
 * @param {Axis} x
 * @param {Axis} y
 * @param {number} bottom
 */
function bars({ y: up, marker, text }, k, count, x, y, bottom) {
  const wide = (0.7 * (x.at(1) - x.at(0))) / count;
  return up.flatMap((value, at) => {
    const left = x.at(at) + (k - count / 2) * wide;
    const top = Math.min(bottom, y.at(value));
    const box = { x: left, y: top, width: wide * 0.9, height: bottom - top };
    const paint = { fill: marker?.color, stroke: marker?.line.color };
    return [element("rect", { ...box, ...paint }), label(text?.[at] ?? "", left + wide * 0.45, top - 4, "middle")];
  });
}

/**
 * @param {Trace[]} data
 * @param {number} width
 */
function legend(data, width) {
  const wide = (width - ROOM.left) / data.length;
  return data.flatMap(({ name = "", line, marker }, k) => {
    const left = ROOM.left + 16 + k * wide;
    const stroke = line?.color ?? marker?.line.color;
    const dashes = line ? DASHES[line.dash ?? ""] : k ? DASHES.dot : undefined;
    const sample = { x1: left, x2: left + 22, y1: 22, y2: 22, stroke, "stroke-width": 2, "stroke-dasharray": dashes };
    return [element("line", sample), label(name, left + 28, 26, "start")];
  });
}

/**
 * @param {any} trace
 * @param {any} layout
 */
function matrix(trace, layout) {
  const map = element("div", { class: "ho-matrix" });
  heatmaps.react(map, [trace]);
  const gates = /** @type {string[]} */ (layout.yaxis.ticktext).map((name) => element("span", {}, name));
  const rows = element("div", { class: "ho-gates" }, element("div", {}, ...gates), map);
  return element("figure", { class: "ho-figure" }, element("figcaption", {}, layout.title.text), rows);
}
