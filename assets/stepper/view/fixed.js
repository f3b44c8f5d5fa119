// What of a model never changes with a text, its equations and weights: fetched once a page.

/**
 * @typedef {import("../types").Body} Body
 * @typedef {import("../types").Fixed} Fixed
 */

/** @type {Map<string, Fixed>} */
const known = new Map();

/**
 * The addresses of what is still to be fetched.
 * @param {Body} body
 */
const missing = (body) =>
  body.layers.flatMap(({ inside }) => {
    const at = inside?.fixed;
    return typeof at === "string" && !known.has(at) ? at : [];
  });

/**
 * Fetches what is missing. Whether there was anything. Rejects where something does not come.
 * @param {Body} body
 * @param {string} base the server's base path
 */
export async function fetched(body, base) {
  const wanted = missing(body);
  const came = wanted.map(async (path) => {
    const answer = await fetch(new URL(`${base}/${path}`, location.origin));
    if (!answer.ok) throw new Error(`${answer.status}: reload the page`);
    known.set(path, await answer.json());
  });
  await Promise.all(came);
  return wanted.length > 0;
}

/**
 * The body with all that is known in its place.
 * @template {Body} T
 * @param {T} body
 * @returns {T}
 */
export function completed(body) {
  const layers = body.layers.map((layer) => {
    const fixed = typeof layer.inside?.fixed === "string" ? known.get(layer.inside.fixed) : undefined;
    return fixed && layer.inside ? { ...layer, inside: { ...layer.inside, fixed } } : layer;
  });
  return { ...body, layers };
}
