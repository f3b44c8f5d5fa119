// From word to gate, where all of it fits on the screen: token, id, one-hot row, the rows of W and U that make the chosen number, and the
// same cell unrolled over three steps.
const BLOCKS = { lstm: ["i", "f", "g", "o"], gru: ["r", "z", "n"], rnn: ["h"] };

export function create(frame, state, { frame: { element }, arrays: { fixed, sub }, colours: paint }) {
  const { origin } = frame;
  const path = element("p", { class: "gs-path" }), dots = element("p", {}), unrolled = element("div", { class: "gs-unrolled", role: "group", "aria-label": "The same cell at three steps" });
  const matrices = element("div", { class: "gs-matrices" });
  origin.append(element("h4", {}, "From word to gate"), path, matrices, dots, unrolled);
  let built = null, tables = [];

  const badge = (text) => element("span", { class: "gs-badge" }, text);

  // One weight matrix as a table, its rows in torch's order, block by block.
  function matrix(cell, letter, weights, width, heads) {
    const blocks = BLOCKS[state.panel().layer.cell], most = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
    const panel = { kind: "signed", range: most }, used = new Set(cell.inside.lines.flatMap((line) => starts(line.plan)));
    const head = element("tr", {}, element("th", { scope: "col" }, element("span", { class: "gs-live" }, "row")), ...heads.map((h) => element("th", { scope: "col" }, h)));
    const rows = blocks.flatMap((name, block) => Array.from({ length: cell.units }, (_, unit) => {
      const first = element("button", { type: "button", class: "gs-plain" }, `${state.panel().layer.cell === "rnn" ? "" : name}[${unit}]`);
      first.onclick = () => state.choose({ array: cell.byName[name].id, unit });
      const row = block * cell.units + unit;
      const cells = Array.from({ length: width }, (_, k) => {
        const value = weights[row * width + k], ground = paint.at(state.colours, panel, value);
        const [r, g, b] = ground.match(/\d+/g).map((v) => (v / 255) ** 2.2), bright = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18; // black has the higher contrast from there
        return element("td", { style: `background:${ground};color:${bright ? "#000" : "#fff"}` }, fixed(value, 2));
      });
      const made = element("tr", { "data-row": `${name}${unit}`, class: `${unit === 0 && block ? "gs-block" : ""} ${used.has(block * cell.units) ? "" : "gs-unused"}`.trim() }, element("th", { scope: "row" }, first), ...cells);
      return made;
    }));
    const table = element("table", {}, element("caption", {}, element("b", {}, letter), " ", badge(`${rows.length} × ${width}`)), element("thead", {}, head), element("tbody", {}, ...rows));
    return { node: element("div", { class: "gs-scroll", tabindex: 0, role: "region", "aria-label": `Weights ${letter}` }, table), rows, heads: [...head.children].slice(1) };
  }

  // Where the blocks of rows begin that a term uses: a coupled LSTM has rows for i and does not look at them.
  const starts = (plan) => (plan[0] === "affine" ? [plan[2]] : plan.filter(Array.isArray).flatMap(starts));

  function build(cell) {
    const { inside, units, size } = cell;
    tables = [matrix(cell, "W", inside.weight_ih, size, inside.inputs), matrix(cell, "U", inside.weight_hh, units, Array.from({ length: units }, (_, k) => `h[${k}]`))];
    matrices.replaceChildren(...tables.map((t) => t.node));
  }

  function light(cell) {
    const { name } = state.panel(), id = cell.byName.x.order.find((k) => cell.byName.x.at(state.step, k) === 1);
    for (const [which, { rows, heads }] of tables.entries()) {
      for (const row of rows) row.classList.toggle("gs-lit", row.dataset.row === `${name}${state.unit}`);
      heads.forEach((head, k) => {
        const on = which === 0 && k === id;
        if (head.classList.contains("gs-lit") === on) return;
        head.classList.toggle("gs-lit", on);
        for (const row of rows) row.children[k + 1].classList.toggle("gs-lit", on);
      });
    }
    const word = state.reading.tokens[state.step], t = sub(state.step + 1);
    path.replaceChildren("token ", element("b", {}, word), ` → id ${id} → one-hot row ${id} of 10: x${t} = (${cell.byName.x.order.map((k) => (k === id ? "1" : "0")).join(" ")}) `, badge(`x (${cell.size},)`), " ", badge(`h (${cell.units},)`),
      ` With a one-hot x, W x is column “${word}” of W.`);
    const found = rowsOf(name) ? cell.explain(name, state.step, state.unit) : null;
    if (found?.kind !== "sum") return dots.replaceChildren(`${state.panel().letter} uses no weights of its own here: it is made of the other arrays by ⊙, unit by unit, pairs multiplied and not added up.`);
    const parts = Object.fromEntries(found.groups.map((g) => [g.key, g.value]));
    dots.replaceChildren(`Row · column (a dot product: pairs multiplied, then added up): row ${name === "h" ? "" : name}[${state.unit}] of W · x = ${fixed(parts.x, 3)}; the same row of U · h = ${fixed(parts.h, 3)}. Then the curve. ⊙ is another product: pairs multiplied and not added up.`);
  }
  const rowsOf = (name) => tables[0].rows.some((row) => row.dataset.row.startsWith(name));

  function three(cell) {
    const { tokens, length } = state.reading, h = cell.byName.h;
    const steps = [-1, 0, 1].map((k) => state.step + k);
    const boxes = steps.flatMap((t, k) => {
      const inside = t >= 0 && t < length;
      const box = element("button", { type: "button", class: k === 1 ? "gs-cell gs-cell-now" : "gs-cell" }, inside ? `t = ${t + 1} · ${tokens[t]}` : t < 0 ? "the start" : "the end", element("span", { class: "gs-from" }, inside ? "same W, U, b" : t < 0 ? "h₀ = 0" : ""));
      box.disabled = !inside || k === 1;
      box.onclick = () => state.go(t);
      const unread = k === 2; // what comes is not told
      return [box, ...(k === 2 ? [] : [element("span", { class: "gs-pass" }, inside && !unread ? `h${sub(t + 1)}[${state.unitIn(h)}] = ${state.hidden(h, t, state.unitIn(h)) ? "?" : fixed(h.at(t, state.unitIn(h)), 2)} →` : "0 →")])];
    });
    unrolled.replaceChildren(...boxes);
  }

  return {
    update(change) {
      if (state.level !== "inside" || !state.reading.length) return;
      const cell = state.cell();
      origin.hidden = !cell || !state.small(state.panel().layer);
      frame.tabs.lastChild.hidden = origin.hidden;
      if (origin.hidden) return;
      if (built !== cell || change.theme) { build(cell); built = cell; }
      light(cell);
      three(cell);
    },
  };
}
