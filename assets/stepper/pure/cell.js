// What a cell computed at one step and unit, taken apart: the equations' own terms, filled with weights and states.
import { factor } from "./factor.js";
import { product, total } from "./numbers.js";
import { at as termAt, number as evaluate, peephole, row, terms } from "./plan.js";

/**
 * @typedef {import("../types").Plan} Plan
 * @typedef {import("../types").Group} Group
 * @typedef {import("../types").Member} Member
 */

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
  const source = { ...inside, units, at };

  /**
   * The step before, over the gap that a text shown beside a longer one has; -1 is the initial state.
   * @param {number} step
   */
  function before(step) {
    let t = step - 1;
    while (t >= 0 && Number.isNaN(byName.h.at(t, 0))) t -= 1;
    return t;
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
    const start = name === "c" ? inside?.c0 : inside?.h0;
    return start ? start[unit] : NaN;
  }

  /**
   * @param {Plan} plan
   * @param {number} step
   * @param {number} unit
   */
  const number = (plan, step, unit) => evaluate(plan, source, step, unit);

  /**
   * Where a number comes from: the place a click on it leads to.
   * @param {Plan} plan
   * @param {number} step
   * @param {number} unit
   */
  function place(plan, step, unit) {
    const [, name, early] = /** @type {import("../types").VarPlan} */ (plan);
    return { array: byName[name].id, unit, step: early ? before(step) : step };
  }

  /**
   * The products of one matrix row and its vector.
   * @param {import("../types").AffinePlan} plan
   * @param {number} step
   * @param {number} unit
   * @returns {Member[]}
   */
  function members(plan, step, unit) {
    const [weight, from, width] = row(plan, source, unit);
    const vector = plan[4];
    const letter = plan[3] ? "h" : "x";
    return Array.from({ length: width }, (_, k) => {
      const [left, right] = vector[0] === "times" ? [vector[1], vector[2]] : [null, vector];
      const factors = [weight[from + k], ...(left ? [number(left, step, k)] : []), number(right, step, k)];
      return { index: k, letter, factors, value: product(factors), goto: place(right, step, k) };
    });
  }

  /**
   * The groups of a sum: the input's part, the state's, the biases, a peephole's.
   * @param {Plan} term
   * @param {number} step
   * @param {number} unit
   * @param {import("../types").Scaled | null} scale what the whole part is multiplied by
   * @returns {Group[]}
   */
  function groups(term, step, unit, scale = null) {
    switch (term[0]) {
      case "sum":
        return terms(term).flatMap((t) => groups(t, step, unit, scale));
      case "times": {
        const [, gate, part] = term;
        const goto = place(gate, step, unit);
        return groups(part, step, unit, { value: number(gate, step, unit), letter: String(gate[1]), goto });
      }
      case "peephole": {
        const factors = [peephole(term, source, unit), number(term[3], step, unit)];
        return [{ key: "peephole", members: [], factors, value: product(factors), goto: place(term[3], step, unit) }];
      }
      case "affine":
        return affine(term, step, unit, scale);
      default:
        throw new Error(`no part of a sum: ${term[0]}`);
    }
  }

  /**
   * @param {import("../types").AffinePlan} term
   * @param {number} step
   * @param {number} unit
   * @param {import("../types").Scaled | null} scale
   * @returns {Group[]}
   */
  function affine(term, step, unit, scale) {
    const key = term[3] ? "h" : "x";
    const letter = term[3] ? "b′" : "b";
    const [, , , bias] = row(term, source, unit);
    const parts = members(term, step, unit);
    if (!scale) {
      return [
        { key, members: parts, value: total(parts.map((m) => m.value)) },
        { key: letter, members: [], factors: [bias], value: bias },
      ];
    }
    const offset = { index: null, letter, factors: [bias], value: bias, goto: null };
    const scaled = [...parts, offset].map((m) => ({
      ...m,
      factors: [scale.value, ...m.factors],
      value: scale.value * m.value,
    }));
    return [{ key: "h", scale, members: scaled, value: total(scaled.map((m) => m.value)) }];
  }

  const look = { number, place };

  /**
   * The equation of an array at one step and unit: a sum under a curve, or a blend of products.
   * @param {string} name
   * @param {number} step
   * @param {number} unit
   * @returns {import("../types").Summed | import("../types").Blended}
   */
  function explain(name, step, unit) {
    const { plan } = lines[name];
    const value = byName[name].at(step, unit);
    if (plan[0] === "apply" && plan[2][0] === "sum") {
      const [, curve, sum] = plan;
      const found = groups(sum, step, unit);
      const all = curve === "softmax" ? Array.from({ length: units }, (_, u) => number(sum, step, u)) : null;
      return { kind: "sum", curve, groups: found, a: total(found.map((group) => group.value)), all, value };
    }
    const products = (plan[0] === "sum" ? terms(plan) : [plan]).map((part) => {
      const factors = (part[0] === "times" ? [part[1], part[2]] : [part]).map((each) => factor(each, look, step, unit));
      return { factors, value: product(factors.map((each) => each.value)) };
    });
    return { kind: "blend", value, products };
  }

  /**
   * A whole vector at a step, by what an edge of the diagram calls it: "f", "c_before", or a term of a line, "c.1".
   * @param {string} id
   * @param {number} step
   */
  function vector(id, step) {
    const length = id === "x" ? size : units;
    const early = id.endsWith("_before");
    const name = id.replace(/_before$/, "");
    if (name in byName) return Float64Array.from({ length }, (_, unit) => at(name, early, step, unit));
    const term = termAt(id, lines);
    return Float64Array.from({ length }, (_, unit) => number(term, step, unit));
  }

  // The inner steps in the order of computation. A plain RNN has one line and two of them.
  const order = inside.lines.map((line) => line.name);
  const walk =
    order.length > 1
      ? order.map((name) => ({ array: byName[name].id, name, label: byName[name].title }))
      : [
          { array: byName.h.id, name: "h", sum: true, label: "the sum" },
          { array: byName.h.id, name: "h", label: "the activation" },
        ];

  return {
    explain,
    vector,
    before,
    // Whether a number was set by an edit instead of computed.
    edited: (name, step, unit) => inside.edited[name]?.[step * units + unit] === 1,
    walk: walk.filter((stage) => byName[stage.name].shown !== false),
    lines,
    byName,
    inside,
    units,
    size,
  };
}
