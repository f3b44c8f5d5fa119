// The experiment that is going on: the teacher's screen fills with the class's distribution, which all see after the
// end; a student has a part in it.
import { element, save } from "../view/element.js";
import * as outcomes from "./outcomes.js";
import { tool } from "./tool.js";
import * as trials from "./trial.js";

const SOON = 500; // ms in which all who follow have heard the distribution
const TOLD = 5000; // ms between two sentences for who listens

/**
 * @typedef {import("../../train/classroom/types").Experiment} Experiment
 * @typedef {import("../../train/classroom/types").Reports} Reports
 */

/**
 * What only grows while an experiment goes on.
 * @param {Reports} reports
 */
const size = ({ seats, networks, revealed }) =>
  networks.reduce((sum, { seeds }) => sum + seeds, seats) + (revealed ? 1 : 0);

/**
 * @param {import("../types").Room} room
 * @param {() => void} closed is called when the teacher has closed an experiment
 */
export function create(room, closed) {
  const root = element("div", { class: "gs-trial", "data-testid": "room-experiment", hidden: "" });
  /** @type {{ experiment: Experiment, trial: trials.Trial | null, drawn: outcomes.Drawn } | null} */
  let going = null;
  /** @type {Reports | null} */
  let told = null;
  let ended = false;
  let spoken = 0;
  const count = element("p", { "data-testid": "room-seeds" });
  const live = element("p", { class: "gs-live", role: "status" });
  const tools = element(
    "div",
    { class: "gs-choices" },
    tool("end", "End and show the class", end),
    tool("save-seeds", "Save the seeds", file),
    tool("done", "Close", () => {
      if (going) shut(going.experiment.id);
      closed();
    }),
  );

  /** @param {Experiment} experiment */
  function begin(experiment) {
    stop();
    const drawn = outcomes.create(experiment);
    const trial = room.leads ? null : trials.create(room, experiment);
    [going, told, ended, spoken] = [{ experiment, trial, drawn }, null, false, 0];
    const text = element("p", { class: "gs-asked" }, `Experiment: ${experiment.title}, length ${experiment.length}`);
    const about = element("p", {}, outcomes.about(experiment, room.leads));
    const [first, last] = trial ? [[trial.root], []] : [[], [tools, live]];
    root.replaceChildren(text, about, ...first, count, drawn.root, ...last);
    if (room.leads) load();
  }

  // The distribution as it is now: for the teacher, and after the end for all.
  async function load() {
    const mine = going;
    if (!mine || !(room.leads || ended)) return null;
    const answer = await room.request("GET", `/experiments/${mine.experiment.id}`).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (found && going === mine) fill(found);
    return found;
  }
  async function end() {
    const answer = await room.request("POST", `/experiments/${going?.experiment.id}/reveal`, "{}").catch(() => null);
    if (answer?.ok) return fill(await answer.json());
    return room.say(`Not ended: ${(await answer?.json().catch(() => null))?.error ?? "no connection."}`);
  }
  async function file() {
    const experiment = going?.experiment;
    const found = await load();
    if (!experiment || !found) return room.say("The results could not be loaded: no connection.");
    const text = outcomes.csv(experiment, found);
    return save(`gatescope-${room.code}-seeds.csv`, new Blob([text], { type: "text/csv" }));
  }

  /** @param {Reports} found */
  function fill(found) {
    if (told && size(found) < size(told)) return; // it was on its way when a newer one came
    told = found;
    going?.drawn.fill(found);
    if (found.revealed) over();
    draw();
  }
  function over() {
    ended = true;
    going?.trial?.end();
  }

  /** @param {number} id of an experiment that is closed, as are all before it */
  function shut(id) {
    room.finish(id);
    if (going && going.experiment.id <= room.done) stop();
    draw();
  }
  function stop() {
    going?.trial?.stop();
    going = null;
  }

  function draw() {
    root.hidden = !going;
    if (!going) return;
    const shown = told !== null && (room.leads || ended);
    const text = shown ? outcomes.tally(going.experiment, told) : "";
    if (count.textContent !== text) count.textContent = text;
    count.hidden = going.drawn.root.hidden = !shown;
    [...tools.children].forEach((each, k) => /** @type {HTMLElement} */ (each).toggleAttribute("hidden", ended === !k));
    if (!shown || (performance.now() - spoken < TOLD && !ended)) return;
    spoken = performance.now();
    if (live.textContent !== text) live.textContent = text;
  }

  return {
    root,
    draw,
    /**
     * @param {string} kind of the event
     * @param {any} sent
     */
    heard(kind, sent) {
      if (kind === "experiment") {
        if (going?.experiment.id !== sent.id && sent.id > room.done) begin(sent);
      } else if (!going || going.experiment.id !== sent.id) return;
      else if (kind === "reports") fill(sent);
      else if (kind === "reveal") {
        over();
        const mine = going;
        const late = () => going === mine && !told?.revealed && load(); // who came later hears no reports
        setTimeout(late, SOON + Math.random() * SOON);
      }
      draw();
    },
    /** @param {number} id */
    close: shut,
    // After a connection was lost: what has changed is asked for.
    again() {
      load();
      if (!ended) going?.trial?.again();
    },
    stop,
  };
}
