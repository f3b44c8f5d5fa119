// The stepper's entry. No module imports another: `load(name)` gets one, from a URL here, from a blob in a single-file hand-out.
const PARTS = ["arrays", "colours", "state", "frame", "playback", "tokens", "panels", "story", "answers", "predict", "words", "table", "link", "keep", "blank"];
const INNER = ["cell", "wiring", "diagram", "formulas", "curve", "arithmetic", "origin"]; // the inside of the cell

export async function open(host, load, plotlyUrl) {
  const modules = await Promise.all(PARTS.map(load));
  const part = Object.fromEntries(PARTS.map((name, k) => [name, modules[k]]));
  const root = host.querySelector(".gs-root");
  const state = part.state.create();
  const frame = part.frame.build(root);
  frame.root.stepper = { state, part, path: location.pathname }; // by which a room leads or follows it
  const tell = (shown) => frame.root.dispatchEvent(new CustomEvent("gatescope:moved", { bubbles: true, detail: { shown } }));
  const create = (name) => part[name].create(frame, state, part);
  const views = ["blank", "tokens", "panels", "story", "answers", "predict", "words", "playback", "table", "link", "keep"].map(create); // blank first: it says what is hidden
  let seen = "", seenModels = "", theme = "", showing = false; // showing: what moves is the page's doing, and told once at its end
  let seenGoto = null; // what comes along when the page is opened again is where it was sent then, no new wish

  // One pass over all views; `change` says what moved, so that a step touches only what depends on the step.
  state.subscribe((change) => {
    frame.root.dataset.level = state.level; // before the views: what a level hides has no size to draw into
    for (const view of views) view.update(change);
    frame.root.dataset.step = state.step;
    frame.root.dataset.unit = state.unit;
    frame.root.dataset.array = state.array;
    if (change.level) wanted();
    if (!showing) tell(false);
  });

  // Presenter mode changes the colours, and no run of the page follows it.
  const recolour = () => {
    if (!state.reading) return;
    state.colours = part.colours.read(host, state.given.scale);
    theme = state.colours.key;
    state.publish({ theme: true });
  };
  document.addEventListener("gatescope:presenting", recolour);

  // plotly.js and the inside of the cell are fetched when they are asked for, or once the rest stands.
  async function heatmaps() {
    if (!loaded) {
      await plotly(plotlyUrl);
      state.publish({ theme: true });
    }
    ready("all");
  }
  let inner = null;
  function inside() {
    inner ??= Promise.all(INNER.map(load)).then((more) => {
      INNER.forEach((name, k) => { part[name] = more[k]; });
      state.use(part.cell.open);
      const added = ["diagram", "formulas", "arithmetic", "origin"].map(create);
      views.push(...added);
      for (const view of added) view.update({ reading: true, theme: true, step: true, unit: true, array: true, level: true });
    });
    return inner.then(() => ready("inside"));
  }
  function ready(level) {
    if (state.level === level) frame.root.dataset.ready = "true";
  }
  const lost = (what) => (error) => {
    inner = null;
    frame.notice.hidden = false;
    frame.notice.replaceChildren(`${what} could not be loaded (${error.message}). `, part.frame.element("button", { type: "button", class: "gs-answer" }, "Try again"));
    frame.notice.lastChild.onclick = () => { frame.notice.hidden = true; wanted(); };
  };
  // What the level shown needs, first; the rest when the browser has nothing better to do.
  function wanted() {
    if (state.level === "all") heatmaps().catch(lost("The heatmaps"));
    if (state.level === "inside") inside().catch(lost("The inside of the cell"));
  }

  return {
    show({ data, setTriggerValue }) {
      showing = true;
      state.ask = (name, value = true) => setTriggerValue(name, value);
      state.collect = Boolean(data.collect);
      state.agreement = data.agreement ? part.arrays.floats(data.agreement) : null;
      state.link = data.link;
      state.given = data;
      state.unasked = data.unasked;
      const colours = part.colours.read(host, data.scale);
      const fresh = data.id !== seen, repaint = colours.key !== theme;
      if (!state.level) {
        const asked = part.link.level();
        state.level = part.state.LEVELS.includes(asked) ? asked : data.level;
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
      if (state.level === "story" || state.level === "unit") frame.root.dataset.ready = "true";
      showing = false;
      tell(true);
      requestIdleCallback(() => { heatmaps().catch(() => {}); inside().catch(() => {}); }); // if it fails now, it is told when asked for
    },
    close() {
      document.removeEventListener("gatescope:presenting", recolour);
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
