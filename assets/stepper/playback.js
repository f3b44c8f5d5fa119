// Buttons, keys, scrub bar and the clock that plays.
export function create(frame, state, { frame: { icon } }) {
  const { root, buttons, scrub, speed, status } = frame;
  let clock = 0;

  const stop = () => {
    clearTimeout(clock);
    if (!state.playing) return;
    state.playing = false;
    face();
    state.publish({ playing: true });
  };
  const tick = () => {
    state.go(state.step + 1);
    if (state.step >= state.reading.length - 1) stop();
    else clock = setTimeout(tick, 1000 / Number(speed.value));
  };
  const play = () => {
    if (state.playing) return stop();
    if (state.reading.length < 2) return;
    state.playing = true;
    face();
    if (state.step >= state.reading.length - 1) state.go(0);
    clock = setTimeout(tick, 1000 / Number(speed.value));
  };
  const face = () => {
    const label = state.playing ? "Pause (Space)" : "Play (Space)";
    buttons.play.replaceChildren(icon(state.playing ? "pause" : "play"));
    buttons.play.setAttribute("aria-label", label);
    buttons.play.title = label;
  };
  const by = (steps) => { stop(); state.go(state.step + steps); };

  buttons.first.onclick = () => by(-Infinity);
  buttons.prev.onclick = () => by(-1);
  buttons.play.onclick = play;
  buttons.next.onclick = () => by(1);
  buttons.last.onclick = () => by(Infinity);
  scrub.oninput = () => { stop(); state.go(Number(scrub.value)); };
  speed.onchange = () => { if (state.playing) { clearTimeout(clock); clock = setTimeout(tick, 1000 / Number(speed.value)); } };

  const keys = {
    ArrowLeft: (e) => by(e.shiftKey ? -10 : -1),
    ArrowRight: (e) => by(e.shiftKey ? 10 : 1),
    Home: () => by(-Infinity),
    End: () => by(Infinity),
    ArrowUp: () => state.walk(-1),
    ArrowDown: () => state.walk(1),
  };
  const typing = (target) => target.closest("textarea, select, [contenteditable=true], input:not([type=range])");
  const onKey = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !state.reading || typing(event.target) || event.target.closest(".gs-scroll")) return;
    if (event.key === " " && !event.target.closest("button, summary, a")) { event.preventDefault(); play(); }
    else if (keys[event.key]) { event.preventDefault(); keys[event.key](event); }
  };
  root.addEventListener("keydown", onKey);
  // On a projector nothing may have the focus: Left and Right still step then, and Down obeys a story that names it.
  const onBody = (event) => {
    const named = ["ArrowLeft", "ArrowRight", ...(state.level === "story" ? ["ArrowDown"] : [])];
    if (document.activeElement === document.body && named.includes(event.key)) onKey(event);
  };
  document.addEventListener("keydown", onBody);

  return {
    update(change) {
      const { length, tokens } = state.reading;
      if (change.reading) {
        stop();
        scrub.max = Math.max(0, length - 1);
        for (const control of [...Object.values(buttons), scrub]) control.disabled = length === 0;
      }
      if (!change.step) return;
      scrub.value = state.step;
      scrub.setAttribute("aria-valuetext", length ? `${state.step + 1} of ${length}: ${tokens[state.step]}` : "no token");
      status.replaceChildren(length ? `t = ${state.step + 1} of ${length} · ` : "no token yet");
      if (length) status.append(Object.assign(document.createElement("b"), { textContent: tokens[state.step] }));
    },
    close() {
      clearTimeout(clock);
      document.removeEventListener("keydown", onBody);
    },
  };
}
