// The chosen heatmap as a table: built when opened, 40 tokens a page.
import { fixed } from "../pure/numbers.js";
import { button, element } from "./element.js";

const PAGE = 40;

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create({ table }, state) {
  const summary = element("summary", {});
  const body = element("div", {});
  table.append(summary, body);
  let page = 0;

  function fill() {
    const { reading } = state;
    const panel = state.panel();
    const pages = Math.max(1, Math.ceil(reading.length / PAGE));
    page = Math.min(page, pages - 1);
    const from = page * PAGE;
    const to = Math.min(reading.length, from + PAGE);
    const steps = Array.from({ length: to - from }, (_, k) => from + k);
    const heads = ["unit", ...steps.map((t) => `${t + 1} ${reading.tokens[t]}`)];
    const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
    const rows = panel.order.map((u) => {
      const values = steps.map((t) => (state.hidden(panel, t, u) ? "?" : fixed(panel.at(t, u), 3)));
      const name = element("th", { scope: "row" }, state.named(panel, u));
      return element("tr", {}, name, ...values.map((text) => element("td", {}, text)));
    });
    const range = `tokens ${from + 1} to ${to} of ${reading.length}`;
    const caption = element("caption", {}, `${panel.title}, ${range}; units in the heatmap’s order`);
    /** @type {(by: number, label: string) => HTMLButtonElement} */
    const turn = (by, label) => {
      const made = button({ class: "gs-plain" }, label, () => {
        page += by;
        fill();
      });
      made.disabled = page + by < 0 || page + by >= pages;
      return made;
    };
    const pager = pages > 1 ? [element("p", {}, turn(-1, "earlier tokens"), " ", turn(1, "later tokens"))] : [];
    const whole = element("table", {}, caption, element("thead", {}, head), element("tbody", {}, ...rows));
    const region = { class: "gs-scroll", tabindex: 0, role: "region", "aria-label": "Table" };
    body.replaceChildren(...pager, element("div", region, whole));
  }

  table.addEventListener("toggle", () => {
    if (!table.open) return body.replaceChildren();
    page = Math.floor(state.step / PAGE);
    fill();
  });

  return {
    update(change) {
      if (!change.reading && !change.array) return;
      summary.textContent = `Table of ${state.panel().letter}, ${state.panel().title}`;
      table.hidden = state.reading.length === 0;
      if (table.open) fill();
    },
  };
}
