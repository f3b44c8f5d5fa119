// The teacher's side: where the stepper stands goes to the room, at most ten times a second and the last move always.
const APART = 100;
const BARE = 1500; // ms after which a page is taken to have no stepper

export function create(room) {
  let sent = "", seen = "", busy = false, last = -Infinity, timer = 0, bare = 0, joined = false;

  // The stepper as a state of the room; a page without one alone. null: nothing to tell yet, or a text too long for a link.
  function now() {
    const { page, hide } = room, here = room.here();
    const state = { page, text: "", model: "", step: 0, unit: 0, array: "", ...(hide.length && { hide }) };
    if (!here) return bare === -1 ? state : null;
    const { link, reading, step, array, level, given: { shared } } = here.state;
    if (!reading) return null;
    if (shared?.stop) Object.assign(state, { made: shared.stop, of: shared.of, stop: Number(link.stop) || 1 });
    else if (link.lesson) Object.assign(state, { lesson: link.lesson, stop: Number(link.stop) || 1 });
    else if (link.model && link.text === null) return null;
    else Object.assign(state, { text: link.text ?? "", model: link.model ?? "" });
    const edits = [link.set, link.word].filter(Boolean).join("~");
    if (edits) state.edits = edits;
    return { ...state, step, unit: here.state.unitIn(here.state.panel()), array, level };
  }

  function moved() {
    if (!joined || busy || timer) return;
    timer = setTimeout(send, Math.max(0, last + APART - performance.now()));
  }

  async function send() {
    timer = 0;
    const state = now(), body = JSON.stringify(state);
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
        pause = answer.status === 429 || answer.status >= 500 ? 1000 * (Number(answer.headers.get("Retry-After")) || 1) : NaN;
        if (Number.isNaN(pause)) sent = body; // it would be refused again
      }
    } catch {
      pause = 1000; // no connection: the bar says so
    }
    busy = false;
    if (body === sent) moved(); // something may have moved meanwhile
    else timer = setTimeout(send, pause);
  }

  return {
    now,
    joined: () => joined,
    // From here on this tab leads: at once in a new room, else when it stands where the room stood.
    join() {
      joined = true;
      moved();
    },
    wait() { joined = false; },
    moved,
    shown() {
      if (room.page !== seen) {
        seen = room.page;
        clearTimeout(bare);
        bare = setTimeout(() => { bare = -1; moved(); }, BARE);
      }
      moved();
    },
    long: () => Boolean(room.here()?.state.link.model && room.here().state.link.text === null && !room.here().state.link.lesson),
    stop() {
      clearTimeout(timer);
      clearTimeout(bare);
      joined = false;
    },
  };
}
