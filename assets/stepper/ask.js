// What a teacher can ask at the place where the stepper stands. The right answers are read from the trace; students get them with the reveal.
const MOST = 6; // tokens to choose from
const short = (token) => ([...token].length > 24 ? `${[...token].slice(0, 24).join("")}…` : token);

// Each: {id, question, answer, place}. Nothing where the numbers do not decide it.
export function kinds(state, { arrays: { fixed }, colours: { unitRange } }) {
  const { reading, step, level } = state, { length, tokens } = reading, found = [];
  if (!length) return found;
  const prepared = state.given.shared?.question; // the lesson's own
  if (prepared) found.push({ id: "lesson", ...prepared });
  const panel = level === "story" ? state.memory(state.panel().layer) : state.panel(), { layer } = panel, unit = state.unitIn(panel);
  const name = `${panel.letter}[${state.named(panel, unit)}]`, next = step + 1, value = next < length ? panel.at(next, unit) : NaN;
  const where = next < length ? `at “${short(tokens[next])}” (t = ${next + 1})` : "";
  const place = { step: next, unit, array: panel.id };
  if (!Number.isNaN(value) && !panel.own && panel.kind === "gate") {
    found.push({ id: "gate", place, answer: value >= 0.5 ? 0 : 1, question: { text: `Will the ${panel.title} ${name} be open or closed ${where}?`, choices: ["Open: 0.5 or more", "Closed: below 0.5"] } });
  }
  if (!Number.isNaN(value) && panel.kind !== "input") {
    const most = Math.ceil(10 * unitRange(panel, unit)) / 10, gate = panel.kind === "gate";
    const slider = gate ? { min: 0, max: 1, step: 0.05 } : { min: -most, max: most, step: Math.max(0.1, Math.round(most) / 20) };
    const [low, high] = [slider.min, slider.max];
    found.push({ id: "number", place, answer: Number(Math.min(high, Math.max(low, value)).toFixed(3)), question: { text: `What will ${name} be ${where}? Now it is ${fixed(panel.at(step, unit), 2)}.`, slider } });
  }
  const told = written(layer, state.unit, length);
  if (told) {
    const order = told.map((_, k) => k).sort((a, b) => Math.abs(told[b]) - Math.abs(told[a]) || a - b);
    const choices = order.slice(0, MOST).sort((a, b) => a - b), memory = state.memory(layer);
    found.push({
      id: "memory", answer: choices.indexOf(order[0]), place: { step: length - 1, unit: state.unit, array: memory.id },
      question: { text: `Which token will the memory ${memory.letter}[${state.unit}] hold most of after the last one (t = ${length})?`, choices: choices.map((k) => `${k + 1} · ${short(tokens[k])}`) },
    });
  }
  if (layer.positive && step < length - 1) {
    const end = layer.positive[length];
    if (!Number.isNaN(end)) found.push({ id: "verdict", answer: end > 0.5 ? 0 : 1, place: { step: length - 1 }, question: { text: "Positive or negative: what will the verdict be after the last token?", choices: ["Positive", "Negative"] } });
  }
  return found;
}

// What each token wrote that is still in a unit's memory at the end, exactly: c = Σ (i g)_j Π f, h = Σ ((1 - z) n)_j Π z.
// null where the arrays of this cell do not add up to its memory, as with numbers set by hand.
export function written(layer, unit, length) {
  const get = (name) => layer.all.find((p) => p.name === name);
  const [f, i, g, z, n] = ["f", "i", "g", "z", "n"].map(get), end = get(f ? "c" : "h");
  if (length < 2 || !end || !((f && i && g) || (z && n))) return null;
  const keep = f ?? z, write = (t) => (f ? i.at(t, unit) * g.at(t, unit) : (1 - z.at(t, unit)) * n.at(t, unit));
  const left = new Array(length);
  for (let t = length - 1, kept = 1; t >= 0; t -= 1) {
    left[t] = kept * write(t);
    kept *= keep.at(t, unit);
  }
  const sum = left.reduce((a, b) => a + b, 0), is = end.at(length - 1, unit);
  return Math.abs(sum - is) <= 1e-3 * Math.max(1, Math.abs(is)) ? left : null;
}

const TITLES = { lesson: "The question of this stop", gate: "The gate at the next token", number: "The number at the next token", memory: "The token that stays", verdict: "The verdict" };

export function create(room, { frame: { element } }, poll) {
  const root = element("div", { class: "gs-ask", "data-testid": "room-asking", hidden: "" });
  const ready = element("div", { class: "gs-ask-list" });
  const text = element("input", { type: "text", maxlength: 500, class: "gs-field", "aria-label": "Your question", placeholder: "Your own question" });
  const choices = element("textarea", { rows: 3, maxlength: 2400, class: "gs-field", "aria-label": "Choices, one a line", placeholder: "Choices, one a line. * before the right one, if there is one" });
  const send = element("button", { type: "submit", class: "gs-answer", "data-testid": "room-ask-own" }, "Ask this");
  const own = element("form", { class: "gs-ask-own" }, text, choices, send);

  // question as the room takes it; the answer and where it is seen stay in this tab until the reveal.
  async function put({ question, answer, place }) {
    const here = room.here();
    const link = here ? { text: here.state.link.text ?? null, model: here.state.link.model ?? null, page: room.page } : null;
    try {
      const said = await room.request("POST", "/questions", JSON.stringify(question));
      const found = await said.json();
      if (!said.ok) return room.say(`Not asked: ${found.error}`);
      room.keep.set(`answer-${found.id}`, JSON.stringify({ answer, place, link }));
      poll.known();
      open(false);
      room.say("");
    } catch {
      room.say("Not asked: no connection.");
    }
    return null;
  }

  own.onsubmit = (event) => {
    event.preventDefault();
    const lines = choices.value.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 12);
    const right = lines.findIndex((line) => line.startsWith("*")), plain = lines.map((line) => line.replace(/^\*\s*/, "").slice(0, 200));
    if (!text.value.trim() || plain.length < 2 || plain.some((line) => !line)) return room.say("A question needs a text and two choices or more.");
    return put({ question: { text: text.value.trim(), choices: plain }, answer: right < 0 ? null : right, place: null });
  };

  function draw() {
    if (root.hidden) return;
    const here = room.here(), offered = here?.state.reading ? kinds(here.state, here.part) : [];
    const buttons = offered.map((kind) => {
      const made = element("button", { type: "button", class: "gs-answer gs-ask-one", "data-testid": `room-ask-${kind.id}` },
        element("span", { class: "gs-quiet" }, TITLES[kind.id]), element("span", {}, kind.question.text));
      made.onclick = () => put(kind);
      return made;
    });
    ready.replaceChildren(...(buttons.length ? buttons : [element("p", { class: "gs-quiet" }, "Go to a place in a text to ask what comes next, or write a question of your own.")]));
  }

  function open(is) {
    root.hidden = !is;
    root.replaceChildren(...(is ? [ready, own] : []));
    draw();
  }

  return {
    root,
    draw,
    toggle() {
      open(root.hidden);
      root.querySelector("button, input")?.focus();
    },
  };
}
