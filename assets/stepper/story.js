// One sentence that changes with the step, written from the numbers, and the switch between the levels.

export function create(frame, state, { frame: { element }, colours: { unitRange }, arrays: { fixed, missing, percent } }) {
  const shown = (value) => fixed(value, 2);
  const { sentence, levels, root } = frame;

  // The newest number before a step; a text shown beside a longer one has gaps.
  function earlier(at, step, first) {
    for (let t = step - 1; t >= 0; t -= 1) if (!Number.isNaN(at(t))) return at(t);
    return first;
  }

  function verdict(layer) {
    const after = layer.positive[state.step + 1], before = earlier((t) => layer.positive[t + 1], state.step, layer.positive[0]);
    if (Number.isNaN(after)) return "";
    if (Math.abs(after - before) < 0.02) return `The verdict stays at ${percent(after)} positive.`;
    return `The verdict ${after > before ? "rises" : "falls"} from ${percent(before)} to ${percent(after)} positive.`;
  }

  // The likeliest answer of a model that has several.
  function answer(layer) {
    const panel = layer.all.find((p) => p.name === "p");
    if (panel?.kind !== "gate") return "";
    const best = state.likeliest(panel, state.step)[0];
    return `${panel.title[0].toUpperCase()}${panel.title.slice(1)}: ${state.named(panel, best)}, ${percent(panel.at(state.step, best))}.`;
  }

  function memory(layer) {
    const panel = state.memory(layer), unit = state.unitIn(panel);
    const after = panel.at(state.step, unit), before = earlier((t) => panel.at(t, unit), state.step, 0);
    if (!Number.isFinite(after)) return `Unit ${unit}: ${missing(layer)}.`;
    if (Math.abs(after - before) < 0.1 * unitRange(panel, unit)) return `Unit ${unit} keeps its memory: ${shown(after)}.`;
    return `Unit ${unit}’s memory goes from ${shown(before)} to ${shown(after)}.`;
  }

  // At the text's key step: what its most telling gate did there.
  function pointer() {
    const { hero, layers, tokens } = state.reading;
    if (!hero || hero.step !== state.step || state.level !== "story") return "";
    const panel = layers[0].panels.find((p) => p.name === hero.array);
    const now = panel.at(hero.step, hero.unit), before = hero.step ? panel.at(hero.step - 1, hero.unit) : now;
    const moved = now < before - 0.05 ? "fell to" : now > before + 0.05 ? "rose to" : "is at";
    const what = panel.kind === "gate" ? "one gate" : "one memory";
    return `At ${tokens[hero.step]} ${what} ${moved} ${shown(now)}. Press ↓ to see why.`;
  }

  function next() {
    const { length } = state.reading;
    if (state.step === 0 && length > 1) return "Press →. The network reads one word at a time.";
    return state.step < length - 1 ? "" : state.link.lesson ? "That was the last word: go on with PageDown." : "That was the last word.";
  }

  levels.addEventListener("click", (event) => {
    const name = event.target.closest("button")?.dataset.testid.replace("stepper-level-", "");
    if (name) state.show(name);
  });
  frame.tokens.style.viewTransitionName = "gs-words";

  return {
    update(change) {
      if (change.level) {
        for (const button of levels.children) button.setAttribute("aria-pressed", String(button.dataset.testid === `stepper-level-${state.level}`));
        root.classList.toggle("gs-story", state.level === "story");
      }
      const { length } = state.reading, { layer } = state.panel();
      if (length === 0) return sentence.replaceChildren("Type something, and it is read token by token.");
      const name = state.reading.layers.length > 1 && layer.title ? `${layer.title}: ` : "";
      const parts = name + [layer.positive ? verdict(layer) : "", answer(layer), memory(layer)].filter(Boolean).join(" ");
      const call = [pointer(), next()].filter(Boolean).join(" ");
      sentence.replaceChildren(`${parts} `, element("b", {}, call));
    },
  };
}
