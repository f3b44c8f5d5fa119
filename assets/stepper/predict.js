// Predict: before a step the reader says what the watched number will do; then it moves and says so. Nothing is stored.
const ANSWERS = ["falls", "stays", "rises"];

export function create(frame, state, { frame: { element }, colours: { unitRange } }) {
  const { predict, guess, root } = frame;
  let right = 0, asked = 0, result = "";

  // A change below a twentieth of the scale counts as staying.
  function truth(panel, step) {
    const unit = state.unitIn(panel), width = panel.kind === "gate" ? 1 : 2 * unitRange(panel, unit);
    const change = panel.at(step + 1, unit) - panel.at(step, unit);
    return change < -width / 20 ? 0 : change > width / 20 ? 2 : 1;
  }

  function answer(said) {
    if (!predict.checked || state.step >= state.reading.length - 1) return;
    const panel = state.watched(), unit = state.unitIn(panel), real = truth(panel, state.step);
    const [before, after] = [panel.at(state.step, unit), panel.at(state.step + 1, unit)].map((v) => v.toFixed(2).replace("-", "−"));
    asked += 1;
    right += said === real ? 1 : 0;
    result = `${said === real ? "Right" : "Not so"}: it ${ANSWERS[real]}, from ${before} to ${after}. ${right} of ${asked} right.`;
    state.go(state.step + 1);
  }

  function show() {
    guess.hidden = !predict.checked;
    if (guess.hidden) return;
    const { length, tokens } = state.reading, panel = state.watched();
    const said = element("span", { role: "status" }, result);
    if (state.step >= length - 1) return guess.replaceChildren(said);
    const buttons = ANSWERS.map((label, k) => {
      const made = element("button", { type: "button", class: "gs-answer", "data-testid": `stepper-guess-${label}` }, `${k + 1} ${label}`);
      made.onclick = () => answer(k);
      return made;
    });
    guess.replaceChildren(said, element("span", {}, ` What will ${panel.letter}[${state.unitIn(panel)}] do at ${tokens[state.step + 1]}? `), ...buttons);
  }

  predict.onchange = () => { result = ""; right = asked = 0; show(); };
  root.addEventListener("keydown", (event) => {
    if (event.target.closest("select, input[type=text]") || event.ctrlKey || event.altKey || event.metaKey) return;
    const k = ["1", "2", "3"].indexOf(event.key);
    if (k >= 0 && predict.checked) answer(k);
  });

  return {
    update(change) {
      if (change.reading) { result = ""; }
      show();
    },
  };
}
