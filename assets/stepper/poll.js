// The question that is open: students choose and may change until the reveal; the teacher sees the bars live, the class after it.
const ROWS = 12; // bars of a slider’s answers

export function create(room, { frame: { element } }) {
  const root = element("div", { class: "gs-poll", "data-testid": "room-poll", hidden: "" });
  let told = 0; // how many counts have come by themselves
  let asked = null, counts = null, revealed = false, answer = null, mine = null, unsent = false, error = "", bars = true, drawn = "";

  const shown = (value) => String(Number(Number(value).toFixed(3))).replace("-", "−");
  const voter = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    if (!room.keep.get("voter")) room.keep.set("voter", [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(""));
    return room.keep.get("voter");
  };
  const known = () => JSON.parse((asked && room.keep.get(`answer-${asked.id}`)) || "null");

  async function vote(choice) {
    if (revealed) return;
    mine = choice;
    unsent = true;
    error = "";
    room.keep.set(`vote-${asked.id}`, JSON.stringify(choice));
    draw();
    await send();
  }
  async function send() {
    const { id } = asked, choice = mine;
    try {
      const said = await room.request("POST", `/questions/${id}/votes`, JSON.stringify({ voter: voter(), choice }));
      if (asked.id !== id) return;
      if (said.ok) [unsent, error] = [choice !== mine, ""];
      else {
        error = (await said.json().catch(() => ({}))).error ?? `The server answered ${said.status}.`;
        const pause = Number(said.headers.get("Retry-After"));
        if (pause) setTimeout(() => unsent && !revealed && asked.id === id && send(), 1000 * pause);
        else unsent = false;
      }
    } catch {
      error = "No connection: your answer is sent when it is back.";
    }
    draw();
  }

  async function reveal() {
    const kept = known();
    try {
      const said = await room.request("POST", `/questions/${asked.id}/reveal`, JSON.stringify(typeof kept?.answer === "number" ? { answer: kept.answer } : {}));
      if (!said.ok) return room.say(`Not revealed: ${(await said.json()).error}`);
    } catch {
      return room.say("Not revealed: no connection.");
    }
    return show(kept);
  }
  // The stepper goes where the answer is seen, if it still has that text.
  function show(kept) {
    const state = room.here()?.state, link = kept?.link;
    if (!kept?.place || !state?.reading || room.page !== link.page || (state.link.text ?? null) !== link.text || (state.link.model ?? null) !== link.model) return;
    state.choose(kept.place);
    if (state.level === "story" && kept.place.array) state.show("unit");
  }

  // Rows of [label, votes, right]; many places of a slider are put together.
  function rows() {
    if (asked.choices) return asked.choices.map((label, k) => [label, counts?.[k] ?? 0, revealed && answer === k]);
    const { min, step } = asked.slider, places = counts?.length ?? 0, each = Math.max(1, Math.ceil(places / ROWS));
    return Array.from({ length: Math.ceil(places / each) }, (_, k) => {
      const votes = counts.slice(k * each, (k + 1) * each), from = min + k * each * step, to = from + (votes.length - 1) * step;
      const right = revealed && answer !== null && answer >= from - step / 2 && answer < to + step / 2;
      return [votes.length > 1 ? `${shown(from)} to ${shown(to)}` : shown(from), votes.reduce((a, b) => a + b, 0), right];
    });
  }
  function chart() {
    const all = rows(), most = Math.max(1, ...all.map(([, votes]) => votes));
    return element("table", { class: "gs-bars", "data-testid": "room-bars" }, element("caption", { class: "gs-live" }, "Votes"), ...all.map(([label, votes, right]) =>
      element("tr", right ? { class: "gs-right" } : {}, element("th", { scope: "row" }, right ? `✓ ${label}` : label),
        element("td", { class: "gs-bar-votes" }, element("span", { style: `width:${(100 * votes) / most}%` })), element("td", { class: "gs-bar-count" }, String(votes)))));
  }
  function choose() {
    if (asked.choices) {
      return element("div", { class: "gs-choices", role: "group", "aria-label": "Your answer" }, ...asked.choices.map((label, k) => {
        const made = element("button", { type: "button", class: "gs-answer", "aria-pressed": String(mine === k), "data-testid": `room-choice-${k}` }, label);
        made.onclick = () => vote(k);
        return made;
      }));
    }
    const { min, max, step } = asked.slider, slide = element("input", { type: "range", min, max, step, "aria-label": "Your answer", "data-testid": "room-slide" });
    slide.value = mine ?? (min + max) / 2;
    const out = element("output", {}, shown(slide.value)), send = element("button", { type: "button", class: "gs-answer", "data-testid": "room-send" }, "Answer");
    slide.oninput = () => { out.textContent = shown(slide.value); };
    send.onclick = () => vote(Number(slide.value));
    return element("div", { class: "gs-choices" }, element("span", {}, shown(min)), slide, element("span", {}, shown(max)), out, send);
  }
  const word = (value) => (asked.choices ? asked.choices[value] : shown(value));

  function draw() {
    root.hidden = !asked;
    const key = JSON.stringify([asked, counts, revealed, answer, mine, unsent, error, bars, room.presenting, room.there, Boolean(known())]);
    if (!asked || key === drawn) return;
    drawn = key;
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.testid : null, slid = root.querySelector("input[type=range]")?.value;
    const total = (counts ?? []).reduce((a, b) => a + b, 0);
    const parts = [element("p", { class: "gs-asked", "data-testid": "room-question" }, asked.text)];
    const button = (id, label, act) => {
      const made = element("button", { type: "button", class: "gs-answer", "data-testid": `room-${id}` }, label);
      made.onclick = act;
      return made;
    };
    if (room.leads) {
      if (revealed || bars) parts.push(chart());
      const tools = [element("span", { "data-testid": "room-votes" }, `${total} ${total === 1 ? "vote" : "votes"}${room.there === null || revealed ? "" : ` of ${room.there}`}`)];
      if (!revealed) tools.push(button("reveal", "Reveal", reveal), button("bars", bars ? "Hide the bars" : "Show the bars", () => { bars = !bars; draw(); }));
      else tools.push(button("close", "Close", () => { asked = null; draw(); }));
      parts.push(element("div", { class: "gs-choices" }, ...tools));
    } else if (revealed) parts.push(...(counts ? [chart()] : []), button("close", "Close", () => { asked = null; draw(); }));
    else parts.push(choose());
    const right = answer === null || answer === undefined ? "" : `The answer is ${word(answer)}. `;
    const said = revealed ? right + (mine === null || room.leads ? "" : `You said ${word(mine)}.`)
      : room.leads ? "" : mine === null ? "" : unsent ? error || "Sending …" : error || `You said ${word(mine)}. You can change it until the reveal.`;
    parts.push(element("p", { class: "gs-poll-said", role: "status", "data-testid": "room-voted" }, said));
    root.replaceChildren(...parts);
    if (slid !== undefined && root.querySelector("input[type=range]")) {
      root.querySelector("input[type=range]").value = slid;
      root.querySelector("output").textContent = shown(slid);
    }
    if (focused) root.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
  }

  return {
    root,
    draw,
    known: draw,
    heard(kind, sent) {
      if (kind === "question") {
        if (asked?.id === sent.id && !revealed) return;
        [asked, counts, revealed, answer, unsent, error] = [sent, null, false, null, false, ""];
        mine = JSON.parse(room.keep.get(`vote-${sent.id}`) ?? "null");
        bars = !room.presenting; // a projector shows them to the class
        root.scrollIntoView?.({ block: "nearest" });
      } else if (!asked || asked.id !== sent.id) return;
      else if (kind === "counts") {
        told += 1;
        counts = sent.counts;
      } else if (kind === "reveal") {
        [counts, revealed, answer, unsent, error] = [sent.counts, true, sent.answer, false, ""];
      }
      draw();
    },
    // After a connection was lost: what has not arrived is sent, what has changed is asked for.
    async again() {
      if (!asked || revealed) return;
      if (!room.leads) return unsent ? send() : null;
      const before = told, found = await room.request("GET", `/questions/${asked.id}`).then((said) => said.json(), () => null);
      if (found?.counts && asked?.id === found.id && told === before) counts = found.counts;
      return draw();
    },
  };
}
