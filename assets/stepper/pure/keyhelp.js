// What is told of the keyboard shortcuts, and whether two of them collide.
import { SCOPES, SHORTCUTS, keysOf } from "./keys.js";

/**
 * @typedef {import("./keys.js").Scope} Scope
 * @typedef {import("./keys.js").Shortcut} Shortcut
 */

const SCOPE_NAMES = /** @type {Scope[]} */ (Object.keys(SCOPES));

/** Scopes that can be live at once: there no key may mean two things. */
export const TOGETHER = /** @type {const} */ ([
  ["page", "stepper", "predict", "lesson"],
  ["page", "stepper", "predict", "handout"],
  ["page", "stepper", "predict", "quiz"],
]);
/** Streamlit's own: R runs the page again, C clears its caches. */
export const RESERVED = ["r", "c"];

/**
 * The keys that mean two things where they are heard together, or that are Streamlit's.
 * @param {Shortcut[]} shortcuts
 */
export function collisions(shortcuts) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const scopes of [...TOGETHER, ["part"]]) {
    const seen = new Set();
    for (const shortcut of shortcuts.filter(({ scope }) => scopes.some((each) => each === scope))) {
      for (const key of shortcut.keys) {
        for (const shift of shortcut.shift === undefined ? [false, true] : [shortcut.shift]) {
          const name = `${shift ? "Shift+" : ""}${key}`.toLowerCase();
          if (seen.has(name) || RESERVED.includes(name)) found.add(name);
          seen.add(name);
        }
      }
    }
  }
  return [...found];
}

/**
 * The table by scopes: [where, [keys, what they do][]][].
 * @param {Scope[]} scopes
 * @returns {[string, string[][]][]}
 */
export const help = (scopes = SCOPE_NAMES) =>
  scopes.map((scope) => {
    const own = SHORTCUTS.filter((each) => each.scope === scope);
    return [SCOPES[scope], own.map((each) => [keysOf(each), each.does])];
  });

/** Which shortcuts need no focus, in a sentence. */
export function unfocused() {
  const names = SHORTCUTS.filter((each) => each.unfocused === "always").map(keysOf);
  const down = SHORTCUTS.filter((each) => each.unfocused === "story").map(keysOf);
  return (
    `${names.slice(0, -1).join(", ")} and ${names.at(-1)} also work when nothing on the page has the focus; ` +
    `in a story ${down.join(", ")} too.`
  );
}

/** The table as docs/using.md has it: a line for each scope, and what needs no focus. */
export function markdown() {
  /** @param {string} keys */
  const code = (keys) => `\`${keys.replaceAll(" or ", "` or `")}\``;
  const lines = help().map(
    ([scope, rows]) => `- *${scope}*: ${rows.map(([keys, does]) => `${code(keys)} ${does}`).join("; ")}.`,
  );
  return [...lines, "", unfocused()].join("\n");
}
