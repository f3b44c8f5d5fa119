// Streamlit runs nothing when it is connected again: a server that was started anew would take the teacher's next press
// for a first visit. So it is asked to run the page, until it answers.
const PAUSE = 2000; // ms until it is asked again

/** @param {import("../types").Room} room */
export function create(room) {
  /** @type {number | null} */
  let pings = null;
  let timer = 0;
  /** @type {string | null} */
  let session = null;

  function ping() {
    clearTimeout(timer);
    if (pings === null) return;
    room.trigger("ping", pings);
    timer = setTimeout(ping, PAUSE);
  }

  return {
    // Whether an answer is still waited for: until then what the teacher does does not reach the class.
    waits: () => pings !== null,
    ask() {
      pings = Math.random();
      ping();
    },
    // The page has run: whether that was in a new session.
    answered() {
      if (room.data.ping === pings) pings = null;
      const is = room.data.session !== session && session !== null;
      session = room.data.session;
      return is;
    },
    stop: () => clearTimeout(timer),
  };
}
