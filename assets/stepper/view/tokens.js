// The words: the heatmaps' axis where they fit (turned when they must), else running text above. And the output as a
// line under them.
import { COLUMN, path } from "../pure/arrays.js";
import { percent, spoken } from "../pure/numbers.js";
import { element, targetOf } from "./element.js";
import { presenting } from "./present.js";

const NARROW = 13; // px a column must have for its word to stand over it
const BESIDE = 4; // px that a word over its column leaves free: the first story’s longest leaves 5 on a phone
const WRAPS = 60; // and for a token of several words to stand over it in lines

/**
 * @typedef {import("../types").Layer} Layer
 */

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const { tokens, grid, overlay } = frame;
  /** @type {ReturnType<typeof line>[]} */
  let lines = [];
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  /** @type {HTMLButtonElement | null} */
  let current = null;
  let widest = 0;

  function words() {
    const { reading } = state;
    buttons = reading.tokens.map((token, k) => {
      const known = reading.known[k];
      const attributes = {
        type: "button",
        class: known ? "gs-token" : "gs-token gs-unknown",
        "data-testid": `stepper-token-${k}`,
        tabindex: -1,
        title: known ? null : "unknown word: read as the placeholder <unk>",
        "aria-label": spoken(token) === token ? null : spoken(token),
      };
      return element("button", attributes, element("span", {}, token));
    });
    current = null;
    tokens.replaceChildren(...buttons);
    tokens.style.setProperty("--steps", String(Math.max(1, reading.length)));
    widest = 0;
  }

  /** @param {HTMLButtonElement} button */
  const widthOf = (button) => /** @type {HTMLElement} */ (button.firstChild).offsetWidth;

  function fit() {
    const { length } = state.reading;
    const column = grid.clientWidth ? overlay.clientWidth / Math.max(1, length) : 0;
    if (!widest) {
      tokens.className = "gs-tokens gs-flow";
      widest = Math.max(0, ...buttons.slice(0, 80).map(widthOf));
    }
    const sentences = state.reading.tokens.some((token) => token.includes(" ")); // they need more room when turned
    const most = presenting() ? `min(4.5rem, calc(${widest}px + 1em))` : "4.5rem"; // a projector has no room to spare
    tokens.style.setProperty("--turned", sentences ? `${Math.min(Math.max(72, widest + 6), 176)}px` : most);
    const story = state.level === "story";
    let way = "gs-flow";
    if (column >= widest + BESIDE) way = "gs-axis";
    else if (sentences && column >= WRAPS && !story) way = "gs-axis gs-wrapped";
    else if (column >= NARROW && !story) way = "gs-axis gs-turned";
    tokens.className = `gs-tokens ${way}`;
    overlay.style.top = `${tokens.offsetHeight}px`;
  }

  function draw() {
    for (const { parts } of lines) for (const part of parts) part.remove();
    lines = state.reading.layers.flatMap((layer) => (layer.positive ? [line(layer, layer.positive)] : []));
    for (const { parts } of lines) for (const part of parts) grid.insertBefore(part, overlay);
  }

  /**
   * The verdict after each token.
   * @param {Layer} layer
   * @param {Float32Array} positive
   */
  function line(layer, positive) {
    const { length } = state.reading;
    const width = COLUMN * Math.max(1, length);
    const plot = element(
      "svg",
      { class: "gs-line", viewBox: `0 0 ${width} 100`, preserveAspectRatio: "none", "aria-hidden": "true" },
      element("line", { x1: 0, x2: width, y1: 50, y2: 50, class: "gs-half" }),
      element("path", { d: path(length, (k) => positive[k + 1], 0, 1) }),
    );
    const label = element(
      "div",
      { class: "gs-label" },
      element("span", { class: "gs-title" }, layer.title ? `${layer.title}: ` : "", "positive"),
      element("span", { class: "gs-note" }, "dashed line = 50 %"),
    );
    const id = layer.name ? `stepper-verdict-${layer.name}` : "stepper-verdict";
    const value = element("div", { class: "gs-value", "data-testid": id });
    return { positive, value, parts: [label, plot, value] };
  }

  tokens.addEventListener("click", (event) => {
    const k = buttons.findIndex((button) => button === targetOf(event).closest("button"));
    if (k < 0) return;
    state.go(k);
    buttons[k].focus({ preventScroll: true });
  });
  const watch = new ResizeObserver(() => state.reading && fit());
  watch.observe(grid);

  function mark() {
    const focused = current !== null && document.activeElement === current;
    current?.classList.remove("gs-current");
    current?.setAttribute("tabindex", "-1");
    current?.removeAttribute("aria-current");
    current = buttons[state.step] ?? null;
    if (!current) return;
    current.classList.add("gs-current");
    current.setAttribute("tabindex", "0");
    current.setAttribute("aria-current", "step");
    if (focused) current.focus({ preventScroll: true });
    if (tokens.scrollHeight > tokens.clientHeight + 1) tokens.scrollTop = current.offsetTop - tokens.clientHeight / 2;
  }

  return {
    update(change) {
      if (change.reading) {
        words();
        draw();
      }
      const resized = change.level || change.theme; // the words are larger in a story, and on a projector
      if (resized) widest = 0;
      if (change.reading || resized) fit();
      if (!change.step) return;
      mark();
      for (const { positive, value } of lines) {
        const none = !state.reading.length || (state.reading.strange && state.level === "story");
        value.textContent = none ? "–" : percent(positive[state.step + 1]);
      }
    },
    close: () => watch.disconnect(),
  };
}
