// The form that opens a room. The key stays in this tab: `keep` is what the tab remembers.
export function form({ data, setTriggerValue }, root, { element }, keep) {
  if (root.firstChild) return;
  const title = element("input", { type: "text", maxlength: 80, class: "gs-field", id: "gs-room-title", placeholder: "Title, if you like", "aria-label": "Title of the room" });
  const open = element("button", { type: "submit", class: "gs-answer gs-main", "data-testid": "room-open" }, "Open a room");
  const told = element("p", { role: "status" });
  const box = element("form", { class: "gs gs-class-form" }, title, open, told);
  box.onsubmit = async (event) => {
    event.preventDefault();
    open.disabled = true;
    try {
      const answer = await fetch(`${data.base}/api/rooms`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title: title.value.trim() }) });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
      keep.set(`key-${said.code}`, said.key);
      keep.set(`new-${said.code}`, "1");
      setTriggerValue("opened", said.code);
    } catch (error) {
      told.textContent = `No room was opened: ${error.message ?? "no connection"}.`;
      open.disabled = false;
    }
  };
  root.replaceChildren(box);
}
