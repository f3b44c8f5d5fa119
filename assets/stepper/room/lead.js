// The teacher's side: the state of the page, and where its stepper stands, goes to the room, at most ten times a second
// and the last move always.
import { coming } from "./standing.js";

const APART = 100;
const BARE = 1500; // ms after which a page is taken to have no stepper, unless one is being loaded
const AGAIN = 300; // ms after which a page is looked at again whose stepper is being loaded
const NONE = -1;

/**
 * @typedef {import("../types").Shown} Shown
 * @typedef {ReturnType<typeof create>} Lead
 */

/**
 * @param {import("../types").Room} room
 * @param {() => void} settle is called once the page is known to have no stepper
 */
export function create(room, settle) {
  let sent = "";
  let seen = "";
  let busy = false;
  let last = -Infinity;
  let timer = 0;
  let bare = 0;
  let joined = false;

  /**
   * The page as a state of the room. null: nothing to tell yet.
   * @returns {Shown | null}
   */
  function now() {
    const { page, hide, closed, done } = room;
    const said = room.said();
    const here = room.here()?.state;
    /** @type {Shown} */
    const state = { page, text: "", model: "", step: 0, unit: 0, array: "" };
    if (hide.length) state.hide = hide;
    if (closed) state.closed = closed;
    if (done) state.done = done;
    if (!said) return bare === NONE ? state : null;
    if (said.own) return { ...state, own: said.own };
    if (here ? !here.reading : coming()) return null;
    Object.assign(state, whatIsRead(said.link, here?.given.shared ?? {}));
    if (!here) return state;
    const { step, array, level } = here;
    return { ...state, step, unit: here.unitIn(here.panel()), array, level };
  }

  // Looks for a stepper again and again until there is one, or none to come.
  function look() {
    bare = setTimeout(() => {
      if (coming()) return look();
      bare = NONE;
      settle();
      moved();
    }, BARE);
  }

  function moved() {
    if (!joined || busy || timer) return;
    timer = setTimeout(send, Math.max(0, last + APART - performance.now()));
  }

  async function send() {
    timer = 0;
    const state = now();
    const body = JSON.stringify(state);
    if (!state && coming()) timer = setTimeout(send, AGAIN); // one that never comes tells nothing
    if (!state || body === sent || busy) return;
    busy = true;
    last = performance.now();
    let pause = 0;
    try {
      const answer = await room.request("PUT", "/state", body);
      if (answer.ok) sent = body;
      else {
        const { error } = await answer.json().catch(() => ({}));
        room.say(`The class does not see this: ${error ?? answer.status}`);
        const later = answer.status === 429 || answer.status >= 500;
        pause = later ? 1000 * (Number(answer.headers.get("Retry-After")) || 1) : NaN;
        if (Number.isNaN(pause)) sent = body; // it would be refused again
      }
    } catch {
      pause = 1000; // no connection: the bar says so
    }
    busy = false;
    if (body !== sent) timer = setTimeout(send, pause);
    else moved(); // something may have moved meanwhile
  }

  return {
    now,
    joined: () => joined,
    bare: () => bare === NONE,
    // From here on this tab leads: at once in a new room, else when it stands where the room stood.
    join() {
      joined = true;
      moved();
    },
    wait() {
      joined = false;
    },
    moved,
    shown() {
      if (room.page !== seen) {
        seen = room.page;
        clearTimeout(bare);
        look();
      }
      moved();
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(bare);
      joined = false;
    },
  };
}

/**
 * The stop, the lesson or the text that is read, and all else that the page's link says.
 * @param {import("../types").Link} link
 * @param {import("../types").Shared} shared
 * @returns {Partial<Shown>}
 */
function whatIsRead({ text, model, lesson, stop, set, word, ...rest }, shared) {
  const at = Number(stop) || 1;
  if (shared.stop) return { made: shared.stop, of: shared.of, stop: at };
  const edits = [set, word].filter(Boolean).join("~");
  const said = Object.entries(rest).filter(([, value]) => typeof value === "string");
  return {
    ...(lesson ? { lesson, stop: at } : { text: text ?? "", model: model ?? "" }),
    ...(edits && { edits }),
    ...(said.length && { more: /** @type {Record<string, string>} */ (Object.fromEntries(said)) }),
  };
}
