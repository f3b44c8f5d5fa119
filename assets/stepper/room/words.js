// What the bar says: of the connection, and whether what the teacher shows reaches the class.

/** Of what the teacher shows and a class cannot be sent. @type {Record<string, string>} */
const UNSENT = {
  recording: "Your class does not see this recording: a recording of your own is not sent to them.",
  prices: "Your class does not see these prices: a file of your own is not sent to them.",
  lesson: "Your class does not see a lesson while you write or print it: walk it, and they follow.",
  data: "Your class does not see this training: your own text or table is not sent to them.",
  network: "Your class does not see this network: one that you trained is not sent to them.",
  file: "Your class does not see this network: a file of your own is not sent to them.",
  text: "Your class does not see this text: it is too long to be sent. At most 2,000 characters are.",
};
const OWN = "The teacher shows something of their own that cannot be sent.";
const LONG = "The teacher shows a text that is too long to be sent.";

/**
 * @param {import("../types").Connection} connection
 * @param {string} gone why there is none any more
 */
export function connected(connection, gone) {
  if (connection === "") return "Connecting …";
  if (connection === "lost") return "Connection lost: trying again …";
  return connection === "gone" ? gone : "";
}

/** @param {string | null | undefined} own what the teacher shows alone */
export const toTeacher = (own) => UNSENT[own ?? ""] ?? "";

/**
 * @param {boolean} loose whether the student looks around
 * @param {string | null | undefined} own what the teacher shows alone
 * @param {boolean} trains whether the page trains a network, each reader one of their own
 */
export function toStudent(loose, own, trains) {
  if (loose) return "You are looking around on your own.";
  if (own) return own === "text" ? LONG : OWN;
  if (trains) return "You have the teacher’s settings. Press Start: this device then trains a network of its own.";
  return "You see what the teacher shows.";
}

export const BACK = "Back to the teacher";
export const AWAY = "Look around on my own";
