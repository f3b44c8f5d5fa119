// The arithmetic of the chosen number: its parts as signed bars that add up to it, to the last digit shown.
// Parts have three decimals; what their rounding leaves over stands in a row of its own. A factor, and the number a curve is
// applied to, has as many decimals as its result needs.
const SHOWN = 4; // members of a group before "and … more"
const DIGITS = 3, MOST = 8;
const rounded = (value, digits = DIGITS) => Number(value.toFixed(digits));
const product = (numbers) => numbers.reduce((x, y) => x * y, 1);
const total = (numbers) => numbers.reduce((x, y) => x + y, 0);

// The least number of decimals with which `gives` holds.
function enough(gives) {
  for (let digits = DIGITS; digits < MOST; digits += 1) if (gives(digits)) return digits;
  return MOST;
}

export function create(frame, state, { frame: { element }, arrays, cell: { CURVES, SYMBOLS }, colours: paint, curve }) {
  const { fixed, signed, sub, missing } = arrays;
  const { arithmetic } = frame;
  const open = new Set(); // the groups whose members are all shown
  const plot = curve.create(element, arrays, { CURVES, SYMBOLS });

  const dot = (numbers, digits) => numbers.map((v) => (v < 0 ? `(${fixed(v, digits)})` : fixed(v, digits))).join(" · ");
  const name = (letter, unit, step) => `${letter}${sub(step + 1)}[${unit}]`;

  function row(part, label, text, value, digits = DIGITS, { bar = null, goto = null, level = 0, act = null } = {}) {
    const head = goto || act ? element("button", { type: "button", class: "gs-plain" }, ...[label].flat()) : element("span", {}, ...[label].flat());
    if (goto) head.onclick = () => state.choose(goto);
    if (act) head.onclick = act;
    const size = bar === null ? 0 : Math.min(50, (50 * Math.abs(value)) / bar);
    return element("tr", { "data-part": part, class: level ? "gs-member" : null },
      element("th", { scope: "row" }, head), element("td", { class: "gs-product" }, text),
      element("td", { class: "gs-bar-cell", "aria-hidden": "true" }, ...(bar === null ? [] : [element("span", { class: "gs-share", style: `left:${value < 0 ? 50 - size : 50}%;width:${size}%` })])),
      element("td", { class: "gs-amount" }, signed(value, digits)));
  }

  function member(m, group, step, bar) {
    const digits = enough((d) => rounded(product(m.factors.map((v) => rounded(v, d)))) === rounded(m.value));
    const { tokens } = state.reading, early = m.goto?.step ?? step;
    const from = m.letter === "x" ? group.words?.[m.index] : early >= 0 && early < step ? `from ${tokens[early]}` : "";
    const label = m.index === null ? m.letter : early < 0 ? `h₀[${m.index}]` : name(m.letter, m.index, m.letter === "x" ? step : early);
    const goto = m.goto && m.goto.step >= 0 ? m.goto : null;
    return row("share", [label, element("span", { class: "gs-from" }, from ? ` ${from}` : "")], m.factors.length > 1 ? dot(m.factors, digits) : "", m.value, DIGITS, { bar, goto, level: 1 });
  }

  function group(g, step, bar) {
    const { tokens } = state.reading;
    const titles = { x: `W x, “${tokens[step]}”`, h: g.scale ? `${g.scale.letter} · (U h + b′)` : "U h, what came before", b: "bias b", "b′": "bias b′", peephole: "peephole p · c" };
    const rows = [row("group", titles[g.key], g.factors?.length > 1 ? dot(g.factors, enough((d) => rounded(product(g.factors.map((v) => rounded(v, d)))) === rounded(g.value))) : "", g.value, DIGITS, { bar, goto: g.goto?.step >= 0 ? g.goto : null })];
    if (!g.members.length) return rows;
    const sorted = [...g.members].sort((p, q) => Math.abs(q.value) - Math.abs(p.value));
    const all = open.has(g.key), shown = all ? sorted : sorted.slice(0, SHOWN).filter((m) => m.value !== 0), rest = sorted.slice(shown.length);
    rows.push(...shown.map((m) => member(m, g, step, bar)));
    const others = total(rest.map((m) => m.value));
    const toggle = () => { open[all ? "delete" : "add"](g.key); show(); arithmetic.querySelector(`[data-more="${g.key}"] button`)?.focus(); };
    const more = row("more", all ? "show fewer" : `and ${rest.length} more`, "", others, DIGITS, { bar: all ? null : bar, level: 1, act: toggle });
    more.dataset.more = g.key;
    if (all) more.lastChild.textContent = "";
    if (all || rest.length) rows.push(more);
    const left = rounded(g.value) - total(shown.map((m) => rounded(m.value))) - rounded(others);
    if (rounded(left) !== 0) rows.push(row("group-rounding", "rounding", "", left, DIGITS, { level: 1 }));
    return rows;
  }

  // A sum under a curve: groups, rounding, pre-activation, curve, value.
  function summed(found, step, letter, half) {
    const { value, curve: fn } = found, words = state.cell().inside.inputs;
    for (const g of found.groups) g.words = g.key === "x" && words.length ? words : null;
    const bar = Math.max(1e-9, ...found.groups.flatMap((g) => [g.value, ...g.members.map((m) => m.value)]).map(Math.abs));
    const exps = found.all?.map(Math.exp), whole = exps ? total(exps) : 1, own = exps?.[state.unitIn(state.panel())];
    const result = (d) => (exps ? rounded(own, d) / rounded(whole, d) : CURVES[fn](rounded(found.a, d)));
    const digits = enough((d) => rounded(result(d)) === rounded(value));
    const left = rounded(found.a, digits) - total(found.groups.map((g) => rounded(g.value)));
    const rows = found.groups.flatMap((g) => group(g, step, bar));
    if (rounded(left, digits) !== 0) rows.push(row("rounding", "rounding", "", left, digits));
    rows.push(row("pre", "pre-activation a", "", found.a, digits));
    if (half) return { rows, line: `a = ${fixed(found.a, digits)}`, plot: { name: fn, at: found.a, value } };
    const written = exps ? `e^a / Σ e^a = ${fixed(own, digits)} / ${fixed(whole, digits)}` : `${SYMBOLS[fn]}(${fixed(found.a, digits)})`;
    rows.push(...final(written, value, result(digits), letter));
    return { rows, line: `${exps ? "softmax: " : ""}${written} = ${fixed(value, DIGITS)}`, plot: exps ? null : { name: fn, at: found.a, value } };
  }

  // The last row; before it, where even the most decimals do not give float32's digit, what is lacking.
  function final(written, value, given, letter) {
    const lack = rounded(value) - rounded(given);
    return [...(rounded(lack) !== 0 ? [row("float", "rounding of float32", "", lack)] : []), row("value", letter, written, value)];
  }

  // Products that are added, as for c and h.
  function blended(found, step, letter, cell) {
    const bar = Math.max(1e-9, ...found.products.map((p) => Math.abs(p.value)));
    const lines = [];
    let curved = null;
    // One number of decimals for all: what stands in two products is written alike.
    const digits = enough((d) => found.products.every(({ factors, value }) => rounded(product(factors.map((f) => f.round((v) => rounded(v, d))))) === rounded(value)));
    const rows = found.products.flatMap(({ factors, value }) => {
      const write = (v) => (v < 0 ? `(${fixed(v, digits)})` : fixed(v, digits));
      const secret = factors.map((f) => f.goto?.step === step && state.hidden(cell.byName[f.array], step, f.goto.unit));
      const text = factors.map((f, k) => (secret[k] ? "?" : f.write((v) => (f.curve ? fixed(v, digits) : write(v))))).join(" · ");
      lines.push(text);
      if (!secret.some(Boolean)) curved ??= factors.find((f) => f.curve)?.curve;
      const label = factors.flatMap((f, k) => [...(k ? [" ⊙ "] : []), link(f)]);
      const made = row("product", "", text, value, DIGITS, { bar });
      made.firstChild.replaceChildren(...label);
      if (secret.some(Boolean)) {
        made.lastChild.textContent = "?";
        made.children[2].replaceChildren();
      }
      return [made];
    });
    const left = rounded(found.value) - total(found.products.map((p) => rounded(p.value)));
    if (rounded(left) !== 0) rows.push(row("rounding", "rounding", "", left));
    rows.push(row("value", letter, "", found.value));
    const at = curved && { ...curved, value: CURVES[curved.name](curved.at) };
    return { rows, line: `${lines.join(" + ")} = ${fixed(found.value, DIGITS)}`, plot: at };
  }

  // What is to be filled in: the parts stay, the result and what would give it away go.
  function conceal(made) {
    const sums = made.rows.some((r) => r.dataset.part === "pre"); // what rounding leaves before the curve tells nothing of the value
    made.rows = made.rows.filter((r) => r.dataset.part !== "float" && (sums || r.dataset.part !== "rounding"));
    for (const r of made.rows.filter((part) => part.dataset.part === "product")) r.children[2].replaceChildren();
    const last = made.rows.at(-1);
    last.lastChild.textContent = "?";
    made.line = made.line.replace(/= [^=]*$/, "= ?");
    made.plot = null;
  }

  function link(f) {
    if (!f.goto || f.goto.step < 0) return element("span", {}, f.name);
    const made = element("button", { type: "button", class: "gs-plain" }, f.name);
    const panel = state.cell().byName[f.array];
    made.style.color = paint.ink(state.colours, panel);
    made.onclick = () => state.choose(f.goto);
    return made;
  }

  function show() {
    const focused = arithmetic.contains(document.activeElement);
    const panel = state.panel(), cell = state.cell(), { step } = state;
    const value = state.value(panel);
    if (!cell || !Number.isFinite(value)) {
      const why = cell ? `${name(panel.letter, state.unitIn(panel), step)} is ${fixed(value, DIGITS)}: ${missing(panel.layer)}.` : "The weights behind these numbers are not on this page.";
      return arithmetic.replaceChildren(element("p", {}, why));
    }
    const letter = name(panel.letter, state.unitIn(panel), step);
    if (panel.name === "x") {
      return arithmetic.replaceChildren(element("p", {}, `${letter} = ${fixed(value, DIGITS)} is looked up, not computed: it is place ${state.unitIn(panel)} of the row that stands for “${state.reading.tokens[step]}”.`));
    }
    if (panel.name === "p") return arithmetic.replaceChildren(element("p", {}, `${letter} = ${fixed(value, DIGITS)} is the readout’s, computed from all of h. Choose another array to see its arithmetic.`));
    const found = cell.explain(panel.name, step, state.unitIn(panel));
    const made = found.kind === "sum" ? summed(found, step, letter, state.stage()?.sum) : blended(found, step, letter, cell);
    if (cell.edited(panel.name, step, state.unitIn(panel))) {
      return arithmetic.replaceChildren(element("p", { "data-testid": "stepper-worked" }, `${letter} = ${fixed(value, DIGITS)} was set by hand, not computed. What follows from it is.`));
    }
    if (state.hidden(panel)) conceal(made);
    const line = element("p", { class: "gs-worked", "data-testid": "stepper-worked" }, element("b", { style: `color:${paint.ink(state.colours, panel)}` }, state.stage()?.sum ? "" : letter), state.stage()?.sum ? made.line : ` = ${made.line}`);
    const table = element("table", { "aria-label": `The arithmetic of ${letter}` }, element("tbody", {}, ...made.rows));
    arithmetic.replaceChildren(element("div", { class: "gs-worked-row" }, line, ...plot.draw(made.plot, paint.ink(state.colours, panel))), table);
    if (focused && !arithmetic.contains(document.activeElement)) arithmetic.focus({ preventScroll: true });
  }

  return {
    update() {
      if (state.level === "inside" && state.reading.length) show();
    },
  };
}
