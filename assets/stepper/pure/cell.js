// What a cell computed at one step and unit, taken apart: the equations' own terms, filled with weights and states.
import { factor, factors, isFactor } from "./factor.js";
import { grouping, summed } from "./groups.js";
import { product, total } from "./numbers.js";
import { at as termAt, number as evaluate, scores, terms } from "./plan.js";
import { contracted, mixed, scored } from "./successors.js";
import { written } from "./writtenout.js";

/**
 * @param {import("../types").Layer} layer
 * @returns {import("../types").Cell}
 */
export function open(layer) {
  const { inside, units } = layer;
  if (!inside) throw new Error("the weights behind these numbers are not here");
  const { size } = inside;
  const byName = Object.fromEntries(layer.all.map((panel) => [panel.name, panel]));
  const lines = Object.fromEntries(inside.lines.map((line) => [line.name, line]));
  const per = layer.all.find((panel) => panel.per)?.per ?? 1;
  const source = { ...inside, units, per, at };
  const first = /** @type {import("../types").Panel} */ (layer.all.find((panel) => !panel.own));

  /**
   * The step that the cell read before, over the gap that a text shown beside a longer one has: of a backward direction
   * the one to the right. -1 is the initial state.
   * @param {number} step
   */
  function before(step) {
    const by = inside?.turned ? 1 : -1;
    const length = first.values.length / first.units;
    let t = step + by;
    while (t >= 0 && t < length && Number.isNaN(first.at(t, 0))) t += by;
    return t < length ? t : -1;
  }

  /**
   * @param {string} name
   * @param {boolean} early
   * @param {number} step
   * @param {number} unit
   */
  function at(name, early, step, unit) {
    const t = early ? before(step) : step;
    if (t >= 0) return byName[name].at(t, unit);
    return inside?.starts[name]?.[unit] ?? NaN;
  }

  /**
   * The place in an array of what belongs to one of the numbers of a unit.
   * @param {string} name
   * @param {number} k
   */
  function entry(name, k) {
    const { per: several, place } = byName[name];
    return several ? k : place === "state" ? k % per : Math.floor(k / per);
  }

  /**
   * How the terms of an array's line are worked out, and where their numbers come from: in one with several numbers a
   * unit, each reads what belongs to it of the other arrays.
   * @param {string} line
   * @returns {import("./factor.js").Lookup}
   */
  function lookup(line) {
    /** @type {(name: string, k: number) => number} */
    const index = byName[line]?.per ? entry : (_, k) => k;
    /** @type {typeof at} */
    const own = (name, early, step, k) => at(name, early, step, index(name, k));
    const reads = { ...source, at: own };
    return {
      number: (plan, step, unit) => evaluate(plan, reads, step, unit),
      place: (plan, step, unit) => {
        const [, name, early] = /** @type {import("../types").VarPlan} */ (plan);
        return { array: byName[name].id, unit: index(name, unit), step: early ? before(step) : step };
      },
      letter: (name) => byName[name].letter,
    };
  }
  const looks = Object.fromEntries(inside.lines.map(({ name }) => [name, lookup(name)]));

  /**
   * The equation of an array at one step and unit: a sum under a curve or under none, a blend of products, or a term
   * written out.
   * @param {string} name
   * @param {number} step
   * @param {number} unit
   * @returns {import("../types").Explained}
   */
  function explain(name, step, unit) {
    const { plan } = lines[name];
    const look = looks[name];
    const value = byName[name].at(step, unit);
    const group = grouping(source, look);
    const [curve, sum] = plan[0] === "apply" ? [plan[1], plan[2]] : ["", plan];
    if (summed(sum) || plan[0] === "attend") {
      const found = plan[0] === "attend" ? scored(plan, source, look, step, unit) : group(sum, step, unit);
      const softmax = () => Array.from({ length: units }, (_, u) => look.number(sum, step, u));
      const all = plan[0] === "attend" ? scores(plan, source, step) : curve === "softmax" ? softmax() : null;
      return { kind: "sum", curve, groups: found, a: total(found.map((each) => each.value)), all, value };
    }
    const parts = plan[0] === "sum" ? terms(plan) : [plan];
    const sums = ["mix", "contract"];
    const blends = parts.every((part) => sums.includes(part[0]) || factors(part).every(isFactor));
    if (!blends) return { ...written(plan, look, step, unit), value };
    const products = parts.flatMap((part) => {
      if (part[0] === "mix") return mixed(part, look, step, unit);
      if (part[0] === "contract") return contracted(part, look, per, step, unit);
      return [factors(part).map((each) => factor(each, look, step, unit))];
    });
    const worth = products.map((each) => ({ factors: each, value: product(each.map((f) => f.value)) }));
    return { kind: "blend", value, products: worth };
  }

  /**
   * A whole vector at a step, by what an edge of the diagram calls it: "f", "c_before", or a term of a line, "c.1".
   * @param {string} id
   * @param {number} step
   */
  function vector(id, step) {
    const early = id.endsWith("_before");
    const name = id.replace(/_before$/, "");
    if (id.endsWith("*")) return soFar(byName[id.slice(0, -1)], step);
    const { units: own = 0 } = byName[name] ?? {};
    if (own) return Float64Array.from({ length: own }, (_, unit) => at(name, early, step, unit));
    const [line] = id.split(".");
    const length = byName[line].units;
    const term = termAt(id, lines);
    return Float64Array.from({ length }, (_, unit) => looks[line].number(term, step, unit));
  }

  /**
   * An array of every step up to this one, row by row; of later ones there is none.
   * @param {import("../types").Panel} panel
   * @param {number} step
   */
  const soFar = ({ values, units: width }, step) =>
    Float64Array.from(values, (value, k) => (k < (step + 1) * width ? value : NaN));

  // The inner steps in the order of computation. A plain RNN has one line and two of them.
  const order = inside.lines.map((line) => line.name);
  const walk =
    order.length > 1
      ? order.map((name) => ({ array: byName[name].id, name, label: byName[name].title }))
      : [
          { array: byName.h.id, name: "h", sum: true, label: "the sum" },
          { array: byName.h.id, name: "h", label: "the activation" },
        ];

  // The readout and the loss come after the cell; the way back has an order of its own.
  const solved = layer.panels.filter((panel) => panel.lines);
  const staged = (/** @type {boolean} */ back) =>
    solved
      .filter((panel) => Boolean(panel.back) === back)
      .map(({ id, name, letter, title }) => ({ array: id, name, label: back ? letter : title }));

  return {
    explain,
    vector,
    before,
    // Whether a number was set by an edit instead of computed.
    edited: (name, step, unit) => inside.edited[name]?.[step * units + unit] === 1,
    walk: [...walk.filter((stage) => byName[stage.name].shown !== false), ...staged(false)],
    back: staged(true),
    lines,
    byName,
    inside,
    units,
    size,
  };
}
