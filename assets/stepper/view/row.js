// A unit's numbers as a tall row of colours: negative cells are hatched, cells beyond the scale carry a notch.
import { at } from "../pure/colours.js";

export const TALL = 16; // px
const HATCH = 5;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {import("../types").Panel} panel
 * @param {number} unit
 * @param {number} length
 * @param {import("../types").Colours} colours
 */
export function drawRow(canvas, panel, unit, length, colours) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  canvas.height = TALL * ratio;
  const pen = canvas.getContext("2d");
  const column = canvas.width / length;
  for (let t = 0; pen && t < length; t += 1) {
    const value = panel.at(t, unit);
    if (Number.isNaN(value)) continue;
    const left = Math.floor(t * column);
    const width = Math.ceil((t + 1) * column) - left;
    pen.fillStyle = at(colours, panel, value);
    pen.fillRect(left, 0, width, canvas.height);
    pen.fillStyle = pen.strokeStyle = colours.text;
    if (panel.kind !== "gate" && value < 0) hatch(pen, left, width, canvas.height, HATCH * ratio);
    if (Math.abs(value) > panel.range) pen.fillRect(left + width / 2 - 2 * ratio, 0, 4 * ratio, 4 * ratio);
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} left
 * @param {number} width
 * @param {number} height
 * @param {number} apart
 */
function hatch(pen, left, width, height, apart) {
  pen.save();
  pen.beginPath();
  pen.rect(left, 0, width, height);
  pen.clip();
  pen.globalAlpha = 0.35;
  pen.beginPath();
  for (let x = left - height; x < left + width; x += apart) {
    pen.moveTo(x, height);
    pen.lineTo(x + height, 0);
  }
  pen.stroke();
  pen.restore();
}
