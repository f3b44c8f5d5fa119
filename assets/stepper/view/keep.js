// The present view as one HTML file that works without a server: the hand-out's shell (core/handout), what the stepper
// was sent, and where the reader stands.
import { button, save } from "./element.js";
import { completed, fetched } from "./fixed.js";

const LABEL = "download as one HTML file";

/**
 * @param {import("../types").Frame} frame
 * @param {import("../types").State} state
 * @returns {import("../types").View}
 */
export function create(frame, state) {
  const title = "This view as a file that opens in any browser, without a network";
  const keep = button({ class: "gs-plain", "data-testid": "stepper-keep", title }, LABEL, () => void download());
  frame.tools.append(" ", keep);

  // See assets/handout/handout.js for the shape.
  function sent() {
    const { id, tokens, known, layers, scale, input, notations, provenance, hero } = completed(state.given);
    const { step, unit, array, places, level } = state;
    const place = { step, unit, array, dim: places.x, out: places.p, level };
    const body = { id, tokens, known, layers, scale, input, notations, provenance, hero };
    return {
      value: { title: "", name: "view", stops: [{ body, place, level, predict: null }] },
      shared: [],
      bytes: "",
    };
  }

  async function download() {
    if (state.blanks.any) {
      keep.textContent = "not available while numbers are hidden";
      return;
    }
    try {
      const answer = await fetch(new URL(`${state.given.assets}handout.html`, location.origin));
      if (!answer.ok) throw new Error(String(answer.status));
      await fetched(state.given, state.given.base ?? "");
      /** @type {Record<string, string>} */
      const pieces = {
        title: "Gatescope",
        texts: "",
        data: JSON.stringify(sent()).replaceAll("<", "\\u003c"),
      };
      const page = (await answer.text()).replace(/<!--(title|texts|data)-->/g, (_, name) => pieces[name]);
      save("gatescope.html", new Blob([page], { type: "text/html" }));
      keep.textContent = LABEL;
    } catch {
      keep.textContent = "the server did not answer: try again";
    }
  }

  return {
    update(change) {
      // A hand-out is kept by saving it.
      if (change.reading) keep.hidden = !state.given.assets || !state.reading.length;
    },
  };
}
