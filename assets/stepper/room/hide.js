// What a class need not see: controls hidden here and for the students.
export const HIDE = [
  ["levels", "Levels"],
  ["predict", "Predict"],
  ["speed", "Speed"],
  ["unit", "Choice of unit"],
  ["table", "Table of numbers"],
  ["foot", "Footer"],
];
const root = document.documentElement;

/** @param {string[]} names the controls that are hidden now */
export function hide(names) {
  const known = names.filter((name) => HIDE.some(([each]) => each === name)).join(" ");
  if (known && root.dataset.gsHide !== known) root.dataset.gsHide = known;
  else if (!known) delete root.dataset.gsHide;
}
