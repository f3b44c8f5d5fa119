// What a page shows, and where: what a room leads or follows.

/** @typedef {import("../types").Said} Said */

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

/**
 * What the page at a path says of itself: its link, as the address has it; by itself, or through its stepper.
 * @param {string} path
 * @returns {Said | null}
 */
export function said(path) {
  /** @type {NodeListOf<import("../types").AddressElement>} */
  const all = document.querySelectorAll(".gs-address");
  const found = [...all].find(({ page }) => page && trim(page.path) === trim(path));
  if (found?.page) return found.page;
  const state = standing(path)?.state;
  return state?.given ? { link: state.link, led: state.given.led ?? null, own: state.given.own ?? null } : null;
}

// Whether a stepper of the page is still being loaded: it has its place, and stands not yet.
export function coming() {
  return [...document.querySelectorAll(".gs-root")].some((root) => !root.querySelector("[data-testid=stepper]"));
}
