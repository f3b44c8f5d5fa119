"""A class in one room, as a page knows it: the bar that leads or follows in the browser, and what a follower's page is to show.

The server learns the room's code and, of a follower, what the teacher shows; never the teacher's key.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from pydantic import ValidationError
from streamlit.runtime.scriptrunner import RerunException

from core.classroom.codes import code_of
from core.classroom.models import State
from core.classroom.shown import HERE, LONGEST, link, stop_of
from core.lessons.custom import from_stops
from core.models import Reading, UnknownWords, catalogue, load
from core.server import assets
from core.server.paths import base
from core.views import parameters, state
from core.views.lessons import stops
from core.views.site import texts
from core.views.state import Seat, Visit
from core.views.widgets import answers, incoming, shared
from core.views.widgets.escape import literal

_JS = (
    f"{assets.AHEAD}\nconst MODULES = {json.dumps(assets.modules('room/room.js'))};"
    + """
export default function (component) {
  const { data, parentElement: host } = component, root = host.querySelector(".gs-room");
  const from = new URL(data.assets + "stepper/", location.origin).href;
  ahead(from, MODULES);
  const room = import(from + "room/room.js");
  room.then((module) => module.show(component, root)).catch((error) => {
    root.textContent = `The room could not be loaded (${error.message ?? "no connection"}). Reload the page to try again.`;
  });
  return () => { room.then((module) => module.hide(root), () => {}); };
}
"""
)
_component = st.components.v2.component(
    "gatescope_room",
    html='<div class="gs-room"></div>',
    css=(assets.ASSETS / "stepper" / "room" / "room.css").read_text(encoding="utf-8"),
    js=_JS,
    isolate_styles=False,
)


def bar(page: str, pages: Mapping[str, Any]) -> None:
    """Draws the room's bar if this visit is in one, and goes where the teacher has gone. pages: the st.Page of every path."""
    name = "code" if page == "room" else "room"
    asked = parameters.asked(name)
    if (code := code_of(asked or "")) and code != state.of(Seat).code:
        _enter(code)
    if (code := state.of(Seat).code) is None:
        return
    if (view := state.of(Seat).go) is not None:
        _go(view, page, pages)
    if asked != code and (asked is None or page != "room"):
        st.query_params[name] = code  # the browser brings it back when the server was gone
    seat = state.of(Seat)
    data = {
        "session": seat.session,
        "ping": incoming.sent("room_bar", "ping"),
        "code": code,
        "page": page,
        "nonce": seat.nonce,
        "at": None if seat.view is None else target(seat.view, pages),
        **_common(),
    }
    _component(data=data, key="room_bar", on_moved_change=take, on_left_change=_leave, on_ping_change=lambda: None)
    if seat.bad:
        st.warning(texts.of("room").part("unreadable"))


def form() -> None:
    """The form that opens a room. The browser asks for it, so that the key never passes through a page of the server."""
    _component(data={"form": True, **_common()}, key="room_form", on_opened_change=_opened)


def _common() -> dict[str, str]:
    return {"assets": assets.url(base()), "base": base()}


def _opened() -> None:
    if code := code_of(str(st.session_state["room_form"].get("opened") or "")):
        _enter(code)


def _enter(code: str) -> None:
    state.put(Seat(code, session=state.of(Seat).session or secrets.token_hex(4)))


def _leave() -> None:
    state.change(Seat, code=None)
    for name in ("room", "code"):
        st.query_params.pop(name, None)


def take() -> None:
    """What the browser asks to be shown: the room's state, checked again."""
    said = st.session_state["room_bar"].get("moved") or {} if "room_bar" in st.session_state else None
    if isinstance(said, dict) and said.get("nonce") == state.of(Seat).nonce is not None:
        return  # asked again while a slow page is still being brought there
    if said is None:  # between two pages Streamlit may have forgotten what the bar said: another nonce lets it say it again at once
        state.change(Seat, nonce=secrets.token_hex(4))
        return
    try:
        view = State.model_validate_json(json.dumps(said.get("state")))
    except (ValidationError, AttributeError, ValueError, RecursionError):
        state.change(Seat, bad=True)
        return
    state.change(Seat, view=view, go=view, going=False, bad=False, leads=said.get("leads") is True, nonce=str(said.get("nonce"))[:40])


def target(view: State, pages: Mapping[str, Any]) -> str:
    """The path of the page that shows a state; the page Room for a text alone and for pages that are not here.

    A teacher who comes back stands where the class was led from.
    """
    page = view.page.strip("/")
    if state.of(Seat).leads:
        return page if page in pages and page != "room" else "teach"
    if page in HERE and view.edits:
        return "what_if"
    return "room" if view.made or page not in pages or (page in HERE and not view.lesson) else page


def _go(view: State, page: str, pages: Mapping[str, Any]) -> None:
    """Opens the view's page, or this one anew, as by a link; until a whole run has been made of it (`goes`), every run has that address.

    What a run has read of it before a newer one ended it is read again by a follower, whose controls the browser may not have heard of, and who is
    told that this is what the teacher shows. A teacher's press stands.
    """
    to, room = target(view, pages), state.of(Seat).code
    try:
        led = parameters.LED if state.of(Seat).leads else parameters.LED - answers.NAMES
        said = {name: value for name, value in link(view).items() if name in led}
        query = {"code": room} if to == "room" else {"room": room, **said}
        if len(urlencode(query)) > LONGEST:
            raise ValueError("no browser opens that")
    except Exception:  # of a room that another version led, or another server
        state.change(Seat, bad=True, go=None, going=False)
        return
    if to != page:
        st.switch_page(pages[to], query_params=query)
    if to != "room":
        st.query_params.from_dict(query)
        if not (state.of(Seat).going and state.of(Seat).leads):
            state.change(Visit, arrived=frozenset(), newcomer=False, exact=True)
        state.change(Seat, going=True)


@contextmanager
def goes() -> Iterator[None]:
    """For the run of the page. A run that a newer one ends may not have read the address, and the newer one comes with the address before it."""
    try:
        yield
    except RerunException:
        raise
    except BaseException:
        state.change(Seat, go=None, going=False)
        raise
    state.change(Seat, go=None, going=False)


def address(path: str) -> str:
    """A path of this app as a browser elsewhere asks for it, by the name under which this one does."""
    seen = urlsplit(st.context.url or "http://localhost:8501")
    return f"{seen.scheme}://{seen.netloc}{base()}/{path}"


def only_here() -> bool:
    """Whether this browser knows the server by a name that no other machine does."""
    host = urlsplit(st.context.url or "http://localhost").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def show() -> None:
    """What the room shows: a stop of the teacher's own lesson, or a text; a notice where there is nothing yet, or nothing that can be read."""
    view = state.of(Seat).view
    try:
        if view is not None and view.made:
            _stop(view)
        elif view is None or not view.model:
            st.info(texts.of("room").part("nothing yet"))
        elif (found := _read(view)) is not None:
            shared.read(found)
    except Exception:  # what is refused when it is set may still come from a room that another version led, or another server
        st.warning(texts.of("room").part("unreadable"))


def _stop(view: State) -> None:
    lesson_of_one = from_stops("A stop", [stop_of(view).stop.model_dump(mode="json", exclude_defaults=True)])
    nonce, count = state.of(Seat).nonce, " of ".join(str(n) for n in (view.stop, view.of) if n is not None)
    stops.walk(lesson_of_one, 0, {"lesson": None, "stop": None}, nonce or "", count)


def _read(view: State) -> Reading | None:
    if view.model not in catalogue():
        st.warning(texts.of("room").part("no model", model=literal(view.model)))
        return None
    try:
        return load(view.model).run(view.text)
    except UnknownWords as error:
        st.warning(texts.of("room").part("unknown word", word=literal(error.words[0][:40])))
        return None
