// What of a notebook's view is shown: which sequence of a batch, and which layer or direction of the network.
import { element } from "../stepper/view/element.js";

/** @typedef {import("../stepper/types").Body} Body */

const ALL = "all layers";

/**
 * Puts a list of sequences into `turn` and tabs of layers before `host`, where there are several.
 * @param {{ body: Body }[]} stops the sequences; none where there is nothing to pick, as in a lesson
 * @param {Element} turn
 * @param {Element} host
 * @param {(to: number | null) => void} go to another sequence; null: the same one, another layer
 * @returns {(body: Body, at: number) => Body} of sequence `at` the layers that are chosen
 */
export function pickers(stops, turn, host, go) {
  const titles = stops.length ? stops[0].body.layers.map(({ title }) => title) : [];
  const list = element("select", { class: "ho-button", "aria-label": "Sequence", "data-testid": "handout-sequence" });
  list.append(...stops.map((_, k) => element("option", { value: String(k) }, `Sequence ${k + 1}`)));
  list.onchange = () => go(Number(list.value));
  if (stops.length > 1) turn.append(list);
  let chosen = titles.length > 1 ? titles[0] : ALL;
  const tabs = element("div", { class: "ho-tabs", role: "group", "aria-label": "Layer" });
  const press = () => {
    for (const made of tabs.children) made.setAttribute("aria-pressed", String(made.textContent === chosen));
  };
  for (const title of [...titles, ALL]) {
    const made = element("button", { type: "button", class: "ho-button" }, title);
    made.onclick = () => {
      chosen = title;
      press();
      go(null);
    };
    tabs.append(made);
  }
  press();
  if (titles.length > 1) host.before(tabs);
  return (body, at) => {
    list.value = String(at);
    const own = body.layers.filter(({ title }) => title === chosen);
    return own.length && chosen !== ALL ? { ...body, id: `${body.id} ${chosen}`, layers: own } : body;
  };
}
