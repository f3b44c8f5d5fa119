// What the URL asks of a stepper.

/**
 * @typedef {import("../types").Place} Place
 * @typedef {import("../types").Reading} Reading
 */

// The answers to a page's questions: everybody's own (core/views/widgets/answers.py).
export const ANSWERS = ["seen", "said"];

/**
 * The level that an address asks for, whether there is such a one or not.
 * @param {string} search
 */
export const level = (search) => new URLSearchParams(search).get("level");

/**
 * The arrays that are to be filled in.
 * @param {string} search
 */
export const blanks = (search) =>
  (new URLSearchParams(search).get("blank") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/**
 * The place an address asks for; what it asks in vain is told in `bad`.
 * @param {string} search
 * @param {Reading} reading
 * @param {Place | null} otherwise where to stand if the address says nothing
 * @returns {Place}
 */
export function start(search, reading, otherwise) {
  const asked = new URLSearchParams(search);
  /** @type {Place} */
  const place = { ...otherwise };
  /** @type {string[]} */
  const bad = [];
  const sizes = /** @type {const} */ ([
    ["step", reading.length],
    ["unit", Math.max(...reading.layers.map((layer) => layer.units))],
    ["dim", Math.max(most(reading, "x"), ...reading.panels.map((p) => (p.place ? (p.per ?? p.units) : 0)))],
    ["out", most(reading, "p")],
  ]);
  for (const [name, size] of sizes) {
    const text = asked.get(name);
    if (text === null) continue;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value < size) place[name] = value;
    else bad.push(`${name}=${text.slice(0, 20)}`);
  }
  const array = asked.get("array");
  if (array !== null) {
    if (reading.panels.some((p) => p.id === array)) place.array = array;
    else bad.push(`array=${array.slice(0, 20)}`);
  }
  return { ...place, bad };
}

/**
 * The most units that an array has whose places are those of x, or of the output p.
 * @param {Reading} reading
 * @param {string} axis
 */
const most = ({ panels }, axis) =>
  Math.max(0, ...panels.filter((p) => (p.axis ?? p.name) === axis).map((p) => p.units));

/**
 * An address with these parameters set, or taken away where they are null.
 * @param {string} href
 * @param {Record<string, string | number | null | undefined>} parameters
 */
export function withParameters(href, parameters) {
  const url = new URL(href);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null || value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, String(value));
  }
  return url;
}
