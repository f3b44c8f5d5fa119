"""The worked solution on the page: its lines, a field for the reader's own number at each, and the answers."""

import html
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.byhand.line import Worked
from core.byhand.mistakes.diagnoses import Answer, check
from core.byhand.sheet import Sheet
from core.byhand.solution import label
from core.views.byhand.steps import where
from core.views.site import texts
from core.views.stepper.formulas import mathml
from core.views.widgets import incoming
from core.views.widgets.alone import alone

KEY = "hand_lines"
NAMED = 3  # causes that are told
_part = texts.of("by_hand").part
_component = st.components.v2.component(
    "gatescope_byhand",
    html='<div class="gs-byhand" data-testid="byhand-lines"></div>',
    css="""
.gs-byhand { color: var(--st-text-color); line-height: 1.45; }
.gs-byhand h4 { margin: 1rem 0 .25rem; padding: 0; font-size: 1.0625rem; font-weight: 400; overflow-x: auto; }
.gs-byhand math { math-style: normal; font-family: "STIX Two Math", math; } .gs-byhand .line { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; padding: .25rem 0 .25rem .75rem; border-left: 3px solid color-mix(in srgb, var(--st-text-color) 18%, transparent); }
.gs-byhand .line[aria-current] { background: var(--st-secondary-background-color); } .gs-byhand .line[aria-current] .sum::before { content: "▸ "; }
.gs-byhand .line.right { border-left-color: #1a7f4b; } .gs-byhand .line.wrong { border-left-color: #b2182b; }
.gs-byhand .sum { flex: 1 1 18rem; max-width: 46rem; min-width: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.gs-byhand input { width: 8rem; font: inherit; color: inherit; background: var(--st-background-color); border: 1px solid color-mix(in srgb, var(--st-text-color) 55%, var(--st-background-color)); border-radius: .375rem; padding: .125rem .375rem; }
.gs-byhand button { font: inherit; color: inherit; background: none; border: 1px solid color-mix(in srgb, var(--st-text-color) 30%, transparent); border-radius: .375rem; padding: .125rem .5rem; cursor: pointer; }
.gs-byhand .said { flex: 1 0 100%; } .gs-byhand .said:empty { display: none; }
.gs-byhand :focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
@media print { .gs-byhand, .gs-byhand * { color: #000 !important; } .gs-byhand input, .gs-byhand button { display: none !important; } .gs-byhand .line { break-inside: avoid; } }
""",
    js="""
export default function ({ data, parentElement: host, setStateValue }) {
  const root = host.querySelector(".gs-byhand");
  const known = root.known ?? { order: "", id: null, said: {} };
  if (known.id !== data.id) Object.assign(known, { id: data.id, said: {} }); // another sheet: other numbers
  root.known = known;
  const order = data.rows.map((row) => `${row.key ?? ""}${row.place ? "+" : ""}`).join();
  if (known.order !== order) {
    root.replaceChildren(...data.rows.map((row) => {
      const element = document.createElement(row.key ? "div" : "h4");
      if (row.key) {
        element.className = "line";
        element.dataset.line = row.key;
        const field = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal", maxLength: 40, autocomplete: "off" });
        field.setAttribute("aria-label", `${data.words.yours}: ${row.label}`);
        field.placeholder = data.words.yours;
        field.onchange = () => {
          known.said = { ...known.said, [row.key]: field.value };
          if (!field.value.trim()) delete known.said[row.key];
          root.send(known.said);
        };
        const sum = Object.assign(document.createElement("span"), { className: "sum" });
        const said = Object.assign(document.createElement("div"), { className: "said" });
        said.setAttribute("role", "status");
        element.append(sum, field, said);
        if (row.place) {
          const look = Object.assign(document.createElement("button"), { type: "button", textContent: data.words.look });
          look.setAttribute("aria-label", `${data.words.look}: ${row.label}`);
          look.onclick = () => root.look(row.place);
          field.after(look);
        }
      }
      return element;
    }));
    known.order = order;
  }
  root.send = (said) => setStateValue("said", { id: known.id, said });
  const stepper = () => document.querySelector("[data-testid=stepper]"); // the page's: it moves without the server
  root.look = (place) => {
    const found = stepper();
    const state = found?.stepper?.state;
    if (!state?.reading) return;
    state.show("inside");
    state.choose({ ...place, unit: place.unit ?? place.dim ?? place.out });
    found.focus({ preventScroll: true });
    found.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  // The lines of the place at which the stepper stands.
  root.mark = () => {
    const state = stepper()?.stepper?.state;
    if (!state?.reading) return;
    const unit = state.unitIn(state.panel());
    root.places.forEach((place, k) => {
      const here = place && place.array === state.array && place.step === state.step && (place.unit ?? place.dim ?? place.out) === unit;
      if (here) root.children[k].setAttribute("aria-current", "step");
      else root.children[k].removeAttribute("aria-current");
    });
  };
  if (!root.marks) document.addEventListener("gatescope:moved", root.marks = () => root.isConnected && root.mark());
  const write = (element, inner) => { if (element.written !== inner) element.innerHTML = element.written = inner; }; // made by the server, every text in it escaped
  data.rows.forEach((row, k) => {
    const element = root.children[k];
    if (!row.key) return write(element, row.head);
    write(element.querySelector(".sum"), row.sum);
    write(element.querySelector(".said"), row.said);
    element.classList.toggle("right", row.verdict === "right");
    element.classList.toggle("wrong", row.verdict === "wrong" || row.verdict === "near" || row.verdict === "unread");
    const field = element.querySelector("input");
    if (document.activeElement !== field) field.value = known.said[row.key] ?? "";
  });
  root.places = data.rows.map((row) => row.place);
  root.mark();
  root.watch?.disconnect();
  root.watch = new ResizeObserver(() => { // a formula that is too wide scrolls: also by the keyboard
    for (const head of root.querySelectorAll("h4")) {
      if (head.scrollWidth > head.clientWidth) head.tabIndex = 0;
      else head.removeAttribute("tabindex");
    }
  });
  root.watch.observe(root);
  return () => {
    document.removeEventListener("gatescope:moved", root.marks);
    root.marks = null;
    root.watch.disconnect();
  };
}
""",
    isolate_styles=False,
)


def said(count: int) -> Mapping[str, str]:
    """What the reader has typed for this sheet's lines, by key."""
    sent = incoming.sent(KEY, "said")
    told = sent.get("said") if isinstance(sent, dict) and sent.get("id") == count else None
    return {key: value for key, value in told.items() if isinstance(value, str)} if isinstance(told, dict) else {}


def answers(sheet: Sheet, lines: Sequence[Worked], count: int) -> dict[str, Answer]:
    """The answers to the numbers that were typed for these lines."""
    typed = said(count)
    return {line.key: check(sheet, line.key, typed[line.key]) for line in lines if line.key in typed}


def told(answer: Answer) -> str:
    """An answer in words."""
    if answer.verdict == "unread":
        return answer.why
    if answer.verdict == "right":
        return _part("right")
    begin = _part("near", digits=answer.digits) if answer.verdict == "near" else _part("wrong")
    if not answer.causes:
        return f"{begin} {_part('no cause', tried=answer.tried)}"
    causes = "; or ".join(f"{cause.said}{_part('alone') if cause.marked else ''}" for cause in answer.causes[:NAMED])
    return f"{begin} {_part('causes', causes=causes, count=len(answer.causes), tried=answer.tried)}"


def draw(sheet: Sheet, lines: Sequence[Worked], count: int, digits: int, hidden: bool) -> None:
    """The lines, one head a formula; each opens its place in the page's stepper, which marks its lines in turn."""
    found = answers(sheet, lines, count)
    rows: list[dict[str, Any]] = []
    for k, line in enumerate(lines):
        if k == 0 or lines[k - 1].formula != line.formula:
            rows.append({"head": mathml(line.formula)})
        rows.append(_row(sheet, line, digits, hidden, found.get(line.key)))

    st.html(f"<style>{alone('.gs-byhand')}</style>")
    words = {"yours": _part("yours"), "look": _part("look")}
    _component(data={"rows": rows, "id": count, "words": words}, key=KEY, on_said_change=lambda: None)


def _row(sheet: Sheet, line: Worked, digits: int, hidden: bool, answer: Answer | None) -> dict[str, Any]:
    name = html.escape(label(sheet, line))
    shown = not hidden or (answer is not None and answer.verdict == "right")
    mark = "†" if line.shows_rounding(digits) else ""
    sum_ = f"{html.escape(line.numbers(digits))} = <b>{html.escape(line.result(digits))}</b>{mark}" if shown else "…"
    return {
        "key": line.key,
        "label": label(sheet, line),
        "place": where(sheet, line) if line.place and not hidden else None,  # the stepper has every result
        "sum": f"<i>{name}</i> = {sum_}",
        "said": "" if answer is None else html.escape(told(answer)),
        "verdict": "" if answer is None else answer.verdict,
    }
