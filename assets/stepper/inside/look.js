// How the vectors of the diagram are drawn: as which array, on which scale, in how many rows.
import { short } from "../pure/activations.js";
import { arrays, at, inner } from "../pure/plan.js";

/**
 * @typedef {import("../types").Cell} Cell
 * @typedef {import("../types").Panel} Panel
 * @typedef {import("./shades.js").Look & {of: Panel[]}} Look of: the arrays it is worked out from, and hidden with
 */

const PRE = 5; // sums before a curve are drawn on a fixed scale of ± this

/** @param {string} name */
export const symbol = (name) => short(name) || "·";
/** @type {(cell: Cell, name: string) => Panel} */
export const panelOf = (cell, name) => cell.byName[name] ?? cell.byName.h ?? cell.byName.y;

/**
 * How many columns and rows a vector is drawn in: a channel's states under each other, and the steps so far.
 * @type {(cell: Cell, id: string) => [number, number]}
 */
export function shapeOf(cell, id) {
  const own = cell.byName[id.replace("_before", "")];
  if (own?.own) return [own.units, 1];
  if (id.endsWith("*")) return [cell.units, cell.inside.x.length / cell.size];
  return [cell.units, cell.byName[id.split(".")[0].replace("_before", "")].per ?? 1];
}

/**
 * As its array, or as a signed vector of some range.
 * @param {Cell} cell
 * @param {string} id
 * @returns {Look}
 */
export function like(cell, id) {
  /** @param {Panel} panel */
  const same = (panel) => ({ ...panel, of: [panel] });
  const own = cell.byName[id.replace(/_before|\*/, "")];
  if (own) return same(own);
  const plan = at(id, cell.lines);
  if (plan[0] === "one_minus") return same(cell.byName[plan[1][1]]);
  if (plan[0] === "var" && cell.byName[plan[1]].kind === "gate") return same(cell.byName[plan[1]]);
  if (plan[0] === "affine" || plan[0] === "sum") return { kind: "signed", range: PRE, of: [] };
  const of = arrays(plan).map((name) => cell.byName[name]);
  const line = cell.byName[id.split(".")[0]];
  const kept = inner(plan).find((part) => part[0] === "var" && part[2]);
  const memory = line.memory ? line : kept && cell.byName[String(kept[1])];
  const kind = memory?.kind === "positive" ? "positive" : "signed";
  return { kind, range: memory?.range ?? 1, of, colour: memory?.colour };
}
