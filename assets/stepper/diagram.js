// The live diagram: every wire carries the vector of this step as a strip of cells, the chosen unit marked on all of them.
const WIDTH = 600, HEIGHT = 380, LENGTH = 76, THICK = 13, BELT = 56;
const PRE = 5; // sums before a curve are drawn on a fixed scale of ± this
// A name begins with what stands there, so that one can say what one sees.
const SPOKEN = { "×": "×, elementwise product", "+": "+, sum", "1−": "1−, one minus the gate", U: "U, matrix", W: "W, matrix" };

export function create(frame, state, { frame: { element }, colours: paint, arrays: { sub }, cell: { SYMBOLS }, wiring: { wiring } }) {
  const { diagram } = frame;
  let drawn = null, strips = [], pieces = [], palette = new Map();

  const symbol = (name) => SYMBOLS[name] || "·";
  const panelOf = (cell, name) => cell.byName[name] ?? cell.byName.h;

  // What a strip's vector is drawn like: as its array, or as a signed one of some range.
  function like(cell, id) {
    const name = id.replace("_before", "");
    if (cell.byName[name]) return cell.byName[name];
    const plan = id.split(".").slice(1).reduce((tree, k) => tree[k], cell.lines[id.split(".")[0]].plan);
    if (plan[0] === "rest" || (plan[0] === "var" && cell.byName[plan[1]].kind === "gate")) return cell.byName[(plan[0] === "rest" ? plan[1] : plan)[1]];
    if (plan[0] === "affine" || plan[0] === "sum") return { kind: "signed", range: PRE };
    const range = plan[0] === "apply" || plan[2]?.[1] !== "c" ? 1 : cell.byName.c.range;
    return { kind: "signed", range, of: named(plan).map((name) => cell.byName[name]) };
  }

  // The arrays that a term is made of.
  const named = (plan) => (plan[0] === "var" ? [plan[1]] : plan.filter(Array.isArray).flatMap(named));

  // Colours are looked up in a table of 128 steps: mixing them anew for every cell of every strip would cost a step its frame.
  function shade(panel, value) {
    const key = `${panel.kind} ${panel.range} ${panel.name ?? ""}`;
    if (!palette.has(key)) {
      const [low, high] = paint.limits(panel);
      palette.set(key, { low, high, table: Array.from({ length: 128 }, (_, k) => paint.at(state.colours, panel, low + ((high - low) * k) / 127)) });
    }
    const { low, high, table } = palette.get(key);
    return Number.isNaN(value) ? "transparent" : table[Math.round((127 * (Math.min(high, Math.max(low, value)) - low)) / (high - low))];
  }

  function build(cell) {
    const plan = wiring(state.panel().layer.cell, cell, symbol);
    strips = [];
    pieces = [];
    const keep = (stage, node) => { pieces.push({ stage, node }); return node; };
    const wires = plan.wires.map(([stage, path, name]) => keep(stage, element("path", { d: path, class: `gs-wire gs-stroke-${name}` })));
    const nodes = plan.nodes.map(([stage, kind, x, y, text]) => {
      const shape = kind === "op" ? element("circle", { cx: x, cy: y, r: 12 }) : element("rect", { x: x - (kind === "box" ? 27 : 11), y: y - (kind === "box" ? 15 : 10), width: kind === "box" ? 54 : 22, height: kind === "box" ? 30 : 20, rx: 4 });
      const title = `${kind === "box" ? `${text} of ` : `${SPOKEN[text] ?? text}, for `}${panelOf(cell, stage).title}`;
      const node = element("g", { class: `gs-node gs-${kind}`, role: "button", tabindex: 0, "aria-label": title }, shape, element("text", { x, y: y + 5 }, text));
      press(node, () => go(cell, stage));
      return keep(stage, node);
    });
    const bands = plan.strips.map(([stage, id, x, y, label]) => {
      const size = id === "x" ? cell.size : cell.units, length = id === "x" ? Math.min(LENGTH * 1.3, (LENGTH * cell.size) / cell.units) : LENGTH;
      const width = length / size, left = x - length / 2;
      const cells = Array.from({ length: size }, (_, k) => element("rect", { x: left + k * width, y: y - THICK / 2, width: width + 0.05, height: THICK }));
      const mark = element("rect", { class: "gs-strip-mark", y: y - THICK / 2 - 2, height: THICK + 4, width: Math.max(width, 3) });
      const centred = y === BELT || y === 300 || id === "x" || id.endsWith("_before"); // else beside its wire, which runs upwards
      const name = element("text", { class: "gs-strip-label", x: centred ? x : x + 6, y: id === "x" ? y + 22 : y - 12, "text-anchor": centred ? "middle" : "start" });
      const node = element("g", { class: "gs-strip", role: "button", tabindex: 0 }, element("rect", { class: "gs-strip-ground", x: left - 1, y: y - THICK / 2 - 1, width: length + 2, height: THICK + 2 }), ...cells, mark, name);
      const strip = { stage, id, label, cells, mark, name, node, width, left, panel: like(cell, id), order: id === "x" ? cell.byName.x.order : state.panel().layer.order };
      press(node, (event) => {
        const early = id.endsWith("_before"), step = early ? cell.before(state.step) : state.step;
        const k = event?.clientX ? Math.floor(((event.clientX - cells[0].getBoundingClientRect().left) / cells[0].getBoundingClientRect().width)) : -1;
        const unit = strip.order[k];
        const array = panelOf(cell, id === "x" ? "x" : cell.byName[id.replace("_before", "")] ? id.replace("_before", "") : stage).id;
        if (step >= 0) state.choose({ step, array, ...(unit === undefined ? {} : { unit }), ...(stage === "sum" ? { inner: 0 } : {}) });
      });
      strips.push(strip);
      return keep(stage, node);
    });
    diagram.replaceChildren(element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "Diagram of the cell at this step" }, ...wires, ...nodes, ...bands));
  }

  function go(cell, stage) {
    if (stage === "sum") state.choose({ array: cell.byName.h.id, inner: 0 });
    else state.choose({ array: panelOf(cell, stage).id });
  }
  function press(node, act) {
    node.onclick = act;
    node.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); act(); } };
  }

  // The vectors of this step, and the names that carry t.
  function fill(cell) {
    const { step } = state, t = step + 1, then = cell.before(step) + 1;
    for (const strip of strips) {
      const vector = cell.vector(strip.id, step), hidden = state.hidden(strip.panel);
      strip.order.forEach((unit, k) => strip.cells[k].setAttribute("fill", hidden ? "transparent" : shade(strip.panel, vector[unit])));
      const written = strip.label.replace(/\b([hc]) before\b/g, (_, l) => `${l}${sub(then)}`).replace(/^([a-z])$/, (_, l) => `${l}${sub(t)}`);
      if (strip.name.textContent !== written) strip.name.textContent = written;
      const spoken = cell.byName[strip.id]?.title ?? (written ? strip.label.replace("⊙", "times") : "squashed c");
      strip.node.setAttribute("aria-label", `${written ? `${written}, ` : ""}${spoken} at t = ${strip.id.endsWith("_before") ? then : t}: ${strip.cells.length} numbers`);
    }
  }

  function mark(cell) {
    for (const strip of strips) {
      const k = strip.order.indexOf(state.unitIn(strip.id === "x" ? cell.byName.x : cell.byName.h));
      strip.mark.setAttribute("x", strip.left + k * strip.width - (Math.max(strip.width, 3) - strip.width) / 2);
    }
  }

  function dim(cell) {
    const order = cell.walk.map((stage) => (stage.sum ? "sum" : stage.name));
    for (const { stage, node } of pieces) {
      const k = order.indexOf(stage);
      node.classList.toggle("gs-later", k > state.inner);
      node.classList.toggle("gs-now", k === state.inner && k >= 0);
    }
  }

  return {
    update(change) {
      if (state.level !== "inside" || !state.reading.length) return;
      const cell = state.cell();
      diagram.hidden = !cell;
      if (!cell) { drawn = null; return; }
      if (change.theme) palette = new Map();
      const anew = drawn !== cell || change.theme;
      if (anew) { build(cell); drawn = cell; }
      if (anew || change.step || change.reading) fill(cell);
      if (anew || change.step || change.unit || change.array) mark(cell);
      if (anew || change.array) dim(cell);
    },
  };
}
