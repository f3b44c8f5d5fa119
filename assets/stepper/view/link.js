// The URL: the browser alone writes it, at most 4 times a second, the last change always. What a reader would call a
// step has a history entry of its own: another text after a pause, another model, a stop. Copying the link, saving the
// numbers.
import { ANSWERS, withParameters } from "../pure/address.js";
import { button, save } from "./element.js";
import { draftHeard } from "./tab.js";

const APART = 250;
const PAUSE = 1500; // ms without a change after which the next one is another step
const LATE = 10_000; // ms after a key in which what is written may be of that key: a slow device or server
const CHOSEN = ["lesson", "stop", "model", "q"]; // what is chosen at once, not typed or dragged

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  let timer = 0;
  let last = 0;
  let moved = -Infinity; // when what is read changed last
  let key = -Infinity; // when the reader typed last, with nothing pressed since
  let rested = false; // whether a key since the last write came after a pause
  let back = /** @type {number | undefined} */ (-1); // how often the reader had gone back when the address was written
  let leaves = /** @type {number | undefined} */ (-1); // and when another address came that the server has yet to read
  const page = location.pathname; // a write still due when the page has changed does not go into the next one's address

  /** @param {string} axis */
  const own = (axis) => {
    const { name, axis: of = name } = state.panel();
    return of === axis ? (state.places[axis] ?? null) : null;
  };
  const dim = () => {
    const { place } = state.panel();
    return place ? (state.places[place] ?? null) : own("x");
  };
  const address = () =>
    withParameters(location.href, {
      ...state.link,
      step: state.reading.length ? state.step : null,
      unit: state.unit,
      dim: dim(),
      out: own("p"),
      array: state.array,
      level: state.level,
    });

  /**
   * Whether an address is another step than the one that stands there: not where an entry is written for the first
   * time, after the page was opened, or after Back.
   * @param {URL} url
   */
  function isStep(url) {
    const opened = back !== state.given.back;
    back = state.given.back;
    const here = new URL(location.href).searchParams;
    const names = Object.keys(state.link).filter((name) => here.get(name) !== url.searchParams.get(name));
    const changed = names.filter((name) => !ANSWERS.includes(name));
    if (!changed.length) return false;
    const now = performance.now();
    const paused = now - key < LATE ? rested : now - moved > PAUSE;
    moved = now;
    rested = false;
    return !opened && history.state?.gatescope && (paused || changed.some((name) => CHOSEN.includes(name)));
  }

  function write() {
    timer = 0;
    // The page writes its address itself (core/views/widgets/address.py): this stepper is about to go, or that is.
    if (document.querySelector(".gs-address[data-alone]")) return void (timer = setTimeout(write, APART));
    last = performance.now();
    if (location.pathname !== page || leaves === state.given.back) return;
    const url = address();
    const method = isStep(url) ? "pushState" : "replaceState";
    if (url.href === location.href && history.state?.gatescope) return;
    try {
      history[method]({ ...history.state, gatescope: true }, "", url);
    } catch {
      // a hand-out opened from a disk, or inside another page, may have no address of its own
    }
    state.wrote();
  }

  const goesBack = () => {
    if (!location.hash) leaves = state.given.back; // an anchor is no other address
  };
  /** @param {Event} event */
  const typed = ({ target, timeStamp }) => {
    if (!(target instanceof Element) || !target.matches("input[type=text], textarea")) return;
    if (timeStamp - Math.max(key, moved) > PAUSE) rested = true;
    key = timeStamp;
  };
  const pressed = () => {
    key = -Infinity; // what is chosen now is not what was typed
  };
  const heard = /** @type {const} */ ([
    ["popstate", goesBack],
    ["input", typed],
    ["click", pressed],
  ]);
  for (const [kind, hear] of heard) addEventListener(kind, hear, { capture: true });

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
  const add = button({ class: "gs-plain", "data-testid": "stepper-add", title }, "add to my lesson", async () => {
    const { step, unit, array, level } = state;
    await draftHeard();
    state.ask("view", { step, unit, array, level });
  });
  frame.tools.append(copy, " ", csv, " ", add);

  return {
    update(change) {
      add.hidden = !state.given.collect || !state.reading.length; // a hand-out has no server that could take it
      if (change.playing || timer) return;
      timer = setTimeout(write, Math.max(0, last + APART - performance.now()));
    },
    close() {
      clearTimeout(timer);
      for (const [kind, hear] of heard) removeEventListener(kind, hear, { capture: true });
    },
  };
}
