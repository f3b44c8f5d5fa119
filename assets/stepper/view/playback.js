// Buttons, keys, scrub bar and the clock that plays.
import { labelled, pressed } from "../pure/keys.js";
import { spoken } from "../pure/numbers.js";
import { element, icon, targetOf } from "./element.js";

const FIELDS = "textarea, select, [contenteditable=true], input:not([type=range])";

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const { root, buttons, scrub, speed, status } = frame;
  let clock = 0;
  let begun = false;

  const wait = () => {
    clearTimeout(clock);
    clock = setTimeout(tick, 1000 / Number(speed.value));
  };
  const stop = () => {
    clearTimeout(clock);
    if (!state.playing) return;
    state.playing = false;
    face();
    state.publish({ playing: true });
  };
  const last = () => (state.back() ? 0 : state.reading.length - 1); // where playing ends
  const tick = () => {
    state.go(state.onward());
    if (state.step === last()) stop();
    else wait();
  };
  const play = () => {
    if (state.playing) return stop();
    if (state.reading.length < 2) return;
    state.playing = true;
    face();
    if (state.step === last()) state.go(state.reading.length - 1 - last());
    wait();
  };
  // A first sentence that plays by itself, once: not where things are to keep still, nor from a chosen place.
  const begin = () => {
    if (begun || !state.given.play || state.reading.length < 2) return;
    begun = true;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || new URLSearchParams(location.search).has("step")) return;
    speed.value = "2";
    play();
  };
  const face = () => {
    const label = labelled(state.playing ? "Pause" : "Play", "play");
    buttons.play.replaceChildren(icon(state.playing ? "pause" : "play"));
    buttons.play.setAttribute("aria-label", label);
    buttons.play.title = label;
  };
  /** @param {number} steps */
  const by = (steps) => {
    stop();
    state.go(state.step + steps);
  };

  async function help() {
    try {
      (await import("./help.js")).show(frame.root);
    } catch {
      frame.notice.hidden = false;
      frame.notice.textContent = "The keyboard shortcuts could not be loaded: no connection.";
    }
  }

  buttons.first.onclick = () => by(-Infinity);
  buttons.prev.onclick = () => by(-1);
  buttons.play.onclick = play;
  buttons.next.onclick = () => by(1);
  buttons.last.onclick = () => by(Infinity);
  scrub.oninput = () => {
    stop();
    state.go(Number(scrub.value));
  };
  speed.onchange = () => {
    if (state.playing) wait();
  };

  /** @type {Record<string, () => void>} */
  const acts = {
    back: () => by(-1),
    on: () => by(1),
    "back ten": () => by(-10),
    "on ten": () => by(10),
    first: () => by(-Infinity),
    last: () => by(Infinity),
    play,
    up: () => state.walk(-1),
    down: () => state.walk(1),
    help,
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    const target = targetOf(event);
    if (!state.reading || target.closest(FIELDS)) return;
    const { id } = pressed("stepper", event) ?? {};
    if (!id || (id !== "help" && target.closest(".gs-scroll"))) return; // a table scrolls by the same keys
    if (id === "play" && target.closest("button, summary, a")) return; // Space presses what has the focus
    event.preventDefault();
    acts[id]();
  };
  root.addEventListener("keydown", onKey);
  // On a projector nothing may have the focus: Left and Right still step then, and Down obeys a story that names it.
  /** @param {KeyboardEvent} event */
  const onBody = (event) => {
    const { unfocused } = pressed("stepper", event) ?? {};
    const heard = unfocused === "always" || (unfocused === "story" && state.level === "story");
    if (heard && document.activeElement === document.body) onKey(event);
  };
  document.addEventListener("keydown", onBody);

  return {
    update(change) {
      const { length, tokens } = state.reading;
      if (change.reading) {
        stop();
        scrub.max = String(Math.max(0, length - 1));
        for (const control of [...Object.values(buttons), scrub]) control.disabled = length === 0;
        begin();
      }
      if (change.pass && !change.reading) stop();
      if (!change.step) return;
      scrub.value = String(state.step);
      scrub.setAttribute(
        "aria-valuetext",
        length ? `${state.step + 1} of ${length}: ${spoken(tokens[state.step])}` : "no token",
      );
      status.replaceChildren(length ? `t = ${state.step + 1} of ${length} · ` : "no token yet");
      if (length) status.append(element("b", {}, tokens[state.step]));
    },
    close() {
      clearTimeout(clock);
      document.removeEventListener("keydown", onBody);
    },
  };
}
