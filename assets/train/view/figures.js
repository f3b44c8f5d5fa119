// The trainer's figures, as Plotly has them. Two networks: the first solid, the second dashed; what they are compared
// with is grey and dotted. Colours come from the page's theme.

/**
 * @typedef {import("../types").Snapshot} Snapshot
 * @typedef {{ data: object[], layout: object }} Figure
 */

const GREY = "#808080"; // seen on light and on dark ground
const DASH = ["solid", "dash"];
const MARGIN = { l: 56, r: 12, t: 28, b: 44 };
const LOG = { type: "log", tickformat: "~g" }; // in full: Plotly writes a bare 2 for 0.02 where no power of ten is near
const LEGEND = { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };

/** @typedef {{ ink: string, titles: string[], words: Record<string, string> }} Told what figures are told in */

/**
 * A curve of each network.
 * @param {Told} told
 * @param {[number, number][][]} curves
 */
const lines = ({ ink, titles }, curves, more = {}) =>
  curves.map((points, k) => ({
    type: "scatter",
    mode: "lines",
    name: titles[k],
    x: points.map(([at]) => at),
    y: points.map(([, value]) => value),
    line: { color: ink, dash: DASH[k], width: 2 },
    ...more,
  }));

/**
 * Grey lines across the figure, named at their right end.
 * @param {{ title: string, at: number }[]} levels
 * @param {boolean} log
 */
function rules(levels, log = false) {
  const shapes = levels.map(({ at }) => ({
    ...{ type: "line", xref: "paper", x0: 0, x1: 1, y0: at, y1: at },
    line: { color: GREY, dash: "dot", width: 1.5 },
  }));
  const highest = Math.max(...levels.map(({ at }) => at)); // its name stands above it, the others' below
  const annotations = levels.map(({ title, at }) => ({
    ...{ text: title, showarrow: false, xref: "paper", x: 1, xanchor: "right" },
    yanchor: at === highest ? "bottom" : "top",
    ...{ y: log ? Math.log10(at) : at, font: { size: 12 } },
  }));
  return { shapes, annotations };
}

/**
 * @param {Snapshot} snapshot
 * @param {Told} told
 * @returns {Figure}
 */
export function loss({ networks, baselines }, told) {
  const levels = baselines.filter(({ loss }) => loss > 0).map(({ title, loss }) => ({ title, at: loss }));
  return {
    data: lines(
      told,
      networks.map(({ losses }) => losses),
      { hovertemplate: `${told.words.update} %{x}: %{y:.3g}<extra></extra>` },
    ),
    layout: {
      margin: MARGIN,
      legend: LEGEND,
      showlegend: networks.length > 1,
      ...rules(levels, true),
      xaxis: { title: { text: told.words.updates }, rangemode: "tozero" },
      yaxis: { title: { text: told.words.loss }, ...LOG },
    },
  };
}

/**
 * What the held-out sequences say: the share right, or the error.
 * @param {Snapshot} snapshot
 * @param {Told} told
 * @returns {Figure}
 */
export function score({ networks, baselines, figure }, told) {
  const right = figure === "accuracy";
  const curves = networks.map(({ scores }) =>
    scores.map(([at, value]) => /** @type {[number, number]} */ ([at, right ? 100 * value : value])),
  );
  const levels = baselines.map(({ title, score }) => ({ title, at: right ? 100 * score : score }));
  const axis = right ? { range: [0, 104], ticksuffix: "\u202f%" } : LOG;
  return {
    data: lines(told, curves, {
      hovertemplate: `${told.words.update} %{x}: %{y:.3g}${right ? "\u202f%" : ""}<extra></extra>`,
    }),
    layout: {
      margin: MARGIN,
      legend: LEGEND,
      showlegend: networks.length > 1,
      ...rules(right ? levels : levels.filter(({ at }) => at > 0), !right),
      xaxis: { title: { text: told.words.updates }, rangemode: "tozero" },
      yaxis: { title: { text: right ? told.words.right : told.words.error }, ...axis },
    },
  };
}

/**
 * The same by the length of the sequences, for the networks as they are now.
 * @param {Snapshot} snapshot
 * @param {Told} told
 * @returns {Figure}
 */
export function lengths({ lengths: found, figure }, told) {
  const right = figure === "accuracy";
  const { lengths: at, scores } = found ?? { lengths: [], scores: [] };
  return {
    data: scores.map((values, k) => ({
      type: "bar",
      name: told.titles[k],
      x: at.map(String),
      y: values.map((value) => (right ? 100 * value : value)),
      text: values.map((value) => (right ? `${(100 * value).toFixed(0)}\u202f%` : value.toPrecision(2))),
      marker: { color: k ? "rgba(0,0,0,0)" : told.ink, line: { color: told.ink, width: 2 } },
      hoverinfo: "skip",
    })),
    layout: {
      margin: MARGIN,
      legend: LEGEND,
      showlegend: scores.length > 1,
      xaxis: { title: { text: told.words.length }, type: "category" },
      yaxis: { title: { text: right ? told.words.right : told.words.error }, ...(right ? { range: [0, 112] } : {}) },
    },
  };
}

/**
 * How large the gradient is at each step, of the last batch.
 * @param {Snapshot} snapshot
 * @param {Told} told
 * @returns {Figure}
 */
export function gradients({ networks }, told) {
  const curves = networks.map(({ norms }) =>
    (norms ?? []).map((value, t, all) => /** @type {[number, number]} */ ([all.length - 1 - t, value])),
  );
  return {
    data: lines(told, curves, {
      mode: "lines+markers",
      hovertemplate: `${told.words.lag} %{x}: %{y:.2e}<extra></extra>`,
    }),
    layout: {
      margin: { ...MARGIN, l: 72 },
      legend: LEGEND,
      showlegend: networks.length > 1,
      xaxis: { title: { text: told.words.lags }, autorange: "reversed" },
      yaxis: { title: { text: told.words.gradient }, ...LOG },
    },
  };
}

/**
 * Where the values of each gate stand, over all units and steps of the probe.
 * @param {{ name: string, colour: string, values: Float32Array }[]} gates
 * @param {Told} told
 * @returns {Figure}
 */
export function histogram(gates, told) {
  const bins = 20;
  return {
    data: gates.map(({ name, colour, values }) => {
      const counts = new Float64Array(bins);
      for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))] += 100 / values.length;
      return {
        ...{ type: "scatter", mode: "lines", line: { shape: "hvh", color: colour, width: 2 }, name },
        x: Array.from(counts, (_, k) => (k + 0.5) / bins),
        y: Array.from(counts),
        hovertemplate: `${name} %{x:.3g}: %{y:.0f}\u202f%<extra></extra>`,
      };
    }),
    layout: {
      margin: MARGIN,
      legend: LEGEND,
      showlegend: true,
      xaxis: { title: { text: told.words.gate }, range: [0, 1] },
      yaxis: { title: { text: told.words.share }, ticksuffix: "\u202f%", rangemode: "tozero" },
    },
  };
}

/**
 * A weight matrix, red below 0 and blue above, with its gates marked.
 * @param {{ rows: number, columns: number, values: import("../types").Floats, gates: string[], inputs: string[],
 *   title: string }} matrix
 * @param {{ ground: string, negative: string, positive: string }} colours
 * @returns {Figure}
 */
export function weights({ rows, columns, values, gates, inputs, title }, { ground, negative, positive }) {
  const H = rows / gates.length;
  const z = Array.from({ length: rows }, (_, r) => Array.from(values.subarray(r * columns, (r + 1) * columns)));
  const limit = Math.max(1, ...values.map(Math.abs));
  return {
    data: [
      {
        type: "heatmap",
        z,
        zmin: -limit,
        zmax: limit,
        colorscale: [[0, negative], [0.5, ground], [1, positive]],
        colorbar: { thickness: 10 },
        hovertemplate: "%{z:.3f}<extra></extra>",
      },
    ],
    layout: {
      margin: { l: 40, r: 12, t: 36, b: inputs.length ? 64 : 28 },
      title: { text: title, x: 0, font: { size: 14 } },
      xaxis: {
        tickvals: Array.from({ length: columns }, (_, k) => k),
        ticktext: inputs.length ? inputs : Array.from({ length: columns }, (_, k) => k),
        showticklabels: columns <= 24,
      },
      yaxis: {
        tickvals: gates.map((_, g) => (g + 0.5) * H - 0.5),
        ticktext: gates,
        range: [rows - 0.5, -0.5],
      },
      shapes: gates.slice(1).map((_, g) => ({
        ...{ type: "line", xref: "paper", x0: 0, x1: 1 },
        ...{ y0: (g + 1) * H - 0.5, y1: (g + 1) * H - 0.5, line: { color: GREY, width: 1.5 } },
      })),
    },
  };
}
