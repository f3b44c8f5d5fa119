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
  const { number, term, explained, provenance, tested, parity, live, unit, notice } = frame;
  const ofUnit = /** @type {HTMLElement} */ (unit.closest("label"));

  /**
   * "f₇[12] = 0.934: keeps 93 % of this unit's memory"
   * @param {Panel} panel
   */
  function sentence(panel) {
    const value = state.value(panel);
    const name = `${panel.letter}${sub(state.step + 1)}[${state.named(panel, state.unitIn(panel))}]`;
    const percent = Math.round(100 * value);
    if (!Number.isFinite(value)) return { name, value: fixed(value, 3), meaning: panel.gaps ?? missing(panel.layer) };
    if (state.hidden(panel)) return { name, value: "?", meaning: "work it out" };
    const meaning = panel.meaning.replace("{percent}", `${percent} %`).replace("{rest}", `${100 - percent} %`);
    const beyond = Math.abs(value) > panel.range ? ` (outside the scale of ±${panel.range})` : "";
    const told = panel.told?.[state.step * panel.units + state.unitIn(panel)] ?? fixed(value, 3);
    return { name, value: told, meaning: meaning + beyond };
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

  /** @param {string} lines where the weights come from; on further lines all that was measured, which is folded away */
  function origin(lines) {
    const [first, ...figures] = lines.split("\n");
    provenance.textContent = first;
    tested.hidden = !figures.length;
    const list = element("ul", {}, ...figures.map((figure) => element("li", {}, figure)));
    tested.replaceChildren(element("summary", {}, "all test results"), list);
  }

  /** @type {Panel | null} */
  let listed = null;

  // What can be chosen: the cell’s units, or the numbers of an array that has others.
  function units() {
    const most = state.units();
    const panel = state.panel();
    const own = panel.place ? panel : null;
    if (listed && own === listed) return;
    listed = own;
    const layer = state.reading.layers.find(({ units: of }) => of === most);
    const order = own ? own.order : (layer?.order ?? []);
    const text = (/** @type {number} */ u) => (own ? state.named(own, u) : String(u));
    const called = panel.place === "word" ? "word " : panel.own && panel.place ? "state " : "unit ";
    /** @type {ChildNode} */ (ofUnit.firstChild).textContent = called;
    unit.replaceChildren(...order.map((u) => element("option", { value: u }, text(u))));
  }
  /** @param {Panel} panel */
  function choose(panel) {
    const chosen = String(panel.place ? state.unitIn(panel) : state.unit);
    if (unit.value !== chosen) unit.value = chosen;
    ofUnit.hidden = Boolean(panel.own) && !panel.place;
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

  function where() {
    const { tokens, length } = state.reading;
    return `Token ${state.step + 1} of ${length}, ${spoken(tokens[state.step])}.`;
  }
  /** @param {Panel} panel */
  const ofUnitNamed = (panel) => `${panel.own ? "" : "unit "}${state.named(panel, state.unitIn(panel))}`;

  /**
   * What a screen reader hears of a step.
   * @param {Panel} panel
   * @param {string} value
   * @param {string} meaning
   */
  function heard(panel, value, meaning) {
    const { step } = state;
    if (panel.back) return `${where()} ${panel.spoken}, ${ofUnitNamed(panel)}: ${value}.`;
    const positive = panel.layer.positive?.[step + 1] ?? NaN;
    const verdict = Number.isNaN(positive) ? "" : ` Positive ${Math.round(100 * positive)} %.`;
    return `${where()} ${panel.title}, ${ofUnitNamed(panel)}: ${value}, ${meaning}.${verdict}`;
  }

  return {
    update(change) {
      const { reading } = state;
      if (change.reading) listed = null;
      if (change.reading || change.array) units();
      if (change.reading) {
        origin(reading.provenance);
        notices();
      }
      agreement();
      term.hidden = reading.length === 0;
      const panel = state.panel();
      if (change.array || change.reading) {
        const the = panel.back ? panel.letter : `the ${panel.name === "p" ? "readout" : panel.title}`;
        term.textContent = `What is ${the}?`;
        explained.textContent = panel.explained;
      }
      if (reading.length === 0) {
        ofUnit.hidden = true;
        number.textContent = "Type a text, and the network reads it token by token.";
        return;
      }
      choose(panel);
      const { name, value, meaning } = sentence(panel);
      const letter = element("b", { style: `color:${ink(state.colours, panel)}` }, name);
      number.replaceChildren(letter, ` = ${value}`, element("span", { class: "gs-meaning" }, `: ${meaning}`));
      // While it plays, no step is told: what was told before would be of another one.
      live.textContent = state.playing ? "" : heard(panel, value, meaning);
    },
  };
}
