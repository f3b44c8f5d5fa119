// The teacher's side: where the stepper stands goes to the room, at most ten times a second and the last move always.
import { coming } from "./standing.js";

const APART = 100;
const BARE = 1500; // ms after which a page is taken to have no stepper, unless one is being loaded
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
   * The stepper as a state of the room; a page without one alone. null: nothing to tell yet, or a text too long for a
   * link.
   * @returns {Shown | null}
   */
  function now() {
    const { page, hide } = room;
    const here = room.here();
    /** @type {Shown} */
    const state = { page, text: "", model: "", step: 0, unit: 0, array: "", ...(hide.length && { hide }) };
    if (!here) return bare === NONE ? state : null;
    if (!here.state.reading) return null;
    const { link, step, array, level, given } = here.state;
    const read = whatIsRead(link, given.shared ?? {});
    if (!read) return null;
    const edits = [link.set, link.word].filter(Boolean).join("~");
    const unit = here.state.unitIn(here.state.panel());
    return { ...state, ...read, ...(edits && { edits }), step, unit, array, level };
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
    long() {
      const link = room.here()?.state.link;
      return Boolean(link?.model && link.text === null && !link.lesson);
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(bare);
      joined = false;
    },
  };
}

/**
 * The stop, the lesson or the text that is read; null where a text is too long for a link.
 * @param {import("../types").Link} link
 * @param {import("../types").Shared} shared
 * @returns {Partial<Shown> | null}
 */
function whatIsRead(link, shared) {
  const stop = Number(link.stop) || 1;
  if (shared.stop) return { made: shared.stop, of: shared.of, stop };
  if (link.lesson) return { lesson: link.lesson, stop };
  if (link.model && link.text === null) return null;
  return { text: link.text ?? "", model: link.model ?? "" };
}
