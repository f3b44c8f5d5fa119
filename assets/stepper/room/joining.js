// A teacher who comes to a room, or whose server was started anew, is brought to where the class stands, and leads from
// there.
import { coming } from "./standing.js";

const LATE = 5000; // ms after which a teacher leads although what the room showed cannot be shown here

/** @typedef {import("../types").Shown} Shown */

/**
 * @param {import("../types").Room} room
 * @param {import("./follow.js").Follow} follow
 * @param {import("./lead.js").Lead} lead
 */
export function create(room, follow, lead) {
  let late = 0;

  // Leads as soon as the page shows what it was sent to.
  function settle() {
    if (lead.joined()) return;
    if (follow.settled(lead.bare())) return lead.join();
    if (follow.wanted && !late) late = setTimeout(anyway, LATE);
  }
  function anyway() {
    late = coming() ? setTimeout(anyway, LATE) : 0;
    if (!late) lead.join();
  }

  return {
    settle,
    /**
     * What the room shows: taken up by a teacher who comes (again); a new room stands where the teacher does.
     * @param {Shown | null} state
     */
    heard(state) {
      if (lead.joined()) return;
      if (!state || room.keep.get("new") === "1") lead.join();
      else follow.heard(state);
      room.keep.drop("new");
      room.keep.set("loose", "0");
    },
    /**
     * A new session of the server is brought to where this browser stands.
     * @param {Shown} state what the room showed last
     */
    renewed(state) {
      clearTimeout(late);
      late = 0;
      const here = lead.now() ?? state; // this browser has lost nothing, the class may not have all of it yet
      if (!here.lesson && !here.made && !here.edits) return; // the page's controls bring all else along
      lead.wait();
      follow.heard(here);
    },
    stop: () => clearTimeout(late),
  };
}
