"""Links from page to page inside the app: a press opens a page as its address would, without loading the app anew.

One component draws any number of them in one message; the browser still has true addresses to copy and to open in another tab.
"""

import html
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core.server import assets
from core.server.paths import base
from core.views import state
from core.views.site import outline
from core.views.state import Visit, Walk
from core.views.widgets import incoming

NAVIGATION = "nav"  # the key of the links that every page has
_component = st.components.v2.component(
    "gatescope_links",
    html='<div class="gs-links"></div>',
    css=assets.styles("site.css"),
    js="""
// The last press on a link, until its page is there and whole. Until then it is sent again: between two runs of the app it may be lost, and what the
// browser says meanwhile of the page before brings that back.
const AGAIN = 700, TIMES = 5;
const wanted = (window.gatescopeWanted ??= { go: null, clock: 0 });
const path = (go) => go.split("?")[0];
const running = () => document.querySelector("[data-testid=stApp][data-test-script-state=running]") !== null;
if (!wanted.heard) { // Back takes it back, and so does whatever is pressed after it
  wanted.heard = () => { wanted.go = null; };
  for (const what of ["popstate", "click"]) addEventListener(what, wanted.heard, true);
}
export default function ({ data, parentElement: host, setTriggerValue }) {
  const root = host.querySelector(".gs-links");
  if (root.shown !== data.html) root.innerHTML = root.shown = data.html; // made by the server, every text in it escaped
  if (data.here !== undefined) Object.assign(wanted, { here: data.here, ask: (go) => setTriggerValue("go", go) });
  const send = (left) => {
    clearTimeout(wanted.clock);
    if (wanted.go === null || left === 0) return;
    const there = path(wanted.go) === wanted.here;
    if (there ? !running() : wanted.here !== wanted.from) return void (wanted.go = null); // there, or elsewhere by another press
    if (!there) wanted.ask(wanted.go);
    wanted.clock = setTimeout(send, AGAIN, there ? left : left - 1);
  };
  root.onclick = (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab or window
    event.preventDefault();
    if (link.dataset.focus) return document.querySelector(link.dataset.focus)?.focus();
    if (innerWidth < 768) document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(); // it covers the page
    Object.assign(wanted, { go: link.dataset.go, from: wanted.here });
    if (path(wanted.go) !== wanted.here) return send(TIMES);
    wanted.ask(wanted.go); // the page anew: nothing tells when it is there, nor does Streamlit go to its top
    wanted.go = null;
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  };
}
""",
    isolate_styles=False,
)


def anchor(inner: str, page: str, mark: str = "", **query: str) -> str:
    """An <a> to a page of ours. inner: HTML. mark: further attributes."""
    to = outline.path(page) + (f"?{urlencode(query)}" if query else "")
    return f'<a href="{html.escape(f"{base()}/{to}")}" data-go="{html.escape(to)}"{mark}>{inner}</a>'


def to(page: str, **query: str) -> str:
    """A link that says the page's name."""
    return anchor(html.escape(outline.name(page)), page, **query)


def draw(inner: str, key: str, here: str | None = None) -> None:
    """Shows HTML of ours in which links stand. key: unique on a page; here: the path of the page, for the links that all pages have, through
    which every press is sent.
    """
    _component(data={"html": inner} | ({} if here is None else {"here": here}), key=key, on_go_change=lambda: None)


def follow(here: str, pages: Mapping[str, Any]) -> None:
    """Goes where a press has asked to go. here: the path of the page that is shown; pages: the st.Page of every path."""
    if not isinstance(asked := incoming.sent(NAVIGATION, "go"), str):
        return
    path, _, query = asked.partition("?")
    if path not in pages:
        return
    kept = dict(parse_qsl(query))
    if path != here:
        st.switch_page(pages[path], query_params=kept)
    st.query_params.from_dict(kept)  # the page anew, as its address opens it
    state.change(Visit, arrived=frozenset(), newcomer=False)
    state.change(Walk, lesson=None)
