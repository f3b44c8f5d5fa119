// The bar of one room: with the room's key it leads, else it follows.
import { element } from "../view/element.js";
import { presenting } from "../view/present.js";
import * as asking from "./ask.js";
import { desk } from "./desk.js";
import * as experiments from "./experiment.js";
import * as following from "./follow.js";
import { hide } from "./hide.js";
import * as joining from "./joining.js";
import * as leading from "./lead.js";
import { member } from "./member.js";
import * as numbers from "./number.js";
import * as polls from "./poll.js";
import * as renewing from "./renewal.js";
import * as sending from "./sending.js";
import * as streams from "./stream.js";
import { ofRoom } from "../view/tab.js";
import { tool } from "./tool.js";
import * as words from "./words.js";

/**
 * @typedef {import("../types").Connection} Connection
 * @typedef {import("../types").RoomData} RoomData
 * @typedef {import("../types").Shown} Shown
 * @typedef {ReturnType<typeof create>} Bar
 */

export const KEY = /^[0-9a-f]{32}$/;

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
  const kept = own.get("key") ?? "";
  const key = KEY.test(kept) ? kept : null;
  const leads = key !== null;
  /** @type {Connection} */
  let connection = "";
  let gone = "";
  /** @type {Shown | null} */
  let state = null;

  const live = element("p", { class: "gs-class-said", role: "status", "data-testid": "room-said" });
  const self = member(data, own, key, { say: (text) => (live.textContent = text), draw });
  const bar = element("div", { class: "gs-class-bar" });
  const title = element("span", { class: "gs-class-title", "data-testid": "room-title" });
  const there = element("span", { "data-testid": "room-there" });
  const link = element("span", { "data-testid": "room-link", role: "status" });
  const follow = following.create(self);
  const lead = leads ? leading.create(self, settle) : null;
  const join = lead && joining.create(self, follow, lead);
  const poll = polls.create(self, () => lead?.moved());
  const trial = experiments.create(self, () => lead?.moved());
  const number = numbers.create(self, () => lead?.moved());
  const asked = [poll, trial, number];
  const setup = leads ? sending.create(self) : null;
  const ask = leads ? asking.create(self, poll.draw) : null;
  const renewal = renewing.create(self);
  const way = tool("way", "", () => follow.let_go(!follow.loose));
  const others = leads ? desk(self, { key, hide: hiding, ask: () => ask?.toggle() }) : [way];
  const root = element(
    "section",
    { class: "gs gs-class", "aria-label": "Class", "data-testid": "room", "data-role": leads ? "lead" : "follow" },
    bar,
    ...(ask ? [ask.root] : []),
    ...(setup ? [setup.root] : []),
    poll.root,
    trial.root,
    number.root,
    live,
  );
  const tools = element("span", { class: "gs-class-tools" }, ...others, tool("leave", "Leave", leave));
  bar.append(element("b", {}, `Room ${code}`), title, there, link, tools);

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

  function draw() {
    put(there, leads && self.there !== null ? `${self.there} here` : "");
    put(way, follow.loose ? words.BACK : words.AWAY);
    way.hidden = connection === "gone";
    root.dataset.following = String(!leads && !follow.loose);
    root.dataset.connection = connection;
    const reaches = Boolean(lead?.joined()) && !renewal.waits(); // what the teacher does reaches the class
    root.dataset.leading = String(reaches);
    root.querySelector("[data-toggle=presenting]")?.setAttribute("aria-pressed", String(presenting()));
    hide(leads ? self.hide : follow.loose ? [] : (follow.wanted?.hide ?? []));
    put(link, words.connected(connection, gone) || reached());
    asked.forEach((each) => each.draw());
    setup?.draw();
  }
  function reached() {
    if (leads) return words.toTeacher(self.said()?.own);
    return words.toStudent(follow.loose, follow.wanted?.own, location.pathname.endsWith("/train"));
  }

  let fresh = false;
  /**
   * @param {string} kind of the event
   * @param {any} sent
   */
  function heard(kind, sent) {
    if (kind === "state") {
      state = sent.state;
      // the state comes first, once the room has us: nothing falls in between
      if (fresh) asked.forEach((each) => each.again());
      fresh = false;
      poll.close(sent.state?.closed ?? 0);
      [trial, number].forEach((each) => each.close(sent.state?.done ?? 0));
      if (join) join.heard(sent.state);
      else follow.heard(sent.state);
    } else if (kind === "presence") {
      self.there = sent.followers;
      if (!leads) follow.check(); // what the server missed while it was away
    } else {
      // a later experiment, or number, takes the place of the one before
      const begins = kind === "experiment" ? (sent.line ? "number" : kind) : null;
      if (begins) (begins === "number" ? trial : number).stop();
      asked.forEach((each) => each.heard(begins ?? kind, sent));
    }
    draw();
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
      if (/** @type {CustomEvent} */ (event).detail.shown) follow.shown();
      else if (lead) follow.moved(lead.now());
      else follow.stepped();
    }
    settle();
    lead?.moved();
    ask?.draw();
    if (leads) draw();
  };
  function settle() {
    join?.settle();
  }

  document.addEventListener("gatescope:moved", moved);
  document.addEventListener("gatescope:presenting", draw);
  const stream = streams.open(`${data.base}/api/rooms/${code}/events`, key, heard, changed);
  function stop() {
    stream.stop();
    lead?.stop();
    join?.stop();
    follow.stop();
    asked.forEach((each) => each.stop());
    renewal.stop();
    document.removeEventListener("gatescope:moved", moved);
    document.removeEventListener("gatescope:presenting", draw);
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
      if (renewal.answered() && lead?.joined() && state) join?.renewed(state);
      if (!lead?.joined()) follow.shown();
      settle();
      lead?.shown();
      draw();
    },
  };
}
