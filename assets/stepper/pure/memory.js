// What is in a unit's memory at the end, by the tokens that wrote it.
import { total } from "./numbers.js";

/**
 * What each token wrote that is still there at the end, exactly: c = Σ (i g)_j Π f, h = Σ ((1 - z) n)_j Π z.
 * null where the arrays of this cell do not add up to its memory, as with numbers set by hand.
 * @param {import("../types").Layer} layer
 * @param {number} unit
 * @param {number} length
 */
export function tokenWrites(layer, unit, length) {
  /** @param {string} name */
  const get = (name) => layer.all.find((p) => p.name === name);
  const [f, i, g, z, n] = ["f", "i", "g", "z", "n"].map(get);
  const end = get(f ? "c" : "h");
  const keep = f ?? z;
  if (length < 2 || !end || !keep) return null;
  /** @type {((t: number) => number) | null} */
  let write = null;
  if (f && i && g) write = (t) => i.at(t, unit) * g.at(t, unit);
  else if (!f && z && n) write = (t) => (1 - z.at(t, unit)) * n.at(t, unit);
  if (!write) return null;
  const left = new Array(length).fill(0);
  for (let t = length - 1, kept = 1; t >= 0; t -= 1) {
    left[t] = kept * write(t);
    kept *= keep.at(t, unit);
  }
  const is = end.at(length - 1, unit);
  return Math.abs(total(left) - is) <= 1e-3 * Math.max(1, Math.abs(is)) ? left : null;
}
