// The distribution of a class's figures: for each network a sentence and two histograms, and all counts in a table.
import { counted } from "../pure/numbers.js";
import { element } from "../view/element.js";

/**
 * @typedef {import("../../train/classroom/types").Experiment} Experiment
 * @typedef {import("../../train/classroom/types").Distribution} Distribution
 * @typedef {import("../../train/classroom/types").Outcome} Outcome
 * @typedef {import("../../train/classroom/types").Reports} Reports
 * @typedef {{ title: string, counts: number[], ends: string[] }} Strip
 * @typedef {ReturnType<typeof create>} Drawn
 */

const DECADE = 5; // bins of a squared error in a power of ten, the goal in the middle

/** @param {Experiment} experiment */
const accuracy = ({ networks }) => networks[0].architecture.readout !== "linear";
/** @param {number} share */
const percent = (share) => `${Number((100 * share).toFixed(1))}\u202f%`;
/** @param {number} count */
const whole = (count) => Math.round(count).toLocaleString("en");
/** @param {number} error */
const small = (error) => String(Number(error.toPrecision(2)));

/**
 * What counts as learned.
 * @param {Experiment} experiment
 */
const goal = (experiment) =>
  accuracy(experiment)
    ? `${percent(experiment.goal)} right on held-out sequences`
    : `a squared error of at most ${small(experiment.goal)} on held-out sequences`;

/**
 * What everybody's browser does.
 * @param {Experiment} experiment
 * @param {boolean} leads
 */
export function about(experiment, leads) {
  const { networks, updates } = experiment;
  const does = leads ? "Each student’s browser trains" : "Your browser trains";
  const seed = leads ? "its own seed" : "a seed of its own";
  const names = networks.map(({ title }) => title).join("; ");
  const what = networks.length > 1 ? `${networks.length} networks (${names})` : `a network (${names})`;
  const count = `${whole(updates)} updates${networks.length > 1 ? " each" : ""}`;
  return `${does} ${what} with ${seed}, ${count}. The goal is ${goal(experiment)}. Only the final figures are sent.`;
}

/**
 * A network's figure in a sentence.
 * @param {Experiment} experiment
 * @param {number} score
 */
const figure = (experiment, score) =>
  accuracy(experiment) ? `${percent(score)} right` : `squared error ${small(score)}`;

/**
 * One student's figures of a network.
 * @param {Experiment} experiment
 * @param {string} name
 * @param {Outcome} outcome
 */
export function own(experiment, name, { score, needed, stopped }) {
  const title = experiment.networks.find((each) => each.name === name)?.title ?? name;
  if (score === null) return `${title}: diverged at update ${whole(stopped ?? 0)}.`;
  const learned = needed === null ? "the goal was not reached" : `goal reached after ${whole(needed)} updates`;
  return `${title}: ${figure(experiment, score)}; ${learned}.`;
}

/**
 * “31 seeds of the RNN, 29 of the LSTM.”
 * @param {Experiment} experiment
 * @param {Reports | null} told
 */
export function tally({ networks }, told) {
  const cells = networks.map(({ architecture }) => architecture.cell.toUpperCase());
  const apart = new Set(cells).size === cells.length;
  const each = networks.map(({ title }, k) => {
    const seeds = told?.networks[k]?.seeds ?? 0;
    return `${k ? seeds : counted(seeds, "seed")} of ${apart ? `the ${cells[k]}` : title}`;
  });
  const seats = told?.seats ?? 0;
  return `${each.join(", ")}. ${seats === 1 ? "1 student has a seed" : `${seats} students have a seed`}.`;
}

/**
 * @param {Experiment} experiment
 * @param {Distribution} found
 */
function sentence(experiment, { seeds, learned, stopped, score, updates }) {
  if (!seeds) return "No seed yet.";
  const parts = [`${learned} of ${counted(seeds, "seed")} reached the goal`];
  if (updates !== null) parts[0] += `, after ${whole(updates)} updates in the median`;
  if (score !== null) parts.push(`median at the end: ${figure(experiment, score)}`);
  if (stopped) parts.push(`${stopped} diverged`);
  return `${parts.join("; ")}.`;
}

/**
 * The histograms of a network.
 * @param {Experiment} experiment
 * @param {Distribution} found
 * @returns {Strip[]}
 */
function strips(experiment, { scores, needed }) {
  const { updates, goal: at } = experiment;
  const ends = accuracy(experiment) ? [0, 0.5, 1].map(percent) : [at / 100, at, at * 100].map(small);
  const title = accuracy(experiment) ? "Right at the end" : "Squared error at the end";
  return [
    { title, counts: scores, ends },
    { title: "Updates to the goal", counts: needed, ends: [0, updates / 2, updates].map(whole) },
  ];
}

/**
 * What a bin holds, in words.
 * @param {Experiment} experiment
 * @param {number} row which histogram
 * @param {number} k
 * @param {number} bins
 */
function bin(experiment, row, k, bins) {
  if (row) return `${whole((k * experiment.updates) / bins)} to ${whole(((k + 1) * experiment.updates) / bins)}`;
  if (accuracy(experiment)) return `${percent(k / bins)} to ${percent((k + 1) / bins)}`;
  const edge = (/** @type {number} */ n) => small(experiment.goal * 10 ** ((n - bins / 2) / DECADE));
  if (k === 0) return `up to ${edge(1)}`;
  return k === bins - 1 ? `from ${edge(k)}` : `${edge(k)} to ${edge(k + 1)}`;
}

/**
 * @param {Strip} strip
 * @param {number} most the tallest column of all that are compared
 * @param {string} name
 */
function histogram({ title, counts, ends }, most, name) {
  const tallest = Math.max(...counts);
  const columns = counts.map((count) => element("span", { style: `height:${(100 * count) / most}%` }));
  const total = counts.reduce((a, b) => a + b, 0);
  const label = `${name}: ${title.toLowerCase()}, ${counted(total, "seed")}; the counts are in the table below`;
  return element(
    "figure",
    { class: "gs-strip" },
    element("figcaption", {}, tallest ? `${title}; tallest column: ${counted(tallest, "seed")}` : title),
    element("div", { class: "gs-strip-columns", role: "img", "aria-label": label }, ...columns),
    element("div", { class: "gs-strip-ends", "aria-hidden": "true" }, ...ends.map((end) => element("span", {}, end))),
  );
}

/**
 * The counts of the bins that hold something, a column a network.
 * @param {Experiment} experiment
 * @param {Strip[][]} all of each network
 * @param {number} row
 */
function table(experiment, all, row) {
  const counts = all.map((each) => each[row].counts);
  const head = experiment.networks.map(({ title }) => element("th", { scope: "col" }, title));
  const rows = counts[0].flatMap((_, k) =>
    counts.some((each) => each[k])
      ? [
          element(
            "tr",
            {},
            element("th", { scope: "row" }, bin(experiment, row, k, counts[0].length)),
            ...counts.map((each) => element("td", {}, String(each[k]))),
          ),
        ]
      : [],
  );
  const first = element("tr", {}, element("th", { scope: "col" }, all[0][row].title), ...head);
  return element("table", {}, element("caption", { class: "gs-live" }, all[0][row].title), first, ...rows);
}

/**
 * Drawn once, filled as reports come.
 * @param {Experiment} experiment
 */
export function create(experiment) {
  const networks = experiment.networks.map(({ name, title }) => {
    const said = element("p", { "data-testid": `room-distribution-${name}` });
    const charts = element("div", { class: "gs-strips" });
    const heading = element("p", {}, element("b", {}, title));
    return { said, charts, root: element("div", {}, heading, said, charts) };
  });
  const tables = element("div", { class: "gs-strip-tables" });
  const fold = element("details", { "data-testid": "room-table" }, element("summary", {}, "Counts as a table"), tables);
  const root = element("div", { class: "gs-outcomes" }, ...networks.map((each) => each.root), fold);
  return {
    root,
    /** @param {Reports} told */
    fill(told) {
      const all = told.networks.map((found) => strips(experiment, found));
      networks.forEach(({ said, charts }, k) => {
        said.textContent = sentence(experiment, told.networks[k]);
        const drawn = all[k].map((strip, row) => {
          const most = Math.max(1, ...all.flatMap((each) => each[row].counts));
          return histogram(strip, most, experiment.networks[k].title);
        });
        charts.replaceChildren(...drawn);
      });
      tables.replaceChildren(...all[0].map((_, row) => table(experiment, all, row)));
    },
  };
}

/**
 * Every seed as a table for a spreadsheet.
 * @param {Experiment} experiment
 * @param {Reports} told
 */
export function csv({ networks }, { seeds = [] }) {
  const head = "seed,network,cell,score,updates to the goal,diverged at update";
  const rows = seeds.flatMap(({ seed, networks: found }) =>
    networks.flatMap(({ name, architecture: { cell } }) =>
      found[name] ? [[seed, name, cell, ...found[name].map((value) => value ?? "")].join(",")] : [],
    ),
  );
  return `${[head, ...rows].join("\r\n")}\r\n`;
}
