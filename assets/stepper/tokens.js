// The words: the heatmaps' axis where they fit (turned when they must), else running text above. And the output as a line under them.
const NARROW = 13; // px a column must have for its word to stand over it
const BESIDE = 4; // px that a word over its column leaves free: the longest of the first story's eight leaves 5 on a phone
const WRAPS = 60; // and for a token of several words to stand over it in lines

const percent = (share) => (Number.isNaN(share) ? "–" : `${Math.round(100 * share)} %`);

export function create(frame, state, { frame: { element }, arrays }) {
  const { tokens, grid } = frame;
  const lines = [];
  let buttons = [], current = null, widest = 0;

  function words() {
    const { reading } = state;
    buttons = reading.tokens.map((token, k) => {
      const known = reading.known[k];
      return element("button", {
        type: "button", class: known ? "gs-token" : "gs-token gs-unknown", "data-testid": `stepper-token-${k}`, tabindex: -1,
        title: known ? null : "not in the vocabulary: read as <unk>",
      }, element("span", {}, token));
    });
    current = null;
    tokens.replaceChildren(...buttons);
    tokens.style.setProperty("--steps", Math.max(1, reading.length));
    widest = 0;
  }

  function fit() {
    const { length } = state.reading;
    const column = grid.clientWidth ? frame.overlay.clientWidth / Math.max(1, length) : 0;
    if (!widest) {
      tokens.className = "gs-tokens gs-flow";
      widest = Math.max(0, ...buttons.slice(0, 80).map((b) => b.firstChild.offsetWidth));
    }
    const sentences = state.reading.tokens.some((token) => token.includes(" ")); // they need more room when turned
    tokens.style.setProperty("--turned", sentences ? `${Math.min(Math.max(72, widest + 6), 176)}px` : "4.5rem");
    const fits = column >= widest + BESIDE, turned = column >= NARROW && state.level !== "story";
    const way = fits ? "gs-axis" : sentences && column >= WRAPS && state.level !== "story" ? "gs-axis gs-wrapped" : turned ? "gs-axis gs-turned" : "gs-flow";
    tokens.className = `gs-tokens ${way}`;
    frame.overlay.style.top = `${tokens.offsetHeight}px`;
  }

  function draw() {
    for (const line of lines.splice(0)) for (const part of line.parts) part.remove();
    const { layers, length } = state.reading;
    for (const layer of layers) {
      if (!layer.positive) continue;
      const plot = element("svg", { class: "gs-line", viewBox: `0 0 ${Math.max(1, length)} 100`, preserveAspectRatio: "none", "aria-hidden": "true" },
        element("line", { x1: 0, x2: Math.max(1, length), y1: 50, y2: 50, class: "gs-half" }), element("path", { d: arrays.path(length, (k) => layer.positive[k + 1], 0, 1) }));
      const label = element("div", { class: "gs-label" },
        element("span", { class: "gs-title" }, layer.title ? `${layer.title}: ` : "", "positive"), element("span", { class: "gs-note" }, "0 – 100 %, half dashed"));
      const value = element("div", { class: "gs-value", "data-testid": layer.name ? `stepper-verdict-${layer.name}` : "stepper-verdict" });
      const parts = [label, plot, value];
      grid.insertBefore(label, frame.overlay);
      grid.insertBefore(plot, frame.overlay);
      grid.insertBefore(value, frame.overlay);
      lines.push({ layer, value, parts });
    }
  }

  tokens.addEventListener("click", (event) => {
    const k = buttons.indexOf(event.target.closest("button"));
    if (k < 0) return;
    state.go(k);
    buttons[k].focus({ preventScroll: true });
  });
  const watch = new ResizeObserver(() => state.reading && fit());
  watch.observe(grid);

  return {
    update(change) {
      if (change.reading) { words(); draw(); }
      if (change.level) widest = 0; // the words are larger in a story
      if (change.reading || change.level) fit();
      if (!change.step) return;
      const focused = current !== null && document.activeElement === current;
      current?.classList.remove("gs-current");
      current?.setAttribute("tabindex", -1);
      current?.removeAttribute("aria-current");
      current = buttons[state.step];
      current?.classList.add("gs-current");
      current?.setAttribute("tabindex", 0);
      current?.setAttribute("aria-current", "step");
      if (focused) current?.focus({ preventScroll: true });
      if (current && tokens.scrollHeight > tokens.clientHeight + 1) tokens.scrollTop = current.offsetTop - tokens.clientHeight / 2;
      for (const { layer, value } of lines) {
        value.textContent = state.reading.length ? percent(layer.positive[state.step + 1]) : "–";
      }
    },
    close: () => watch.disconnect(),
  };
}
