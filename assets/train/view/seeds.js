// What each seed reached: one seed is no result.
import { element } from "../../stepper/view/element.js";
import { filled, reached, spread } from "../reached.js";

/** @param {Record<string, string>} words */
export function seeds(words) {
  const list = element("ol", { class: "gt-seeds", "data-testid": "trainer-seeds" });
  const said = element("p", { class: "gt-said", "data-testid": "trainer-spread" });
  const box = element("div", { hidden: "" }, element("p", {}, words["seeds title"]), list, said);
  let about = "";
  /** @type {Map<number, import("../reached.js").Reached>} */
  let found = new Map();
  return {
    box,
    /**
     * Notes what the seed that is trained has reached by now; other settings begin another list.
     * @param {import("../types").Setup} setup
     * @param {import("../types").Snapshot} snapshot
     */
    note(setup, snapshot) {
      const { seed } = setup;
      const now = JSON.stringify({ ...setup, seed: 0, probe: "" });
      if (now !== about) [about, found] = [now, new Map()];
      if (snapshot.updates) found.set(seed, reached(snapshot, setup.until ?? Infinity));
      box.hidden = !found.size;
      const rows = [...found].map(([each, { figure, updates, done }]) => {
        const told = { seed: String(each), figure, updates: updates.toLocaleString("en") };
        return element("li", {}, filled(words[done ? "seeds done" : "seeds row"], told));
      });
      list.replaceChildren(...rows);
      said.textContent = spread([...found.values()], snapshot.figure, words["seeds spread"]);
    },
  };
}
