"""The server is killed in mid-lesson and started again: everybody is back at the same place."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tests.browser.classroom import TEXT, WORDS, Class, answered, room, walk_own, with_experiment
from tests.conftest import launch


class Mortal:
    """A server that is killed as by kill -9, and started again where it was."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process, self.url = launch(log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        self.process, _ = launch(self.log, port=urlparse(self.url).port)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Mortal]:
    server = Mortal(tmp_path / "log.txt")
    yield server
    server.kill()


def test_a_lesson_of_one_s_own_outlives_the_server(tabs, mortal):
    """The session is gone, the teacher's browser has it."""
    lesson = Class(tabs, at=mortal.url)
    student, page = lesson.student(), lesson.teacher.page
    walk_own(page)
    page.get_by_role("button", name="Next Shortcut").click()
    for tab in (student, lesson.teacher):
        tab.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
    mortal.kill()
    expect(room(student, "link")).to_have_text("Connection lost: trying again …")
    mortal.start()
    page.wait_for_selector("[data-testid=room][data-connection=open][data-leading=true]")
    page.get_by_role("button", name="Next Shortcut").click()
    for tab in (student, lesson.teacher):
        tab.page.locator(".gs-prose", has_text="Three · 3 of 3").wait_for()
    assert not page.get_by_label("Your lesson").is_visible()  # the field that keeps it
    for tab in (student, lesson.teacher):
        tab.forgive()


def test_killed_and_started_again_the_class_is_back_on_its_stop(tabs, mortal):
    """kill -9 in mid-lesson: everyone is back at the same place, the votes too, and a vote given meanwhile arrives."""
    lesson = Class(tabs, at=mortal.url)
    lesson.teacher.type(TEXT)
    lesson.teacher.at(steps=len(WORDS.tokens))
    lesson.teacher.part("token-2").click()
    one, two = lesson.student(), lesson.student()
    for student in (one, two):
        student.at(step=2, steps=len(WORDS.tokens))
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-verdict").click()
    room(one, "choice-0").click()
    answered(one, re.compile("You can change it"))
    mortal.kill()
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "link")).to_have_text("Connection lost: trying again …")
    room(two, "choice-1").click()
    answered(two, "No connection: your answer will be sent when the connection is back.")
    mortal.start()
    for tab in (one, two, lesson.teacher):
        tab.page.wait_for_selector("[data-testid=room][data-connection=open]")
        tab.at(step=2, steps=len(WORDS.tokens))
    answered(two, re.compile("You said Negative. You can change it"))
    expect(room(lesson.teacher, "votes")).to_have_text("2 votes of 2")
    lesson.teacher.type("a great film")
    for student in (one, two):
        student.at(steps=3)
    assert lesson.api("/questions/1", key=True)["counts"] == [1, 1]
    for tab in (one, two, lesson.teacher):
        tab.forgive()


def test_killed_in_a_lesson_the_class_is_back_on_its_stop(tabs, mortal):
    lesson = Class(tabs, at=mortal.url)
    student = lesson.student()
    page = lesson.teacher.page
    page.locator(".gs-nav a", has_text="Home").first.click()
    page.locator(".gs-doors a", has_text="Take the tour").click()
    for stop in (2, 3, 4):
        page.get_by_text(f"· {stop - 1} of 9").wait_for()
        page.get_by_role("button", name="Next Shortcut").click()
    student.page.get_by_text("· 4 of 9").wait_for()
    lesson.teacher.at(level="unit").part("first").click()
    student.at(level="unit", step=0)
    lesson.teacher.href("step=0")
    mortal.kill()
    expect(room(student, "link")).to_have_text("Connection lost: trying again …")
    mortal.start()
    for tab in (student, lesson.teacher):
        tab.page.wait_for_selector("[data-testid=room][data-connection=open]")
    lesson.teacher.part("next").click()
    student.at(level="unit", step=1)
    student.page.get_by_text("· 4 of 9").wait_for()
    page.wait_for_selector("[data-testid=room][data-leading=true]")
    page.get_by_role("button", name="Next Shortcut").click()
    page.get_by_text("· 5 of 9").wait_for()
    student.page.get_by_text("· 5 of 9").wait_for()
    for tab in (student, lesson.teacher):
        tab.forgive()


def test_an_experiment_outlives_the_server(tabs, mortal):
    """What a student trains meanwhile arrives; seeds are those from before; who comes only then sees the experiment."""
    lesson = with_experiment(tabs, at=mortal.url)
    one, two = lesson.student(), lesson.student()
    for student, seed in ((one, 40), (two, 41)):
        expect(room(student, "train")).to_have_text(f"Train with seed {seed}")
    room(one, "train").click()
    expect(room(one, "trial-said")).to_have_text("Your result has been sent.")
    mortal.kill()
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "link")).to_have_text("Connection lost: trying again …")
    room(two, "train").click()
    expect(room(two, "train")).to_have_text("Train again with seed 41")
    expect(room(two, "trial-said")).to_have_text("No connection: your result will be sent when the connection is back.")
    mortal.start()
    expect(room(two, "trial-said")).to_have_text("Your result has been sent.")
    late = lesson.student()
    expect(room(late, "train")).to_have_text("Train with seed 42")
    again = tabs(at=mortal.url)
    again.page.goto(f"{again.url}/lead?room={lesson.code}#{lesson.key}")
    again.page.wait_for_selector("[data-testid=room][data-role=lead][data-connection=open]")
    for teacher in (lesson.teacher, again):
        expect(room(teacher, "seeds")).to_have_text("2 seeds of the RNN, 2 of the LSTM. 3 students have a seed.")
    for tab in (one, two, late, lesson.teacher, again):
        tab.forgive()


def test_a_number_typed_while_the_server_is_away_arrives(tabs, mortal):
    lesson = Class(tabs, at=mortal.url)
    lesson.teacher.page.locator(".gs-nav a", has_text="By hand").click()
    lesson.teacher.page.locator("[data-line='f 1 1']").wait_for()
    one, two = lesson.student(), lesson.student()
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "line").select_option("f 1 1")
    room(lesson.teacher, "ask-line").click()
    room(one, "number-field").fill("0.852")
    room(one, "number-field").press("Enter")
    expect(room(lesson.teacher, "given")).to_have_text("1 answer of 2")
    expect(room(two, "number-field")).to_be_visible()
    mortal.kill()
    room(two, "number-field").fill("0.9")
    room(two, "number-field").press("Enter")
    expect(room(two, "number-said")).to_have_text("No connection: your number will be sent when the connection is back.")
    mortal.start()
    expect(room(two, "number-said")).to_have_text("You said 0.9. You can change it until the reveal.")
    expect(room(lesson.teacher, "given")).to_contain_text("2 answers")
    for tab in (one, two, lesson.teacher):
        tab.forgive()
