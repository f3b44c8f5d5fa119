// A student's part in an experiment: a seed of their own, one press that trains the set-up in this browser, and the
// final figures, which are sent as each network is done.
import { element } from "../view/element.js";
import { own } from "./outcomes.js";
import { tool } from "./tool.js";
import { voter } from "./voter.js";

const SPREAD = 1000; // ms over which a class asks for its seeds
const AGAIN = 3000; // ms after which a lost connection is tried again
const AWAY = "No connection: your result will be sent when the connection is back.";
const LATE = "The experiment has ended: your result was not counted.";

/**
 * @typedef {import("../../train/classroom/types").Experiment} Experiment
 * @typedef {import("../../train/classroom/types").Outcome} Outcome
 * @typedef {{ seed: number, networks: Record<string, Outcome>, sent: boolean }} Mine kept by the tab
 * @typedef {ReturnType<typeof create>} Trial
 */

/**
 * @param {import("../types").Room} room
 * @param {Experiment} experiment
 */
export function create(room, experiment) {
  const { id, networks, updates } = experiment;
  /** @type {Mine | null} */
  let mine = JSON.parse(room.keep.get(`trial-${id}`) ?? "null");
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Worker | null} */
  let spare = null;
  let [ended, stopped, busy, error, later] = [false, false, false, "", 0];

  const train = tool("train", "Train", () => (worker ? halt() : begin()));
  const bar = element("progress", { max: updates * networks.length, "aria-label": "Training" });
  const at = element("span", { "data-testid": "room-trial-at" });
  const run = element("div", { class: "gs-choices" }, train, bar, at);
  const lines = element("ul", { class: "gs-trial-own" });
  const said = element("p", { class: "gs-poll-said", role: "status", "data-testid": "room-trial-said" });
  const root = element("div", {}, run, lines, said);

  /** @param {Mine} found */
  function put(found) {
    mine = found;
    room.keep.set(`trial-${id}`, JSON.stringify(mine));
  }

  /**
   * Asks the room, one thing at a time: an older report must not come after a newer one. What is refused is told, and
   * asked again where that may help.
   * @param {string} path
   * @param {object} body
   * @param {() => void} again
   * @returns {Promise<any>} null: refused, or no connection
   */
  async function ask(path, body, again) {
    clearTimeout(later);
    busy = true;
    let pause = 0;
    try {
      const answer = await room.request("POST", `/experiments/${id}${path}`, JSON.stringify(body));
      const found = await answer.json().catch(() => ({}));
      error = answer.ok ? "" : (found.error ?? `The server answered ${answer.status}.`);
      pause = answer.ok ? 0 : 1000 * Number(answer.headers.get("Retry-After"));
      return answer.ok ? found : null;
    } catch {
      [error, pause] = [AWAY, AGAIN];
      return null;
    } finally {
      busy = false;
      if (pause && !stopped) later = setTimeout(again, pause);
    }
  }

  async function sit() {
    if (busy || mine || ended) return;
    const found = await ask("/seats", { voter: voter(room.keep) }, sit);
    if (found) put({ seed: found.seed, networks: {}, sent: true });
    draw();
  }

  async function report() {
    if (busy || !mine || mine.sent || ended) return draw();
    const { seed, networks: found } = mine;
    const taken = await ask("/reports", { voter: voter(room.keep), seed, networks: found }, report);
    if (taken && mine.networks === found) put({ ...mine, sent: true });
    else if (taken) return report(); // the next network was done meanwhile
    return draw();
  }

  // Started before the press, so that a student can train although the server is away just then.
  function spawn() {
    const made = new Worker(new URL("../../train/classroom/worker.js", import.meta.url), { type: "module" });
    made.onerror = () => {
      if (spare === made) spare = null;
    };
    return made;
  }

  function begin() {
    if (!mine) return;
    worker = spare ?? spawn();
    spare = null;
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = ({ message }) => hear({ kind: "error", text: message ?? "The training could not be started." });
    worker.postMessage({ experiment, seed: mine.seed });
    error = "";
    progress(networks[0].name, 0);
    draw();
  }

  function halt() {
    worker?.terminate();
    worker = null;
    draw();
  }
  function close() {
    spare?.terminate();
    spare = null;
    halt();
  }

  /**
   * @param {string} name
   * @param {number} done
   */
  function progress(name, done) {
    const k = networks.findIndex((each) => each.name === name);
    bar.value = k * updates + done;
    at.textContent = `${networks[k].title}: update ${done.toLocaleString("en")} of ${updates.toLocaleString("en")}`;
  }

  /** @param {import("../../train/classroom/types").TrialSaid} found */
  function hear(found) {
    if (!mine || !worker) return;
    if (found.kind === "progress") return progress(found.network, found.updates);
    if (found.kind === "error") {
      error = found.text;
      return halt();
    }
    put({ ...mine, networks: { ...mine.networks, [found.network]: found.outcome }, sent: false });
    if (found.network === networks.at(-1)?.name) halt();
    report();
  }

  function status() {
    const some = Object.keys(mine?.networks ?? {}).length > 0;
    if (ended) return some && !mine?.sent ? LATE : "The experiment has ended.";
    if (error) return error;
    if (!mine) return "Asking for your seed …";
    if (!mine.sent) return "Sending …";
    return some && !worker ? "Your result has been sent." : "";
  }

  function draw() {
    run.hidden = ended;
    train.disabled = !mine;
    const whole = Object.keys(mine?.networks ?? {}).length === networks.length;
    const face = worker ? "Stop" : `Train${whole ? " again" : ""}${mine ? ` with seed ${mine.seed}` : ""}`;
    if (train.textContent !== face) train.textContent = face;
    bar.hidden = at.hidden = !worker;
    const found = Object.entries(mine?.networks ?? {}).map(([name, outcome]) => own(experiment, name, outcome));
    if (lines.textContent !== found.join("")) lines.replaceChildren(...found.map((line) => element("li", {}, line)));
    const now = status();
    if (said.textContent !== now) said.textContent = now;
  }

  spare = spawn();
  later = setTimeout(mine ? report : sit, Math.random() * SPREAD);
  draw();
  return {
    root,
    // After a connection was lost: what has not arrived is sent.
    again: () => (mine ? report() : sit()),
    end() {
      ended = true;
      close();
    },
    stop() {
      stopped = true;
      clearTimeout(later);
      close();
    },
  };
}
