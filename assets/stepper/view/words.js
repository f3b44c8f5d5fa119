// The chosen number in words, the footer, notices and what a screen reader hears.
import { ink } from "../pure/colours.js";
import { fixed, missing, power, short, spoken, sub } from "../pure/numbers.js";
import { button, element } from "./element.js";

/**
 * @typedef {import("../types").Panel} Panel
 */

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const { number, term, explained, provenance, parity, live, unit, notice } = frame;
  const ofUnit = /** @type {HTMLElement} */ (unit.closest("label"));

  /**
   * "f₇[12] = 0.934: keeps 93 % of this unit's memory"
   * @param {Panel} panel
   */
  function sentence(panel) {
    const value = state.value(panel);
    const name = `${panel.letter}${sub(state.step + 1)}[${state.named(panel, state.unitIn(panel))}]`;
    const percent = Math.round(100 * value);
    if (!Number.isFinite(value)) return { name, value: fixed(value, 3), meaning: missing(panel.layer) };
    if (state.hidden(panel)) return { name, value: "?", meaning: "work it out" };
    const meaning = panel.meaning.replace("{percent}", `${percent} %`).replace("{rest}", `${100 - percent} %`);
    const beyond = Math.abs(value) > panel.range ? ` (outside the scale of ±${panel.range})` : "";
    return { name, value: fixed(value, 3), meaning: meaning + beyond };
  }

  const check = button({ class: "gs-plain" }, "check against torch", () => {
    check.textContent = "checking …";
    state.ask("parity");
  });
  function agreement() {
    const { agreement, reading, step, given } = state;
    if (given.unasked !== null) parity.textContent = given.unasked;
    else if (agreement) {
      const apart = reading.length ? power(agreement[step]) : "";
      parity.textContent = apart && `NumPy and torch agree to ${apart} at this step`;
    } else if (!check.isConnected) {
      check.textContent = "check against torch";
      parity.replaceChildren(check);
    }
  }

  function units() {
    const most = state.units();
    const layer = state.reading.layers.find(({ units }) => units === most);
    unit.replaceChildren(...(layer?.order ?? []).map((u) => element("option", { value: u }, String(u))));
    ofUnit.hidden = state.reading.length === 0;
  }
  unit.onchange = () => state.choose({ unit: Number(unit.value) });

  // What a link asked for in vain, and which words are not known.
  function notices() {
    const { tokens, known } = state.reading;
    const strange = [...new Set(tokens.filter((_, k) => !known[k]))].slice(0, 8).map(short);
    const unknown = strange.length ? `Unknown words, all read as one placeholder (<unk>): ${strange.join(" ")}.` : "";
    notice.textContent = [state.fallback ?? "", unknown].join(" ").trim();
    notice.hidden = notice.textContent === "";
    state.fallback = null;
  }

  /**
   * What a screen reader hears of a step.
   * @param {Panel} panel
   * @param {string} value
   * @param {string} meaning
   */
  function heard(panel, value, meaning) {
    const { reading, step } = state;
    const positive = panel.layer.positive?.[step + 1] ?? NaN;
    const verdict = Number.isNaN(positive) ? "" : ` Positive ${Math.round(100 * positive)} %.`;
    const name = `${panel.own ? "" : "unit "}${state.named(panel, state.unitIn(panel))}`;
    const where = `Token ${step + 1} of ${reading.length}, ${spoken(reading.tokens[step])}.`;
    return `${where} ${panel.title}, ${name}: ${value}, ${meaning}.${verdict}`;
  }

  return {
    update(change) {
      const { reading } = state;
      if (change.reading) {
        units();
        provenance.textContent = reading.provenance;
        notices();
      }
      agreement();
      term.hidden = reading.length === 0;
      const panel = state.panel();
      if (change.array || change.reading) {
        term.textContent = `What is the ${panel.name === "p" ? "readout" : panel.title}?`;
        explained.textContent = panel.explained;
      }
      if (reading.length === 0) {
        number.textContent = "Type a text, and the network reads it token by token.";
        return;
      }
      if (change.unit || change.reading) unit.value = String(state.unit);
      ofUnit.hidden = Boolean(panel.own);
      const { name, value, meaning } = sentence(panel);
      const letter = element("b", { style: `color:${ink(state.colours, panel)}` }, name);
      number.replaceChildren(letter, ` = ${value}`, element("span", { class: "gs-meaning" }, `: ${meaning}`));
      if (!state.playing) live.textContent = heard(panel, value, meaning);
    },
  };
}
