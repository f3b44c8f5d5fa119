// The colours of a vector's numbers, looked up in a table: mixing them anew for every cell of every strip would cost a
// step its frame.
import { at, limits } from "../pure/colours.js";

const SHADES = 128;

/**
 * What a vector is drawn like.
 * @typedef {{kind: string, range: number, name?: string, colour?: import("../types").Colour}} Look
 */

/**
 * For what is drawn like that, the colour of each number, in the theme of now.
 * @param {import("../types").State} state
 */
export function shades(state) {
  /** @type {Map<string, (value: number) => string>} */
  const found = new Map();

  /** @param {Look} look */
  function made(look) {
    const [low, high] = limits(look);
    const last = SHADES - 1;
    const table = Array.from({ length: SHADES }, (_, k) => at(state.colours, look, low + ((high - low) * k) / last));
    /** @param {number} value */
    return (value) => {
      if (Number.isNaN(value)) return "transparent";
      return table[Math.round((last * (Math.min(high, Math.max(low, value)) - low)) / (high - low))];
    };
  }

  /** @param {Look} look */
  return (look) => {
    const key = `${look.kind} ${look.range} ${look.name ?? ""}`;
    const shade = found.get(key) ?? made(look);
    found.set(key, shade);
    return shade;
  };
}
