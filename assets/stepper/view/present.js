// Presenter mode, for a projector: the stepper first, large type, high contrast (site/present.css). One for the tab:
// every page has it, and it outlives a reload.
import { pressed } from "../pure/keys.js";

const KEY = "gs-present";
const FIELDS = "textarea, select, [contenteditable=true], input:not([type=range], [type=checkbox], [type=radio])";
const root = document.documentElement;

export const presenting = () => root.classList.contains("gs-presenting");

/** @param {boolean} on */
export function present(on) {
  store(on);
  if (presenting() === on) return;
  dress(on);
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0); // the stepper has moved there
  document.dispatchEvent(new Event("gatescope:presenting"));
}

export const toggle = () => present(!presenting());

/** @param {boolean} on */
function dress(on) {
  root.classList.toggle("gs-presenting", on);
  // A hand-out has them among its other styles.
  document.getElementById("gs-present")?.setAttribute("media", on ? "all" : "not all");
}

/** @param {boolean} on */
function store(on) {
  try {
    if (on) sessionStorage.setItem(KEY, "1");
    else sessionStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing: a reload ends it
  }
}

function stored() {
  try {
    return sessionStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

// A module runs once in a document, whoever imports it: the first document, the stepper, a room's bar.
if (stored()) dress(true);
document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.defaultPrevented || event.repeat || !pressed("page", event) || target.closest(FIELDS)) return;
  event.preventDefault();
  toggle();
});
