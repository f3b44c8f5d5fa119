// A button of the room's bar.
import { button } from "../view/element.js";

/** @type {(id: string, label: string, act: () => void) => HTMLButtonElement} */
export const tool = (id, label, act) => button({ class: "gs-answer", "data-testid": `room-${id}` }, label, act);
