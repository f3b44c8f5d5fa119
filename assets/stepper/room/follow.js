// A student's side: step, unit, array and level go straight to the stepper; whatever else the teacher shows is asked of
// the server once, by the page's address. A student who moves something looks around on their own; answers are
// everybody's own, and who gives one follows on.
import { ANSWERS } from "../pure/address.js";

const PATIENCE = 3000; // ms until a question to the server that was lost is asked again

/**
 * @typedef {import("../types").Shown} Shown
 * @typedef {ReturnType<typeof create>} Follow
 */

/** @param {Shown} state */
const key = ({ page, text, model, edits, lesson, stop, made, more, own }) => {
  const names = Object.entries(more ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([page, text, model, ...[edits, lesson, stop, made, own].map((x) => x ?? null), names]);
};

// Whether the server is making the page, as Streamlit tells.
const running = () => document.querySelector("[data-testid=stApp][data-test-script-state=running]") !== null;

/**
 * What a page's address says, and the answers in it.
 * @param {import("../types").Link} link
 */
function parts(link) {
  const said = Object.entries(link).filter(([, value]) => typeof value === "string");
  const [answers, rest] = [true, false].map((is) => said.filter(([name]) => ANSWERS.includes(name) === is));
  return { answers: JSON.stringify(answers), rest: /** @type {Record<string, string>} */ (Object.fromEntries(rest)) };
}

/**
 * Whether a student has changed what the address says. An answer alone has not, nor has what appears with it.
 * @param {ReturnType<typeof parts>} before
 * @param {ReturnType<typeof parts>} now
 */
function changed(before, now) {
  const names = Object.keys({ ...before.rest, ...now.rest }).filter((name) => before.rest[name] !== now.rest[name]);
  const answered = before.answers !== now.answers;
  return names.some((name) => !answered || (name in before.rest && name in now.rest));
}

/** @param {import("../types").Room} room */
export function create(room) {
  /** @type {Shown | null} */
  let wanted = null;
  // What was asked of the server. nonce: by which the page is seen to have it; had: the one before; link: what the
  // page's address said when it had it; stood: where its stepper was put.
  let asked = {
    nonce: /** @type {string | null} */ (null),
    key: /** @type {string | null} */ (null),
    at: 0,
    had: /** @type {string | null} */ (null),
    link: /** @type {ReturnType<typeof parts> | null} */ (null),
    stood: /** @type {string | null} */ (null),
  };
  let loose = !room.leads && room.keep.get("loose") === "1";
  let again = 0;
  let placing = false;

  // Whether the page has been drawn with what was asked for.
  const arrived = () => room.data.nonce === asked.nonce && room.said()?.led === asked.nonce;

  /** @param {import("../types").Standing["state"]} state */
  const stands = (state) => JSON.stringify([state.step, state.unitIn(state.panel()), state.array]);

  function place() {
    const state = room.here()?.state;
    if (!wanted?.array || wanted.own || !state?.reading || state.given.led !== asked.nonce || !arrived()) return;
    const { panels, length } = state.reading;
    const { level, array, step, unit } = wanted;
    placing = true;
    if (level) state.show(level);
    const panel = panels.find((p) => p.id === array) ?? state.panel();
    state.choose({
      array: panel.id,
      step: Math.min(step, Math.max(0, length - 1)),
      unit: unit < panel.units ? unit : undefined,
    });
    placing = false;
    asked.stood = stands(state);
  }

  function check() {
    if (!wanted || loose || (wanted.own && !room.leads)) return; // what cannot be sent is told, and the page stays
    if (key(wanted) !== asked.key) {
      const nonce = Math.random().toString(36).slice(2);
      asked = { nonce, key: key(wanted), at: -Infinity, had: null, link: null, stood: null };
    }
    if (room.data.nonce === asked.nonce) return place();
    clearTimeout(again);
    again = setTimeout(check, PATIENCE + 50);
    const since = performance.now() - asked.at;
    const coming = since < PATIENCE || (since < Infinity && running()); // a slow page is not begun anew
    if (coming && room.data.nonce === asked.had) return;
    Object.assign(asked, { at: performance.now(), had: room.data.nonce });
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
     * @param {boolean} bare whether the page has no state: one that is still to come would have its own
     */
    settled(bare) {
      return Boolean(wanted && room.data.nonce === asked.nonce && (room.said() ? arrived() : bare));
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
    // The page has been drawn anew: by the room, or because the student has changed something or gone elsewhere.
    shown() {
      if (!wanted || loose || (wanted.own && !room.leads)) return;
      const { data, page, leads } = room;
      if (data.nonce === null || data.nonce !== asked.nonce) return check();
      if (!leads && page !== data.at) return let_go(true);
      if (!arrived()) return;
      const link = parts(room.said()?.link ?? {});
      if (!leads && changed(asked.link ?? link, link)) return let_go(true);
      asked.link = link;
      place();
    },
    // The stepper has moved, by the room or by the student.
    stepped() {
      const state = room.here()?.state;
      if (placing || loose || !state?.reading || asked.stood === null || !arrived()) return;
      const level = wanted?.level ?? state.level;
      if (stands(state) !== asked.stood || state.level !== level) let_go(true);
    },
    stop: () => clearTimeout(again),
    let_go,
  };
}
