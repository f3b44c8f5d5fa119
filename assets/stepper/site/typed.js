// Streamlit 1.67 may lose what is typed into a field that is read live: a value that the field commits after one has
// been drawn, but before React has run the effects of that drawing, gives way to that one, and the field falls back to
// it. The slower the device, the more often. What the reader typed is put back.

const FIELD = "[data-testid=stTextInputField]";
const RECENT = 2000; // ms after a key in which the field may fall back
const MOST = 50; // keys that it may fall back

const setValue = /** @type {PropertyDescriptor} */ (
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")
).set;

/** @type {{ field: HTMLInputElement, before: string[], text: string, caret: number, at: number } | null} */
let typed = null;

// Each value that React draws stands in the attribute too, before the next key is heard.
const watch = new MutationObserver(() => {
  if (!typed || performance.now() - typed.at > RECENT) return;
  const { field, before, text, caret } = typed;
  // Whatever else a page or a room puts there is meant.
  if (field.value === text || !before.includes(field.value)) return;
  setValue?.call(field, text);
  if (document.activeElement === field) field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

const onKey = (/** @type {Event} */ event) => {
  const field = event.target;
  if (!event.isTrusted || !(field instanceof HTMLInputElement) || !field.matches(FIELD)) return;
  const now = performance.now();
  if (typed?.field !== field || now - typed.at > RECENT) {
    watch.disconnect();
    watch.observe(field, { attributeFilter: ["value"] });
    typed = null;
  }
  const before = typed ? [...typed.before, typed.text].slice(-MOST) : [];
  typed = { field, before, text: field.value, caret: field.selectionStart ?? field.value.length, at: now };
};

addEventListener("input", onKey, { capture: true });
addEventListener("popstate", () => {
  typed = null; // the text before is what Back means
});
