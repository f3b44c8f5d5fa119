// What a class need not see: large type with high contrast for the projector, and controls hidden here and for the students.
export const HIDE = [["levels", "Levels"], ["predict", "Predict"], ["speed", "Speed"], ["unit", "Choice of unit"], ["table", "Table of numbers"], ["foot", "Footer"]];
const root = document.documentElement;

// names: the controls that are hidden now.
export function hide(names) {
  const known = names.filter((name) => HIDE.some(([each]) => each === name));
  if (known.length && root.dataset.gsHide !== known.join(" ")) root.dataset.gsHide = known.join(" ");
  else if (!known.length) delete root.dataset.gsHide;
}

export function present(on) {
  if (root.classList.contains("gs-presenting") === on) return;
  root.classList.toggle("gs-presenting", on);
  if (on) document.querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click(); // its room is the class's
  document.dispatchEvent(new Event("gatescope:presenting"));
}
