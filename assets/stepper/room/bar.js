// The bar of one room: with the room's key it leads, else it follows.
import { element } from "../view/element.js";
import * as asking from "./ask.js";
import { desk } from "./desk.js";
import * as following from "./follow.js";
import * as leading from "./lead.js";
import * as polls from "./poll.js";
import { hide, present } from "./present.js";
import * as renewing from "./renewal.js";
import { coming, standing } from "./standing.js";
import * as streams from "./stream.js";
import { ofRoom } from "./tab.js";
import { tool } from "./tool.js";

/**
 * @typedef {import("../types").Connection} Connection
 * @typedef {import("../types").RoomData} RoomData
 * @typedef {import("../types").Shown} Shown
 * @typedef {ReturnType<typeof create>} Bar
 */

export const KEY = /^[0-9a-f]{32}$/;
const LATE = 5000; // ms after which a teacher leads although what the room showed cannot be shown here
const LONG = "The text is too long for the class to follow: 2,000 characters at most.";

/**
 * What stays is not laid out anew with every move.
 * @param {Element} where
 * @param {string} text
 */
function put(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/** @param {RoomData} data */
export function create(data) {
  const { code } = data;
  const own = ofRoom(code);
  const key = own.get("key");
  const leads = KEY.test(key ?? "");
  /** @type {Connection} */
  let connection = "";
  let gone = "";
  /** @type {Shown | null} */
  let state = null;

  /** @type {import("../types").Room} */
  const self = {
    code,
    leads,
    data,
    page: data.page,
    keep: own,
    hide: JSON.parse(own.get("hide") ?? "[]"),
    presenting: leads && own.get("present") === "1",
    there: null,
    trigger: () => {},
    // The page's first stepper, if it stands.
    here: () => standing(self.page && self.page !== "start" ? `${self.data.base}/${self.page}` : self.data.base),
    request(method, path, body) {
      const headers = {
        ...(body && { "Content-Type": "application/json" }),
        ...(leads && { Authorization: `Bearer ${key}` }),
      };
      return fetch(`${self.data.base}/api/rooms/${code}${path}`, { method, body, cache: "no-store", headers });
    },
    say(text) {
      live.textContent = text;
      return null;
    },
    draw,
  };
  const bar = element("div", { class: "gs-class-bar" });
  const live = element("p", { class: "gs-class-said", role: "status", "data-testid": "room-said" });
  const title = element("span", { class: "gs-class-title", "data-testid": "room-title" });
  const there = element("span", { "data-testid": "room-there" });
  const link = element("span", { "data-testid": "room-link", role: "status" });
  const follow = following.create(self);
  const lead = leads ? leading.create(self, settle) : null;
  const poll = polls.create(self);
  const ask = leads ? asking.create(self, poll.draw) : null;
  const renewal = renewing.create(self);
  const way = tool("way", "", () => follow.let_go(!follow.loose));
  const others = leads ? desk(self, { key, present: presenting, hide: hiding, ask: () => ask?.toggle() }) : [way];
  const root = element(
    "section",
    { class: "gs gs-class", "aria-label": "Class", "data-testid": "room", "data-role": leads ? "lead" : "follow" },
    bar,
    ...(ask ? [ask.root] : []),
    poll.root,
    live,
  );
  const tools = element("span", { class: "gs-class-tools" }, ...others, tool("leave", "Leave", leave));
  bar.append(element("b", {}, `Room ${code}`), title, there, link, tools);

  function presenting() {
    self.presenting = !self.presenting;
    own.set("present", self.presenting ? "1" : "0");
    draw();
  }
  /** @param {string[]} names */
  function hiding(names) {
    self.hide = names;
    own.set("hide", JSON.stringify(names));
    draw();
    lead?.moved();
  }

  function leave() {
    const sure = () => confirm("Leave the room? Without the teacher’s link you cannot lead it again.");
    if (leads && connection !== "gone" && !sure()) return;
    stop();
    own.drop("loose");
    own.drop("key");
    self.trigger("left", true);
  }

  // What the connection is like, in words.
  function said() {
    if (connection === "") return "Connecting …";
    if (connection === "lost") return "Connection lost: trying again …";
    if (connection === "gone") return gone;
    if (lead) return lead.long() ? LONG : "";
    return follow.loose ? "You are on your own." : "You see what the teacher shows.";
  }

  function draw() {
    put(there, leads && self.there !== null ? `${self.there} here` : "");
    put(way, follow.loose ? "Back to the class" : "Look around on my own");
    way.hidden = connection === "gone";
    root.dataset.following = String(!leads && !follow.loose);
    root.dataset.connection = connection;
    const reaches = Boolean(lead?.joined()) && !renewal.waits(); // what the teacher does reaches the class
    root.dataset.leading = String(reaches);
    root.querySelector("[data-toggle=presenting]")?.setAttribute("aria-pressed", String(self.presenting));
    present(self.presenting);
    hide(leads ? self.hide : follow.loose ? [] : (follow.wanted?.hide ?? []));
    put(link, said());
    poll.draw();
  }

  let fresh = false;
  /**
   * @param {string} kind of the event
   * @param {any} sent
   */
  function heard(kind, sent) {
    if (kind === "state") {
      state = sent.state;
      if (fresh) poll.again(); // the state comes first, once the room has us: nothing falls in between
      fresh = false;
      if (!lead) follow.heard(sent.state);
      else if (!lead.joined()) joining(lead, sent.state);
    } else if (kind === "presence") {
      self.there = sent.followers;
      if (!leads) follow.check(); // what the server missed while it was away
    } else poll.heard(kind, sent);
    draw();
  }
  /**
   * A teacher who comes (again) takes up where the room stands; a new room stands where the teacher does.
   * @param {leading.Lead} lead
   * @param {Shown | null} state
   */
  function joining(lead, state) {
    if (!state || own.get("new") === "1") lead.join();
    else follow.heard(state);
    own.drop("new");
    own.set("loose", "0");
  }

  // A new session of the server is brought to where this browser stands.
  function renewed() {
    if (!renewal.answered() || !lead?.joined() || !state) return;
    clearTimeout(late);
    late = 0;
    const here = lead.now() ?? state; // this browser has lost nothing, the class may not have all of it yet
    if (!here.lesson && !here.made && !here.edits) return; // text and model are in its controls, which it brings along
    lead.wait();
    follow.heard(here);
  }

  /**
   * @param {"open" | "lost" | "gone"} what
   * @param {string} [message]
   */
  function changed(what, message) {
    if (leads && what === "open" && connection === "lost") renewal.ask();
    connection = what;
    gone = message ?? "";
    if (what === "open") {
      fresh = true;
      lead?.moved();
      if (title.textContent === "") name().catch(() => {});
    }
    draw();
  }
  async function name() {
    const found = await (await self.request("GET", "")).json();
    title.textContent = found.title ?? "";
  }

  /** @param {Event} event */
  const moved = (event) => {
    if (!lead?.joined()) {
      if (/** @type {CustomEvent} */ (event).detail.shown) follow.shown(true);
      else if (lead) follow.moved(lead.now());
    }
    settle();
    lead?.moved();
    ask?.draw();
    if (leads) draw();
  };
  let late = 0;
  function settle() {
    if (!lead || lead.joined()) return;
    if (follow.settled(lead.bare())) return lead.join();
    const anyway = () => (late = coming() ? setTimeout(anyway, LATE) : (lead.join(), 0));
    if (follow.wanted && !late) late = setTimeout(anyway, LATE);
  }

  document.addEventListener("gatescope:moved", moved);
  const stream = streams.open(`${data.base}/api/rooms/${code}/events`, leads ? key : null, heard, changed);
  function stop() {
    stream.stop();
    lead?.stop();
    follow.stop();
    clearTimeout(late);
    renewal.stop();
    document.removeEventListener("gatescope:moved", moved);
    present(false);
    hide([]);
  }

  return {
    code,
    root,
    stop,
    /** @type {(component: import("../types").Component<RoomData>, where: Element) => void} */
    show(component, where) {
      Object.assign(self, { data: component.data, page: component.data.page, trigger: component.setTriggerValue });
      if (root.parentElement !== where) where.replaceChildren(root);
      renewed();
      if (!lead?.joined()) follow.shown(false);
      settle();
      lead?.shown();
      draw();
    },
  };
}
