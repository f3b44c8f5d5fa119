// What a teacher can ask at the place where the stepper stands. The right answers are read from the trace.
import { unitRange } from "../pure/colours.js";
import { tokenWrites } from "../pure/memory.js";
import { fixed, short } from "../pure/numbers.js";

const MOST = 6; // tokens to choose from

/**
 * @typedef {import("../types").State} State
 * @typedef {import("../types").Panel} Panel
 * @typedef {import("../types").Place} Place
 * @typedef {{id: string, question: import("../types").Question, answer: number | null, place: Place | null}} Kind
 */

/**
 * What can be asked here; nothing where the numbers do not decide it.
 * @param {State} state
 * @returns {Kind[]}
 */
export function kinds(state) {
  if (!state.reading.length) return [];
  const prepared = state.given.shared?.question; // the lesson's own
  const panel = state.level === "story" ? state.memory(state.panel().layer) : state.panel();
  return [
    ...(prepared ? [{ id: "lesson", ...prepared }] : []),
    ...next(state, panel),
    ...memory(state, panel.layer),
    ...verdict(state, panel.layer),
  ];
}

/**
 * The chosen number at the next token: open or closed, and how large.
 * @param {State} state
 * @param {Panel} panel
 * @returns {Kind[]}
 */
function next(state, panel) {
  const { length, tokens } = state.reading;
  const unit = state.unitIn(panel);
  const step = state.step + 1;
  const value = step < length ? panel.at(step, unit) : NaN;
  if (Number.isNaN(value)) return [];
  const gate = panel.kind === "gate";
  const name = `${panel.letter}[${state.named(panel, unit)}]`;
  const where = `at “${short(tokens[step])}” (t = ${step + 1})`;
  const place = { step, unit, array: panel.id };
  /** @type {Kind[]} */
  const found = [];
  if (gate && !panel.own) {
    const text = `Will the ${panel.title} ${name} be open or closed ${where}?`;
    const choices = ["Open: 0.5 or more", "Closed: below 0.5"];
    found.push({ id: "gate", place, answer: value >= 0.5 ? 0 : 1, question: { text, choices } });
  }
  if (panel.kind !== "input") {
    const most = Math.ceil(10 * unitRange(panel, unit)) / 10;
    const scale = { min: -most, max: most, step: Math.max(0.1, Math.round(most) / 20) };
    const slider = gate ? { min: 0, max: 1, step: 0.05 } : scale;
    const text = `What will ${name} be ${where}? Now it is ${fixed(panel.at(state.step, unit), 2)}.`;
    const answer = Number(Math.min(slider.max, Math.max(slider.min, value)).toFixed(3));
    found.push({ id: "number", place, answer, question: { text, slider } });
  }
  return found;
}

/**
 * The token of which the most stays in the memory.
 * @param {State} state
 * @param {import("../types").Layer} layer
 * @returns {Kind[]}
 */
function memory(state, layer) {
  const { length, tokens } = state.reading;
  const left = tokenWrites(layer, state.unit, length);
  if (!left) return [];
  const order = left.map((_, k) => k).sort((a, b) => Math.abs(left[b]) - Math.abs(left[a]) || a - b);
  const places = order.slice(0, MOST).sort((a, b) => a - b);
  const panel = state.memory(layer);
  const name = `${panel.letter}[${state.unit}]`;
  const text = `Which token will the memory ${name} hold most of after the last one (t = ${length})?`;
  const choices = places.map((k) => `${k + 1} · ${short(tokens[k])}`);
  const place = { step: length - 1, unit: state.unit, array: panel.id };
  return [{ id: "memory", answer: places.indexOf(order[0]), place, question: { text, choices } }];
}

/**
 * @param {State} state
 * @param {import("../types").Layer} layer
 * @returns {Kind[]}
 */
function verdict(state, layer) {
  const { length } = state.reading;
  const end = layer.positive?.[length] ?? NaN;
  if (Number.isNaN(end) || state.step >= length - 1) return [];
  const text = "Positive or negative: what will the verdict be after the last token?";
  const question = { text, choices: ["Positive", "Negative"] };
  return [{ id: "verdict", answer: end > 0.5 ? 0 : 1, place: { step: length - 1 }, question }];
}
