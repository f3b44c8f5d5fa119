// A page's chart: a Plotly figure in the theme's colours, as wide as its place.
import { plotly } from "./plotly.js";

/**
 * @typedef {object} Chart
 * @property {{ data: object[], layout: object }} figure as Plotly has it
 * @property {object} config
 * @property {string} plotly where plotly.js is
 */

/** @type {WeakMap<HTMLElement, ResizeObserver>} */
const watched = new WeakMap();

/**
 * @param {HTMLElement} host
 * @param {Chart} chart
 */
export async function draw(host, chart) {
  const library = /** @type {any} */ (await plotly(chart.plotly));
  if (!host.dataset.drawn && host.getBoundingClientRect().top > innerHeight) {
    await new Promise((done) => requestIdleCallback(done, { timeout: 2000 })); // what is in view is drawn first
  }
  if (!host.isConnected) return; // the page was left
  const { data, layout } = chart.figure;
  await library.react(host, data, { ...layout, template: template(host) }, chart.config);
  host.dataset.drawn = "true";
  if (watched.has(host)) return;
  const observer = new ResizeObserver(() => {
    if (host.isConnected && host.clientWidth) library.Plots.resize(host);
  });
  observer.observe(host);
  watched.set(host, observer);
}

/** @param {HTMLElement} host */
export function close(host) {
  watched.get(host)?.disconnect();
  watched.delete(host);
  /** @type {any} */ (window).Plotly?.purge(host);
}

/**
 * What a figure does not say itself.
 * @param {HTMLElement} host
 */
function template(host) {
  const style = getComputedStyle(host);
  /** @type {(name: string) => string} */
  const pick = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const [text, ground, line] = ["text-color", "background-color", "border-color"].map(pick);
  const axis = {
    automargin: true,
    color: text,
    gridcolor: line,
    linecolor: line,
    zerolinecolor: line,
    ticks: "",
    title: { standoff: 14 },
  };
  return {
    layout: {
      font: { family: style.fontFamily, color: text, size: 14 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      hoverlabel: { bgcolor: ground, bordercolor: line, font: { color: text } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: text, activecolor: text },
      legend: { bgcolor: "rgba(0,0,0,0)" },
      xaxis: axis,
      yaxis: axis,
      coloraxis: { colorbar: { outlinewidth: 0 } },
    },
  };
}
