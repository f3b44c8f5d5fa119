// Where the engine's arrays lie and who multiplies them: WebAssembly, four numbers at once (simd.ts), or JavaScript.
// Each gives the same run to the bit every time. WebAssembly rounds every sum to 32 bits as it grows, JavaScript only
// at its end: the two differ in the last digits.
import { sigmoids, tanhs } from "./curves.js";
import { outer, product } from "./kernels.js";
import { WASM } from "./wasm.js";

/** @typedef {import("../types").Floats} Floats */
/** @typedef {import("../types").FloatsType} FloatsType */
/** @typedef {(count: number) => Floats} Take */
/**
 * clear: makes room for so many numbers, after which all arrays taken before are void.
 * @typedef {{FloatsType: FloatsType, clear: (count: number) => void, take: Take, product: typeof product,
 *   outer: typeof outer, sigmoids: typeof sigmoids, tanhs: typeof tanhs}} Products
 */

const PAGE = 65536;

/** @type {WebAssembly.Module | null | undefined} */
let compiled;

/** The module on a memory of its own; null where a browser has no SIMD or no memory left, or a page may not compile. */
function instantiate() {
  if (compiled === null || !WASM) return null; // a hand-out is without it
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(WASM), (letter) => letter.charCodeAt(0)));
    const memory = new WebAssembly.Memory({ initial: 1 });
    /** @type {any} what simd.ts exports */
    const made = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
    return { memory, made };
  } catch {
    compiled = null;
    return null;
  }
}

/** @param {FloatsType} FloatsType @returns {Products} */
export function plain(FloatsType) {
  return { FloatsType, clear() {}, take: (count) => new FloatsType(count), product, outer, sigmoids, tanhs };
}

/** By WebAssembly; null where it cannot be. @returns {Products | null} */
export function simd() {
  const found = instantiate();
  if (!found) return null;
  const { memory, made } = found;
  let next = 0;
  /** @type {(array: Floats, from: number) => number} */
  const address = (array, from) => array.byteOffset + 4 * from;
  return {
    FloatsType: Float32Array,
    clear(count) {
      const pages = Math.ceil((4 * count) / PAGE) - memory.buffer.byteLength / PAGE;
      if (pages > 0) memory.grow(pages);
      next = 0;
    },
    take(count) {
      const taken = new Float32Array(memory.buffer, next, count);
      next += 4 * padded(count);
      return taken.fill(0);
    },
    product(out, to, M, m, x, from, rows, inner, lanes) {
      made.product(address(out, to), address(M, m), address(x, from), rows, inner, lanes);
    },
    outer(G, to, d, d0, dStep, x, x0, xStep, rows, inner, lanes, steps) {
      made.outer(address(G, to), address(d, d0), dStep, address(x, x0), xStep, rows, inner, lanes, steps);
    },
    sigmoids(a, from, y, to, count) {
      made.sigmoids(address(a, from), address(y, to), count);
    },
    tanhs(a, from, y, to, count) {
      made.tanhs(address(a, from), address(y, to), count);
    },
  };
}

/** Arrays begin at multiples of 16 bytes. @param {number} count */
const padded = (count) => 4 * Math.ceil(count / 4);

/** @param {FloatsType} FloatsType */
export const fastest = (FloatsType) => (FloatsType === Float32Array && simd()) || plain(FloatsType);

/**
 * Shares all arrays out: once to count them, once to take them.
 * @param {Products} products
 * @param {(take: Take) => void} share
 */
export function allot(products, share) {
  const none = new products.FloatsType(0);
  let total = 0;
  share((count) => {
    total += padded(count);
    return none;
  });
  products.clear(total);
  share(products.take);
}
