// The question that is open: students choose and may change until the reveal. Nobody sees the counts before it, unless
// the teacher asks for them, for the class sees the teacher's screen; to close it is the teacher's.
import { counted } from "../pure/numbers.js";
import { element } from "../view/element.js";
import { bars as rows, chart, shown } from "./bars.js";
import { choices } from "./choices.js";
import { tool } from "./tool.js";
import { voter } from "./voter.js";

/**
 * @typedef {import("../types").Asked} Asked
 * @typedef {import("../types").Known} Known
 * @typedef {ReturnType<typeof create>} Poll
 */

/**
 * @param {import("../types").Room} room
 * @param {() => void} closed is called when the teacher has closed a question
 */
export function create(room, closed) {
  const root = element("div", { class: "gs-poll", "data-testid": "room-poll", hidden: "" });
  let pushed = 0; // how many counts have come by themselves
  /** @type {Asked | null} */
  let asked = null;
  /** @type {number[] | null} */
  let counts = null;
  let revealed = false;
  /** @type {number | null} */
  let answer = null;
  /** @type {number | null} */
  let mine = null;
  let unsent = false;
  let error = "";
  let bars = false; // whether the teacher has asked for them
  let drawn = "";

  /** @returns {Known | null} */
  const known = () => JSON.parse((asked && room.keep.get(`answer-${asked.id}`)) || "null");

  /**
   * @param {Asked} question
   * @param {number} choice
   */
  async function vote(question, choice) {
    if (revealed) return;
    mine = choice;
    unsent = true;
    error = "";
    room.keep.set(`vote-${question.id}`, JSON.stringify(choice));
    draw();
    await send(question);
  }
  /** @param {Asked} question */
  async function send({ id }) {
    const choice = mine;
    try {
      const body = JSON.stringify({ voter: voter(room.keep), choice });
      const said = await room.request("POST", `/questions/${id}/votes`, body);
      if (asked?.id !== id) return;
      if (said.ok) [unsent, error] = [choice !== mine, ""];
      else {
        error = (await said.json().catch(() => ({}))).error ?? `The server answered ${said.status}.`;
        const pause = Number(said.headers.get("Retry-After"));
        if (pause) setTimeout(() => unsent && !revealed && asked?.id === id && send(asked), 1000 * pause);
        else unsent = false;
      }
    } catch {
      error = "No connection: your answer will be sent when the connection is back.";
    }
    draw();
  }

  /** @param {Asked} question */
  async function reveal({ id }) {
    const kept = known();
    try {
      const right = typeof kept?.answer === "number" ? { answer: kept.answer } : {};
      const said = await room.request("POST", `/questions/${id}/reveal`, JSON.stringify(right));
      if (!said.ok) return room.say(`Not revealed: ${(await said.json()).error}`);
    } catch {
      return room.say("Not revealed: no connection.");
    }
    return show(kept);
  }
  /**
   * The stepper goes where the answer is seen, if it still has that text.
   * @param {Known | null} kept
   */
  function show(kept) {
    const state = room.here()?.state;
    const { link, place } = kept ?? {};
    if (!place || !link || !state?.reading || room.page !== link.page) return;
    if ((state.link.text ?? null) !== link.text || (state.link.model ?? null) !== link.model) return;
    state.choose(place);
    if (state.level === "story" && place.array) state.show("unit");
  }

  /** @param {Asked} question */
  const close = ({ id }) =>
    tool("close", "Close", () => {
      shut(Number(id));
      draw();
      closed();
    });
  /** @param {number} id of a question that is closed, as are all before it */
  function shut(id) {
    room.close(id);
    if (asked && Number(asked.id) <= room.closed) asked = null;
  }
  /** @param {Asked} question */
  const votes = (question) => chart(rows(question, counts ?? [], revealed ? answer : null));

  /** @param {Asked} question */
  function forTeacher(question) {
    const total = (counts ?? []).reduce((a, b) => a + b, 0);
    const of = room.there === null || revealed ? "" : ` of ${room.there}`;
    const said = element("span", { "data-testid": "room-votes" }, `${counted(total, "vote")}${of}`);
    const turn = () => {
      bars = !bars;
      draw();
    };
    const tools = revealed
      ? [close(question)]
      : [
          tool("reveal", "Reveal", () => reveal(question)),
          tool("bars", bars ? "Hide the bars" : "Show the bars", turn),
        ];
    const drawn = revealed || bars ? [votes(question)] : [];
    return [...drawn, element("div", { class: "gs-choices" }, said, ...tools)];
  }
  /** @param {Asked} question */
  function forStudent(question) {
    if (!revealed) return [choices(question, mine, (choice) => vote(question, choice))];
    return counts ? [votes(question)] : [];
  }

  /**
   * What is said below: the answer, and one's own.
   * @param {Asked} question
   */
  function said(question) {
    /** @param {number} value */
    const word = (value) => (question.choices ? question.choices[value] : shown(value));
    if (revealed) {
      const right = answer === null ? "" : `The answer is ${word(answer)}. `;
      return right + (mine === null || room.leads ? "" : `You said ${word(mine)}.`);
    }
    if (room.leads || mine === null) return "";
    if (unsent) return error || "Sending …";
    return error || `You said ${word(mine)}. You can change it until the reveal.`;
  }

  function draw() {
    root.hidden = !asked;
    covered(Boolean(asked && !revealed));
    const { there } = room;
    const all = [asked, counts, revealed, answer, mine, unsent, error, bars, there, Boolean(known())];
    const key = JSON.stringify(all);
    if (!asked || key === drawn) return;
    drawn = key;
    const focus = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const focused = focus?.dataset.testid;
    const slid = root.querySelector("input")?.value;
    const text = element("p", { class: "gs-asked", "data-testid": "room-question" }, asked.text);
    const attributes = { class: "gs-poll-said", role: "status", "data-testid": "room-voted" };
    const parts = room.leads ? forTeacher(asked) : forStudent(asked);
    root.replaceChildren(text, ...parts, element("p", attributes, said(asked)));
    const slide = root.querySelector("input");
    if (slid !== undefined && slide) {
      slide.value = slid;
      root.querySelector("output")?.replaceChildren(shown(slid));
    }
    if (focused) {
      const again = root.querySelector(`[data-testid="${focused}"]`);
      /** @type {HTMLElement | null} */ (again)?.focus({ preventScroll: true });
    }
  }

  return {
    root,
    draw,
    /**
     * @param {string} kind of the event
     * @param {any} sent
     */
    heard(kind, sent) {
      if (kind === "question") {
        if ((asked?.id === sent.id && !revealed) || Number(sent.id) <= room.closed) return;
        [asked, counts, revealed, answer, unsent, error] = [sent, null, false, null, false, ""];
        mine = JSON.parse(room.keep.get(`vote-${sent.id}`) ?? "null");
        bars = false;
        root.scrollIntoView?.({ block: "nearest" });
      } else if (!asked || asked.id !== sent.id) return;
      else if (kind === "counts") {
        pushed += 1;
        counts = sent.counts;
      } else if (kind === "reveal") {
        [counts, revealed, answer, unsent, error] = [sent.counts, true, sent.answer ?? null, false, ""];
      }
      draw();
    },
    /** @param {number} id */
    close(id) {
      shut(id);
      draw();
    },
    stop: () => covered(false),
    // After a connection was lost: what has not arrived is sent, what has changed is asked for.
    async again() {
      if (!asked || revealed) return;
      if (!room.leads) return unsent ? send(asked) : undefined;
      const before = pushed;
      const said = await room.request("GET", `/questions/${asked.id}`).catch(() => null);
      const found = await said?.json().catch(() => null);
      if (found?.counts && asked?.id === found.id && pushed === before) counts = found.counts;
      draw();
    },
  };
}

/**
 * While a question is open the columns that are still to be read are covered wholly, and the table of all numbers is
 * away (room.css).
 * @param {boolean} is
 */
function covered(is) {
  document.documentElement.toggleAttribute("data-gs-asked", is);
}
