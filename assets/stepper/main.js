// The stepper's entry: wires what the server sent to the state, and the state to the views.
import * as blanks from "./blanks.js";
import * as address from "./pure/address.js";
import { complete, floats, reading } from "./pure/arrays.js";
import * as place from "./state.js";
import * as answers from "./view/answers.js";
import * as blank from "./view/blank.js";
import { button } from "./view/element.js";
import { completed, fetched } from "./view/fixed.js";
import { build } from "./view/frame.js";
import * as keep from "./view/keep.js";
import * as link from "./view/link.js";
import * as panels from "./view/panels.js";
import * as pass from "./view/pass.js";
import * as playback from "./view/playback.js";
import * as predict from "./view/predict.js";
import { presenting } from "./view/present.js";
import * as story from "./view/story.js";
import * as table from "./view/table.js";
import { theme } from "./view/theme.js";
import * as tokens from "./view/tokens.js";
import * as words from "./view/words.js";

const ALL = { reading: true, theme: true, step: true, unit: true, array: true, level: true, pass: true };

/**
 * Where a stepper wrote the address last, or was taken away. If the page is then drawn anew for another text or cell,
 * the address is still of that one.
 * @type {{ href: string, path: string, tokens: string[], models: string, back: number } | null}
 */
let left = null;

/**
 * What a stepper fetches later: what draws heatmaps, and the modules of the cell's inside.
 * @typedef {object} Later
 * @property {() => Promise<import("./types").Heatmaps>} heatmaps
 * @property {() => void} ahead called just before the inside is imported: may ask for all its modules at once
 */

/**
 * @param {Element} host holds .gs-root, which is drawn in; its style has the theme's colours
 * @param {Later} later
 */
export function open(host, later) {
  /** @type {import("./types").Heatmaps | null} */
  let drawer = null;
  /** @type {typeof import("./inside/inside.js") | null} */
  let inner = null;
  const state = place.create(() => inner && inner.open, blanks.create(address.blanks(location.search)));
  const frame = build(/** @type {Element} */ (host.querySelector(".gs-root")));
  frame.root.stepper = { state, path: location.pathname }; // by which a room leads or follows it
  state.wrote = () => {
    const { path } = /** @type {{ path: string }} */ (frame.root.stepper);
    const { models, back } = seen;
    left = state.reading && { href: location.href, path, tokens: state.reading.tokens, models, back };
  };
  /** @param {boolean} shown */
  const tell = (shown) =>
    frame.root.dispatchEvent(new CustomEvent("gatescope:moved", { bubbles: true, detail: { shown } }));
  const predicting = predict.create(frame, state);
  const views = [
    blank.create(frame, state),
    pass.create(frame, state),
    tokens.create(frame, state),
    panels.create(frame, state, () => drawer),
    story.create(frame, state),
    answers.create(frame, state),
    predicting,
    words.create(frame, state),
    playback.create(frame, state),
    table.create(frame, state),
    link.create(frame, state),
    keep.create(frame, state),
  ];
  const seen = { id: "", models: "", theme: "", back: -1 };
  // What comes along when the page is opened again is where it was sent then, no new wish.
  let seenGoto = /** @type {string | null} */ (null);
  let showing = false; // what moves is the page's doing, and told once at its end

  // One pass over all views; `change` says what moved, so that a step touches only what depends on the step.
  state.subscribe((change) => {
    frame.root.dataset.level = state.level; // before the views: what a level hides has no size to draw into
    frame.root.dataset.pass = state.back() ? "backward" : "forward";
    frame.root.classList.toggle("gs-story", state.level === "story");
    for (const view of views) view.update(change);
    frame.root.dataset.step = String(state.step);
    frame.root.dataset.unit = String(state.unit);
    frame.root.dataset.array = state.array;
    if (change.level) wanted();
    if (!showing && (change.step || change.unit || change.array || change.level)) tell(false);
  });

  // Presenter mode changes the colours, and no run of the page follows it.
  const recolour = () => {
    face();
    if (!state.reading) return;
    state.colours = theme(host, state.given.scale);
    seen.theme = state.colours.key;
    state.publish({ theme: true });
  };
  const face = () => frame.present.setAttribute("aria-pressed", String(presenting()));
  face();
  document.addEventListener("gatescope:presenting", recolour);

  // Heatmaps and the inside of the cell are fetched when they are asked for, or once the rest stands.
  async function heatmaps() {
    const found = await later.heatmaps();
    if (!drawer) {
      drawer = found;
      state.publish({ theme: true });
    }
    ready("all");
  }
  /** @type {Promise<void> | null} */
  let coming = null;
  function inside() {
    coming ??= enter();
    return coming.then(fixed).then(() => ready("inside"));
  }
  async function enter() {
    later.ahead();
    inner = await import("./inside/inside.js");
    state.settle();
    const added = inner.create(frame, state);
    views.push(...added);
    for (const view of added) view.update(ALL);
  }
  async function fixed() {
    const { given } = state;
    const came = await fetched(given, given.base ?? "");
    if (!came || state.given.id !== given.id) return;
    completed(given).layers.forEach((sent, k) => complete(state.reading.layers[k], sent));
    state.settle();
    state.publish({ theme: true });
  }
  /** @param {import("./types").Level} level */
  function ready(level) {
    if (state.level === level) frame.root.dataset.ready = "true";
  }
  /** @type {(what: string) => (error: Error) => void} */
  const lost = (what) => (error) => {
    coming = null;
    const again = button({ class: "gs-answer" }, "Try again", () => {
      frame.notice.hidden = true;
      wanted();
    });
    frame.notice.hidden = false;
    frame.notice.replaceChildren(`${what} could not be loaded (${error.message}). `, again);
  };
  // What the level shown needs, first; the rest when the browser has nothing better to do.
  function wanted() {
    if (state.level === "all") heatmaps().catch(lost("The heatmaps"));
    if (state.level === "inside") inside().catch(lost("The inside of the cell"));
  }

  /**
   * @param {import("./types").Sent} data
   * @param {boolean} back whether the reader has gone Back or Forward to this
   */
  function levelOf(data, back) {
    const sent = data.goto?.level && JSON.stringify(data.goto) !== seenGoto ? data.goto.level : state.level;
    if (state.level && !back) return sent;
    const asked = address.level(location.search);
    return place.LEVELS.find((level) => level === asked) ?? data.level;
  }

  /**
   * Whether the address still has the place of a stepper that stood here before this one, on another reading.
   * @param {import("./types").Sent} data
   * @param {string} models
   */
  function stale(data, models) {
    if (left?.href !== location.href || left.path !== location.pathname || left.back !== seen.back) return false;
    return left.tokens.join("\n") !== data.tokens.join("\n") || left.models !== models;
  }

  /**
   * A new reading: where the address says, at first and after Back; then where the reader stood, as far as that means
   * the same.
   * @param {import("./types").Sent} data
   * @param {boolean} back
   */
  function read(data, back) {
    const same = state.reading && state.reading.tokens.join("\n") === data.tokens.join("\n");
    const models = JSON.stringify(data.layers.map(({ name, order }) => [name, order]));
    const here = {
      step: same ? state.step : undefined,
      // In a story nobody chooses a unit: it is about the one that tells most of this text.
      unit: models === seen.models && (same || state.level !== "story") ? state.unit : undefined,
      array: state.array,
    };
    const first = seen.id === "" || back;
    Object.assign(seen, { id: data.id, models });
    state.reading = reading(completed(data));
    frame.root.dataset.steps = String(state.reading.length);
    const asked = stale(data, models) ? { ...data.start } : address.start(location.search, state.reading, data.start);
    // A place that a stepper wrote, for another reading: no link asks for it.
    if (history.state?.gatescope) asked.bad = [];
    left = null;
    state.open(first ? asked : here);
  }

  return {
    /** @param {import("./types").Component<import("./types").Sent>} component */
    show({ data, setTriggerValue }) {
      showing = true;
      const agreement = data.agreement ? floats(data.agreement) : null;
      state.receive(data, agreement, (name, value = true) => setTriggerValue(name, value));
      const colours = theme(host, data.scale);
      const went = data.back ?? 0;
      const back = seen.back >= 0 && went !== seen.back;
      seen.back = went;
      const fresh = data.id !== seen.id || back;
      const repaint = colours.key !== seen.theme;
      state.level = levelOf(data, back);
      if (fresh) read(data, back);
      state.colours = colours;
      seen.theme = colours.key;
      const goto = JSON.stringify(data.goto ?? null);
      if (data.goto && seenGoto !== null && goto !== seenGoto && !back) {
        state.open({ step: state.step, unit: state.unit, ...data.goto });
      }
      // A stop asks; the reader may switch it afterwards.
      if (data.predict !== null && goto !== seenGoto) predicting.ask(data.predict);
      seenGoto = goto;
      state.publish({ ...ALL, reading: fresh, theme: repaint });
      if (state.level === "story" || state.level === "unit") frame.root.dataset.ready = "true";
      showing = false;
      tell(true);
      requestIdleCallback(() => {
        // If one fails now, it is told when it is asked for.
        heatmaps().catch(() => {});
        inside().catch(() => {
          coming = null;
        });
      });
    },
    close() {
      state.wrote();
      document.removeEventListener("gatescope:presenting", recolour);
      for (const view of views) view.close?.();
    },
  };
}

export { plotly } from "./view/plotly.js";
