// The stepper that a room leads or follows.

/** @param {string} text */
const trim = (text) => text.replace(/\/+$/, "");

/**
 * The first stepper of the page at a path, if it stands.
 * @param {string} path
 * @returns {import("../types").Standing | null}
 */
export function standing(path) {
  /** @type {NodeListOf<import("../types").StepperElement>} */
  const all = document.querySelectorAll("[data-testid=stepper]");
  const found = [...all].find(({ stepper }) => stepper && trim(stepper.path) === trim(path));
  return found?.stepper ?? null;
}

// Whether a stepper of the page is still being loaded: it has its place, and stands not yet.
export function coming() {
  return [...document.querySelectorAll(".gs-root")].some((root) => !root.querySelector("[data-testid=stepper]"));
}
