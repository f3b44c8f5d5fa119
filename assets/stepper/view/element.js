// Elements of the page.
const ICONS = {
  first: "M4 4h2v12H4zM16 4v12L7 10z",
  prev: "M14 4v12L5 10z",
  play: "M6 4l10 6-10 6z",
  pause: "M5 4h3.5v12H5zM11.5 4H15v12h-3.5z",
  next: "M6 4v12l9-6z",
  present: "M2 3h16v11H2zM4 5v7h12V5zM6 16h8v2H6z",
  last: "M14 4h2v12h-2zM4 4v12l9-6z",
};
const SVG = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "tspan"]);

/**
 * An element with attributes (null and undefined: none) and children.
 * @template {keyof import("../types").Tags} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {(Node | string)[]} children
 * @returns {import("../types").Tags[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return /** @type {any} */ (made);
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const path = element("path", { d: ICONS[name], fill: "currentColor" });
  return element("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" }, path);
}

/**
 * A button that does something.
 * @param {Record<string, string | number | null | undefined>} attributes
 * @param {string | (Node | string)[]} face
 * @param {(event: MouseEvent) => void} act
 */
export function button(attributes, face, act) {
  const made = element("button", { type: "button", ...attributes }, ...[face].flat());
  made.onclick = act;
  return made;
}

/**
 * Gives text to the reader as a file.
 * @param {string} name
 * @param {Blob} content
 */
export function save(name, content) {
  const file = URL.createObjectURL(content);
  element("a", { href: file, download: name }).click();
  URL.revokeObjectURL(file);
}

/**
 * What was clicked or typed in, as an element.
 * @param {Event} event
 */
export const targetOf = (event) => /** @type {HTMLElement} */ (event.target);
