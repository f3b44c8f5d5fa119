// The heatmaps: plotly.js draws each once; a step only moves the cursor and the cover. And each array's chosen unit, as
// a line and as a tall row.
import { COLUMN, path, rows } from "../pure/arrays.js";
import { ink, limits, ramp, unitRange } from "../pure/colours.js";
import { counted, fixed } from "../pure/numbers.js";
import { placeAt } from "../pure/places.js";
import { element } from "./element.js";
import { drawRow, TALL } from "./row.js";

/**
 * @typedef {import("../types").Panel} Panel
 * @typedef {ReturnType<typeof parts>} Drawn
 */

/**
 * The elements of one array.
 * @param {Panel} panel
 * @param {number} length
 */
function parts(panel, length) {
  const { id, title, note, units } = panel;
  const letter = element("span", { class: "gs-letter" }, panel.letter);
  const key = element("span", { class: "gs-key", "aria-hidden": "true" });
  const [low, high] = limits(panel).map((v) => (v < 0 ? `−${-v}` : `${v}`));
  const label = element(
    "button",
    { type: "button", class: "gs-label", title: `Choose ${title}` },
    element("span", { class: "gs-title" }, letter, ` ${title}`),
    element("span", { class: "gs-note" }, note),
    element("span", { class: "gs-scale" }, low, key, high),
  );
  const size = `${counted(units, "unit")} by ${counted(length, "token")}`;
  const plot = element("div", {
    class: "gs-plot",
    "data-testid": `stepper-panel-${id}`,
    role: "img",
    "aria-label": `${title}: ${size}; the numbers are in the table below`,
  });
  const mark = element("div", { class: "gs-mark", "aria-hidden": "true" });
  const tall = element("canvas", { class: "gs-tall", height: TALL, "aria-hidden": "true" });
  const value = element("div", { class: "gs-value" });
  const curve = element("path", {});
  const width = COLUMN * Math.max(1, length);
  const zero = element("line", { x1: 0, x2: width, y1: 50, y2: 50, class: "gs-half" });
  const middle = limits(panel)[0] < 0 ? [zero] : [];
  const top = element("span", { class: "gs-top" }, panel.ends?.[1] ?? "");
  const bottom = element("span", { class: "gs-bottom" }, panel.ends?.[0] ?? "");
  const chart = element(
    "div",
    { class: "gs-chart", "aria-hidden": "true" },
    element("svg", { class: "gs-line", viewBox: `0 0 ${width} 100`, preserveAspectRatio: "none" }, ...middle, curve),
    top,
    bottom,
  );
  const stage = element("div", { class: "gs-stage" }, chart, plot, mark, tall);
  stage.style.setProperty("view-transition-name", `gs-${id}`);
  stage.style.setProperty("--rows", String(units));
  return { panel, label, letter, key, plot, mark, tall, curve, top, bottom, value, chart, stage };
}

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @param {() => import("../types").Heatmaps | null} heatmaps what draws them, once it is there
 * @returns {import("../types").View}
 */
export function create(frame, state, heatmaps) {
  const { grid, overlay, cursor, cover } = frame;
  /** @type {Drawn[]} */
  let panels = [];
  /** @type {HTMLElement[]} */
  let heads = [];

  /** @param {Drawn} drawn */
  const cells = ({ label, stage, value }) => [label, stage, value];

  function build() {
    for (const { plot } of panels) heatmaps()?.purge(plot);
    for (const node of [...heads, ...panels.flatMap(cells)]) node.remove();
    heads = [];
    panels = state.reading.layers.flatMap((layer) => {
      if (layer.title) {
        const head = element("h4", { class: "gs-head" }, layer.title);
        heads.push(head);
        grid.insertBefore(head, overlay);
      }
      return layer.panels.map(make);
    });
    grid.classList.toggle("gs-many", panels.length > 6);
  }

  /** @param {Panel} panel */
  function make(panel) {
    const drawn = parts(panel, state.reading.length);
    const memory = state.memory(panel.layer).name.replace("d_", "");
    const kinds = [panel.back ? "gs-backward" : "gs-forward", ...(panel.gaps ? ["gs-gaps"] : [])];
    if (panel.name === memory || panel.name === `d_${memory}`) kinds.push("gs-memory");
    if (panel.own && !panel.lines && !panel.place) kinds.push(panel.name === "x" ? "gs-input" : "gs-output");
    if (panel.own && state.small(panel.layer)) kinds.push("gs-small");
    if (panel.own && panel.among) kinds.push("gs-shown");
    for (const cell of cells(drawn)) {
      cell.classList.add(...kinds);
      grid.insertBefore(cell, overlay);
    }
    drawn.label.onclick = () => choose({ array: panel.id }, panel);
    drawn.chart.onclick = (event) => pick(panel, drawn.chart, event, false);
    drawn.plot.onclick = (event) => pick(panel, drawn.plot, event, true);
    drawn.tall.onclick = (event) => pick(panel, drawn.tall, event, false);
    return drawn;
  }

  /**
   * Where a click fell: the column is the step; in the heatmap the row is the unit.
   * @param {Panel} panel
   * @param {HTMLElement} node
   * @param {MouseEvent} event
   * @param {boolean} withUnit
   */
  function pick(panel, node, event, withUnit) {
    const box = node.getBoundingClientRect();
    const { length } = state.reading;
    if (length === 0) return;
    const step = placeAt(event.clientX, box.left, box.width, length);
    const row = placeAt(event.clientY, box.top, box.height, panel.units);
    choose({ step, array: panel.id, ...(withUnit ? { unit: panel.order[row] } : {}) }, panel);
  }

  /**
   * A page that explains the arrays hears of another one.
   * @param {Parameters<import("../types").State["choose"]>[0]} choice
   * @param {Panel} panel
   */
  function choose(choice, panel) {
    const other = panel.id !== state.array;
    state.choose(choice);
    if (other && state.given.rows) state.ask("row", panel.name);
  }

  function draw() {
    const { colours, reading } = state;
    const draws = heatmaps();
    for (const { panel, plot, letter, key, stage } of panels) {
      const scale = ramp(colours, panel);
      const colour = ink(colours, panel);
      letter.style.color = colour;
      stage.style.setProperty("--ink", colour);
      frame.root.style.setProperty(`--ink-${panel.name}`, colour);
      key.style.background = `linear-gradient(90deg, ${scale.map(([s, c]) => `${c} ${100 * s}%`).join(", ")})`;
      if (!draws || state.level !== "all" || plot.clientHeight === 0) continue;
      const [zmin, zmax] = limits(panel);
      const z = rows(panel, reading.length);
      const plain = { zauto: false, showscale: false, hoverinfo: "skip" };
      const axis = { visible: false, fixedrange: true };
      const layout = {
        margin: { l: 0, r: 0, t: 0, b: 0 },
        width: plot.clientWidth,
        height: plot.clientHeight,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        xaxis: { ...axis, range: [-0.5, reading.length - 0.5] },
        yaxis: { ...axis, range: [panel.units - 0.5, -0.5] },
      };
      const options = { staticPlot: true, responsive: false };
      draws.react(plot, [{ type: "heatmap", z, zmin, zmax, colorscale: scale, ...plain }], layout, options);
    }
  }

  /**
   * The chosen unit as a line.
   * @param {Drawn} drawn
   */
  function line({ panel, curve, top, bottom }) {
    const unit = state.unitIn(panel);
    const range = unitRange(panel, unit);
    const low = limits(panel)[0] < 0 ? -range : 0;
    curve.setAttribute(
      "d",
      path(state.reading.length, (t) => panel.at(t, unit), low, range, panel.back),
    );
    if (!panel.ends) [top.textContent, bottom.textContent] = [`${range}`, low ? `−${range}` : "0"];
  }

  /**
   * The chosen unit once more as a tall row, and marked in the heatmap.
   * @param {Drawn} drawn
   */
  function row({ panel, tall, mark, plot }) {
    if (state.level !== "all" && state.level !== "inside") return;
    const unit = state.unitIn(panel);
    drawRow(tall, panel, unit, state.reading.length, state.colours);
    const height = plot.clientHeight / panel.units;
    mark.style.transform = `translateY(${panel.order.indexOf(unit) * height}px)`;
    mark.style.height = `${Math.max(2, height)}px`;
  }

  function place() {
    const column = overlay.clientWidth / Math.max(1, state.reading.length);
    cursor.style.width = `${Math.max(3, column)}px`;
    cursor.style.transform = `translateX(${state.step * column}px)`;
    const comes = state.step + (state.back() ? -state.reading.length : 1);
    cover.style.transform = `translateX(${comes * column}px)`;
    cursor.hidden = cover.hidden = state.reading.length === 0;
  }

  /** @param {Drawn} drawn */
  function number({ panel, value }) {
    const digits = panel.lines ? 3 : 2; // gradients are small
    value.textContent = !state.reading.length ? "–" : state.hidden(panel) ? "?" : fixed(state.value(panel), digits);
  }

  let width = 0;
  const watch = new ResizeObserver(() => {
    if (overlay.clientWidth === width) return;
    width = overlay.clientWidth;
    if (!state.reading) return;
    draw();
    panels.forEach(row);
    place();
  });
  watch.observe(grid);

  /** @type {(change: import("../types").Change) => boolean} */
  const anewBy = ({ reading, theme, level, pass }) => Boolean(reading || theme || level || pass);
  return {
    update(change) {
      const anew = anewBy(change);
      if (change.reading) build();
      if (anew) draw();
      if (anew || change.unit) {
        for (const drawn of panels) {
          row(drawn);
          line(drawn);
        }
      }
      if (anew || change.step || overlay.clientWidth !== width) place();
      width = overlay.clientWidth;
      panels.forEach(number);
      if (!change.array && !change.reading) return;
      for (const drawn of panels) {
        const picked = drawn.panel.id === state.array;
        drawn.label.setAttribute("aria-pressed", String(picked));
        for (const cell of cells(drawn)) cell.classList.toggle("gs-picked", picked);
      }
    },
    close() {
      watch.disconnect();
      for (const { plot } of panels) heatmaps()?.purge(plot);
    },
  };
}
