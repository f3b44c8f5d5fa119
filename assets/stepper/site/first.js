import "../view/present.js"; // the tab may be in presenter mode

// The first document shows the page's name and what it is about; it goes when the app has drawn its own.
const first = /** @type {HTMLElement | null} */ (document.getElementById("gs-first"));
const MAIN = "[data-testid=stMain]";
const DRAWN = `${MAIN} :is([data-testid=stepper][data-ready=true], [data-testid=stAlert])`;
// A page without a stepper stands when its run has ended.
const ENDED = `[data-testid=stApp][data-test-script-state=notRunning] ${MAIN} [data-testid=stElementContainer]`;

if (first) {
  const root = /** @type {HTMLElement} */ (document.getElementById("root"));
  const look = () => {
    const waits = root.querySelector(".gs-root") !== null;
    if (!root.querySelector(DRAWN) && (waits || !root.querySelector(ENDED))) return;
    watch.disconnect();
    first.remove();
  };
  const watch = new MutationObserver(look);
  const attributeFilter = ["data-ready", "data-test-script-state"];
  watch.observe(root, { childList: true, subtree: true, attributeFilter });
  look();
}
