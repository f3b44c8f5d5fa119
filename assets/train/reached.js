// What a run has reached, in figures.
import { fixed } from "../stepper/pure/numbers.js";

/**
 * @typedef {{ scores: number[], figure: string, updates: number, done: boolean }} Reached
 * scores: of each network; figure: the same in words; done: whether that was measured after all updates that count
 */

/** @type {(score: number, kind: "accuracy" | "error") => string} */
export const figured = (score, kind) =>
  kind === "error" ? score.toPrecision(2) : `${fixed(100 * score, score > 0.995 && score < 1 ? 1 : 0)}\u202f%`;

/**
 * @param {import("./types").Snapshot} snapshot
 * @param {number} until what is measured after more updates does not count
 * @returns {Reached}
 */
export function reached({ networks, figure, updates }, until) {
  const last = networks.map(({ scores }) => scores.findLast(([at]) => at <= until) ?? [0, NaN]);
  const scores = last.map(([, score]) => score);
  return {
    scores,
    figure: scores.map((score) => figured(score, figure)).join(" / "),
    updates: Math.max(...last.map(([at]) => at)),
    done: updates >= until,
  };
}

/**
 * From where to where several seeds came, in words; "" of fewer than two, or of two networks.
 * @param {Reached[]} all
 * @param {"accuracy" | "error"} kind
 * @param {string} text with {count}, {lowest} and {highest}
 */
export function spread(all, kind, text) {
  const scores = all.filter(({ done, scores }) => done && scores.length === 1).flatMap(({ scores }) => scores);
  if (scores.length < 2) return "";
  const ends = { lowest: figured(Math.min(...scores), kind), highest: figured(Math.max(...scores), kind) };
  return filled(text, { count: String(scores.length), ...ends });
}

/** @type {(text: string, values: Record<string, string>) => string} */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const SURE = 3; // times that held-out sequences were read

/**
 * Of each network, whether it has done the task each of the last times it was tested.
 * @param {import("./types").Snapshot} snapshot
 */
export function learned({ networks, figure }) {
  return networks.map(({ scores, stopped }) => {
    const last = scores.slice(-SURE);
    return figure === "accuracy" && !stopped && scores.length > SURE && last.every(([, score]) => score > 0.995);
  });
}

/**
 * Where a training stands, of each network.
 * @param {import("./types").Given} given
 * @param {import("./types").Snapshot} snapshot
 */
export function sentence({ words, setup }, snapshot) {
  const { networks, updates, figure } = snapshot;
  const each = networks.map(({ loss, scores, stopped }, k) => {
    const name = networks.length > 1 ? `${setup.networks[k].title}: ` : "";
    if (stopped) return `${name}${words.diverged}`;
    const [, score] = scores.at(-1) ?? [0, NaN];
    const right = `${figured(score, "accuracy")} ${words["held out"]}`;
    const reached = figure === "error" ? `${words.error} ${figured(score, "error")}` : right;
    return `${name}${Number.isFinite(loss) ? `${words.loss} ${loss.toPrecision(2)}, ` : ""}${reached}`;
  });
  const now = `${words.update} ${updates.toLocaleString("en")}: ${each.join("; ")}.`;
  const done = learned(snapshot);
  if (!done.includes(true)) return now;
  const titles = setup.networks.filter((_, k) => done[k]).map(({ title }) => title);
  const who = done.length > 1 ? `${titles.join(" and ")} ${titles.length > 1 ? "have" : "has"}` : "It has";
  return `${now} ${filled(words.learned, { who })}`;
}
