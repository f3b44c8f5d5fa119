// The form that opens a room. The key stays in this tab.
import { element } from "../view/element.js";
import { keep } from "../view/tab.js";

/**
 * @param {import("../types").Component<import("../types").RoomData>} component
 * @param {Element} root
 */
export function form({ data, setTriggerValue }, root) {
  if (root.firstChild) return;
  const title = element("input", {
    type: "text",
    maxlength: 80,
    class: "gs-field",
    id: "gs-room-title",
    placeholder: "Title (optional)",
    "aria-label": "Title of the room",
  });
  const main = { type: "submit", class: "gs-answer gs-main", "data-testid": "room-open" };
  const open = element("button", main, "Open a room");
  const status = element("p", { role: "status" });
  const box = element("form", { class: "gs gs-class-form" }, title, open, status);
  box.onsubmit = async (event) => {
    event.preventDefault();
    open.disabled = true;
    try {
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ title: title.value.trim() });
      const answer = await fetch(`${data.base}/api/rooms`, { method: "POST", headers, body });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
      keep.set(`key-${said.code}`, said.key);
      keep.set(`new-${said.code}`, "1");
      setTriggerValue("opened", said.code);
    } catch (error) {
      status.textContent = `The room could not be opened: ${error instanceof Error ? error.message : "no connection"}.`;
      open.disabled = false;
    }
  };
  root.replaceChildren(box);
}
