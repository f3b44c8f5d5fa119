// A student's side: step, unit, array and level go straight to the stepper; another text, model or page asks the server once.
const PATIENCE = 3000; // ms until a question to the server that was lost is asked again

const key = ({ page, text, model, edits, lesson, stop, made }) => JSON.stringify([page, text, model, edits ?? null, lesson ?? null, stop ?? null, made ?? null]);

export function create(room) {
  let wanted = null, asked = { nonce: null, key: null, at: 0, had: null }, loose = !room.leads && room.keep.get("loose") === "1", again = 0;

  // Whether the stepper has what is wanted; a page without text or lesson has nothing to compare.
  function shows({ link }) {
    if (wanted.lesson) return link.lesson === wanted.lesson && Number(link.stop) === wanted.stop;
    return !wanted.model || (link.text === wanted.text && link.model === wanted.model);
  }

  function place() {
    const here = room.here();
    if (!here?.state.reading || !shows(here.state)) return;
    const { state } = here, { panels, length } = state.reading, { level, array, step, unit } = wanted;
    if (level) state.show(level);
    const panel = panels.find((p) => p.id === array) ?? state.panel();
    state.choose({ array: panel.id, step: Math.min(step, Math.max(0, length - 1)), unit: unit < panel.units ? unit : undefined });
  }

  function check() {
    if (!wanted || loose) return;
    if (key(wanted) !== asked.key) asked = { nonce: Math.random().toString(36).slice(2), key: key(wanted), at: -Infinity, had: null };
    if (room.data.nonce === asked.nonce) return place();
    if (performance.now() - asked.at < PATIENCE && room.data.nonce === asked.had) return; // it is on its way
    Object.assign(asked, { at: performance.now(), had: room.data.nonce });
    clearTimeout(again);
    again = setTimeout(check, PATIENCE + 50);
    room.trigger("moved", { nonce: asked.nonce, state: wanted, leads: room.leads });
  }

  function let_go(is) {
    loose = is;
    room.keep.set("loose", is ? "1" : "0");
    asked.key = null;
    room.draw();
    check();
  }

  return {
    get loose() { return loose; },
    get wanted() { return wanted; },
    settled: () => Boolean(wanted && room.data.nonce === asked.nonce && (!room.here() || shows(room.here().state))),
    heard(state) {
      wanted = state;
      check();
    },
    check,
    // A teacher who goes on while the page is still being brought there.
    moved(state) {
      if (wanted && state && key(state) === key(wanted)) wanted = state;
    },
    // The page has been drawn anew: by the room, or because the student typed or went elsewhere, who then is on their own.
    // stepper: whether it was the stepper that was drawn.
    shown(stepper) {
      if (!wanted || loose) return;
      const { data, page } = room, here = room.here();
      if (data.nonce === null || data.nonce !== asked.nonce) return check();
      const typed = stepper && page !== "room" && here?.state.reading && !shows(here.state);
      if (!room.leads && (page !== data.at || typed)) let_go(true);
      else place();
    },
    stop: () => clearTimeout(again),
    let_go,
  };
}
