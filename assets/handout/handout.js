// A hand-out: shows one stop at a time, reads words of one's own where the models are small, trains where a stop does.
import { open as stepper } from "../stepper/main.js";
import * as compute from "../stepper/pure/compute.js";
import { pressed } from "../stepper/pure/keys.js";
import { button as plain, element, targetOf } from "../stepper/view/element.js";
import { pickers } from "./pickers.js";
import { unpacked } from "./unpack.js";

/**
 * @typedef {import("../stepper/types").Body} Body
 * @typedef {object} Stop
 * @property {Body} body as core/views/stepper/component.py makes it
 * @property {import("../stepper/types").Place} place
 * @property {import("../stepper/types").Level} level
 * @property {boolean | null} predict
 * @property {import("./training.js").Training} [train] a stop that trains; it has nothing else
 * @typedef {{title: string, name: string, stops: Stop[], fixed?: boolean}} Lesson fixed: a notebook's view
 */

/** @param {string} id */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @type {(label: string, id: string, act: () => void) => HTMLButtonElement} */
const button = (label, id, act) => plain({ class: "ho-button", "data-testid": `handout-${id}` }, label, act);
/** @param {Body} body */
const joined = ({ tokens, layers }) => tokens.join(layers[0].computes?.reads === "symbols" ? "" : " ");
/** @param {Body} body */
const touched = ({ layers }) => layers.some(({ inside }) => inside && Object.keys(inside.edited).length);

/**
 * Draws the page's hand-out.
 * @param {(path: string) => Promise<any>} module imports one of the modules that stand in the page
 */
export async function open(module) {
  window.requestIdleCallback ??= (act) => /** @type {any} */ (setTimeout(act, 100)); // Safari has none
  /** @type {Lesson} */
  const { title, name, stops, fixed } = await unpacked(JSON.parse($("data").textContent ?? ""));
  const heatmaps = async () => (await import("./heatmaps.js")).heatmaps;
  /** One stepper at a time hears keys and writes the address. @type {ReturnType<typeof stepper> | null} */
  let view = null;
  const asked = new URLSearchParams(location.search);
  const texts = /** @type {HTMLElement[]} */ ([...$("texts").children]);
  const wanted = Number(asked.get("stop"));
  let at = Number.isInteger(wanted) && wanted >= 1 && wanted <= stops.length ? wanted - 1 : 0;
  /** @type {{text: string, body: Body} | null} */
  let own = null;
  let moves = 0;
  /** @type {ReturnType<typeof import("./training.js").open> | null} */
  let trainer = null;
  head(title, stops);

  const back = button("Back", "back", () => go(at - 1));
  const on = button("Next", "on", () => go(at + 1));
  for (const [made, key] of /** @type {const} */ ([
    [back, "PageUp"],
    [on, "PageDown"],
  ])) {
    made.setAttribute("aria-keyshortcuts", key);
    made.title = key;
  }
  $("turn").append(back, on);
  $("turn").hidden = stops.length < 2;
  const chosen = pickers(fixed ? stops : [], $("turn"), $("host"), (to) => (to === null ? show() : go(to)));

  function show() {
    const { body, place, predict, level, train } = stops[at];
    texts.forEach((article, k) => {
      article.hidden = k !== at;
    });
    [back.disabled, on.disabled] = [at === 0, at === stops.length - 1];
    $("host").hidden = Boolean(train);
    $("train").hidden = !train;
    if (train) return void trains(train);
    const core = touched(body) ? "some numbers set by hand" : "computed by Gatescope’s NumPy core";
    const link = {
      lesson: at < stops.length - 1 ? name : null,
      stop: stops.length > 1 ? String(at + 1) : null,
      text: own ? own.text : undefined,
    };
    view ??= stepper($("host"), { heatmaps, ahead: () => {} });
    view.show({
      data: {
        ...(own ? own.body : chosen(body, at)),
        ...{ assets: null, agreement: null, predict, level, link, start: place },
        unasked: own ? "computed in this page from the model’s weights" : core,
        goto: Object.assign({}, place, { count: moves }),
      },
      setTriggerValue() {},
    });
    words();
    const written = own ? own.text : joined(body);
    if (field.value !== written) field.value = written;
  }
  /** @param {import("./training.js").Training} train */
  async function trains(train) {
    $("own").hidden = true;
    view?.close();
    view = null;
    $("host").querySelector(".gs-root")?.replaceChildren();
    const { open: opened } = await module("handout/training.js");
    if (stops[at].train !== train) return; // turned on
    trainer ??= opened($("train"));
    trainer?.show(train, { lesson: at < stops.length - 1 ? name : null, stop: String(at + 1) });
  }
  /** @param {number} to */
  function go(to) {
    if (to < 0 || to >= stops.length || to === at) return;
    trainer?.close();
    trainer = null;
    [at, own, moves] = [to, null, moves + 1];
    show();
  }
  document.addEventListener("keydown", (event) => {
    const found = pressed("handout", event);
    if (!found || stops.length < 2 || targetOf(event).closest?.("select, pre, .gs-scroll")) return;
    event.preventDefault();
    go(found.id === "back" ? at - 1 : at + 1);
  });

  // Words of one's own: typed, or clicked one by one.
  const field = element("input", {
    ...{ type: "text", class: "ho-field", autocomplete: "off", spellcheck: "false", dir: "auto" },
    "data-testid": "handout-text",
  });
  const label = element("label", {}, "Your own text ", field);
  const list = element("div", { class: "ho-words", role: "group", "aria-label": "Words" });
  const said = element("p", { role: "status", "data-testid": "handout-said" });
  $("own").append(label, list, said);
  field.oninput = () => type(field.value);
  /** @type {import("../stepper/types").Computes | null} */
  let listed = null;

  function words() {
    const known = compute.reads(stops[at].body);
    $("own").hidden = Boolean(fixed);
    if (fixed) return;
    label.hidden = list.hidden = !known;
    said.textContent = known
      ? ""
      : "This model’s vocabulary is too large for this file. To try a text of your own, use Gatescope itself.";
    if (!known || listed === known) return;
    listed = known;
    // As in the app; in a lesson what is said comes first.
    if (stops.length < 2) document.querySelector("main")?.prepend($("own"));
    const spaced = known.reads === "words";
    /** @param {string[]} tokens */
    const put = (tokens) => {
      field.value = tokens.join(spaced ? " " : "");
      type(field.value);
    };
    const now = () => compute.split(known, field.value).tokens;
    list.replaceChildren(
      ...known.words.map((word) => button(word, `word-${word}`, () => put([...now(), word]))),
      button(spaced ? "⌫ last word" : "⌫ last character", "last", () => put(now().slice(0, -1))),
      button("clear", "clear", () => put([])),
      button(stops.length > 1 ? "back to the stop" : "back to the first text", "again", () => {
        own = null;
        moves += 1;
        show();
      }),
    );
  }

  /** @param {string} text */
  function type(text) {
    const known = compute.reads(stops[at].body);
    if (!known) return;
    const { tokens, strange, cut } = compute.split(known, text);
    if (strange.length) {
      const shown = strange.slice(0, 8).map((word) => `“${word.slice(0, 30)}”`);
      const all = known.words.join(known.reads === "words" ? ", " : " ");
      const are = strange.length === 1 ? "is" : "are";
      const strangers = `${shown.join(", ")} ${are} not among them`;
      said.textContent = `This model knows ${all}, and ${strangers}. The last valid text is still shown.`;
      return;
    }
    own = { text, body: compute.read(stops[at].body, tokens) };
    show();
    const units = known.reads === "words" ? "words" : "characters";
    said.textContent = cut ? `Only the first ${tokens.length} ${units} are read.` : "";
  }

  const first = asked.get("text");
  const known = stops[at].train ? null : compute.reads(stops[at].body);
  if (first !== null && known) {
    const { tokens, strange } = compute.split(known, first);
    if (!strange.length) own = { text: first, body: compute.read(stops[at].body, tokens) };
  }
  show();
  if (first !== null && known && !own) type(first); // says which words are not known
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

/**
 * The page's title, and the licences of its models.
 * @param {string} title
 * @param {Stop[]} stops
 */
function head(title, stops) {
  const read = stops.filter(({ train }) => !train);
  const text = (read.length ? joined(read[0].body) : "")
    .replace(/ (?=[,.;:!?])/g, "")
    .slice(0, 200);
  document.title = title || `Gatescope: ${text.slice(0, 60)}`;
  $("title").textContent = title || text;
  const licences = new Set(read.flatMap(({ body }) => body.layers.flatMap((layer) => layer.licences)));
  $("licences").append(...[...licences].map((line) => element("li", {}, line)));
}
