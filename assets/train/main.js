// The trainer's entry: what the server set up, trained in the reader's browser, drawn as it learns.
import { close as closed, draw } from "../stepper/view/chart.js";
import { open as stepper } from "../stepper/main.js";
import { sentence } from "./reached.js";
import { start } from "./run.js";
import { build } from "./view/bar.js";
import { body } from "./view/body.js";
import { charts } from "./view/charts.js";
import { tools } from "./view/tools.js";

// ms between two pictures while it trains: SHARE times what one took to draw, so the page keeps nine of ten frames.
const [EVERY, SELDOM, SHARE] = [500, 3000, 16];
const TOLD = 5000; // ms between two sentences for who listens
const SEEDS = 10_000; // 0 to 9,999

/**
 * @typedef {import("./types").Snapshot} Snapshot
 * @typedef {import("./types").Given} Given
 */

/** @type {(ms: number, act: () => void) => number} */
const after = (ms, act) => /** @type {any} */ (setTimeout(act, ms));
/** What a training begins anew with. @param {Partial<import("./types").Setup>} setup */
const settings = (setup) => JSON.stringify({ ...setup, probe: "" });

/**
 * @param {Element} host holds .gt-root, which is drawn in
 * @param {import("../stepper/main.js").Later & { draw?: typeof draw }} later draw: draws without plotly.js
 */
export function open(host, later) {
  const root = /** @type {HTMLElement} */ (host.querySelector(".gt-root"));
  /** @type {ReturnType<typeof build> | null} */
  let parts = null;
  /** @type {ReturnType<typeof stepper> | null} */
  let view = null;
  /** @type {ReturnType<typeof start> | null} */
  let run = null;
  /** @type {Given} */
  let given;
  /** @type {Snapshot | null} */
  let shown = null;
  let [set, running, asked, told] = ["", false, 0, 0];
  /** What the server sent last, by which a newer probe is known. @type {Partial<import("./types").Setup>} */
  let sent = {};
  /** Tells the server. @type {(name: string, value: unknown) => void} */
  let tell = () => {};
  let filled = ""; // the probe that follows from the reader's own data

  /** @param {import("./types").Said} said */
  function hear(said) {
    if (!parts) return;
    if (said.kind === "error") return given.own ? refuse(said.text) : fail(said.text);
    if (said.kind === "unread") {
      parts.said.textContent = given.words.unread;
      return;
    }
    parts.said.textContent = "";
    shown = said.snapshot;
    running = said.running;
    const from = performance.now();
    if (given.own) {
      if (parts.probe.value === filled) parts.probe.value = filled = shown.usual;
      parts.pasted.say(described(shown), false);
    }
    paint();
    clearTimeout(asked);
    if (running && !document.hidden) asked = after(0, () => again(SHARE * (performance.now() - from)));
  }

  function again(pause = 0) {
    asked = after(Math.min(SELDOM, Math.max(EVERY, pause)), () => run?.tell("draw"));
  }

  /** In the background nothing is drawn; back again, all of it is. */
  function turned() {
    if (!parts) return;
    clearTimeout(asked);
    parts.away.hidden = !running;
    if (document.hidden) return;
    if (running) run?.tell("draw");
    setTimeout(() => parts && (parts.away.hidden = true), 2 * TOLD);
  }

  /** @param {string} text */
  function fail(text) {
    const { notice, section } = /** @type {NonNullable<typeof parts>} */ (parts);
    notice.hidden = false;
    notice.textContent = text;
    running = false;
    section.dataset.running = "false";
    face();
  }

  /** @param {string} text why the reader's own data cannot be used */
  function refuse(text) {
    const { pasted, section, figures, status } = /** @type {NonNullable<typeof parts>} */ (parts);
    [shown, running] = [null, false];
    pasted.say(text, true);
    figures.hidden = true;
    status.textContent = "";
    Object.assign(section.dataset, { running: "false", ready: "true" });
    face();
  }

  /** @param {Snapshot} snapshot */
  function described({ about, length }) {
    const { length: asked } = given.setup;
    return length < asked ? `${about} ${given.words["own shorter"].replace("{length}", String(length))}` : about;
  }

  function face() {
    const { start: on, pause, step, reset } = /** @type {NonNullable<typeof parts>} */ (parts);
    const over = shown?.over ?? false;
    on.hidden = running;
    pause.hidden = !running;
    on.disabled = step.disabled = over || !shown;
    pause.disabled = reset.disabled = !shown;
  }

  function paint() {
    if (!parts || !shown) return;
    const { section, status, live, figures } = parts;
    figures.hidden = false;
    const first = shown.networks[0];
    Object.assign(section.dataset, {
      updates: shown.updates,
      loss: first.losses.at(-1)?.[1] ?? first.loss,
      accuracy: first.scores.at(-1)?.[1],
      running: String(running),
    });
    status.textContent = sentence(given, shown);
    if (performance.now() - told > TOLD || !running) {
      told = performance.now();
      live.textContent = sentence(given, shown);
    }
    face();
    if (given.seeds) parts.listed.note(given.setup, shown);
    else parts.listed.box.hidden = true;
    charts(root, parts, given, shown, later.draw ?? draw);
    steps();
    section.dataset.ready = "true";
  }

  function steps() {
    const found = shown && body(given.body, shown);
    const { stage, probe } = /** @type {NonNullable<typeof parts>} */ (parts);
    stage.hidden = !found;
    if (!found) return;
    view ??= stepper(stage, later);
    view.show({
      data: {
        ...found,
        ...{ assets: null, agreement: null, predict: null, goto: null, start: given.start, level: given.level },
        link: { ...given.link, probe: given.own || probe.value === shown?.usual ? null : probe.value },
        unasked: given.words.unasked,
        collect: given.collect,
        led: given.led,
        own: given.own,
      },
      setTriggerValue: (name, value) => tell(name, { .../** @type {object} */ (value), probe: probe.value }),
    });
  }

  function wired() {
    parts = build(root, given.words, opened);
    document.addEventListener("visibilitychange", turned);
    parts.start.onclick = () => {
      running = true;
      face();
      run?.tell("start");
      again();
    };
    parts.pause.onclick = () => run?.tell("pause");
    parts.step.onclick = () => run?.tell("step", 1);
    parts.reset.onclick = () => (given.seeds ? nextSeed() : run?.tell("reset"));
    parts.speed.onchange = () => run?.tell("speed", parts?.speed.value);
    const { probe } = parts;
    probe.oninput = () => run?.tell("probe", probe.value);
    for (const { fold } of [parts.lengths, parts.gates, parts.gradients, parts.weights]) fold.ontoggle = want;
    Object.assign(parts.section, { setup: () => given.setup }); // a room sends it to a class
  }

  /** The next seed, at once; the server hears of it for its own field. */
  function nextSeed() {
    const seed = (given.setup.seed + 1) % SEEDS;
    given = { ...given, setup: { ...given.setup, seed }, link: { ...given.link, seed: String(seed) } };
    sent = { ...sent, seed };
    set = settings(sent);
    opened();
    tell("seed", seed);
  }

  /** Begins with what is set now, and with the reader's own data. */
  function opened() {
    if (!parts) return;
    parts.notice.hidden = true;
    [shown, running] = [null, false];
    run ??= start(given.worker && new URL(given.worker, location.href).href, hear);
    given = { ...given, setup: { ...given.setup, data: parts.pasted.data(given.setup.task) } };
    run.tell("open", { ...given.setup, probe: parts.probe.value === filled ? "" : parts.probe.value });
    want();
    face();
    tools(parts.files, given, () => shown, given.worker ? (name, value) => tell(name, value) : null);
  }

  function want() {
    const { lengths, gradients } = /** @type {NonNullable<typeof parts>} */ (parts);
    run?.tell("want", { lengths: lengths.fold.open, gradients: gradients.fold.open });
  }

  return {
    /** @param {{ data: Given, setTriggerValue?: (name: string, value: unknown) => void }} component */
    show({ data, setTriggerValue }) {
      given = data;
      tell = setTriggerValue ?? tell;
      if (!parts) wired();
      if (!parts) return;
      const { probe, task } = data.setup;
      const now = settings(data.setup);
      if (probe !== sent.probe || task !== sent.task) {
        parts.probe.value = probe; // else what was typed here stays
        filled = "";
      }
      if (now === set && probe !== sent.probe) run?.tell("probe", probe);
      sent = data.setup;
      if (now === set) return paint(); // another theme, or a word
      set = now;
      opened();
    },
    close() {
      clearTimeout(asked);
      document.removeEventListener("visibilitychange", turned);
      parts?.pasted.close();
      run?.close();
      view?.close();
      for (const place of /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".gt-chart")])) closed(place);
    },
  };
}

export { plotly } from "../stepper/view/plotly.js";
