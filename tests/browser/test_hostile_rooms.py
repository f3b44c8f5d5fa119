"""Rooms that hold what no page can show, on a student's screen: from a store that another version has written, and through every character there is."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.classroom.codes import digest
from core.classroom.sqlite import SQLite
from tests.browser.conftest import READY, Tab
from tests.conftest import serving
from tests.rooms import OLD, TAUGHT

KEY = "0" * 32
ODD = "one\u2028two\u2029three\x0b\x85\ufeff😀 שלום \U0010fffd"
SOME = ("no numbers", "edits on no numbers", "a model of sounds", "stop 999999", "no stop", "edits without end", "edits that fit nowhere")
CODES = {name: "BBBBB" + letter for name, letter in zip(SOME, "BCDFGHJ", strict=True)}  # tests/pages/test_teach.py has them all
BEFORE = "CCCCCC"  # a state with a number that is none


@pytest.fixture(scope="module")
def old(tmp_path_factory) -> Iterator[str]:
    """A server whose rooms another version has left."""
    folder: Path = tmp_path_factory.mktemp("old")
    path = folder / "data" / "rooms.sqlite3"
    rooms = SQLite(path)
    for name, code in CODES.items():
        rooms.open(code, digest(KEY), name)
        rooms.move(code, TAUGHT | OLD[name])
    rooms.open(BEFORE, digest(KEY), "")
    rooms.move(BEFORE, TAUGHT)
    odd = json.dumps(TAUGHT | {"made": {"x": float("nan")}}).replace("NaN", "1e400")
    rooms.close()
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE rooms SET state = ? WHERE code = ?", (odd, BEFORE))
    with serving(folder / "log.txt") as url:
        yield url


def test_students_pages_survive_whatever_a_room_holds(tabs, old):
    """One tab goes through all of them: no exception box, a page that stands, and the feed stays open."""
    tab: Tab = tabs(at=old)
    for code in (*CODES.values(), BEFORE):
        tab.page.goto(f"{old}/room?code={code}")
        tab.page.wait_for_selector("[data-testid=room][data-role=follow][data-connection=open]")
        tab.page.wait_for_selector(f"[data-testid=stAlert], {READY}")
        tab.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        assert tab.page.locator("[data-testid=stException]").count() == 0, code
        assert len(tab.page.url) < 64_000


def test_every_kind_of_character_reaches_the_student_s_screen(tabs, server):
    tab: Tab = tabs()
    api, sent = tab.page.request, {"Content-Type": "application/json"}
    made = api.post(server + "/api/rooms", headers=sent, data="{}").json()
    where, key = f"{server}/api/rooms/{made['code']}", {**sent, "Authorization": f"Bearer {made['key']}"}
    tab.page.goto(f"{server}/room?code={made['code']}")
    tab.page.wait_for_selector("[data-testid=room][data-connection=open]")
    for k, text in enumerate((ODD, "plain")):  # the first does not stop the second
        assert api.put(where + "/state", headers=key, data=json.dumps(TAUGHT | {"text": text + " film", "step": 0})).status == 200
        assert api.post(where + "/questions", headers=key, data=json.dumps({"text": text, "choices": ["a" + text, "b"]})).status == 201
        tab.page.wait_for_function("text => document.querySelector('[data-testid=room-question]')?.textContent === text", arg=text)
        expect(tab.page.locator("[data-testid=room-choice-0]")).to_have_text("a" + text, use_inner_text=False)
        tab.page.wait_for_function(
            "text => document.querySelector('[data-testid=stepper]')?.stepper?.state.link.text === text", arg=text + " film"
        )
        assert tab.page.locator("[data-testid=stException]").count() == 0
        assert k == 1 or tab.page.locator("[data-testid=room]").get_attribute("data-following") == "true"
