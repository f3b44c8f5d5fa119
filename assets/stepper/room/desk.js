// What only the teacher has: the buttons of the bar.
import { element, save } from "../view/element.js";
import { toggle } from "../view/present.js";
import { HIDE } from "./hide.js";
import { tool } from "./tool.js";

/**
 * @typedef {object} Acts
 * @property {string | null} key of the room
 * @property {(names: string[]) => void} hide these controls
 * @property {() => void} ask opens and closes the questions
 */

/**
 * @param {import("../types").Room} room
 * @param {Acts} acts
 * @returns {HTMLElement[]}
 */
export function desk(room, { key, hide, ask }) {
  const presenter = tool("present", "Presenter mode", toggle);
  presenter.dataset.toggle = "presenting";

  const boxes = HIDE.map(([id, label]) => {
    const box = element("input", { type: "checkbox", "data-testid": `room-hide-${id}` });
    box.checked = room.hide.includes(id);
    box.onchange = () => {
      const names = HIDE.map(([each]) => each);
      hide(names.filter((each) => (each === id ? box.checked : room.hide.includes(each))));
    };
    return element("label", {}, box, ` ${label}`);
  });
  const hidden = element(
    "details",
    { class: "gs-class-hide" },
    element("summary", { class: "gs-answer" }, "Hide"),
    element("div", { role: "group", "aria-label": "Hidden here and for the class" }, ...boxes),
  );

  const results = tool("results", "Save results", async () => {
    const answer = await room.request("GET", "/results.csv").catch(() => null);
    if (answer?.ok) save(`gatescope-${room.code}.csv`, await answer.blob());
    else room.say("The results could not be loaded: no connection.");
  });
  const copy = tool("key", "Copy teacher’s link", async () => {
    try {
      await navigator.clipboard.writeText(`${location.origin}${room.data.base}/lead?room=${room.code}#${key}`);
      room.say("The teacher’s link is copied. Anyone who has it can lead the room, so do not show it.");
    } catch {
      room.say("This browser allows copying only on pages that were loaded over https.");
    }
  });
  return [tool("ask", "Ask", ask), presenter, hidden, results, copy];
}
