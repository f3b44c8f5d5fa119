// The heatmaps: plotly.js draws each once; a step only moves the cursor and the cover.
const TALL = 16;

export function create(frame, state, { frame: { element }, colours: paint, arrays }) {
  const { grid, overlay, cursor, cover } = frame;
  let panels = [], heads = [];

  function build() {
    for (const { plot } of panels) window.Plotly?.purge(plot);
    for (const node of [...heads, ...panels.flatMap((p) => p.parts)]) node.remove();
    heads = [];
    panels = state.reading.layers.flatMap((layer) => {
      if (layer.title) {
        heads.push(element("h4", { class: "gs-head" }, layer.title));
        grid.insertBefore(heads.at(-1), overlay);
      }
      return layer.panels.map((panel) => make(panel));
    });
    grid.classList.toggle("gs-many", panels.length > 6);
  }

  function make(panel) {
    const letter = element("span", { class: "gs-letter" }, panel.letter);
    const key = element("span", { class: "gs-key", "aria-hidden": "true" });
    const [low, high] = paint.limits(panel).map((v) => (v < 0 ? `−${-v}` : `${v}`));
    const label = element("button", { type: "button", class: "gs-label", title: `Choose ${panel.title}` },
      element("span", { class: "gs-title" }, letter, ` ${panel.title}`), element("span", { class: "gs-note" }, panel.note),
      element("span", { class: "gs-scale" }, low, key, high));
    const plot = element("div", { class: "gs-plot", "data-testid": `stepper-panel-${panel.id}`, role: "img",
      "aria-label": `${panel.title}: ${panel.units} units by ${state.reading.length} tokens; the table below holds the numbers` });
    const mark = element("div", { class: "gs-mark", "aria-hidden": "true" });
    const tall = element("canvas", { class: "gs-tall", height: TALL, "aria-hidden": "true" });
    const value = element("div", { class: "gs-value" });
    const curve = element("path", {});
    const width = Math.max(1, state.reading.length), middle = panel.kind === "gate" ? null : element("line", { x1: 0, x2: width, y1: 50, y2: 50, class: "gs-half" });
    const ends = [element("span", { class: "gs-top" }, panel.ends?.[1] ?? ""), element("span", { class: "gs-bottom" }, panel.ends?.[0] ?? "")];
    const chart = element("div", { class: "gs-chart", "aria-hidden": "true" },
      element("svg", { class: "gs-line", viewBox: `0 0 ${width} 100`, preserveAspectRatio: "none" }, ...(middle ? [middle] : []), curve),
      ...ends);
    const stage = element("div", { class: "gs-stage" }, chart, plot, mark, tall);
    if (panel === state.memory(panel.layer)) for (const part of [label, stage, value]) part.classList.add("gs-memory");
    if (panel.own) for (const part of [label, stage, value]) part.classList.add(panel.name === "x" ? "gs-input" : "gs-output", ...(state.small(panel.layer) ? ["gs-small"] : []), ...(panel.among ? ["gs-shown"] : []));
    stage.style.viewTransitionName = `gs-${panel.id}`;
    chart.onclick = (event) => pick(panel, chart, event, false);
    stage.style.setProperty("--rows", panel.units);
    for (const part of [label, stage, value]) grid.insertBefore(part, overlay);
    label.onclick = () => state.choose({ array: panel.id });
    plot.onclick = (event) => pick(panel, plot, event, true);
    tall.onclick = (event) => pick(panel, tall, event, false);
    return { panel, label, letter, key, plot, mark, tall, curve, ends, value, stage, parts: [label, stage, value] };
  }

  // Where a click fell: the column is the step; in the heatmap the row is the unit.
  function pick(panel, node, event, withUnit) {
    const box = node.getBoundingClientRect(), { length } = state.reading;
    if (length === 0) return;
    const share = (at, from, size, count) => Math.min(count - 1, Math.max(0, Math.floor(((at - from) / size) * count)));
    const step = share(event.clientX, box.left, box.width, length);
    const row = share(event.clientY, box.top, box.height, panel.units);
    state.choose({ step, array: panel.id, ...(withUnit ? { unit: panel.order[row] } : {}) });
  }

  function draw() {
    const { colours, reading } = state, { Plotly } = window;
    for (const { panel, plot, letter, key, stage } of panels) {
      const [zmin, zmax] = paint.limits(panel);
      const scale = paint.ramp(colours, panel);
      letter.style.color = paint.ink(colours, panel);
      stage.style.setProperty("--ink", paint.ink(colours, panel));
      frame.root.style.setProperty(`--ink-${panel.name}`, paint.ink(colours, panel));
      key.style.background = `linear-gradient(90deg, ${scale.map(([s, c]) => `${c} ${100 * s}%`).join(", ")})`;
      if (!Plotly || state.level !== "all" || plot.clientHeight === 0) continue;
      const trace = { type: "heatmap", z: arrays.rows(panel, reading.length), zmin, zmax, zauto: false, colorscale: scale, showscale: false, hoverinfo: "skip" };
      const axis = { visible: false, fixedrange: true };
      const layout = { margin: { l: 0, r: 0, t: 0, b: 0 }, width: plot.clientWidth, height: plot.clientHeight,
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: { ...axis, range: [-0.5, reading.length - 0.5] },
        yaxis: { ...axis, range: [panel.units - 0.5, -0.5] } };
      Plotly.react(plot, [trace], layout, { staticPlot: true, responsive: false });
    }
  }

  // The chosen unit as a line.
  function line({ panel, curve, ends }) {
    const unit = state.unitIn(panel);
    const range = paint.unitRange(panel, unit), low = panel.kind === "gate" ? 0 : -range;
    curve.setAttribute("d", arrays.path(state.reading.length, (t) => panel.at(t, unit), low, range));
    if (!panel.ends) [ends[0].textContent, ends[1].textContent] = [`${range}`, `−${range}`];
  }

  // The chosen unit once more as a tall row: negative cells are hatched, cells beyond the scale carry a notch.
  function row({ panel, tall, mark, plot }) {
    if (state.level !== "all" && state.level !== "inside") return;
    const { length } = state.reading, { colours } = state;
    const ratio = window.devicePixelRatio || 1, unit = state.unitIn(panel);
    tall.width = Math.max(1, Math.round(tall.clientWidth * ratio));
    tall.height = TALL * ratio;
    const pen = tall.getContext("2d"), column = tall.width / length;
    for (let t = 0; t < length; t++) {
      const value = panel.at(t, unit);
      if (Number.isNaN(value)) continue;
      const left = Math.floor(t * column), width = Math.ceil((t + 1) * column) - left;
      pen.fillStyle = paint.at(colours, panel, value);
      pen.fillRect(left, 0, width, tall.height);
      pen.fillStyle = pen.strokeStyle = colours.text;
      if (panel.kind !== "gate" && value < 0) {
        pen.save();
        pen.beginPath();
        pen.rect(left, 0, width, tall.height);
        pen.clip();
        pen.globalAlpha = 0.35;
        pen.beginPath();
        for (let x = left - tall.height; x < left + width; x += 5 * ratio) { pen.moveTo(x, tall.height); pen.lineTo(x + tall.height, 0); }
        pen.stroke();
        pen.restore();
      }
      if (Math.abs(value) > panel.range) pen.fillRect(left + width / 2 - 2 * ratio, 0, 4 * ratio, 4 * ratio);
    }
    const place = panel.order.indexOf(unit), height = plot.clientHeight / panel.units;
    mark.style.transform = `translateY(${place * height}px)`;
    mark.style.height = `${Math.max(2, height)}px`;
  }

  function place() {
    const column = overlay.clientWidth / Math.max(1, state.reading.length);
    cursor.style.width = `${Math.max(3, column)}px`;
    cursor.style.transform = `translateX(${state.step * column}px)`;
    cover.style.transform = `translateX(${(state.step + 1) * column}px)`;
    cursor.hidden = cover.hidden = state.reading.length === 0;
  }

  const resize = () => { if (state.reading) { draw(); panels.forEach(row); place(); } };
  let width = 0;
  const watch = new ResizeObserver(() => {
    if (overlay.clientWidth === width) return;
    width = overlay.clientWidth;
    resize();
  });
  watch.observe(grid);

  return {
    update(change) {
      if (change.reading) build();
      if (change.reading || change.theme || change.level) draw();
      if (change.reading || change.theme || change.unit || change.level) panels.forEach((p) => { row(p); line(p); });
      if (change.step || change.level) place();
      width = overlay.clientWidth;
      for (const { panel, value, label, parts } of panels) {
        value.textContent = !state.reading.length ? "–" : state.hidden(panel) ? "?" : arrays.fixed(state.value(panel), 2);
        if (!change.array && !change.reading) continue;
        label.setAttribute("aria-pressed", String(panel.id === state.array));
        for (const part of parts) part.classList.toggle("gs-picked", panel.id === state.array);
      }
    },
    close() {
      watch.disconnect();
      for (const { plot } of panels) window.Plotly?.purge(plot);
    },
  };
}
