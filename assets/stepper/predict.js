// Predict: before a step the reader says what the watched number will do; then it moves and says so. Nothing is stored.
const ANSWERS = ["falls", "stays", "rises"];

export function create(frame, state, { frame: { element }, colours: { unitRange }, arrays: { fixed } }) {
  const { predict, guess, root } = frame;
  let right = 0, asked = 0, result = "", answering = false;

  // The watched number now and after the next word; none where either is missing.
  function pair() {
    const panel = state.watched(), unit = state.unitIn(panel);
    if (state.step >= state.reading.length - 1) return null;
    const [now, then] = [panel.at(state.step, unit), panel.at(state.step + 1, unit)];
    return Number.isNaN(now) || Number.isNaN(then) ? null : { panel, unit, now, then };
  }

  function answer(said) {
    const found = predict.checked && pair();
    if (!found) return;
    const { panel, unit, now, then } = found;
    const least = (panel.kind === "gate" ? 1 : 2 * unitRange(panel, unit)) / 20; // less than a twentieth of the scale counts as staying
    const real = then - now < -least ? 0 : then - now > least ? 2 : 1;
    const [before, after] = [now, then].map((v) => fixed(v, 2));
    asked += 1;
    right += said === real ? 1 : 0;
    result = `${said === real ? "Right" : "Not so"}: it ${ANSWERS[real]}, from ${before} to ${after}. ${right} of ${asked} right.`;
    answering = true;
    state.go(state.step + 1);
    answering = false;
  }

  function show() {
    guess.hidden = !predict.checked;
    root.classList.toggle("gs-predicting", predict.checked); // what comes is wholly covered then
    if (guess.hidden) return;
    const said = element("span", { role: "status" }, result), found = pair();
    if (!found) return guess.replaceChildren(said);
    const buttons = ANSWERS.map((label, k) => {
      const made = element("button", { type: "button", class: "gs-answer", "data-testid": `stepper-guess-${label}` }, `${k + 1} ${label}`);
      made.onclick = () => answer(k);
      return made;
    });
    guess.replaceChildren(said, element("span", {}, ` What will ${found.panel.letter}[${state.named(found.panel, found.unit)}] do at ${state.reading.tokens[state.step + 1]}? `), ...buttons);
  }

  function begin() {
    result = "";
    right = asked = 0;
    show();
  }
  predict.onchange = begin;
  frame.askPredictions = (on) => { predict.checked = on; begin(); };

  const onKey = (event) => {
    if (event.target.closest("select, textarea, input:not([type=range], [type=checkbox])") || event.ctrlKey || event.altKey || event.metaKey) return;
    const k = ["1", "2", "3"].indexOf(event.key);
    if (k >= 0 && predict.checked) answer(k);
  };
  const onBody = (event) => document.activeElement === document.body && onKey(event);
  root.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onBody);

  return {
    update(change) {
      if ((change.step || change.reading) && !answering) result = "";
      show();
    },
    close: () => document.removeEventListener("keydown", onBody),
  };
}
