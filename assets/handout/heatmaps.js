// The hand-out's heatmaps: what assets/stepper/panels.js asks of plotly.js, on a canvas of one pixel a cell that the browser enlarges.
// plotly.js would make every hand-out 0.7 MB larger, for maps that are never zoomed.
const SHADES = 256;

// The colour scale as RGBA bytes; a gradient of the canvas mixes as plotly.js does, linearly in sRGB.
function shades(scale) {
  const pen = Object.assign(document.createElement("canvas"), { width: SHADES, height: 1 }).getContext("2d");
  const gradient = pen.createLinearGradient(0.5, 0, SHADES - 0.5, 0); // the ends of the scale fall on the middle of the first and the last pixel
  for (const [share, colour] of scale) gradient.addColorStop(share, colour);
  pen.fillStyle = gradient;
  pen.fillRect(0, 0, SHADES, 1);
  return pen.getImageData(0, 0, SHADES, 1).data;
}

window.Plotly = {
  react(node, [{ z, zmin, zmax, colorscale }]) {
    const height = z.length, width = z[0]?.length ?? 0;
    if (!width) return node.replaceChildren();
    const canvas = Object.assign(document.createElement("canvas"), { width, height, className: "ho-map" });
    const pen = canvas.getContext("2d"), image = pen.createImageData(width, height), table = shades(colorscale);
    z.forEach((row, y) => row.forEach((value, x) => {
      if (Number.isNaN(value)) return; // no such word: nothing drawn
      const k = Math.round((SHADES - 1) * Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin))));
      image.data.set(table.subarray(4 * k, 4 * k + 4), 4 * (y * width + x));
    }));
    pen.putImageData(image, 0, 0);
    node.replaceChildren(canvas);
  },
  purge: (node) => node.replaceChildren(),
};
