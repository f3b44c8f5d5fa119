// The URL: the browser alone writes it, at most 4 times a second, the last change always. Copying the link, saving the
// numbers.
import { withParameters } from "../pure/address.js";
import { button, save } from "./element.js";

const APART = 250;

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  let timer = 0;
  let last = 0;
  const page = location.pathname; // a write still due when the page has changed does not go into the next one's address

  /** @param {string} name */
  const own = (name) => (state.panel().name === name ? (state.places[name] ?? null) : null);
  const address = () =>
    withParameters(location.href, {
      ...state.link,
      step: state.reading.length ? state.step : null,
      unit: state.unit,
      dim: own("x"),
      out: own("p"),
      array: state.array,
      level: state.level,
    });

  function write() {
    timer = 0;
    last = performance.now();
    const url = address();
    if (location.pathname !== page || url.href === location.href) return;
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // a hand-out opened from a disk, or inside another page, may have no address of its own
    }
  }

  const copy = button({ class: "gs-plain" }, "copy link", async () => {
    try {
      const url = address();
      url.searchParams.delete("room"); // a link to the view, not into the class
      await navigator.clipboard.writeText(url.href);
      copy.textContent = state.link.text === null ? "link copied, without the text: it is too long" : "link copied";
    } catch {
      copy.textContent = "copy the link from the address bar";
    }
    setTimeout(() => {
      copy.textContent = "copy link";
    }, 2000);
  });
  copy.hidden = location.protocol === "file:"; // nobody else has that disk

  const csv = button({ class: "gs-plain" }, "save CSV", () => {
    if (state.blanks.any) {
      csv.textContent = "not available while numbers are hidden";
      return;
    }
    const panel = state.panel();
    /** @param {string} text */
    const quote = (text) => `"${text.replaceAll('"', '""')}"`;
    const names = panel.order.map((u) => `${panel.letter}[${state.named(panel, u)}]`);
    const lines = [["t", "token", ...names].map(quote).join(",")];
    state.reading.tokens.forEach((token, t) => {
      lines.push([t + 1, quote(token), ...panel.order.map((u) => panel.at(t, u))].join(","));
    });
    save(`gatescope-${panel.id}.csv`, new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
  });

  const title = "This view becomes a stop of your lesson (page Make a lesson)";
  const add = button({ class: "gs-plain", "data-testid": "stepper-add", title }, "add to my lesson", () => {
    const { step, unit, array, level } = state;
    state.ask("view", { step, unit, array, level });
  });
  frame.tools.append(copy, " ", csv, " ", add);

  return {
    update(change) {
      add.hidden = !state.given.collect || !state.reading.length; // a hand-out has no server that could take it
      if (change.playing || timer) return;
      timer = setTimeout(write, Math.max(0, last + APART - performance.now()));
    },
    close: () => clearTimeout(timer),
  };
}
