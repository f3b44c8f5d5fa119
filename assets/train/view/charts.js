// Which of the trainer's figures are drawn, and in which colours.
import { luminance } from "../../stepper/pure/colours.js";
import * as figures from "./figures.js";

/**
 * @typedef {import("../types").Given} Given
 * @typedef {import("../types").Snapshot} Snapshot
 * @typedef {ReturnType<typeof import("./bar.js").build>} Parts
 */

/**
 * Draws what is in view and what has been opened.
 * @param {HTMLElement} root
 * @param {Parts} parts
 * @param {Given} given
 * @param {Snapshot} shown
 * @param {typeof import("../../stepper/view/chart.js").draw} draw
 */
export function charts(root, parts, given, shown, draw) {
  const style = getComputedStyle(root);
  /** @type {(name: string, other: string) => string} */
  const pick = (name, other) => style.getPropertyValue(name).trim() || other;
  const [ink, ground] = [pick("--st-text-color", "#1b2330"), pick("--st-background-color", "#ffffff")];
  const { words } = given;
  const told = { ink, titles: given.setup.networks.map(({ title }) => title), words };
  /** @type {(place: HTMLElement, figure: figures.Figure) => void} */
  const put = (place, figure) => {
    const chart = { figure, config: { displayModeBar: false, responsive: false }, plotly: given.plotly };
    draw(place, chart).catch(() => {}); // the numbers stand in the sentence above
  };
  /** @type {(place: HTMLElement, figure: figures.Figure | undefined) => void} */
  const fill = (place, figure) => {
    place.hidden = !figure;
    if (figure) put(place, figure);
  };
  put(parts.score, figures.score(shown, told));
  put(parts.loss, figures.loss(shown, told));
  const { lengths, gates, gradients, weights } = parts;
  if (lengths.fold.open && shown.lengths) put(lengths.charts[0], figures.lengths(shown, told));
  if (gradients.fold.open) put(gradients.charts[0], figures.gradients(shown, told));
  if (weights.fold.open) {
    const found = matrices(given, shown, { ground, ...given.body.scale });
    weights.charts.forEach((place, k) => fill(place, found[k]));
  }
  if (gates.fold.open) {
    gates.charts.forEach((place, k) => {
      const found = gatesOf(given, shown, k, luminance(ground) < 0.4);
      fill(place, found.length ? figures.histogram(found, told) : undefined);
    });
  }
}

/**
 * The gates of a network's last layer, over the probe.
 * @param {Given} given
 * @param {Snapshot} shown
 * @param {number} k
 * @param {boolean} dark
 */
function gatesOf({ setup, body }, shown, k, dark) {
  const probe = shown.networks[k]?.probe;
  if (!probe) return [];
  const depths = setup.networks.map(({ architecture }) => architecture.layers);
  const last = depths.slice(0, k + 1).reduce((sum, depth) => sum + depth, 0) - 1;
  return body.layers[last].panels
    .filter(({ kind, name }) => kind === "gate" && name !== "p")
    .map(({ name, colour }) => ({
      name: setup.networks.length > 1 ? `${name}, ${setup.networks[k].title}` : name,
      colour: dark ? colour.ink_dark : colour.ink,
      values: probe.layers[depths[k] - 1][name],
    }));
}

const ROWS = {
  rnn: ["h"],
  lstm: ["i", "f", "g", "o"],
  gru: ["r", "z", "n"],
  mingru: ["z", "n"],
  minlstm: ["f", "i", "n"],
  slstm: ["i", "f", "g", "o"],
};

/**
 * Every weight matrix, W and (where there is one) U of each layer of each network.
 * @param {Given} given
 * @param {Snapshot} shown
 * @param {{ ground: string, negative: string, positive: string }} colours
 */
function matrices({ setup, words }, shown, colours) {
  const found = [];
  for (const [k, { architecture, title }] of setup.networks.entries()) {
    const gates = ROWS[architecture.cell];
    const rows = gates.length * architecture.units;
    for (let layer = 0; layer < architecture.layers; layer += 1) {
      for (const part of ["ih", "hh"]) {
        const values = shown.networks[k].weights?.[`cell.weight_${part}_l${layer}`];
        if (!values) continue;
        const inputs = part === "ih" && layer === 0 ? (shown.words ?? []) : [];
        const name = part === "ih" ? "W" : "U";
        const deep = architecture.layers > 1 ? `${name}, ${words.layer} ${layer + 1}` : name;
        const called = setup.networks.length > 1 ? `${title}: ${deep}` : deep;
        const matrix = { rows, columns: values.length / rows, values, gates, inputs, title: called };
        found.push(figures.weights(matrix, colours));
      }
    }
  }
  return found;
}
