"""Teach and Room without a browser: what the server is told of a room, and what it makes of it."""

import base64
import json
import re
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
import segno
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from core.classroom.models import State
from core.families import FAMILIES
from core.models import load
from core.server.assets import ASSETS
from core.views import gradients as draw
from core.views.room import bar as room
from core.views.room import invite
from core.views.state import Seat, key
from tests.app import AppTest, drawn, opened
from tests.rooms import OLD, TAUGHT

REVIEWS = FAMILIES["sentiment"].examples

PAGES = dict.fromkeys(("", "lstm", "what_if", "room", "teach", "true_or_false"), SimpleNamespace())


def components(at: AppTest) -> list[dict]:
    return drawn(at)


def asked(at: AppTest, name: str) -> str:
    """A parameter of the address; AppTest gives a list where the script has set none."""
    value = at.query_params[name]
    return value if isinstance(value, str) else value[0]


def inside(at: AppTest, code: str = "BCDFGH", view: dict | None = None) -> AppTest:
    """A visit that is in a room, and was sent `view` by its browser."""
    given = None if view is None else State.model_validate(view)
    at.session_state[key(Seat)] = Seat(code, view=given, nonce="n1" if view else None, go=given)
    return at


def test_teach_offers_a_room_and_learns_no_key():
    at = opened("teach", seen="1")
    assert not at.exception
    (form,) = components(at)
    assert form["form"] is True
    assert "key" not in json.dumps(form)


def test_an_open_room_has_code_link_and_qr_code():
    at = inside(opened("teach", seen="1")).run()
    assert not at.exception
    bar = components(at)[0]
    assert (bar["code"], bar["page"], bar["nonce"]) == ("BCDFGH", "teach", None)
    assert asked(at, "room") == "BCDFGH"
    assert any("room?code=BCDFGH" in code.value for code in at.code)
    assert any("BCDFGH" in html.proto.body for html in at.get("html"))


def test_the_qr_code_is_the_links():
    """Its dark squares are those of segno's own matrix for the link, read off the SVG's path."""
    url = "https://example.org/class/a/room?code=BCDFGH"
    data = invite.qr_code(url)
    assert data.startswith("data:image/svg+xml")
    matrix = segno.make(url, micro=False, error="m").matrix
    svg = base64.b64decode(data.split(",", 1)[1]).decode() if ";base64," in data else unquote(data.split(",", 1)[1])
    path = re.search(r"stroke=.#000.* d=[\"']([^\"']+)|d=[\"'](M[^\"']+)[\"'][^>]*stroke=.#000", svg)
    x = y = 0.0
    dark = set()
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", next(p for p in path.groups() if p)):
        values = [float(v) for v in numbers.split()]
        if kind == "h":
            dark |= {(int(y), int(x) + k) for k in range(int(values[0]))}
            x += values[0]
        else:
            x, y = (values[0], values[1]) if kind == "M" else (x + values[0], y + values[1])
    assert dark == {(r + 4, c + 4) for r, row in enumerate(matrix) for c, one in enumerate(row) if one}


def test_the_room_page_asks_for_a_code():
    at = opened("room", seen="1")
    assert not at.exception
    at.text_input[0].set_value(" bcd fgh ")
    at.button[0].click().run()
    assert at.session_state[key(Seat)].code == "BCDFGH"
    assert components(at)[0]["page"] == "room"
    assert any("Nothing is shown yet" in info.value for info in at.info)


@pytest.mark.parametrize("code", ["", "abc", "<b>x</b>", "😀" * 9, "A" * 5000, "BCDFG1", "רתיםשל"])
def test_what_is_no_code_is_told_and_opens_nothing(code):
    at = opened("room", code=code)
    assert not at.exception
    assert key(Seat) not in at.session_state or at.session_state[key(Seat)].code is None
    assert bool(at.warning) == bool(code)
    assert "<b>" not in "".join(w.value for w in at.warning).replace("\\<", "")


def test_a_view_is_read_in_the_room():
    at = inside(opened("room", code="BCDFGH"), view=TAUGHT).run()
    assert not at.exception
    bar, stepper = components(at)
    assert (bar["nonce"], bar["at"]) == ("n1", "room")
    assert tuple(stepper["tokens"]) == load("sentiment-lstm").run("a great film").tokens
    assert stepper["link"] == {"text": "a great film", "model": "sentiment-lstm", "lesson": None, "stop": None}


@pytest.mark.parametrize(
    "change", [{"model": "no such"}, {"model": ""}, {"model": "mini-lstm", "text": "strange words"}, {"text": "<b>" * 900}, {"text": ""}]
)
def test_a_view_that_cannot_be_read_is_told(change):
    at = inside(opened("room", code="BCDFGH"), view=TAUGHT | change).run()
    assert not at.exception
    assert at.warning or at.info or len(components(at)) == 2


@pytest.mark.parametrize("name", OLD)
def test_a_student_s_page_survives_whatever_a_room_holds(name):
    """No exception on the page, and a word on why nothing is shown, where nothing is."""
    at = inside(opened("room", code="BCDFGH"), view=TAUGHT | OLD[name]).run()
    assert not at.exception
    assert at.warning or at.info or [each for each in components(at) if "tokens" in each]


def test_a_view_goes_to_its_page_as_by_a_link():
    at = opened("start", text=REVIEWS[0][1], model="sentiment-lstm")
    at = inside(at, view=TAUGHT | {"page": "lstm"}).run()
    assert not at.exception
    assert asked(at, "text") == "a great film"
    assert asked(at, "room") == "BCDFGH"
    at = inside(opened("start", text="x", model="sentiment-lstm"), view=TAUGHT | {"page": "what_if", "edits": "f_1_0-2_all~delete_1"}).run()
    assert not at.exception
    assert (asked(at, "set"), asked(at, "word")) == ("f_1_0-2_all", "delete_1")
    assert components(at)[-1]["tokens"] == ["a", "great ✕", "film"]
    at = inside(
        opened("start", text="x", model="sentiment-lstm"),
        view=TAUGHT | {"page": "", "text": "", "model": "", "lesson": "start-here", "stop": 3},
    ).run()
    assert not at.exception
    assert components(at)[-1]["link"]["stop"] == "3"


@pytest.mark.parametrize(
    ("change", "page"),
    [
        ({"page": "lstm"}, "lstm"),
        ({"page": "/lstm"}, "lstm"),
        ({"page": "teach"}, "room"),
        ({"page": ""}, "room"),
        ({"page": "", "lesson": "start-here", "stop": 1}, ""),
        ({"page": "admin"}, "room"),
        ({"page": "teach", "edits": "f_1_0-2_all"}, "what_if"),
    ],
)
def test_where_a_state_is_shown(change, page, monkeypatch):
    monkeypatch.setattr(room.st, "session_state", {key(Seat): Seat(leads=False)})
    assert room.target(State.model_validate(TAUGHT | change), PAGES) == page


def test_a_teacher_who_comes_back_stands_where_the_class_was_led_from(monkeypatch):
    monkeypatch.setattr(room.st, "session_state", {key(Seat): Seat(leads=True)})
    for page, to in (("teach", "teach"), ("lstm", "lstm"), ("room", "teach"), ("", ""), ("gone", "teach")):
        assert room.target(State.model_validate(TAUGHT | {"page": page}), PAGES) == to


def test_edits_as_a_list_become_those_of_what_if():
    edits = [
        {"name": "f", "value": 1.0},
        {"name": "c", "value": -0.5, "steps": [0, 2], "units": 3},
        {"name": "h", "value": 0, "steps": 1, "units": [1, 2]},
    ]
    found = room.link(State.model_validate(TAUGHT | {"edits": edits}))
    assert found["set"] == "f_1_0-2_all~c_-0.5_0-0_3~c_-0.5_2-2_3~h_0_1-1_1.2"
    word = room.link(State.model_validate(TAUGHT | {"edits": "f_1_0-2_all~replace_1_a~b"}))
    assert (word["set"], word["word"]) == ("f_1_0-2_all", "replace_1_a~b")


def test_where_the_teacher_goes_is_gone_to_again_until_a_run_is_whole(monkeypatch):
    view = State.model_validate(TAUGHT)
    session = {key(Seat): Seat("BCDFGH", view=view, go=view)}
    monkeypatch.setattr(room.st, "session_state", session)
    with pytest.raises(RerunException), room.goes():
        raise RerunException(RerunData())
    assert session[key(Seat)].go == view
    with room.goes():
        pass
    assert session[key(Seat)].go is None


@pytest.mark.parametrize("fresh", [True, False], ids=["unheard", "pressed"])
def test_what_a_run_that_is_cut_off_has_read_is_read_again(monkeypatch, fresh):
    """Whoever is told that they see what the teacher shows does. What cuts the run off says of every control what the browser has."""
    view = State.model_validate(TAUGHT | {"page": "gradients", "more": {"seen": "1"} | ({"weights": "random"} if fresh else {})})
    at = opened("gradients", model=view.model, text=view.text, seen="1", **({} if fresh else {"weights": "random"}))
    assert at.toggle(key="gradient_fresh").value is not fresh
    at.session_state[key(Seat)] = Seat("BCDFGH", view=view, nonce="n", go=view)
    has, whole = [RerunData(page_script_hash=at._page_hash, widget_states=at._tree.get_widget_states())], draw.all_three

    def cut(*args):
        if has:
            raise RerunException(has.pop())
        return whole(*args)

    monkeypatch.setattr(draw, "all_three", cut)
    at.run()
    assert not has
    assert not at.exception
    assert at.toggle(key="gradient_fresh").value is fresh


@pytest.mark.parametrize(
    "sent",
    [
        None,
        3,
        "x",
        {},
        {"nonce": "n", "state": None},
        {"nonce": "n", "state": TAUGHT | {"page": "//host"}},
        {"nonce": "n", "state": TAUGHT | {"text": "x" * 5000}},
    ],
)
def test_junk_from_the_browser_is_refused(sent, monkeypatch):
    session = {"room_bar": {"moved": sent}, key(Seat): Seat("BCDFGH", view=State.model_validate(TAUGHT))}
    monkeypatch.setattr(room.st, "session_state", session)
    room.take()
    assert session[key(Seat)] == Seat("BCDFGH", view=State.model_validate(TAUGHT), bad=True)


def test_the_page_that_takes_the_key_loads_nothing_else():
    page = (ASSETS / "lead.html").read_text(encoding="utf-8")
    assert page.index("history.replaceState") < page.index("location.replace")
    assert not re.search(r"src=|href=|import|fetch|https?:", page)


def test_no_module_of_the_room_writes_markup():
    """Titles, questions and choices are others' text: they go into the page as text alone."""
    found = sorted((ASSETS / "stepper" / "room").glob("*.js"))
    assert len(found) > 9
    for path in found:
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", code), path
