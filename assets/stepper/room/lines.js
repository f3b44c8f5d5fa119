// The teacher on By hand: any line of the sheet that is shown can be asked of the class, as a number to be typed.
import { button, element } from "../view/element.js";

/**
 * @param {import("../types").Room} room
 * @param {() => void} asked called when a number has been asked for
 */
export function select(room, asked) {
  const attributes = { class: "gs-answer", "data-testid": "room-line", "aria-label": "Number of the sheet" };
  const chosen = element("select", attributes);
  const press = button({ class: "gs-answer", "data-testid": "room-ask-line" }, "Ask for this number", put);

  async function put() {
    const link = room.said()?.link;
    if (!link || !chosen.value) return room.say("The sheet is still loading. Try again in a moment.");
    press.disabled = true;
    try {
      const body = { sheet: link.hand ?? "", line: chosen.value, ...(link.digits && { digits: Number(link.digits) }) };
      const said = await room.request("POST", "/numbers", JSON.stringify(body));
      if (!said.ok) return room.say(`Not asked: ${(await said.json().catch(() => ({}))).error ?? said.status}`);
      asked();
      return room.say("");
    } catch {
      return room.say("Not asked: no connection.");
    } finally {
      press.disabled = false;
    }
  }

  return {
    // What there is to choose from; nothing on another page.
    drawn() {
      /** @type {NodeListOf<HTMLElement>} */
      const lines = document.querySelectorAll(".gs-byhand .line");
      if (room.page !== "by_hand" || !lines.length) return [];
      const before = chosen.value;
      const options = [...lines].map(({ dataset, textContent, firstElementChild }) => {
        const name = firstElementChild?.querySelector("i")?.textContent ?? textContent;
        const selected = dataset.line === before ? "" : null;
        return element("option", { value: dataset.line ?? "", selected }, name ?? "");
      });
      chosen.replaceChildren(...options);
      const about = "Students type it. Any line that is shown below can be asked for.";
      return [element("div", { class: "gs-choices" }, chosen, press), element("p", { class: "gs-quiet" }, about)];
    },
  };
}
