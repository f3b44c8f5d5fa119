"""What the tab keeps of a visit: what was typed, the lesson that is being made, and the one that is walked.

A reload begins a new session, and a server that was started anew has none; the tab gives back what it has kept. Nothing of it outlasts the tab.
"""

from contextlib import suppress

import streamlit as st

from core.lessons.custom import LARGEST, Refused, read, to_json
from core.server import private
from core.views import state
from core.views.lessons import custom, draft
from core.views.state import Custom, Draft, Visit
from core.views.widgets import controls, incoming

MOST = 6 * LARGEST  # characters of JSON, in which one beyond ASCII has six
_component = st.components.v2.component(
    "gatescope_kept",
    html="<span hidden></span>",
    js="""
const AGAIN = 2000, TIMES = 3; // what is said between two runs of the app may be lost
const tab = (window.gatescopeKept ??= { clock: 0 });
const heard = (is) => { // whether the session has the tab's draft: what is added to it waits for that (stepper/view/tab.js)
  document.documentElement.toggleAttribute("data-gs-heard", is);
  if (is) document.dispatchEvent(new Event("gatescope:heard"));
};
const stored = (name) => {
  try { return sessionStorage.getItem(name) ?? ""; } catch { return ""; } // a browser may forbid it
};
const store = (name, text) => {
  try { text ? sessionStorage.setItem(name, text) : sessionStorage.removeItem(name); } catch {}
};
const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload"; // an address opened anew shows what it says
const typed = (known) => {
  let all = {};
  try { all = JSON.parse(stored("gatescope-typed") || "{}"); } catch {}
  const lost = Object.entries(all).filter(([name]) => known[name] === null);
  const own = Object.entries(known).filter(([, text]) => text !== null);
  if (own.length) store("gatescope-typed", JSON.stringify({ ...all, ...Object.fromEntries(own) }));
  return reloaded && lost.length ? { typed: Object.fromEntries(lost) } : {};
};
export default function ({ data, setTriggerValue }) {
  for (const [name, text] of Object.entries(data.kept)) if (text !== null) store(`gatescope-${name}`, text);
  const lost = Object.keys(data.kept).filter((name) => data.kept[name] === null && (stored(`gatescope-${name}`) || name === data.asks));
  const said = { ...Object.fromEntries(lost.map((name) => [name, { text: stored(`gatescope-${name}`) }])), ...typed(data.typed) };
  heard(!lost.includes("draft"));
  const give = (left) => {
    clearTimeout(tab.clock);
    if (left === 0) heard(true);
    if (!Object.keys(said).length || left === 0) return;
    for (const [name, value] of Object.entries(said)) setTriggerValue(name, value);
    tab.clock = setTimeout(give, AGAIN, left - 1);
  };
  give(TIMES);
}
""",
    isolate_styles=False,
)


def went_back() -> bool:
    """Whether Back or Forward led to this run."""
    return private.by_history()


def keep() -> None:
    """Gives the tab what it is to keep, and takes what it has kept where this session has nothing. On every page, once it is drawn."""
    own, lesson = state.of(Draft), custom.lesson()
    made = draft.to_json(own) if own.stops else "" if own.count or own.heard else None
    walked = to_json(lesson) if lesson is not None else "" if state.of(Custom).sought else None
    data = {"kept": {"draft": made, "own": walked}, "asks": "own" if custom.wanted() else None, "typed": controls.to_keep()}
    with st.sidebar:  # where its empty line is in nobody's way
        _component(data=data, key="kept", on_draft_change=_draft, on_own_change=_own, on_typed_change=_typed)
    draft.tell()  # a page may be left as soon as it is read


def _said(name: str) -> str:
    found = incoming.sent("kept", name, MOST)
    return str(found.get("text") or "") if isinstance(found, dict) else ""


def _typed() -> None:
    if isinstance(found := incoming.sent("kept", "typed", MOST), dict):
        controls.take_back(found)


def _draft() -> None:
    if not state.of(Draft).stops:
        with suppress(ValueError):
            title, stops = draft.read(_said("draft"))
            draft.put(stops, title)
        state.change(Draft, heard=True)


def _own() -> None:
    if custom.lesson() is not None:
        return
    state.put(Custom(sought=True))
    with suppress(Refused):
        custom.put(read(_said("own").encode()))
        state.change(Visit, arrived=state.of(Visit).arrived - {"lesson"})
