// The stepper's entry. No module imports another: `load(name)` gets one, from a URL here, from a blob in a single-file hand-out.
const PARTS = ["arrays", "colours", "cell", "state", "frame", "playback", "tokens", "panels", "story", "predict", "words", "table", "link",
  "wiring", "diagram", "formulas", "curve", "arithmetic", "origin", "blank"];

export async function open(host, load, plotlyUrl) {
  const modules = await Promise.all(PARTS.map(load));
  const part = Object.fromEntries(PARTS.map((name, k) => [name, modules[k]]));
  const root = host.querySelector(".gs-root");
  const state = part.state.create(part);
  const frame = part.frame.build(root);
  const views = [
    part.blank.create(frame, state, part), // first: it says which numbers are hidden
    part.tokens.create(frame, state, part),
    part.panels.create(frame, state, part),
    part.story.create(frame, state, part),
    part.predict.create(frame, state, part),
    part.words.create(frame, state, part),
    part.playback.create(frame, state, part),
    part.table.create(frame, state, part),
    part.link.create(frame, state, part),
    part.diagram.create(frame, state, part),
    part.formulas.create(frame, state, part),
    part.arithmetic.create(frame, state, part),
    part.origin.create(frame, state, part),
  ];
  let seen = "", seenModels = "", theme = "";
  let seenGoto = null; // what comes along when the page is opened again is where it was sent then, no new wish

  // One pass over all views; `change` says what moved, so that a step touches only what depends on the step.
  state.subscribe((change) => {
    for (const view of views) view.update(change);
    frame.root.dataset.step = state.step;
    frame.root.dataset.unit = state.unit;
    frame.root.dataset.array = state.array;
    frame.root.dataset.level = state.level;
    if (change.level && state.level === "all") heatmaps();
  });

  // plotly.js is fetched when heatmaps are asked for, or once the rest stands.
  async function heatmaps() {
    if (!loaded) {
      await plotly(plotlyUrl);
      state.publish({ theme: true });
    }
    frame.root.dataset.ready = "true";
  }

  return {
    show({ data, setTriggerValue }) {
      state.ask = (name) => setTriggerValue(name, true);
      state.agreement = data.agreement ? part.arrays.floats(data.agreement) : null;
      state.link = data.link;
      const colours = part.colours.read(host, data.scale);
      const fresh = data.id !== seen, repaint = colours.key !== theme;
      if (!state.level) {
        const wanted = part.link.level();
        state.level = part.state.LEVELS.includes(wanted) ? wanted : data.level;
      } else if (data.goto?.level && JSON.stringify(data.goto) !== seenGoto) state.level = data.goto.level;
      if (fresh) {
        const same = state.reading && state.reading.tokens.join("\n") === data.tokens.join("\n");
        const models = JSON.stringify(data.layers.map(({ name, order }) => [name, order]));
        const here = { step: same ? state.step : undefined, unit: models === seenModels ? state.unit : undefined, array: state.array };
        seenModels = models;
        state.reading = part.arrays.reading(data);
        frame.root.dataset.steps = state.reading.length;
        state.open(seen === "" ? part.link.start(state.reading, data.start) : here);
      }
      state.colours = colours;
      [seen, theme] = [data.id, colours.key];
      const goto = JSON.stringify(data.goto ?? null);
      if (data.goto && seenGoto !== null && goto !== seenGoto) state.open({ step: state.step, unit: state.unit, ...data.goto });
      if (data.predict !== null && goto !== seenGoto) frame.askPredictions(data.predict); // a stop asks; the reader may switch it afterwards
      seenGoto = goto;
      state.publish({ reading: fresh, theme: repaint, step: true, unit: true, array: true, level: true });
      if (state.level !== "all") {
        frame.root.dataset.ready = "true";
        requestIdleCallback(() => heatmaps());
      }
    },
    close() {
      for (const view of views) view.close?.();
    },
  };
}

let loading = null, loaded = false;
function plotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const fail = () => { loading = null; reject(new Error("plotly.js did not come")); };
    const script = Object.assign(document.createElement("script"), { src: url, onload: () => { loaded = true; resolve(); }, onerror: fail });
    document.head.append(script);
  });
  return loading;
}
