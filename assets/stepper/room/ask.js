// Asking the class: the questions that the numbers of this place decide, and the teacher's own. Students get the answer
// with the reveal.
import { button, element } from "../view/element.js";
import { select } from "./lines.js";
import { kinds } from "./questions.js";

/** @type {Record<string, string>} */
const TITLES = {
  lesson: "The question of this stop",
  gate: "The gate at the next token",
  number: "The number at the next token",
  memory: "The token that is remembered",
  verdict: "The verdict",
};
const NONE = "Go to a place in a text to ask what comes next, or write a question of your own.";

/**
 * @param {import("../types").Room} room
 * @param {() => void} asked called when a question has been put
 */
export function create(room, asked) {
  const root = element("div", { class: "gs-ask", "data-testid": "room-asking", hidden: "" });
  const ready = element("div", { class: "gs-ask-list" });
  const text = element("input", {
    type: "text",
    maxlength: 500,
    class: "gs-field",
    "aria-label": "Your question",
    placeholder: "Your own question",
  });
  const choices = element("textarea", {
    rows: 3,
    maxlength: 2400,
    class: "gs-field",
    "aria-label": "Choices, one a line",
    placeholder: "Choices, one per line. Put * before the right one, if there is one",
  });
  const submit = { type: "submit", class: "gs-answer", "data-testid": "room-ask-own" };
  const send = element("button", submit, "Ask this");
  const own = element("form", { class: "gs-ask-own" }, text, choices, send);

  /**
   * question: as the room takes it; the answer and where it is seen stay in this tab until the reveal.
   * @param {Pick<import("./questions.js").Kind, "question" | "answer" | "place">} kind
   */
  async function put({ question, answer, place }) {
    const link = room.here()?.state.link;
    const view = link ? { text: link.text ?? null, model: link.model ?? null, page: room.page } : null;
    try {
      const said = await room.request("POST", "/questions", JSON.stringify(question));
      const found = await said.json();
      if (!said.ok) return room.say(`Not asked: ${found.error}`);
      room.keep.set(`answer-${found.id}`, JSON.stringify({ answer, place, link: view }));
      asked();
      open(false);
      room.say("");
    } catch {
      room.say("Not asked: no connection.");
    }
    return null;
  }

  own.onsubmit = (event) => {
    event.preventDefault();
    const rows = choices.value.split("\n").map((line) => line.trim());
    const lines = rows.filter(Boolean).slice(0, 12);
    const right = lines.findIndex((line) => line.startsWith("*"));
    const plain = lines.map((line) => line.replace(/^\*\s*/, "").slice(0, 200));
    if (!text.value.trim() || plain.length < 2 || plain.some((line) => !line)) {
      return room.say("A question needs a text and at least two choices.");
    }
    const question = { text: text.value.trim(), choices: plain };
    return put({ question, answer: right < 0 ? null : right, place: null });
  };

  const lines = select(room, () => {
    asked();
    open(false);
  });

  function draw() {
    if (root.hidden) return;
    const state = room.here()?.state;
    const offered = state?.reading ? kinds(/** @type {import("../types").State} */ (state)) : [];
    const buttons = offered.map((kind) => {
      const face = [element("span", { class: "gs-quiet" }, TITLES[kind.id]), element("span", {}, kind.question.text)];
      return button({ class: "gs-answer gs-ask-one", "data-testid": `room-ask-${kind.id}` }, face, () => put(kind));
    });
    const all = [...lines.drawn(), ...buttons];
    ready.replaceChildren(...(all.length ? all : [element("p", { class: "gs-quiet" }, NONE)]));
  }

  /** @param {boolean} is */
  function open(is) {
    root.hidden = !is;
    root.replaceChildren(...(is ? [ready, own] : []));
    draw();
  }

  return {
    root,
    draw,
    toggle() {
      open(Boolean(root.hidden));
      /** @type {HTMLElement | null} */ (root.querySelector("select, button, input"))?.focus();
    },
  };
}
