// What a tab keeps over a reload; of a room only what its routes are sent leaves it.
/** Where a browser keeps nothing for a tab. @type {Map<string, string>} */
const memory = new Map();

/** @type {import("../types").Keep} */
export const keep = {
  get(name) {
    try {
      return sessionStorage.getItem(`gatescope-${name}`);
    } catch {
      return memory.get(name) ?? null;
    }
  },
  set(name, value) {
    try {
      sessionStorage.setItem(`gatescope-${name}`, value);
    } catch {
      memory.set(name, value);
    }
  },
  drop(name) {
    try {
      sessionStorage.removeItem(`gatescope-${name}`);
    } catch {
      memory.delete(name);
    }
  },
};

/** Until the session has the draft of a lesson that the tab keeps (core/views/lessons/kept.py). */
export async function draftHeard() {
  if (document.documentElement.hasAttribute("data-gs-heard")) return;
  await new Promise((done) => document.addEventListener("gatescope:heard", done, { once: true }));
}

/**
 * What it keeps of one room.
 * @param {string} code
 * @returns {import("../types").Keep}
 */
export const ofRoom = (code) => ({
  get: (name) => keep.get(`${name}-${code}`),
  set: (name, value) => keep.set(`${name}-${code}`, value),
  drop: (name) => keep.drop(`${name}-${code}`),
});
