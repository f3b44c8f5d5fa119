// What a class need not see: large type with high contrast for the projector, and controls hidden here and for the
// students.
export const HIDE = [
  ["levels", "Levels"],
  ["predict", "Predict"],
  ["speed", "Speed"],
  ["unit", "Choice of unit"],
  ["table", "Table of numbers"],
  ["foot", "Footer"],
];
const root = document.documentElement;
const SIDEBAR = "[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button";

/** @param {string[]} names the controls that are hidden now */
export function hide(names) {
  const known = names.filter((name) => HIDE.some(([each]) => each === name)).join(" ");
  if (known && root.dataset.gsHide !== known) root.dataset.gsHide = known;
  else if (!known) delete root.dataset.gsHide;
}

/** @param {boolean} on */
export function present(on) {
  if (root.classList.contains("gs-presenting") === on) return;
  root.classList.toggle("gs-presenting", on);
  if (on) /** @type {HTMLElement | null} */ (document.querySelector(SIDEBAR))?.click(); // its room is the class's
  document.dispatchEvent(new Event("gatescope:presenting"));
}
