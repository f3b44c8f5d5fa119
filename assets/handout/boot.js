// A hand-out's own script: joins the stepper's modules, shows one stop at a time, and reads words of one's own where the models are small.
// data: {value: {title, name, stops: [{body, place, level, predict}]}, shared, bytes}, body as core/views/stepper.py makes it; see core/handout/page.py.
"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const read = (id) => JSON.parse($(id).textContent);
  const { value, shared, bytes: deflated } = read("data");
  // The arrays' bytes: deflated, all first bytes of their numbers first, then all second ones.
  async function inflate(text) {
    const stream = new Blob([Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer()), count = planes.length / 4;
    return planes.map((_, k) => planes[(k % 4) * count + Math.floor(k / 4)]);
  }
  const bytes = deflated ? await inflate(deflated) : null;
  const base64 = ([start, count]) => {
    const parts = [];
    for (let k = start; k < start + count; k += 8190) parts.push(btoa(String.fromCharCode(...bytes.subarray(k, Math.min(k + 8190, start + count))))); // 8190: a multiple of 3
    return parts.join("");
  };
  const spread = (part) => {
    if (Array.isArray(part)) return part.map(spread);
    if (part === null || typeof part !== "object") return part;
    if ("#" in part) return base64(part["#"]);
    return "$" in part ? spread(shared[part.$]) : Object.fromEntries(Object.entries(part).map(([name, child]) => [name, spread(child)]));
  };
  const { title, name, stops } = spread(value);
  window.requestIdleCallback ??= (act) => setTimeout(act, 100); // Safari has none

  const sources = read("modules"), modules = {};
  const address = (module) => URL.createObjectURL(new Blob([sources[module]], { type: "text/javascript" }));
  const load = (module) => (modules[module] ??= import(address(module)));

  const make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [key, text] of Object.entries(attributes)) made.setAttribute(key, text);
    made.append(...children);
    return made;
  };
  const button = (label, id, act) => Object.assign(make("button", { type: "button", class: "ho-button", "data-testid": `handout-${id}` }, label), { onclick: act });

  const asked = new URLSearchParams(location.search), texts = [...$("texts").children];
  const wanted = Number(asked.get("stop"));
  let at = Number.isInteger(wanted) && wanted >= 1 && wanted <= stops.length ? wanted - 1 : 0;
  let own = null, moves = 0, view = null, compute = null;
  const joined = ({ tokens, layers }) => tokens.join(layers[0].computes?.reads === "symbols" ? "" : " ");
  const text = joined(stops[0].body).replace(/ (?=[,.;:!?])/g, "").slice(0, 200);
  document.title = title || `Gatescope: ${text.slice(0, 60)}`;
  $("title").textContent = title || text;
  const licences = new Set(stops.flatMap(({ body }) => body.layers.flatMap((layer) => layer.licences)));
  $("licences").append(...[...licences].map((line) => make("li", {}, line)));

  const back = button("Back", "back", () => go(at - 1)), on = button("Go on", "on", () => go(at + 1));
  for (const [made, key] of [[back, "PageUp"], [on, "PageDown"]]) {
    made.setAttribute("aria-keyshortcuts", key);
    made.title = key;
  }
  $("turn").append(back, on);
  $("turn").hidden = stops.length < 2;

  const touched = ({ layers }) => layers.some(({ inside }) => inside && Object.keys(inside.edited).length);

  function show() {
    const stop = stops[at], { body, place } = stop;
    texts.forEach((article, k) => { article.hidden = k !== at; });
    [back.disabled, on.disabled] = [at === 0, at === stops.length - 1];
    view.show({
      data: {
        ...(own ? own.body : body), assets: null, agreement: null, predict: stop.predict, level: stop.level,
        unasked: own ? "worked out in this page from the model’s weights" : touched(body) ? "some numbers set by hand" : "worked out by Gatescope’s NumPy core",
        link: { lesson: at < stops.length - 1 ? name : null, stop: stops.length > 1 ? String(at + 1) : null, text: own ? own.text : undefined },
        start: place, goto: { ...place, count: moves },
      },
      setTriggerValue() {},
    });
    words();
    const written = own ? own.text : joined(body);
    if (field.value !== written) field.value = written;
  }
  function go(to) {
    if (!view || to < 0 || to >= stops.length || to === at) return;
    [at, own, moves] = [to, null, moves + 1];
    show();
  }
  document.addEventListener("keydown", (event) => {
    const by = { PageUp: -1, PageDown: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey || stops.length < 2 || event.target.closest?.("select, pre, .gs-scroll")) return;
    event.preventDefault();
    go(at + by);
  });

  // Words of one's own: typed, or clicked one by one.
  const field = make("input", { type: "text", class: "ho-field", autocomplete: "off", spellcheck: "false", dir: "auto", "data-testid": "handout-text" });
  const label = make("label", {}, "Your own text ", field), list = make("div", { class: "ho-words", role: "group", "aria-label": "Words" }), said = make("p", { role: "status", "data-testid": "handout-said" });
  $("own").append(label, list, said);
  field.oninput = () => type(field.value);
  let listed = null;

  function words() {
    const known = compute.reads(stops[at].body);
    $("own").hidden = false;
    label.hidden = list.hidden = !known;
    said.textContent = known ? "" : "This model’s words are too many for this file. A text of your own is read in Gatescope itself.";
    if (!known || listed === known) return;
    listed = known;
    if (stops.length < 2) document.querySelector("main").prepend($("own")); // as in the app; in a lesson what is said comes first
    const join = known.reads === "words" ? " " : "";
    const put = (tokens) => { field.value = tokens.join(join); type(field.value); };
    const now = () => compute.split(known, field.value).tokens;
    list.replaceChildren(
      ...known.words.map((word) => button(word, `word-${word}`, () => put([...now(), word]))),
      button(known.reads === "words" ? "⌫ last word" : "⌫ last sign", "last", () => put(now().slice(0, -1))),
      button("clear", "clear", () => put([])),
      button(stops.length > 1 ? "back to the stop" : "back to the first text", "again", () => { own = null; moves += 1; show(); }),
    );
  }

  function type(text) {
    const known = compute.reads(stops[at].body), { tokens, strange, cut } = compute.split(known, text);
    if (strange.length) {
      const shown = strange.slice(0, 8).map((word) => `“${word.slice(0, 30)}”`).join(", ");
      said.textContent = `This model knows ${known.words.join(known.reads === "words" ? ", " : " ")}, and ${shown} ${strange.length === 1 ? "is" : "are"} not among them. The last good text stays.`;
      return;
    }
    own = { text, body: compute.read(stops[at].body, tokens) };
    show();
    said.textContent = cut ? `Cut after ${tokens.length} tokens.` : "";
  }

  const [main, counter, arrays, cell] = await Promise.all(["main", "compute", "arrays", "cell"].map(load));
  compute = counter.create({ arrays, cell });
  view = await main.open($("host"), load, address("heatmaps"));
  const first = asked.get("text"), known = compute.reads(stops[at].body);
  if (first !== null && known) {
    const { tokens, strange } = compute.split(known, first);
    if (!strange.length) own = { text: first, body: compute.read(stops[at].body, tokens) };
  }
  show();
  if (first !== null && known && !own) type(first); // says which words are not known
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
})().catch((error) => {
  const told = document.createElement("p");
  told.textContent = `This browser does not run the hand-out (${error.message}). Its texts stand above.`;
  document.querySelector(".gs-root").replaceChildren(told);
  for (const article of document.querySelectorAll("#texts > *")) article.hidden = false;
});
