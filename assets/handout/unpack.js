// The data of a hand-out, as core/handout/page.py packs it: pieces that stand in it several times once, arrays' bytes
// in one deflated text.

/**
 * @typedef {{value: unknown, shared: unknown[], bytes: string}} Packed
 */

/**
 * The arrays' bytes: deflated, all first bytes of their numbers first, then all second ones.
 * @param {string} text
 */
async function inflated(text) {
  const packed = Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = planes.length / 4;
  return planes.map((_, k) => planes[(k % 4) * count + Math.floor(k / 4)]);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} count
 */
function base64(bytes, start, count) {
  const parts = [];
  for (let k = start; k < start + count; k += 8190) {
    // 8190: a multiple of 3
    parts.push(btoa(String.fromCharCode(...bytes.subarray(k, Math.min(k + 8190, start + count)))));
  }
  return parts.join("");
}

/**
 * @param {Packed} packed
 * @returns {Promise<any>}
 */
export async function unpacked({ value, shared, bytes: deflated }) {
  const bytes = deflated ? await inflated(deflated) : new Uint8Array();
  /** @type {(part: any) => any} */
  const spread = (part) => {
    if (Array.isArray(part)) return part.map(spread);
    if (part === null || typeof part !== "object") return part;
    if ("#" in part) return base64(bytes, part["#"][0], part["#"][1]);
    if ("$" in part) return spread(shared[part.$]);
    return Object.fromEntries(Object.entries(part).map(([name, child]) => [name, spread(child)]));
  };
  return spread(value);
}
