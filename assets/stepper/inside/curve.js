// An activation's curve, with the number at hand as a dot on it.
import { curve as curveOf, symbol } from "../pure/activations.js";
import { fixed } from "../pure/numbers.js";
import { element } from "../view/element.js";

const WIDTH = 132;
const HEIGHT = 60;
const EDGE = 6;
const POINTS = 60;

/** @type {(x1: number, y1: number, x2: number, y2: number, name: string) => SVGLineElement} */
const line = (x1, y1, x2, y2, name) => element("line", { x1, y1, x2, y2, class: name });

/**
 * slope: drawn as a tangent.
 * @param {{name: string, at: number, value: number, slope?: {value: number, told: string}} | null} what
 * @param {string} ink
 * @returns {HTMLElement[]} none where there is no curve
 */
export function draw(what, ink) {
  if (!what) return [];
  const curve = curveOf(what.name);
  const name = symbol(what.name) || "identity";
  const reach = Math.max(6, Math.ceil(Math.abs(what.at)));
  const points = Array.from({ length: POINTS + 1 }, (_, k) => {
    const a = -reach + (2 * k * reach) / POINTS;
    return [a, curve(a)];
  });
  const high = Math.max(1, ...points.map(([, v]) => v));
  const low = Math.min(0, ...points.map(([, v]) => v));
  /** @param {number} a */
  const x = (a) => EDGE + ((a + reach) / (2 * reach)) * (WIDTH - 2 * EDGE);
  /** @param {number} v */
  const y = (v) => HEIGHT - EDGE - ((v - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const { at, value, slope } = what;
  const place = `${name} at ${fixed(what.at, 2)}`;
  const label = `${place} ${slope ? `has the slope ${slope.told}` : `is ${fixed(what.value, 2)}`}`;
  const path = points.map(([a, v], k) => `${k ? "L" : "M"}${x(a).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const drawing = element(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": label },
    line(EDGE, y(0), WIDTH - EDGE, y(0), "gs-axis-line"),
    line(x(0), EDGE, x(0), HEIGHT - EDGE, "gs-axis-line"),
    element("path", { d: path, class: "gs-curve-line" }),
    line(x(what.at), y(0), x(what.at), y(what.value), "gs-drop"),
    ...(slope ? [tangent(slope.value)] : []),
    element("circle", { cx: x(what.at), cy: y(what.value), r: 4, fill: ink }),
  );
  /** @param {number} rise */
  function tangent(rise) {
    const [from, to] = [-reach / 2, reach / 2].map((by) => [x(at + by), y(value + rise * by)]);
    return line(from[0], from[1], to[0], to[1], "gs-tangent");
  }
  const caption = element("figcaption", {}, slope ? `slope ${slope.told}` : `${name}, −${reach} to ${reach}`);
  return [element("figure", { class: "gs-curve" }, drawing, caption)];
}
