// What runs a session for somebody who sends messages: a page from its worker, or a hand-out in its own thread.
import { Session } from "./session.js";

const SLICE = 12; // ms without listening
const PAUSE = { full: 0, quick: 20, slow: 250 }; // ms between two updates of a slower run; at full speed none

/**
 * @param {(said: import("./types").Said) => void} say
 * @returns {(told: import("./types").Told) => void}
 */
export function loop(say) {
  /** @type {Session | null} */
  let session = null;
  /** @type {import("./types").Wanted} */
  let wanted = {};
  let speed = /** @type {keyof typeof PAUSE} */ ("full");
  let running = false;
  let timer = 0;
  const channel = new MessageChannel(); // comes back at once, where a timer of a background tab may take a second
  channel.port1.onmessage = slice;

  const drawn = () => {
    if (session) say({ kind: "snapshot", running, snapshot: session.snapshot(wanted) });
  };

  function on() {
    if (!running || timer) return;
    if (PAUSE[speed]) timer = /** @type {any} */ (setTimeout(() => ((timer = 0), slice()), PAUSE[speed]));
    else channel.port2.postMessage(null);
  }
  function slice() {
    if (!running || !session) return;
    const end = performance.now() + SLICE;
    const until = session.setup.until ?? Infinity;
    const left = until > session.updates ? until - session.updates : Infinity; // pressed again, it goes on
    session.run(() => performance.now() > end, Math.min(left, PAUSE[speed] ? 1 : Infinity));
    if (!session.over && session.updates !== until) return on();
    running = false;
    drawn();
  }

  const acts = {
    /** @param {import("./types").Setup} setup */
    open(setup) {
      running = false;
      session = null; // what follows may fail
      session = new Session(setup);
      drawn();
    },
    start() {
      running = true;
      on();
    },
    pause() {
      running = false;
      drawn();
    },
    /** @param {number} count updates, and then still */
    step(count) {
      running = false;
      session?.run(() => false, count);
      drawn();
    },
    reset() {
      session?.reset();
      drawn();
    },
    /** @param {string} text */
    probe(text) {
      if (session?.read(text)) drawn();
      else say({ kind: "unread", text });
    },
    /** @param {import("./types").Wanted} what */
    want(what) {
      wanted = what;
      drawn();
    },
    /** @param {keyof typeof PAUSE} chosen */
    speed(chosen) {
      speed = chosen;
      clearTimeout(timer);
      timer = 0;
      on();
    },
    draw: drawn,
  };
  return ({ act, value }) => {
    try {
      /** @type {(value: any) => void} */ (acts[act])(value);
    } catch (error) {
      running = false;
      say({ kind: "error", text: /** @type {Error} */ (error).message });
    }
  };
}
