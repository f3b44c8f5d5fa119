// The first document shows the page's name and what it is about; it goes when the app has drawn its own.
const first = /** @type {HTMLElement | null} */ (document.getElementById("gs-first"));
const DRAWN = "[data-testid=stMain] :is([data-testid=stepper][data-ready=true], [data-testid=stAlert])";
const PLAIN = "[data-testid=stMain] .gs-foot-links"; // a page without a stepper is drawn from top to bottom

if (first) {
  const root = /** @type {HTMLElement} */ (document.getElementById("root"));
  const look = () => {
    const waits = root.querySelector(".gs-root") !== null;
    if (!root.querySelector(DRAWN) && (waits || !root.querySelector(PLAIN))) return;
    watch.disconnect();
    first.remove();
  };
  const watch = new MutationObserver(look);
  watch.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready"] });
  look();
}
