// All keyboard shortcuts. The help and table in docs/using.md are written from them (keyhelp.js).

/**
 * @typedef {object} Shortcut
 * @property {string} id what it does, for the module that does it
 * @property {Scope} scope where it works
 * @property {string[]} keys as KeyboardEvent.key names them, or Streamlit's `shortcut`
 * @property {string} does in plain English, for the help
 * @property {boolean} [shift] whether Shift is held; where it is not said, Shift does not matter
 * @property {"always" | "story"} [unfocused] also when nothing on the page has the focus (in a story: only there)
 */

/** Where a shortcut works, as the help says it. Streamlit's own buttons hear theirs anywhere on their page. */
export const SCOPES = {
  stepper: "In the stepper",
  predict: "In the stepper, with Predict on",
  part: "On a part of the diagram",
  page: "On every page",
  lesson: "In a lesson",
  handout: "In a hand-out of a lesson",
  quiz: "On True or false?",
};

/** @typedef {keyof typeof SCOPES} Scope */

/** @type {Shortcut[]} */
export const SHORTCUTS = [
  { id: "back", scope: "stepper", keys: ["ArrowLeft"], shift: false, unfocused: "always", does: "previous token" },
  { id: "on", scope: "stepper", keys: ["ArrowRight"], shift: false, unfocused: "always", does: "next token" },
  { id: "back ten", scope: "stepper", keys: ["ArrowLeft"], shift: true, unfocused: "always", does: "ten tokens back" },
  {
    id: "on ten",
    scope: "stepper",
    keys: ["ArrowRight"],
    shift: true,
    unfocused: "always",
    does: "ten tokens forward",
  },
  { id: "first", scope: "stepper", keys: ["Home"], does: "first token" },
  { id: "last", scope: "stepper", keys: ["End"], does: "last token" },
  { id: "play", scope: "stepper", keys: [" "], does: "play or pause" },
  {
    id: "up",
    scope: "stepper",
    keys: ["ArrowUp"],
    does: "the array above, or the previous inner step inside the cell",
  },
  {
    id: "down",
    scope: "stepper",
    keys: ["ArrowDown"],
    unfocused: "story",
    does: "the array below, or the next inner step inside the cell, or in a story the explanation",
  },
  { id: "help", scope: "stepper", keys: ["?"], unfocused: "always", does: "list of the shortcuts" },
  { id: "falls", scope: "predict", keys: ["1"], unfocused: "always", does: "the number falls" },
  { id: "stays", scope: "predict", keys: ["2"], unfocused: "always", does: "the number stays" },
  { id: "rises", scope: "predict", keys: ["3"], unfocused: "always", does: "the number rises" },
  { id: "press", scope: "part", keys: ["Enter", " "], does: "choose its array" },
  { id: "present", scope: "page", keys: ["P"], does: "presenter mode, on and off" },
  { id: "back", scope: "lesson", keys: ["PageUp"], does: "previous stop" },
  { id: "on", scope: "lesson", keys: ["PageDown"], does: "next stop" },
  { id: "back", scope: "handout", keys: ["PageUp"], does: "previous stop" },
  { id: "on", scope: "handout", keys: ["PageDown"], does: "next stop" },
  { id: "true", scope: "quiz", keys: ["T"], does: "true" },
  { id: "false", scope: "quiz", keys: ["F"], does: "false" },
  { id: "back", scope: "quiz", keys: ["PageUp"], does: "previous statement" },
  { id: "on", scope: "quiz", keys: ["PageDown"], does: "next statement" },
];

/** @type {Record<string, string>} */
const NAMES = { ArrowLeft: "Left", ArrowRight: "Right", ArrowUp: "Up", ArrowDown: "Down", " ": "Space" };

/**
 * A shortcut's keys as they are written: "Shift+Left", "Enter or Space".
 * @param {Shortcut} shortcut
 */
export const keysOf = ({ keys, shift }) =>
  keys.map((key) => `${shift ? "Shift+" : ""}${NAMES[key] ?? key}`).join(" or ");

/**
 * What the shortcut of an id is called, with its key: "Play (Space)".
 * @param {string} label
 * @param {string} id
 * @param {Scope} scope
 */
export function labelled(label, id, scope = "stepper") {
  const shortcut = SHORTCUTS.find((each) => each.scope === scope && each.id === id);
  if (!shortcut) throw new Error(`no shortcut of ${scope} is called ${id}`);
  return `${label} (${keysOf(shortcut)})`;
}

/**
 * @typedef {Pick<KeyboardEvent, "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">} Pressed
 */

/**
 * The shortcut of a scope that a key is, if it is one.
 * @param {Scope} scope
 * @param {Pressed} event
 */
export function pressed(scope, { key, shiftKey, altKey, ctrlKey, metaKey }) {
  if (altKey || ctrlKey || metaKey) return undefined;
  return SHORTCUTS.find(
    (each) =>
      each.scope === scope &&
      each.keys.some((name) => name.toLowerCase() === key.toLowerCase()) &&
      (each.shift === undefined || each.shift === shiftKey),
  );
}
