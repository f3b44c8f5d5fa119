// The URL: the browser alone writes it, at most 4 times a second, the last change always. Copying the link, saving the numbers.
const APART = 250;

export const level = () => new URLSearchParams(location.search).get("level");

const most = ({ panels }, name) => Math.max(0, ...panels.filter((p) => p.name === name).map((p) => p.units));

// The place a link asks for; what it asks in vain is told.
export function start(reading, otherwise) {
  const asked = new URLSearchParams(location.search);
  const place = { ...otherwise }, bad = [];
  const sizes = { step: reading.length, unit: Math.max(...reading.layers.map((layer) => layer.units)), dim: most(reading, "x"), out: most(reading, "p") };
  for (const [name, size] of Object.entries(sizes)) {
    if (!asked.has(name)) continue;
    const text = asked.get(name), value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value < size) place[name] = value;
    else bad.push(`${name}=${text.slice(0, 20)}`);
  }
  if (asked.has("array")) {
    if (reading.panels.some((p) => p.id === asked.get("array"))) place.array = asked.get("array");
    else bad.push(`array=${asked.get("array").slice(0, 20)}`);
  }
  return { ...place, bad };
}

export function create(frame, state, { frame: { element } }) {
  let timer = 0, last = 0;
  const page = location.pathname; // a write still due when the page has changed does not go into the next one's address

  const own = (name) => (state.panel().name === name ? state.places[name] ?? null : null);
  function address() {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries({ ...state.link, step: state.reading.length ? state.step : null, unit: state.unit, dim: own("x"), out: own("p"), array: state.array, level: state.level })) {
      if (value === null || value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return url;
  }
  function write() {
    timer = 0;
    last = performance.now();
    const url = address();
    if (location.pathname !== page || url.href === location.href) return;
    try {
      history.replaceState(history.state, "", url);
    } catch {} // a hand-out opened from a disk, or inside another page, may have no address of its own
  }
  const copy = element("button", { type: "button", class: "gs-plain" }, "copy link");
  copy.onclick = async () => {
    try {
      const url = address();
      url.searchParams.delete("room"); // a link to the view, not into the class
      await navigator.clipboard.writeText(url.href);
      copy.textContent = state.link.text === null ? "link copied, without the text: it is too long" : "link copied";
    } catch {
      copy.textContent = "the address bar holds the link";
    }
    setTimeout(() => { copy.textContent = "copy link"; }, 2000);
  };
  const csv = element("button", { type: "button", class: "gs-plain" }, "save CSV");
  csv.onclick = () => {
    const { reading } = state, panel = state.panel();
    const quote = (text) => `"${String(text).replaceAll('"', '""')}"`;
    if (state.blanks()) { csv.textContent = "not while numbers are to be filled in"; return; }
    const lines = [["t", "token", ...panel.order.map((u) => `${panel.letter}[${state.named(panel, u)}]`)].map(quote).join(",")];
    reading.tokens.forEach((token, t) => lines.push([t + 1, quote(token), ...panel.order.map((u) => panel.at(t, u))].join(",")));
    const file = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
    element("a", { href: file, download: `gatescope-${panel.id}.csv` }).click();
    URL.revokeObjectURL(file);
  };
  copy.hidden = location.protocol === "file:"; // nobody else has that disk
  const add = element("button", { type: "button", class: "gs-plain", "data-testid": "stepper-add", title: "This view becomes a stop of your lesson (page Make a lesson)" }, "add to my lesson");
  add.onclick = () => state.ask("view", { step: state.step, unit: state.unit, array: state.array, level: state.level });
  frame.tools.append(copy, " ", csv, " ", add);

  return {
    update(change) {
      add.hidden = !state.collect || !state.reading.length; // a hand-out has no server that could take it
      if (change.playing || timer) return;
      timer = setTimeout(write, Math.max(0, last + APART - performance.now()));
    },
    close: () => clearTimeout(timer),
  };
}
