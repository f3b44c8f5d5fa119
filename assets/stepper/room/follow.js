// A student's side: step, unit, array and level go straight to the stepper; another text, model or page asks the server
// once.
const PATIENCE = 3000; // ms until a question to the server that was lost is asked again

/**
 * @typedef {import("../types").Shown} Shown
 * @typedef {ReturnType<typeof create>} Follow
 */

/** @param {Shown} state */
const key = ({ page, text, model, edits, lesson, stop, made }) =>
  JSON.stringify([page, text, model, edits ?? null, lesson ?? null, stop ?? null, made ?? null]);

/** @param {import("../types").Room} room */
export function create(room) {
  /** @type {Shown | null} */
  let wanted = null;
  let asked = {
    nonce: /** @type {string | null} */ (null),
    key: /** @type {string | null} */ (null),
    at: 0,
    had: /** @type {string | null} */ (null),
  };
  let loose = !room.leads && room.keep.get("loose") === "1";
  let again = 0;

  /**
   * Whether the stepper has what is wanted; a page without text or lesson has nothing to compare.
   * @param {import("../types").Standing["state"]} state
   */
  function shows({ link }) {
    if (wanted?.lesson) return link.lesson === wanted.lesson && Number(link.stop) === wanted.stop;
    return !wanted?.model || (link.text === wanted.text && link.model === wanted.model);
  }

  function place() {
    const state = room.here()?.state;
    if (!wanted || !state?.reading || !shows(state)) return;
    const { panels, length } = state.reading;
    const { level, array, step, unit } = wanted;
    if (level) state.show(level);
    const panel = panels.find((p) => p.id === array) ?? state.panel();
    state.choose({
      array: panel.id,
      step: Math.min(step, Math.max(0, length - 1)),
      unit: unit < panel.units ? unit : undefined,
    });
  }

  function check() {
    if (!wanted || loose) return;
    if (key(wanted) !== asked.key) {
      asked = { nonce: Math.random().toString(36).slice(2), key: key(wanted), at: -Infinity, had: null };
    }
    if (room.data.nonce === asked.nonce) return place();
    if (performance.now() - asked.at < PATIENCE && room.data.nonce === asked.had) return; // it is on its way
    Object.assign(asked, { at: performance.now(), had: room.data.nonce });
    clearTimeout(again);
    again = setTimeout(check, PATIENCE + 50);
    room.trigger("moved", { nonce: asked.nonce, state: wanted, leads: room.leads });
  }

  /** @param {boolean} is */
  function let_go(is) {
    loose = is;
    room.keep.set("loose", is ? "1" : "0");
    asked.key = null;
    room.draw();
    check();
  }

  return {
    get loose() {
      return loose;
    },
    get wanted() {
      return wanted;
    },
    /**
     * @param {boolean} bare whether the page has no stepper: one that is still to come would stand at its own place
     */
    settled(bare) {
      const here = room.here();
      const there = here ? shows(here.state) : bare;
      return Boolean(wanted && room.data.nonce === asked.nonce && there);
    },
    /** @param {Shown} state */
    heard(state) {
      wanted = state;
      check();
    },
    check,
    /**
     * A teacher who goes on while the page is still being brought there.
     * @param {Shown | null | undefined} state
     */
    moved(state) {
      if (wanted && state && key(state) === key(wanted)) wanted = state;
    },
    /**
     * The page has been drawn anew: by the room, or because the student typed or went elsewhere, who then is on their
     * own.
     * @param {boolean} stepper whether it was the stepper that was drawn
     */
    shown(stepper) {
      if (!wanted || loose) return;
      const { data, page } = room;
      const here = room.here();
      if (data.nonce === null || data.nonce !== asked.nonce) return check();
      const typed = stepper && page !== "room" && here?.state.reading && !shows(here.state);
      if (!room.leads && (page !== data.at || typed)) let_go(true);
      else place();
    },
    stop: () => clearTimeout(again),
    let_go,
  };
}
