// This tab as one in a room: what it keeps, what its page shows, how it asks the room.
import { said, standing } from "./standing.js";

/**
 * @param {import("../types").RoomData} data
 * @param {import("../types").Keep} keep
 * @param {string | null} key with which it leads
 * @param {{say(text: string): void, draw(): void}} bar
 * @returns {import("../types").Room}
 */
export function member(data, keep, key, { say, draw }) {
  const { code } = data;
  /** @type {import("../types").Room} */
  const self = {
    code,
    leads: key !== null,
    data,
    page: data.page,
    keep,
    hide: JSON.parse(keep.get("hide") ?? "[]"),
    there: null,
    closed: Number(keep.get("closed") ?? 0),
    done: Number(keep.get("done") ?? 0),
    trigger: () => {},
    here: () => standing(path()),
    said: () => said(path()),
    request(method, path, body) {
      const headers = {
        ...(body && { "Content-Type": "application/json" }),
        ...(key && { Authorization: `Bearer ${key}` }),
      };
      return fetch(`${self.data.base}/api/rooms/${code}${path}`, { method, body, cache: "no-store", headers });
    },
    close(question) {
      if (question <= self.closed) return;
      self.closed = question;
      keep.set("closed", String(question));
    },
    finish(experiment) {
      if (experiment <= self.done) return;
      self.done = experiment;
      keep.set("done", String(experiment));
    },
    say(text) {
      say(text);
      return null;
    },
    draw,
  };
  const path = () => (self.page && self.page !== "start" ? `${self.data.base}/${self.page}` : self.data.base);
  return self;
}
