// A stop that trains: the trainer in the page's own thread, for a page opened from a disk has no worker.
import { element } from "../stepper/view/element.js";
import { open as trainer } from "../train/main.js";
import { draw } from "./curves.js";
import { heatmaps } from "./heatmaps.js";

/**
 * @typedef {Pick<import("../train/types").Given, "setup" | "body" | "words">} Training as
 *   core/views/lessons/handout.py makes it
 */

/** @param {HTMLElement} host */
export function open(host) {
  host.replaceChildren(element("div", { class: "gt-root" }));
  const view = trainer(host, { heatmaps: async () => heatmaps, ahead: () => {}, draw });
  return {
    /**
     * @param {Training} given
     * @param {import("../stepper/types").Link} link
     */
    show(given, link) {
      const alone = { plotly: "", worker: null, collect: false, seeds: false, led: null, own: null };
      view.show({ data: { ...given, link, start: null, level: "unit", ...alone } });
    },
    close() {
      view.close();
      host.replaceChildren();
    },
  };
}
