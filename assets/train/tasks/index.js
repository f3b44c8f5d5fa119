// The tasks by name, in the order in which they are taught.

import { adding } from "./adding.js";
import { brackets } from "./brackets.js";
import { copying } from "./copying.js";
import { counting } from "./counting.js";
import { order } from "./order.js";
import { parity } from "./parity.js";
import { sine } from "./sine.js";
import { TABLE, tableTask } from "./table.js";
import { TEXT, textTask } from "./text.js";
import { words } from "./words.js";

/** @typedef {import("../types").Task} Task */

/** The tasks that are generated. @type {ReadonlyMap<string, Task>} */
export const TASKS = new Map(
  [words, parity, copying, adding, order, brackets, counting, sine].map((task) => [task.name, task]),
);

/** The tasks that need the reader's own data, as far as they are known without it. */
export const OWN = [TEXT, TABLE];

/**
 * A task by its name; error, in a sentence, if there is none, or if the reader's text or table cannot be used.
 * @param {string} name
 * @param {{text?: string, table?: string}} [own]
 * @returns {Task | {error: string}}
 */
export function taskOf(name, { text = "", table = "" } = {}) {
  if (name === "text") return textTask(text);
  if (name === "table") return tableTask(table);
  return TASKS.get(name) ?? { error: `There is no task “${name}”.` };
}
