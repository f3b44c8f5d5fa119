// What the model says after the word that was read: its likeliest answers, or its values. A click watches one through the text.
const MOST = 5;
const percent = (share) => (share > 0 && share < 0.005 ? "< 1 %" : `${Math.round(100 * share)} %`);

export function create(frame, state, { frame: { element }, arrays: { fixed } }) {
  const rows = [];

  function build() {
    for (const { node } of rows.splice(0)) node.remove();
    for (const layer of state.reading.layers) {
      const panel = layer.all.find((p) => p.name === "p");
      if (!panel) continue;
      const list = element("span", { class: "gs-answer-list" });
      const title = layer.title ? `${layer.title}, ${panel.title}` : `${panel.title[0].toUpperCase()}${panel.title.slice(1)}`;
      const node = element("div", { class: "gs-answers", role: "group", "aria-label": title, "data-testid": layer.name ? `stepper-answers-${layer.name}` : "stepper-answers" },
        element("span", { class: "gs-answers-title" }, title), list);
      frame.guess.before(node);
      const buttons = Array.from({ length: Math.min(MOST, panel.units) }, () => {
        const [name, share] = [element("b", {}), element("span", {})];
        const made = element("button", { type: "button", class: "gs-likely" }, name, share);
        made.onclick = () => state.choose({ array: panel.id, unit: Number(made.dataset.unit) });
        return { made, name, share };
      });
      list.append(...buttons.map(({ made }) => made));
      rows.push({ panel, node, buttons });
    }
  }

  return {
    update(change) {
      if (change.reading) build();
      for (const { panel, node, buttons } of rows) {
        node.hidden = state.reading.length === 0;
        if (node.hidden) continue;
        const best = panel.kind === "gate" ? state.likeliest(panel, state.step, buttons.length) : buttons.map((_, k) => k); // values keep their places
        buttons.forEach(({ made, name, share }, k) => {
          const value = panel.at(state.step, best[k]);
          made.dataset.unit = best[k];
          made.setAttribute("aria-pressed", String(panel.id === state.array && state.unitIn(panel) === best[k]));
          name.textContent = panel.names[best[k]];
          share.textContent = panel.kind === "gate" ? percent(value) : fixed(value, 3);
          made.style.setProperty("--share", panel.kind === "gate" ? value : 0);
        });
      }
    },
  };
}
