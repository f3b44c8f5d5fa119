// A number of a sheet of By hand that the class is asked for: students type it and may change it until the reveal. The
// teacher's screen shows how many have answered, and what they answered only when asked for or after the reveal. Until
// then the worked solution is hidden here and for the class.
import { counted } from "../pure/numbers.js";
import { element } from "../view/element.js";
import { drawn as answered } from "./answers.js";
import { tool } from "./tool.js";
import { voter } from "./voter.js";

const SOON = 500; // ms in which all who follow have heard the answers

/**
 * @typedef {import("../types").AskedNumber} Asked
 * @typedef {import("../types").Answers} Answers
 */

/**
 * @param {import("../types").Room} room
 * @param {() => void} closed is called when the teacher has closed a question
 */
export function create(room, closed) {
  const root = element("div", { class: "gs-poll", "data-testid": "room-number", hidden: "" });
  /** @type {Asked | null} */
  let asked = null;
  /** @type {Answers | null} */
  let told = null;
  let ended = false;
  let shown = false; // whether the teacher has asked for the answers
  let mine = "";
  let unsent = false;
  let error = "";
  let drawn = "";

  /** @param {Asked} question */
  async function send({ id }) {
    const number = mine;
    try {
      const body = JSON.stringify({ voter: voter(room.keep), number });
      const said = await room.request("POST", `/numbers/${id}/answers`, body);
      if (asked?.id !== id) return;
      if (said.ok) [unsent, error] = [number !== mine, ""];
      else {
        const found = await said.json().catch(() => ({}));
        error = (found.error ?? `The server answered ${said.status}.`).replace(/^number: /, "");
        const pause = Number(said.headers.get("Retry-After"));
        if (pause) setTimeout(() => unsent && !ended && asked?.id === id && send(asked), 1000 * pause);
        else unsent = false;
      }
    } catch {
      error = "No connection: your number will be sent when the connection is back.";
    }
    draw();
  }
  /** @param {string} number */
  function give(number) {
    if (!asked || ended || !number.trim()) return;
    [mine, unsent, error] = [number.trim(), true, ""];
    room.keep.set(`number-${asked.id}`, mine);
    draw();
    send(asked);
  }

  // What the class has answered by now: for the teacher, and after the reveal for all.
  async function load() {
    const id = asked?.id;
    if (!id || !(room.leads || ended)) return;
    const said = await room.request("GET", `/numbers/${id}`).catch(() => null);
    const found = said?.ok ? await said.json().catch(() => null) : null;
    if (found && asked?.id === id) fill(found);
  }
  /** @param {Answers} found */
  function fill(found) {
    const older = told && (found.given < told.given || (told.revealed && !found.revealed));
    if (older) return; // it was on its way when a newer one came
    told = found;
    ended ||= found.revealed;
    draw();
  }
  async function reveal() {
    const said = await room.request("POST", `/numbers/${asked?.id}/reveal`, "{}").catch(() => null);
    if (said?.ok) return fill(await said.json());
    return room.say(`Not revealed: ${(await said?.json().catch(() => null))?.error ?? "no connection."}`);
  }

  const tools = {
    reveal: tool("number-reveal", "Reveal", reveal),
    show: tool("number-show", "", () => {
      shown = !shown;
      draw();
    }),
    close: tool("number-close", "Close", () => {
      if (asked) shut(asked.id);
      closed();
    }),
  };
  /** @param {number} id of a question that is closed, as are all before it */
  function shut(id) {
    room.finish(id);
    if (asked && asked.id <= room.done) asked = null;
    draw();
  }

  function forTeacher() {
    const of = room.there === null || ended ? "" : ` of ${room.there}`;
    const given = element("span", { "data-testid": "room-given" }, `${counted(told?.given ?? 0, "answer")}${of}`);
    tools.show.textContent = shown ? "Hide the answers" : "Show the answers";
    return element("div", { class: "gs-choices" }, given, ...(ended ? [tools.close] : [tools.reveal, tools.show]));
  }
  /** @param {Asked} question */
  function forStudent(question) {
    const field = element("input", {
      ...{ type: "text", inputmode: "decimal", maxlength: 40, class: "gs-field", autocomplete: "off" },
      ...{ "aria-label": "Your number", "data-testid": "room-number-field", placeholder: "Your number" },
    });
    field.value = mine;
    const attributes = { type: "submit", class: "gs-answer", "data-testid": "room-number-send" };
    const submit = element("button", attributes, "Answer");
    const form = element("form", { class: "gs-choices" }, field, submit, ...elsewhere(question));
    form.onsubmit = (event) => {
      event.preventDefault();
      give(field.value);
    };
    return form;
  }
  /**
   * The way to the sheet for one who is not on its page.
   * @param {Asked} question
   */
  function elsewhere({ sheet }) {
    if (room.page === "by_hand") return [];
    const href = `${room.data.base}/by_hand?${new URLSearchParams({ room: room.code, hand: sheet })}`;
    return [element("a", { href, target: "_self" }, "Open the sheet")];
  }

  function said() {
    if (ended) {
      const right = told ? `The answer is ${told.value}. ` : "";
      return right + (mine && !room.leads ? `You said ${mine}.` : "");
    }
    if (room.leads || (!mine && !error)) return "";
    if (unsent) return error || "Sending …";
    return error || `You said ${mine}. You can change it until the reveal.`;
  }

  /** @param {Asked} question */
  function parts(question) {
    const away = element("p", { class: "gs-quiet" }, "Until the reveal the worked solution is hidden.");
    const mayAnswer = !room.leads && !ended;
    return [
      ...(ended ? [] : [away]),
      ...(room.leads ? [forTeacher()] : []),
      ...(mayAnswer ? [forStudent(question)] : []),
      ...(told && (ended || shown) ? [answered(told)] : []),
    ];
  }
  function draw() {
    root.hidden = !asked;
    document.documentElement.toggleAttribute("data-gs-number", Boolean(asked && !ended));
    const key = JSON.stringify([asked, told, ended, shown, mine, unsent, error, room.there, room.page]);
    if (!asked || key === drawn) return;
    drawn = key;
    const focus = root.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    const typed = root.querySelector("input")?.value;
    const text = element("p", { class: "gs-asked", "data-testid": "room-number-text" }, asked.text);
    const attributes = { class: "gs-poll-said", role: "status", "data-testid": "room-number-said" };
    root.replaceChildren(text, ...parts(asked), element("p", attributes, said()));
    const field = root.querySelector("input");
    if (field && typed !== undefined) field.value = typed;
    /** @type {HTMLElement | null} */
    const again = focus && root.querySelector(`[data-testid="${focus.dataset.testid}"]`);
    again?.focus({ preventScroll: true });
  }

  return {
    root,
    draw,
    /**
     * @param {string} kind of the event
     * @param {any} sent
     */
    heard(kind, sent) {
      if (kind === "number") {
        if (asked?.id === sent.id || sent.id <= room.done) return;
        [asked, told, ended, shown, unsent, error] = [sent, null, false, false, false, ""];
        mine = room.keep.get(`number-${sent.id}`) ?? "";
        load();
      } else if (!asked || asked.id !== sent.id) return;
      else if (kind === "reports") fill(sent);
      else if (kind === "reveal") {
        ended = true;
        const { id } = asked;
        const late = () => asked?.id === id && !told?.revealed && load(); // who came later hears no reports
        setTimeout(late, SOON + Math.random() * SOON);
      }
      draw();
    },
    /** @param {number} id */
    close: shut,
    // After a connection was lost: what has not arrived is sent, what has changed is asked for.
    again() {
      load();
      if (asked && !ended && unsent && !room.leads) send(asked);
    },
    stop() {
      asked = null;
      draw();
    },
  };
}
