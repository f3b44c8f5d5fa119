// What a cell computed at one step and unit, taken apart: the equations' own terms, filled with weights and states.
// A plan is a term as nested lists, see core/cells/terms.py.
const sigmoid = (a) => 1 / (1 + Math.exp(-a));
const clip = (v) => Math.min(1, Math.max(0, v));
export const CURVES = {
  sigmoid, hard_sigmoid: (a) => clip(0.2 * a + 0.5), hard_sigmoid_6: (a) => clip(a / 6 + 0.5),
  tanh: Math.tanh, abs_tanh: (a) => Math.abs(Math.tanh(a)), relu: (a) => Math.max(a, 0), leaky_relu: (a) => (a > 0 ? a : 0.01 * a), identity: (a) => a,
};
export const SYMBOLS = { sigmoid: "σ", hard_sigmoid: "hard σ", hard_sigmoid_6: "hard σ₆", tanh: "tanh", abs_tanh: "|tanh|", relu: "ReLU", leaky_relu: "LeakyReLU", softmax: "softmax", identity: "" };

export function open(layer) {
  const { inside, units } = layer, { size } = inside;
  const byName = Object.fromEntries(layer.all.map((p) => [p.name, p]));
  const lines = Object.fromEntries(inside.lines.map((line) => [line.name, line]));

  // The step before, over the gap that a text shown beside a longer one has; -1 is the initial state.
  function before(step) {
    const any = byName.h;
    let t = step - 1;
    while (t >= 0 && Number.isNaN(any.at(t, 0))) t -= 1;
    return t;
  }
  function at(name, early, step, unit) {
    const t = early ? before(step) : step;
    return t < 0 ? inside[`${name}0`][unit] : byName[name].at(t, unit);
  }

  function number(plan, step, unit) {
    const [kind, a, b] = plan;
    if (kind === "var") return at(a, b, step, unit);
    if (kind === "rest") return 1 - number(a, step, unit);
    if (kind === "one") return 1;
    if (kind === "times") return number(a, step, unit) * number(b, step, unit);
    if (kind === "sum") return plan.slice(1).reduce((total, term) => total + number(term, step, unit), 0);
    if (kind === "peep") return inside.peephole[b * units + unit] * number(plan[3], step, unit);
    if (kind === "affine") return members(plan, step, unit).reduce((total, m) => total + m.value, bias(plan, unit));
    if (a !== "softmax") return CURVES[a](number(b, step, unit));
    const all = Array.from({ length: units }, (_, u) => Math.exp(number(b, step, u)));
    return all[unit] / all.reduce((x, y) => x + y, 0);
  }

  // Where a number comes from: the place a click on it leads to.
  const place = (plan, step, unit) => ({ array: byName[plan[1]].id, unit, step: plan[2] ? before(step) : step });
  const bias = ([, , start, inner], unit) => (inner ? inside.bias_hh : inside.bias_ih)[start + unit];

  // The products of one matrix row and its vector.
  function members([, , start, inner, vector], step, unit) {
    const weight = inner ? inside.weight_hh : inside.weight_ih, width = inner ? units : size;
    return Array.from({ length: width }, (_, k) => {
      const w = weight[(start + unit) * width + k];
      const [kind, a, b] = vector;
      const factors = kind === "times" ? [w, number(a, step, k), number(b, step, k)] : [w, number(vector, step, k)];
      const source = kind === "times" ? b : vector;
      return { index: k, letter: inner ? "h" : "x", factors, value: factors.reduce((x, y) => x * y, 1), goto: place(source, step, k) };
    });
  }

  // The groups of a sum: the input's part, the state's, the biases, a peephole's. `scale`: what the whole part is multiplied by.
  function groups(term, step, unit, scale = null) {
    const [kind, a, b] = term;
    if (kind === "sum") return term.slice(1).flatMap((t) => groups(t, step, unit, scale));
    if (kind === "times") return groups(b, step, unit, { value: number(a, step, unit), letter: a[1], goto: place(a, step, unit) });
    if (kind === "peep") {
      const factors = [inside.peephole[b * units + unit], number(term[3], step, unit)];
      return [{ key: "peephole", members: [], factors, value: factors[0] * factors[1], goto: place(term[3], step, unit) }];
    }
    const [, , , inner] = term;
    const scaled = (m) => (scale ? { ...m, factors: [scale.value, ...m.factors], value: scale.value * m.value } : m);
    const parts = members(term, step, unit).map(scaled);
    const offset = scaled({ index: null, letter: inner ? "b′" : "b", factors: [bias(term, unit)], value: bias(term, unit), goto: null });
    const sum = (list) => list.reduce((total, m) => total + m.value, 0);
    if (scale) return [{ key: "h", scale, members: [...parts, offset], value: sum([...parts, offset]) }];
    return [{ key: inner ? "h" : "x", members: parts, value: sum(parts) }, { key: offset.letter, members: [], factors: offset.factors, value: offset.value }];
  }

  // A factor of a product: its number, how it is written, and what it is for a number of decimals.
  function factor(plan, step, unit) {
    const [kind, a, b] = plan;
    if (kind === "rest") return { name: `1 − ${a[1]}`, value: number(plan, step, unit), round: (round) => 1 - round(number(a, step, unit)), write: (w) => `(1 − ${w(number(a, step, unit))})`, goto: place(a, step, unit), array: a[1] };
    if (kind === "one") return { name: "1", value: 1, round: () => 1, write: () => "1", goto: null };
    if (kind === "apply") {
      const inner = number(b, step, unit);
      if (a === "softmax") { const value = number(plan, step, unit); return { name: `softmax ${b[1]}`, value, round: (round) => round(value), write: (w) => w(value), goto: place(b, step, unit), array: b[1] }; }
      return { name: `${SYMBOLS[a]} ${b[1]}`.trim(), value: CURVES[a](inner), round: (round) => CURVES[a](round(inner)), write: (w) => (a === "identity" ? w(inner) : `${SYMBOLS[a]}(${w(inner)})`), goto: place(b, step, unit), array: b[1], curve: { name: a, at: inner } };
    }
    return { name: b ? `${a} before` : a, value: number(plan, step, unit), round: (round) => round(number(plan, step, unit)), write: (w) => w(number(plan, step, unit)), goto: place(plan, step, unit), array: a };
  }

  // The equation of array `name` at one step and unit: a sum under a curve, or a blend of products.
  function explain(name, step, unit) {
    const { plan: [kind, a, b] } = lines[name], plan = lines[name].plan, value = byName[name].at(step, unit);
    if (kind === "apply" && b[0] === "sum") {
      const found = groups(b, step, unit);
      const all = a === "softmax" ? Array.from({ length: units }, (_, u) => number(b, step, u)) : null;
      return { kind: "sum", curve: a, groups: found, a: found.reduce((total, g) => total + g.value, 0), all, value };
    }
    const products = kind === "sum" ? plan.slice(1) : [plan];
    return { kind: "blend", value, products: products.map((p) => {
      const factors = p[0] === "times" ? [factor(p[1], step, unit), factor(p[2], step, unit)] : [factor(p, step, unit)];
      return { factors, value: factors.reduce((total, f) => total * f.value, 1) };
    }) };
  }

  // A whole vector at a step, by what an edge of the diagram calls it: "f", "c_before", or a term of a line as "c.0", or its inner part.
  function vector(id, step) {
    const width = id === "x" ? size : units;
    const early = id.endsWith("_before"), name = early ? id.slice(0, -7) : id;
    if (byName[name]) return Float64Array.from({ length: width }, (_, u) => at(name, early, step, u));
    const plan = id.split(".").slice(1).reduce((tree, k) => tree[k], lines[id.split(".")[0]].plan);
    const own = (u) => (plan[0] === "affine" ? members(plan, step, u).reduce((total, m) => total + m.value, 0) : number(plan, step, u));
    return Float64Array.from({ length: width }, (_, u) => own(u));
  }

  // The inner steps in the order of computation. A plain RNN has one line and two of them.
  const order = inside.lines.map((line) => line.name);
  const walk = order.length > 1 ? order.map((name) => ({ array: byName[name].id, name, label: byName[name].title }))
    : [{ array: byName.h.id, name: "h", sum: true, label: "the sum" }, { array: byName.h.id, name: "h", label: "the activation" }];
  // Whether a number was set by an edit instead of computed.
  const edited = (name, step, unit) => inside.edited[name]?.[step * units + unit] === 1;
  return { explain, edited, vector, walk: walk.filter((stage) => byName[stage.name].shown !== false), lines, byName, inside, units, size, before };
}
