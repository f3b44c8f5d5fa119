// One sentence that changes with the step, written from the numbers, and the switch between the levels.
import { unitRange } from "../pure/colours.js";
import { counted, fixed, missing } from "../pure/numbers.js";
import { element, targetOf } from "./element.js";

/**
 * @typedef {import("../types").Layer} Layer
 * @typedef {import("../types").Level} Level
 */

/** Whether one taps here: a phone has no arrow keys to press. */
const touch = () => matchMedia("(pointer: coarse)").matches;

const WIDE = 5; // of a memory that counts far, one step is still news

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;
/** @param {number} value */
const shown = (value) => fixed(value, 2);

/**
 * The newest number before a step; a text shown beside a longer one has gaps.
 * @param {(step: number) => number} at
 * @param {number} step
 * @param {number} first
 */
function earlier(at, step, first) {
  for (let t = step - 1; t >= 0; t -= 1) if (!Number.isNaN(at(t))) return at(t);
  return first;
}

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const { sentence, levels } = frame;

  const judging = () => state.reading.layers.filter(({ positive, title }) => title && positive);
  // One network may be shown twice, edited or on two texts.
  const networks = () => new Set(judging().map(({ cell }) => cell)).size;

  // What is said instead of a verdict where most words are unknown.
  function strange() {
    const { known, length } = state.reading;
    if (!state.reading.strange) return "";
    const count = known.filter(Boolean).length;
    const words = length === 1 ? "this 1 word" : `these ${length} words`;
    const knows = networks() > 1 ? "networks know" : "network knows";
    return `The ${knows} ${count} of ${words}: too few for a verdict.`;
  }

  /** @param {Float32Array} positive */
  function verdict(positive) {
    if (strange()) return strange();
    const after = positive[state.step + 1];
    const before = earlier((t) => positive[t + 1], state.step, positive[0]);
    if (Number.isNaN(after)) return "";
    if (Math.abs(after - before) < 0.02) return `The verdict stays at ${percent(after)} positive.`;
    return `The verdict ${after > before ? "rises" : "falls"} from ${percent(before)} to ${percent(after)} positive.`;
  }

  // What several networks make of a text, or one of several.
  function together() {
    const now = judging().map((layer) => ({ title: layer.title, share: layer.positive?.[state.step + 1] ?? NaN }));
    if (now.length > 1 && strange()) return strange();
    if (now.length < 2 || now.some(({ share }) => Number.isNaN(share))) return "";
    const each = now.map(({ title, share }, k) => `${title} ${percent(share)}${k ? "" : " positive"}`).join(", ");
    const apart = networks() > 1 && new Set(now.map(({ share }) => share > 0.5)).size > 1;
    return `${each[0].toUpperCase()}${each.slice(1)}${apart ? ": they disagree." : "."}`;
  }

  /**
   * The likeliest answer of a model that has several.
   * @param {Layer} layer
   */
  function answer(layer) {
    const panel = layer.all.find((p) => p.name === "p");
    if (panel?.kind !== "gate") return "";
    const best = state.likeliest(panel, state.step)[0];
    const title = `${panel.title[0].toUpperCase()}${panel.title.slice(1)}`;
    return `${title}: ${state.named(panel, best)}, ${percent(panel.at(state.step, best))}.`;
  }

  /** @param {Layer} layer */
  function memory(layer) {
    if (layer.cell === "attention") {
      const words = counted(state.step + 1, state.reading.called);
      return `Kept: a key and a value of ${words}, ${2 * (state.step + 1) * layer.units} numbers.`;
    }
    const panel = state.memory(layer);
    const unit = state.unitIn(panel);
    const after = panel.at(state.step, unit);
    if (panel.back) return flowing(panel, unit);
    const before = earlier((t) => panel.at(t, unit), state.step, 0);
    if (!Number.isFinite(after)) return `Unit ${unit}: ${missing(layer)}.`;
    const still = Math.abs(after - before) < 0.04 * Math.min(unitRange(panel, unit), WIDE);
    if (still) return `Unit ${unit} keeps its memory: ${shown(after)}.`;
    return `Unit ${unit}’s memory goes from ${shown(before)} to ${shown(after)}.`;
  }

  /**
   * A gradient on its way back.
   * @param {import("../types").Panel} panel
   * @param {number} unit
   */
  function flowing({ letter, told, units }, unit) {
    /** @param {number} step */
    const at = (step) => `${told?.[step * units + unit]} at t = ${step + 1}`;
    const { step } = state;
    if (step === state.reading.length - 1) return `The backward pass begins: ${letter} of unit ${unit} is ${at(step)}.`;
    return `${letter} of unit ${unit} goes from ${at(step + 1)} to ${at(step)}.`;
  }

  // At the text's key step: what its most telling gate did there.
  function pointer() {
    const { hero, layers, tokens } = state.reading;
    if (state.back()) return "";
    if (!hero || hero.step !== state.step || state.level !== "story" || state.reading.strange) return "";
    const panel = layers[0].panels.find((p) => p.name === hero.array);
    if (!panel) return "";
    const now = panel.at(hero.step, hero.unit);
    const before = hero.step ? panel.at(hero.step - 1, hero.unit) : now;
    const moved = now < before - 0.05 ? "fell to" : now > before + 0.05 ? "rose to" : "is at";
    const what = `the ${panel.title} of unit ${state.named(panel, hero.unit)}`;
    return `At ${tokens[hero.step]} ${what} ${moved} ${shown(now)}. ${touch() ? "Tap Inside" : "Press ↓"} to see why.`;
  }

  function next() {
    const { length, called, cut } = state.reading;
    if (state.back()) {
      if (state.step === 0) return "The backward pass ends here.";
      return `${touch() ? "Tap Next" : "Press ←"}. The gradient flows back one step at a time.`;
    }
    if (state.step === 0 && length > 1) {
      return `${touch() ? "Tap Next word" : "Press →"}. The network reads one ${called} at a time.`;
    }
    if (state.step < length - 1) return "";
    const last = cut ? "The text is cut here." : `That was the last ${called}.`;
    return state.link.lesson ? `${last} ${touch() ? "Tap Next" : "Press PageDown"} for the next stop.` : last;
  }

  levels.addEventListener("click", (event) => {
    const id = targetOf(event).closest("button")?.dataset.testid;
    if (id) state.show(/** @type {Level} */ (id.replace("stepper-level-", "")));
  });
  frame.tokens.style.setProperty("view-transition-name", "gs-words");

  return {
    update(change) {
      if (change.level) {
        for (const button of levels.querySelectorAll("button")) {
          button.setAttribute("aria-pressed", String(button.dataset.testid === `stepper-level-${state.level}`));
        }
      }
      if (state.reading.length === 0) {
        return sentence.replaceChildren("Type a text, and the network reads it token by token.");
      }
      const { layer } = state.panel();
      const summed = together();
      sentence.classList.toggle("gs-together", Boolean(summed));
      const above = Boolean(summed) && state.level !== "story"; // below all their panels nobody would see it
      if (above !== (sentence.nextElementSibling === frame.grid)) frame.grid[above ? "before" : "after"](sentence);
      if (above) return sentence.replaceChildren(summed);
      const name = state.reading.layers.length > 1 && layer.title ? `${layer.title}: ` : "";
      const judged = layer.positive && !summed ? verdict(layer.positive) : "";
      const parts = [judged, answer(layer), memory(layer)].filter(Boolean);
      const call = [pointer(), next()].filter(Boolean).join(" ");
      sentence.replaceChildren(`${summed} ${name}${parts.join(" ")} `.trimStart(), element("b", {}, call));
    },
  };
}
