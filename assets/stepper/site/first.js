import "../view/present.js"; // the tab may be in presenter mode
import "./typed.js";

// The first document shows the page's name and what it is about; it goes when the app has drawn its own and nothing in
// that moves any more.
const first = /** @type {HTMLElement | null} */ (document.getElementById("gs-first"));
const MAIN = "[data-testid=stMain]";
// What could not be loaded says so, with a button in its place.
const READY = "[data-testid=stepper][data-ready=true], [data-testid=trainer][data-ready=true]";
const DRAWN = `${MAIN} :is(${READY}, [data-testid=stAlert], .gs-root > button)`;
// A page without a stepper stands when its run has ended.
const ENDED = `[data-testid=stApp][data-test-script-state=notRunning] ${MAIN} [data-testid=stElementContainer]`;
// What Streamlit shows in place of a widget, or of our stepper, whose script it still fetches.
const AWAITED = `${MAIN} [data-testid=stSkeleton]`;
const STILL = 100; // ms without a move
const MOST = 3000; // ms that are waited for it

// Until the app's first run has begun Streamlit does not hear of Back, and would show the page that was left at the
// address of the one gone back to.
addEventListener("popstate", () => {
  const begun = document.querySelector("[data-testid=stApp]:not([data-test-script-state=initial])");
  if (!begun) location.reload();
});

if (first) {
  const root = /** @type {HTMLElement} */ (document.getElementById("root"));
  const look = () => {
    const waits = root.querySelector(`.gs-root, ${AWAITED}`) !== null;
    if (!root.querySelector(DRAWN) && (waits || !root.querySelector(ENDED))) return;
    watch.disconnect();
    settle(performance.now() + MOST);
  };
  const watch = new MutationObserver(look);
  const attributeFilter = ["data-ready", "data-test-script-state"];
  watch.observe(root, { childList: true, subtree: true, attributeFilter });
  look();

  /** @param {number} end when it goes in any case */
  function settle(end) {
    let before = "";
    let since = performance.now();
    const next = () => {
      const now = places();
      if (now !== before || !whole()) since = performance.now();
      before = now;
      if (performance.now() - since < STILL && performance.now() < end) requestAnimationFrame(next);
      else first?.remove();
    };
    next();
  }

  /** Whether everything has come that will be in view. */
  function whole() {
    return root.querySelector(ENDED) !== null && tops(AWAITED).length === 0;
  }

  /** Where what is in view begins. */
  function places() {
    return tops(`${MAIN} [data-testid=stElementContainer]`).map(Math.round).join();
  }

  /** @param {string} selector of parts; those further down move nothing that is in view */
  function tops(selector) {
    const all = [...root.querySelectorAll(selector)].map((part) => part.getBoundingClientRect().top);
    return all.filter((top) => top < innerHeight);
  }
}
