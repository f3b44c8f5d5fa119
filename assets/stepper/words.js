// The chosen number in words, the footer, notices and what a screen reader hears.
const short = (token) => (token.length > 24 ? `${token.slice(0, 24)}…` : token);

export function create(frame, state, { frame: { element }, colours: paint, arrays: { fixed, sub, missing } }) {
  const { number, term, explained, provenance, parity, live, unit, notice } = frame;

  // "f₇[12] = 0.934: keeps 93 % of this unit's memory"
  function sentence(panel) {
    const value = state.value(panel), place = `${panel.letter}${sub(state.step + 1)}[${state.named(panel, state.unitIn(panel))}]`, percent = Math.round(100 * value);
    const meaning = panel.meaning.replace("{percent}", `${percent} %`).replace("{rest}", `${100 - percent} %`);
    if (!Number.isFinite(value)) return { name: place, value: fixed(value, 3), meaning: missing(panel.layer) };
    if (state.hidden(panel)) return { name: place, value: "?", meaning: "work it out" };
    const beyond = Math.abs(value) > panel.range ? ` (beyond the scale’s ±${panel.range})` : "";
    return { name: place, value: fixed(value, 3), meaning: meaning + beyond };
  }

  function agreement() {
    if (state.unasked !== null) parity.textContent = state.unasked;
    else if (!state.agreement) {
      if (parity.firstChild?.tagName === "BUTTON") return;
      const button = element("button", { type: "button", class: "gs-plain" }, "check against torch");
      button.onclick = () => { button.textContent = "checking …"; state.ask("parity"); };
      parity.replaceChildren(button);
    } else {
      parity.textContent = !state.reading.length ? "" : `NumPy = torch to ${state.agreement[state.step].toExponential(0).replace("-", "−")} at this step`;
    }
  }

  function units() {
    const { order } = state.reading.layers.find((layer) => layer.units === state.units());
    unit.replaceChildren(...order.map((u) => element("option", { value: u }, String(u))));
    unit.closest("label").hidden = state.reading.length === 0;
  }
  unit.onchange = () => state.choose({ unit: Number(unit.value) });

  return {
    update(change) {
      const { reading } = state;
      if (change.reading) {
        units();
        provenance.textContent = reading.provenance;
        const strange = reading.tokens.filter((_, k) => !reading.known[k]);
        const unknown = strange.length ? `Not in the vocabulary, read as <unk>: ${[...new Set(strange)].slice(0, 8).map(short).join(" ")}.` : "";
        notice.textContent = [state.fallback ?? "", unknown].join(" ").trim();
        state.fallback = null;
        notice.hidden = notice.textContent === "";
      }
      agreement();
      term.hidden = reading.length === 0;
      if (change.array || change.reading) {
        term.textContent = `What is the ${state.panel().name === "p" ? "readout" : state.panel().title}?`;
        explained.textContent = state.panel().explained;
      }
      if (reading.length === 0) {
        number.textContent = "Type something, and it is read token by token.";
        return;
      }
      if (change.unit || change.reading) unit.value = String(state.unit);
      unit.closest("label").hidden = Boolean(state.panel().own);
      const panel = state.panel(), { name, value, meaning } = sentence(panel);
      const letter = element("b", { style: `color:${paint.ink(state.colours, panel)}` }, name);
      number.replaceChildren(letter, ` = ${value}`, element("span", { class: "gs-meaning" }, `: ${meaning}`));
      if (!state.playing) {
        const { positive } = panel.layer;
        const verdict = positive && !Number.isNaN(positive[state.step + 1]) ? ` Positive ${Math.round(100 * positive[state.step + 1])} %.` : "";
        live.textContent = `Token ${state.step + 1} of ${reading.length}, ${reading.tokens[state.step]}. ${panel.title}, ${panel.own ? "" : "unit "}${state.named(panel, state.unitIn(panel))}: ${value}, ${meaning}.${verdict}`;
      }
    },
  };
}
