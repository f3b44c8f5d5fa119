// An activation's curve, with the number at hand as a dot on it.
const WIDTH = 132, HEIGHT = 60, EDGE = 6;

export function create(element, { fixed }, { CURVES, SYMBOLS }) {
  return {
    draw(what, ink) {
      if (!what) return [];
      const curve = CURVES[what.name], reach = Math.max(6, Math.ceil(Math.abs(what.at)));
      const points = Array.from({ length: 61 }, (_, k) => [-reach + (k * reach) / 30, curve(-reach + (k * reach) / 30)]);
      const high = Math.max(1, ...points.map(([, v]) => v)), low = Math.min(0, ...points.map(([, v]) => v));
      const x = (a) => EDGE + ((a + reach) / (2 * reach)) * (WIDTH - 2 * EDGE);
      const y = (v) => HEIGHT - EDGE - ((v - low) / (high - low)) * (HEIGHT - 2 * EDGE);
      const line = (x1, y1, x2, y2, name) => element("line", { x1, y1, x2, y2, class: name });
      return [element("figure", { class: "gs-curve" },
        element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": `${SYMBOLS[what.name] || "identity"} at ${fixed(what.at, 2)} is ${fixed(what.value, 2)}` },
          line(EDGE, y(0), WIDTH - EDGE, y(0), "gs-axis-line"), line(x(0), EDGE, x(0), HEIGHT - EDGE, "gs-axis-line"),
          element("path", { d: points.map(([a, v], k) => `${k ? "L" : "M"}${x(a).toFixed(1)} ${y(v).toFixed(1)}`).join(""), class: "gs-curve-line" }),
          line(x(what.at), y(0), x(what.at), y(what.value), "gs-drop"),
          element("circle", { cx: x(what.at), cy: y(what.value), r: 4, fill: ink })),
        element("figcaption", {}, `${SYMBOLS[what.name] || "identity"}, −${reach} to ${reach}`))];
    },
  };
}
