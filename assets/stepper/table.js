// The chosen heatmap as a table: built when opened, 40 tokens a page.
const PAGE = 40;

export function create(frame, state, { frame: { element }, arrays: { fixed } }) {
  const { table } = frame;
  const summary = element("summary", {});
  const body = element("div", {});
  table.append(summary, body);
  let page = 0;

  function fill() {
    const { reading } = state, panel = state.panel();
    const pages = Math.max(1, Math.ceil(reading.length / PAGE));
    page = Math.min(page, pages - 1);
    const from = page * PAGE, to = Math.min(reading.length, from + PAGE);
    const steps = Array.from({ length: to - from }, (_, k) => from + k);
    const head = element("tr", {}, element("th", { scope: "col" }, "unit"), ...steps.map((t) => element("th", { scope: "col" }, `${t + 1} ${reading.tokens[t]}`)));
    const rows = panel.order.map((u) => element("tr", {}, element("th", { scope: "row" }, state.named(panel, u)),
      ...steps.map((t) => element("td", {}, state.hidden(panel, t, u) ? "?" : fixed(panel.at(t, u), 3)))));
    const caption = element("caption", {}, `${panel.title}, tokens ${from + 1} to ${to} of ${reading.length}; units in the heatmap’s order`);
    const turn = (by, label) => {
      const made = element("button", { type: "button", class: "gs-plain" }, label);
      made.disabled = page + by < 0 || page + by >= pages;
      made.onclick = () => { page += by; fill(); };
      return made;
    };
    const pager = pages > 1 ? [element("p", {}, turn(-1, "earlier tokens"), " ", turn(1, "later tokens"))] : [];
    body.replaceChildren(...pager, element("div", { class: "gs-scroll", tabindex: 0, role: "region", "aria-label": "Table" },
      element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...rows))));
  }

  table.addEventListener("toggle", () => {
    if (!table.open) return body.replaceChildren();
    page = Math.floor(state.step / PAGE);
    fill();
  });

  return {
    update(change) {
      if (change.reading || change.array) {
        summary.textContent = `Table of ${state.panel().letter}, ${state.panel().title}`;
        table.hidden = state.reading.length === 0;
        if (table.open) fill();
      }
    },
  };
}
