// A class in one room: the bar above every page. One a tab, whatever pages come and go; with the room's key it leads, else it follows.
const PARTS = ["frame", "stream", "lead", "follow", "ask", "poll", "present", "opening"];
const KEY = /^[0-9a-f]{32}$/;
let part = null, room = null;

// What a tab keeps: nothing of it is sent anywhere but to the room's routes.
const memory = new Map();
const keep = {
  get(name) { try { return sessionStorage.getItem(`gatescope-${name}`); } catch { return memory.get(name) ?? null; } },
  set(name, value) { try { sessionStorage.setItem(`gatescope-${name}`, value); } catch { memory.set(name, value); } },
  drop(name) { try { sessionStorage.removeItem(`gatescope-${name}`); } catch { memory.delete(name); } },
};

// component: as Streamlit gives it; root: the element to draw in.
export async function show(component, root, load) {
  part ??= Object.fromEntries(await Promise.all(PARTS.map(async (name) => [name, await load(name)])));
  if (component.data.form) return part.opening.form(component, root, part.frame, keep);
  const { code } = component.data;
  if (KEY.test(location.hash.slice(1))) { // a key that came here without the page that takes it
    keep.set(`key-${code}`, location.hash.slice(1));
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (room?.code !== code) {
    room?.stop();
    room = create(code, component.data);
  }
  return room.show(component, root);
}

export function hide(root) {
  if (root.contains(room?.root ?? null)) setTimeout(() => { if (!room?.root.isConnected) { room?.stop(); room = null; } }, 1000);
}

function create(code, data) {
  const { element } = part.frame, key = keep.get(`key-${code}`), leads = KEY.test(key ?? "");
  const own = { get: (name) => keep.get(`${name}-${code}`), set: (name, value) => keep.set(`${name}-${code}`, value), drop: (name) => keep.drop(`${name}-${code}`) };
  const self = {
    code, leads, data, page: data.page, keep: own, hide: JSON.parse(own.get("hide") ?? "[]"), root: null, trigger: () => {}, there: null, connection: "", presenting: leads && own.get("present") === "1",
    // The page's first stepper, if it stands.
    here() {
      const path = self.page && self.page !== "start" ? `${self.data.base}/${self.page}` : self.data.base;
      const trim = (text) => text.replace(/\/+$/, "");
      return [...document.querySelectorAll("[data-testid=stepper]")].find((e) => e.stepper && trim(e.stepper.path) === trim(path))?.stepper ?? null;
    },
    request: (method, path, body) => fetch(`${self.data.base}/api/rooms/${code}${path}`, {
      method, body, cache: "no-store", headers: { ...(body && { "Content-Type": "application/json" }), ...(leads && { Authorization: `Bearer ${key}` }) },
    }),
    say(text) { live.textContent = text; },
    draw,
  };
  const bar = element("div", { class: "gs-class-bar" }), live = element("p", { class: "gs-class-said", role: "status", "data-testid": "room-said" });
  const name = element("b", {}, `Room ${code}`), title = element("span", { class: "gs-class-title", "data-testid": "room-title" });
  const there = element("span", { "data-testid": "room-there" }), link = element("span", { "data-testid": "room-link", role: "status" });
  const button = (id, label, act) => {
    const made = element("button", { type: "button", class: "gs-answer", "data-testid": `room-${id}` }, label);
    made.onclick = act;
    return made;
  };
  const follow = part.follow.create(self), lead = leads ? part.lead.create(self) : null;
  const poll = part.poll.create(self, part), ask = leads ? part.ask.create(self, part, poll) : null;
  const way = button("way", "", () => follow.let_go(!follow.loose));
  const others = leads ? desk() : [way];
  self.root = element("section", { class: "gs gs-class", "aria-label": "Class", "data-testid": "room", "data-role": leads ? "lead" : "follow" }, bar, ...(ask ? [ask.root] : []), poll.root, live);
  bar.append(name, title, there, link, element("span", { class: "gs-class-tools" }, ...others, button("leave", "Leave", leave)));

  // What only the teacher has.
  function desk() {
    const present = button("present", "Presenter mode", () => {
      own.set("present", (self.presenting = !self.presenting) ? "1" : "0");
      draw();
    });
    present.dataset.toggle = "presenting";
    const boxes = part.present.HIDE.map(([id, label]) => {
      const box = element("input", { type: "checkbox", "data-testid": `room-hide-${id}` });
      box.checked = self.hide.includes(id);
      box.onchange = () => {
        self.hide = part.present.HIDE.map(([each]) => each).filter((each) => (each === id ? box.checked : self.hide.includes(each)));
        own.set("hide", JSON.stringify(self.hide));
        draw();
        lead.moved();
      };
      return element("label", {}, box, ` ${label}`);
    });
    const hidden = element("details", { class: "gs-class-hide" }, element("summary", { class: "gs-answer" }, "Hide"), element("div", { role: "group", "aria-label": "Hidden here and for the class" }, ...boxes));
    const save = button("results", "Save results", async () => {
      const answer = await self.request("GET", "/results.csv").catch(() => null);
      if (!answer?.ok) return self.say("The results did not come: no connection.");
      const file = URL.createObjectURL(await answer.blob());
      element("a", { href: file, download: `gatescope-${code}.csv` }).click();
      return URL.revokeObjectURL(file);
    });
    const copy = button("key", "Copy teacher’s link", async () => {
      try {
        await navigator.clipboard.writeText(`${location.origin}${self.data.base}/lead?room=${code}#${key}`);
        self.say("The teacher’s link is copied. Whoever has it leads the room: do not show it.");
      } catch {
        self.say("This browser lets no page copy, unless it came by https.");
      }
    });
    return [button("ask", "Ask", () => ask.toggle()), present, hidden, save, copy];
  }

  function leave() {
    if (leads && self.connection !== "gone" && !confirm("Leave the room? Without the teacher’s link you cannot lead it again.")) return;
    stop();
    own.drop("loose");
    own.drop("key");
    self.trigger("left", true);
  }

  const put = (where, text) => { if (where.textContent !== text) where.textContent = text; }; // what stays is not laid out anew with every move
  function draw() {
    put(there, leads && self.there !== null ? `${self.there} here` : "");
    put(way, follow.loose ? "Back to the class" : "Look around on my own");
    way.hidden = self.connection === "gone";
    self.root.dataset.following = String(!leads && !follow.loose);
    self.root.dataset.connection = self.connection;
    self.root.dataset.leading = String(Boolean(lead?.joined() && pings === null)); // what the teacher does reaches the class
    for (const toggle of self.root.querySelectorAll("[data-toggle]")) toggle.setAttribute("aria-pressed", String(self[toggle.dataset.toggle]));
    part.present.present(self.presenting);
    part.present.hide(leads ? self.hide : follow.loose ? [] : follow.wanted?.hide ?? []);
    put(link, { "": "Connecting …", open: leads ? (lead.long() ? "The text is too long for the class to follow: 2,000 characters at most." : "") : follow.loose ? "You are on your own." : "You see what the teacher shows.",
      lost: "Connection lost: trying again …", gone: self.gone }[self.connection]);
    poll.draw();
  }

  let fresh = false;
  function heard(kind, sent) {
    if (kind === "state") {
      self.state = sent.state;
      if (fresh) poll.again(); // the state comes first, once the room has us: nothing falls in between
      fresh = false;
      if (!leads) follow.heard(sent.state);
      else if (!lead.joined()) joining(sent.state);
    } else if (kind === "presence") {
      self.there = sent.followers;
      if (!leads) follow.check(); // what the server missed while it was away
    } else poll.heard(kind, sent);
    draw();
  }
  // A teacher who comes (again) takes up where the room stands; a new room stands where the teacher does.
  function joining(state) {
    if (!state || own.get("new") === "1") lead.join();
    else follow.heard(state);
    own.drop("new");
    own.set("loose", "0");
  }

  // Streamlit runs nothing when it is connected again: a server that was started anew would take the teacher's next press for a first visit.
  // So it is asked to run the page, until it answers; a new session is then brought to where this browser stands.
  let pings = null, pinging = 0, session = null;
  function ping() {
    clearTimeout(pinging);
    if (pings === null) return;
    self.trigger("ping", pings);
    pinging = setTimeout(ping, 2000);
  }
  function renewed() {
    if (self.data.ping === pings) pings = null;
    const is = self.data.session !== session && session !== null;
    session = self.data.session;
    if (!is || !leads || !lead.joined() || !self.state) return;
    late = clearTimeout(late);
    const here = lead.now() ?? self.state; // this browser has lost nothing, the class may not have all of it yet
    if (!here.lesson && !here.made && !here.edits) return; // text and model are in its controls, which it brings along
    lead.wait();
    follow.heard(here);
  }

  function told(what, message) {
    if (leads && what === "open" && self.connection === "lost") {
      pings = Math.random();
      ping();
    }
    self.connection = what;
    self.gone = message ?? "";
    if (what === "open") {
      fresh = true;
      lead?.moved();
      if (title.textContent === "") self.request("GET", "").then((answer) => answer.json()).then((found) => { title.textContent = found.title ?? ""; }, () => {});
    }
    draw();
  }

  const moved = ({ detail }) => {
    if (!leads || !lead.joined()) detail.shown ? follow.shown(true) : leads && follow.moved(lead.now());
    settle();
    lead?.moved();
    ask?.draw();
    if (leads) draw();
  };
  let late = 0; // what the room showed may be something that cannot be shown here: the teacher leads on all the same
  function settle() {
    if (!leads || lead.joined()) return;
    if (follow.settled()) lead.join();
    else if (follow.wanted && !late) late = setTimeout(() => lead.join(), 5000);
  }

  let stream = null;
  function start() {
    document.addEventListener("gatescope:moved", moved);
    stream = part.stream.open(`${data.base}/api/rooms/${code}/events`, leads ? key : null, heard, told);
  }
  function stop() {
    stream?.stop();
    lead?.stop();
    follow.stop();
    clearTimeout(late);
    clearTimeout(pinging);
    document.removeEventListener("gatescope:moved", moved);
    part.present.present(false);
    part.present.hide([]);
  }
  start();
  return Object.assign(self, {
    stop,
    show(component, root) {
      Object.assign(self, { data: component.data, page: component.data.page, trigger: component.setTriggerValue });
      if (self.root.parentElement !== root) root.replaceChildren(self.root);
      renewed();
      if (!leads || !lead.joined()) follow.shown(false);
      settle();
      lead?.shown();
      draw();
    },
  });
}
