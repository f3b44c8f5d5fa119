// The reader's own text or table: pasted here, kept by the tab over a reload, sent nowhere.
import { element } from "../../stepper/view/element.js";
import { keep } from "../../stepper/view/tab.js";

const PAUSE = 300; // ms from the last key until what was pasted is read

/**
 * @param {Record<string, string>} words
 * @param {() => void} changed is told of other data
 */
export function own(words, changed) {
  const area = element("textarea", {
    ...{ class: "gt-paste", rows: 6, spellcheck: "false", autocomplete: "off", dir: "auto" },
    ...{ "data-testid": "trainer-paste", "aria-describedby": "gt-own-said" },
  });
  const title = element("span");
  const said = element("p", { id: "gt-own-said", class: "gt-own-said", role: "status", "data-testid": "trainer-own" });
  const note = element("p", { class: "gt-said" }, words["own note"]);
  const box = element("div", { class: "gt-own", hidden: "" }, element("label", {}, title, area), said, note);
  let [task, timer] = ["", 0];
  const name = () => `train-${task}`;
  area.oninput = () => {
    clearTimeout(timer);
    timer = /** @type {any} */ (
      setTimeout(() => {
        keep.set(name(), area.value);
        changed();
      }, PAUSE)
    );
  };
  return {
    box,
    /**
     * Shows the field of a task that needs it, and gives what is in it.
     * @param {string} now the task
     * @returns {import("../types").Setup["data"]}
     */
    data(now) {
      box.hidden = !(now === "text" || now === "table");
      if (box.hidden) return {};
      if (now !== task) {
        clearTimeout(timer);
        task = now;
        title.textContent = words[`own ${now}`];
        area.value = keep.get(name()) ?? "";
      }
      return { [now]: area.value };
    },
    /**
     * What was made of it, or why it cannot be used.
     * @param {string} text
     * @param {boolean} faulty
     */
    say(text, faulty) {
      const empty = area.value.trim() === "";
      const shown = empty ? words[`own ${task} hint`] : text;
      if (said.textContent !== shown) said.textContent = shown;
      said.classList.toggle("gt-faulty", faulty && !empty);
      area.setAttribute("aria-invalid", String(faulty && !empty));
    },
    close: () => clearTimeout(timer),
  };
}
