// The present view as one HTML file that works without a server: the hand-out's shell (core/handout), what the stepper was sent, and where the reader stands.
export function create(frame, state, { frame: { element } }) {
  const keep = element("button", { type: "button", class: "gs-plain", "data-testid": "stepper-keep", title: "This view: opens in any browser, without a network" }, "download as one HTML file");
  frame.tools.append(" ", keep);

  // See assets/handout/boot.js for the shape.
  function written() {
    const { id, tokens, known, layers, scale, input, notations, provenance, hero } = state.given;
    const place = { step: state.step, unit: state.unit, array: state.array, dim: state.places.x, out: state.places.p, level: state.level };
    const stop = { body: { id, tokens, known, layers, scale, input, notations, provenance, hero }, place, level: state.level, predict: null };
    return { value: { title: "", name: "view", stops: [stop] }, shared: [], bytes: "" };
  }

  keep.onclick = async () => {
    if (state.blanks()) { keep.textContent = "not while numbers are to be filled in"; return; }
    try {
      const answer = await fetch(new URL(`${state.given.assets}handout.html`, location.origin));
      if (!answer.ok) throw new Error(String(answer.status));
      const pieces = { title: "Gatescope", texts: "", data: JSON.stringify(written()).replaceAll("<", "\\u003c") };
      const page = (await answer.text()).replace(/<!--(title|texts|data)-->/g, (_, name) => pieces[name]);
      const file = URL.createObjectURL(new Blob([page], { type: "text/html" }));
      element("a", { href: file, download: "gatescope.html" }).click();
      URL.revokeObjectURL(file);
      keep.textContent = "download as one HTML file";
    } catch {
      keep.textContent = "the server did not answer: try again";
    }
  };

  return {
    update(change) {
      if (change.reading) keep.hidden = !state.given.assets || !state.reading.length; // a hand-out is kept by saving it
    },
  };
}
