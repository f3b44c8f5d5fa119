// The teacher on Train: the set-up as it is now goes to the class as an experiment.
import { button, element } from "../view/element.js";

const UPDATES = [250, 500, 1000, 2000, 5000];
const USUAL = 1000;
const RIGHT = 0.99; // what counts as learned; of a squared error a tenth of the first baseline's
const OWN = "Not sent: the text or table of your own stays in your browser. Choose another task.";

/** @param {import("../types").Room} room */
export function create(room) {
  const select = element("select", { class: "gs-answer", "data-testid": "room-updates", "aria-label": "Updates" });
  for (const count of UPDATES) {
    const chosen = count === USUAL ? "" : null;
    select.append(element("option", { value: count, selected: chosen }, `${count.toLocaleString("en")} updates`));
  }
  const press = button({ class: "gs-answer", "data-testid": "room-send-setup" }, "Send to the class", send);
  const about = element("span", { class: "gs-quiet" }, "Each student trains this set-up with a seed of their own.");
  const root = element("div", { class: "gs-choices gs-sending", hidden: "" }, press, select, about);

  async function send() {
    const setup = document.querySelector("[data-testid=trainer]");
    const now = /** @type {import("../../train/classroom/types").TrainerElement | null} */ (setup)?.setup?.();
    if (!now) return room.say("The trainer is still loading. Try again in a moment.");
    if (Object.keys(now.data).length) return room.say(OWN);
    press.disabled = true;
    try {
      const body = JSON.stringify(await experiment(now, Number(select.value)));
      const answer = await room.request("POST", "/experiments", body);
      const said = answer.ok ? "" : `Not sent: ${(await answer.json().catch(() => ({}))).error ?? answer.status}`;
      return room.say(said);
    } catch {
      return room.say("Not sent: no connection.");
    } finally {
      press.disabled = false;
    }
  }

  return {
    root,
    draw() {
      root.hidden = room.page !== "train";
    },
  };
}

/**
 * @param {import("../../train/types").Setup} setup
 * @param {number} updates
 */
async function experiment({ task: name, data, length, batch, seed, networks }, updates) {
  const { taskOf } = await import("../../train/tasks/index.js");
  const task = taskOf(name, data);
  if ("error" in task) throw new Error(task.error);
  const goal = task.figure === "accuracy" ? RIGHT : Number((task.baselines(length)[0].score / 10).toPrecision(2));
  return { title: task.title, task: name, length, batch, seed, updates, goal, networks };
}
