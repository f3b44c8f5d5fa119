// A signed bar.
import { element } from "../view/element.js";

/**
 * @param {number} value
 * @param {number} bar the number that fills half of its cell
 */
export function share(value, bar) {
  const size = Math.min(50, (50 * Math.abs(value)) / bar);
  return element("span", { class: "gs-share", style: `left:${value < 0 ? 50 - size : 50}%;width:${size}%` });
}
