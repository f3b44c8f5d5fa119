"""A class follows its teacher on the real server: steps, pages, lessons; letting go and coming back."""

import re

import pytest
from playwright.sync_api import expect

from core.cells import Edit
from core.lessons import lessons
from core.models import load
from tests.browser.classroom import ALONE, WORDS, answered, room, walk_own
from tests.browser.conftest import number


def test_students_follow_step_unit_array_level_and_text(lesson):
    one, two = lesson.student(), lesson.student(width=360, height=800)
    for student in (one, two):
        student.at(step=2, steps=len(WORDS.tokens))
    expect(room(lesson.teacher, "there")).to_have_text("2 here")
    reruns = [tab.frames.count("out") for tab in (one, two)]
    page = lesson.teacher.page
    lesson.teacher.part("next").click()
    lesson.teacher.part("panel-i").click(position={"x": 5, "y": 5})
    there = lesson.teacher.stepper.evaluate("e => ({ step: e.dataset.step, unit: e.dataset.unit, array: e.dataset.array })")
    lesson.teacher.part("level-unit").click()
    for student in (one, two):
        student.at(**there, level="unit")
    assert [tab.frames.count("out") for tab in (one, two)] == reruns  # a move costs no rerun
    lesson.teacher.type("a great film")
    page.get_by_role("radio", name="GRU", exact=True).click()
    for student in (one, two):
        student.at(steps=3, level="unit")
        student.page.wait_for_selector("[data-testid=stepper-panel-z]", state="attached")
        assert student.page.locator("[data-testid=stException]").count() == 0
    assert two.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360


def test_the_last_of_many_moves_arrives(lesson):
    student = lesson.student()
    student.at(step=2)
    puts: list[str] = []
    lesson.teacher.on("request", lambda r: puts.append(r.url) if r.method == "PUT" else None)
    lesson.teacher.part("first").click()
    for _ in range(60):
        lesson.teacher.page.keyboard.press("ArrowRight")
    lesson.teacher.page.keyboard.press("Home")
    lesson.teacher.page.keyboard.press("ArrowRight")
    student.at(step=1)
    assert 1 <= len(puts) < 60
    assert lesson.api()["state"]["step"] == 1


def test_students_follow_to_other_pages_with_edits(lesson):
    student = lesson.student()
    student.at(step=2)
    page = lesson.teacher.page
    page.locator(".gs-nav a", has_text="What if").click()
    student.page.wait_for_url("**/what_if?**")
    student.at(steps=len(WORDS.tokens))
    page.get_by_role("button", name="Never forget").click()
    student.page.get_by_text(re.compile("^f = 1 at")).first.wait_for()
    assert "set=f_1_" in student.href("set=")
    page.locator(".gs-nav a", has_text="Glossary").click()  # no stepper there
    student.page.wait_for_url("**/glossary?**")
    page.locator(".gs-nav a", has_text="Live class").click()
    student.page.wait_for_url("**/room?**")
    student.at(steps=lesson.teacher.at().stepper.get_attribute("data-steps"))


def test_students_follow_a_lesson(lesson):
    student = lesson.student()
    page = lesson.teacher.page
    page.locator(".gs-nav a", has_text="Lessons").click()
    page.locator(".gs-doors a", has_text=lessons()["start-here"].title).click()
    student.page.get_by_text("· 1 of 9").wait_for()
    page.get_by_role("button", name="Next Shortcut").click()
    student.page.get_by_text("· 2 of 9").wait_for()
    lesson.teacher.at(level="story", step=3)
    student.at(level="story", step=3)


def test_a_lesson_of_one_s_own_is_walked_by_the_class(lesson):
    """Its texts, its two texts together, what is set by hand; its question is asked as the room's. Note and answer stay with the teacher."""
    student, page = lesson.student(), lesson.teacher.page
    walk_own(page)
    student.page.locator(".gs-prose", has_text="<b>One</b> **x** · 1 of 3. See {c:.2f}").wait_for()
    student.at(level="unit", step=2, unit=1, array="i")
    expect(page.locator("[data-testid=stSelectbox] input")).to_have_value("1 · <b>One</b> **x**")  # in the list of stops
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-lesson").click()
    expect(room(student, "question")).to_have_text("Does <i> matter?")
    room(student, "choice-1").click()
    expect(room(lesson.teacher, "votes")).to_have_text("1 vote of 1")
    assert not any("secret note" in each for each in student.asked)
    assert lesson.api()["state"]["made"].keys().isdisjoint({"question", "note"})
    room(lesson.teacher, "reveal").click()
    answered(student, "The answer is not. You said not.")
    page.get_by_role("button", name="Next Shortcut").click()
    student.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
    c = load("mini-lstm").run("the film was bad", [Edit("f", 1.0)]).trace.c
    student.at(step=3, unit=0, array="c")
    assert number(student.value_of("c")) == pytest.approx(c[3, 0], abs=0.005)
    page.get_by_role("button", name="Next Shortcut").click()
    student.at(array="this-c", step=4)
    student.page.wait_for_selector("[data-testid=stepper-panel-other-c]", state="attached")
    lesson.teacher.part("first").click()
    student.at(step=0)
    assert student.page.locator("[data-testid=stException], .gs-prose img").count() == 0


def test_letting_go_and_coming_back(lesson):
    student = lesson.student()
    student.at(step=2)
    room(student, "way").click()
    expect(room(student, "link")).to_have_text(ALONE)
    student.part("last").click()
    lesson.teacher.part("next").click()
    lesson.teacher.type("a great film")
    lesson.teacher.at(steps=3)
    lesson.teacher.part("first").click()
    expect(student.stepper).to_have_attribute("data-step", str(len(WORDS.tokens) - 1))
    room(student, "way").click()
    student.at(steps=3, step=0)
    student.page.locator(".gs-nav a", has_text="LSTM").first.click()  # going elsewhere lets go too
    expect(room(student, "link")).to_have_text(ALONE)
    student.page.reload()
    expect(room(student, "link")).to_have_text(ALONE)
    room(student, "way").click()
    student.page.wait_for_url("**/room?**")
    student.at(steps=3, step=0)


def test_who_types_is_on_their_own(lesson):
    student = lesson.student()
    student.at(step=2)
    lesson.teacher.page.locator(".gs-nav a", has_text="Sentiment").click()
    student.page.wait_for_url("**/sentiment?**")
    student.at(steps=len(WORDS.tokens))
    student.type("my own words")
    expect(room(student, "link")).to_have_text(ALONE)
    student.at(steps=3)
