// Colours from the page's theme: background and text from Streamlit's variables, the arrays' own from the reading.
import { luminance } from "../pure/colours.js";
import { presenting } from "./present.js";

/**
 * @param {Element} host
 * @param {import("../types").Scale} scale
 * @returns {import("../types").Colours}
 */
export function theme(host, scale) {
  const style = getComputedStyle(host);
  /** @type {(name: string, other: string) => string} */
  const pick = (name, other) => style.getPropertyValue(name).trim() || other;
  const ground = pick("--st-background-color", "#ffffff");
  const text = pick("--st-text-color", "#1b2330");
  const strong = presenting();
  return { ground, text, dark: luminance(ground) < 0.4, scale, strong, key: ground + text + strong };
}
