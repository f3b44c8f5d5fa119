// Fill in: which arrays' numbers are hidden until the reader has worked them out.

/**
 * @typedef {import("./types").Panel} Panel
 * @typedef {ReturnType<typeof create>} Blanks
 */

/** @param {string[]} names of the arrays */
export function create(names) {
  const asked = new Set(names);
  const solved = new Set();
  /** @type {(reading: string, panel: Panel, step: number, unit: number) => string} */
  const key = (reading, panel, step, unit) => `${reading} ${panel.id} ${step} ${unit}`;
  return {
    key,
    any: asked.size > 0,
    /** @type {(reading: string, panel: Panel, step: number, unit: number) => boolean} */
    hidden: (reading, panel, step, unit) => asked.has(panel.name) && !solved.has(key(reading, panel, step, unit)),
    /** @type {(reading: string, panel: Panel, step: number, unit: number) => void} */
    solve: (reading, panel, step, unit) => void solved.add(key(reading, panel, step, unit)),
  };
}
