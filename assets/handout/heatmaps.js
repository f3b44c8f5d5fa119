// The hand-out's heatmaps: what assets/stepper/view/panels.js asks of plotly.js, on a canvas of one pixel a cell that
// the browser enlarges. plotly.js would make every hand-out 0.7 MB larger, for maps that are never zoomed.
const SHADES = 256;

/**
 * A canvas to draw on.
 * @param {number} width
 * @param {number} height
 * @param {string} name
 */
function sheet(width, height, name = "") {
  const canvas = Object.assign(document.createElement("canvas"), { width, height, className: name });
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  return { canvas, pen };
}

/**
 * The colour scale as RGBA bytes; a gradient of the canvas mixes as plotly.js does, linearly in sRGB.
 * @param {import("../stepper/types").Stop[]} scale
 */
function shades(scale) {
  const { pen } = sheet(SHADES, 1);
  // The ends of the scale fall on the middle of the first and the last pixel.
  const gradient = pen.createLinearGradient(0.5, 0, SHADES - 0.5, 0);
  for (const [share, colour] of scale) gradient.addColorStop(share, colour);
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, SHADES, 1);
  return pen.getImageData(0, 0, SHADES, 1).data;
}

/** @type {import("../stepper/types").Heatmaps} */
export const heatmaps = {
  react(node, [{ z, zmin, zmax, colorscale }]) {
    const height = z.length;
    const width = z[0]?.length ?? 0;
    if (!width) return node.replaceChildren();
    const { canvas, pen } = sheet(width, height, "ho-map");
    const image = pen.createImageData(width, height);
    const table = shades(colorscale);
    z.forEach((row, y) =>
      row.forEach((value, x) => {
        if (Number.isNaN(value)) return; // no such word: nothing drawn
        const k = Math.round((SHADES - 1) * Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin))));
        image.data.set(table.subarray(4 * k, 4 * k + 4), 4 * (y * width + x));
      }),
    );
    pen.putImageData(image, 0, 0);
    node.replaceChildren(canvas);
  },
  purge: (node) => node.replaceChildren(),
};
