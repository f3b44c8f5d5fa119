// A class in one room: the bar above every page. One a tab, whatever pages come and go.
import { create, KEY } from "./bar.js";
import { form } from "./opening.js";
import { keep } from "../view/tab.js";

/** @type {import("./bar.js").Bar | null} */
let room = null;

/**
 * @param {import("../types").Component<import("../types").RoomData>} component
 * @param {Element} root to draw in
 */
export function show(component, root) {
  if (component.data.form) return form(component, root);
  const { code } = component.data;
  if (KEY.test(location.hash.slice(1))) {
    // a key that came here without the page that takes it
    keep.set(`key-${code}`, location.hash.slice(1));
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (room?.code !== code) {
    room?.stop();
    room = create(component.data);
  }
  return room.show(component, root);
}

/** @param {Element} root whose page has gone */
export function hide(root) {
  if (!root.contains(room?.root ?? null)) return;
  setTimeout(() => {
    if (room?.root.isConnected) return;
    room?.stop();
    room = null;
  }, 1000);
}
