"""A class in one room, as a page knows it: the bar that leads or follows in the browser, and what a follower's page is to show.

The server learns the room's code and, of a follower, what the teacher shows; never the teacher's key.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
from pydantic import ValidationError

from core.classroom.codes import code_of
from core.classroom.models import State
from core.classroom.shown import HERE, LONGEST, link, stop_of
from core.lessons.custom import made
from core.models import Reading, UnknownWords, catalogue, load
from core.server import assets
from core.views.lessons import stops
from core.views.widgets import controls, shared

UNREAD = "What the teacher shows cannot be read here."
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
    state, name = st.session_state, "code" if page == "room" else "room"
    asked = st.query_params.get(name)
    if (code := code_of(asked or "")) and code != state.get("room"):
        _enter(code)
    if (code := state.get("room")) is None:
        return
    if (view := state.get("room_go")) is not None:
        _go(view, page, pages)
    if asked != code and (asked is None or page != "room"):
        st.query_params[name] = code  # the browser brings it back when the server was gone
    view = state["room_view"]
    new = {"session": state.setdefault("room_session", secrets.token_hex(4)), "ping": (state.get("room_bar") or {}).get("ping")}
    data = {
        **new,
        "code": code,
        "page": page,
        "nonce": state["room_nonce"],
        "at": None if view is None else target(view, pages),
        **_common(),
    }
    _component(data=data, key="room_bar", on_moved_change=_take, on_left_change=_leave, on_ping_change=lambda: None)
    if state["room_bad"]:
        st.warning(UNREAD)


def form() -> None:
    """The form that opens a room. The browser asks for it, so that the key never passes through a page of the server."""
    _component(data={"form": True, **_common()}, key="room_form", on_opened_change=_opened)


def _common() -> dict[str, str]:
    base = st.get_option("server.baseUrlPath") or ""
    return {"assets": assets.url(base), "base": assets.prefix(base)}


def _opened() -> None:
    if code := code_of(str(st.session_state["room_form"].get("opened") or "")):
        _enter(code)


def _enter(code: str) -> None:
    """The room last: a newer press may end the run between any two of these, and the next one must not find a room without the rest."""
    st.session_state.update(room_view=None, room_nonce=None, room_go=None, room_bad=False, room_leads=False, room=code)


def _leave() -> None:
    st.session_state["room"] = None
    for name in ("room", "code"):
        st.query_params.pop(name, None)


def _take() -> None:
    """What the browser asks to be shown: the room's state, checked again."""
    said = st.session_state["room_bar"].get("moved") or {} if "room_bar" in st.session_state else None
    if said is None:  # between two pages Streamlit may have forgotten what the bar said: another nonce lets it say it again at once
        st.session_state["room_nonce"] = secrets.token_hex(4)
        return
    try:
        view = State.model_validate_json(json.dumps(said.get("state")))
    except (ValidationError, AttributeError, ValueError, RecursionError):
        st.session_state["room_bad"] = True
        return
    leads, nonce = said.get("leads") is True, str(said.get("nonce"))[:40]  # the nonce last, by which the browser sees that it is done
    st.session_state.update(room_view=view, room_leads=leads, room_bad=False, room_go=view, room_nonce=nonce)


def target(view: State, pages: Mapping[str, Any]) -> str:
    """The path of the page that shows a state; the page Room for a text alone and for pages that are not here.

    A teacher who comes back stands where the class was led from.
    """
    page = view.page.strip("/")
    if st.session_state["room_leads"]:
        return page if page in pages and page != "room" else "teach"
    if page in HERE and view.edits:
        return "what_if"
    return "room" if view.made or page not in pages or (page in HERE and not view.lesson) else page


def _go(view: State, page: str, pages: Mapping[str, Any]) -> None:
    """Opens the view's page, or this one anew, as by a link. Where a newer press ends the run in between, the next run begins this again."""
    state, to, room = st.session_state, target(view, pages), st.session_state["room"]
    try:
        query = {"code": room} if to == "room" else {"room": room, **link(view)}
        if len(urlencode(query)) > LONGEST:
            raise ValueError("no browser opens that")
    except Exception:  # of a room that another version led, or another server
        state.update(room_bad=True, room_go=None)
        return
    if to != page:
        state["room_go"] = None
        st.switch_page(pages[to], query_params=query)
    if to != "room":
        st.query_params.from_dict(query)
        state.update(arrived={"controls", "lesson", "page"}, newcomer=False)
    state["room_go"] = None


def address(path: str) -> str:
    """A path of this app as a browser elsewhere asks for it, by the name under which this one does."""
    seen = urlsplit(st.context.url or "http://localhost:8501")
    return f"{seen.scheme}://{seen.netloc}{assets.prefix(st.get_option('server.baseUrlPath') or '')}/{path}"


def only_here() -> bool:
    """Whether this browser knows the server by a name that no other machine does."""
    host = urlsplit(st.context.url or "http://localhost").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def show() -> None:
    """What the room shows: a stop of the teacher's own lesson, or a text; a notice where there is nothing yet, or nothing that can be read."""
    view: State | None = st.session_state.get("room_view")
    try:
        if view is not None and view.made:
            _stop(view)
        elif view is None or not view.model:
            st.info("Nothing is shown yet. This page follows as soon as the teacher moves.")
        elif (found := _read(view)) is not None:
            shared.read(found)
    except Exception:  # what is refused when it is set may still come from a room that another version led, or another server
        st.warning(UNREAD)


def _stop(view: State) -> None:
    lesson_of_one = made("A stop", [stop_of(view).stop.model_dump(mode="json", exclude_defaults=True)])
    nonce, count = st.session_state["room_nonce"], " of ".join(str(n) for n in (view.stop, view.of) if n is not None)
    stops.walk(lesson_of_one, 0, {"lesson": None, "stop": None}, nonce, count)


def _read(view: State) -> Reading | None:
    if view.model not in catalogue():
        st.warning(f"The teacher shows the model “{controls.literal(view.model)}”, which is not here.")
        return None
    try:
        return load(view.model).run(view.text)
    except UnknownWords as error:
        st.warning(f"The model does not know “{controls.literal(error.words[0][:40])}”.")
        return None
