"""What a class sees is what the teacher shows: the state of every page, what cannot be sent, looking around, and open questions."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
from playwright.sync_api import Page, expect

from core.lessons.quiz import items
from tests.browser.classroom import ALONE, answered, room
from tests.browser.conftest import Tab
from tests.conftest import until
from tests.sounds import example, written

ANSWERS = ("seen", "said")
SEES = "You see what the teacher shows."


def go(tab: Tab, name: str) -> None:
    tab.page.locator(".gs-nav a", has_text=name).first.click()
    tab.page.get_by_role("heading", level=1, name=name, exact=True).wait_for()


def address(tab: Tab) -> tuple[str, dict[str, str]]:
    """Page and parameters of a tab's address, without the room's."""
    found = urlparse(tab.page.evaluate("location.href"))
    return found.path, {name: value for name, value in parse_qsl(found.query, keep_blank_values=True) if name not in ("room", "code")}


def shown(tab: Tab) -> tuple[str, dict[str, str]]:
    """The same without the answers, which are everybody's own."""
    path, said = address(tab)
    return path, {name: value for name, value in said.items() if name not in ANSWERS}


def sees(lesson: Any, student: Tab, **wanted: str) -> None:
    """Waits until the teacher's address says what is wanted, and the student's all that the teacher's shows, undisturbed."""
    until(lambda: address(lesson.teacher)[1].items() >= wanted.items(), lambda: f"the teacher shows {address(lesson.teacher)}")
    until(
        lambda: shown(student) == shown(lesson.teacher),
        lambda: f"the teacher shows {shown(lesson.teacher)}, the student {shown(student)}",
    )
    expect(room(student, "link")).to_have_text(SEES)
    assert student.page.locator("[data-testid=stException]").count() == 0


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def speech(page: Page) -> dict[str, str]:
    choose(page, "3")
    choose(page, "GRU")
    return {"clip": "3", "model": "speech-gru"}


def stocks(page: Page) -> dict[str, str]:
    choose(page, "IBM")
    page.get_by_role("button", name="Show the answer").click()
    return {"share": "IBM", "seen": "1"}


def quiz(page: Page) -> dict[str, str]:
    page.get_by_role("button", name="False").click()
    page.get_by_text("You said false.").wait_for()
    page.get_by_role("button", name="Next").first.click()
    return {"q": list(items())[1], "said": "F"}


def synthesis(page: Page) -> dict[str, str]:
    box = page.get_by_role("textbox", name="Text to speak: digits or words")
    box.fill("12")
    box.press("Enter")
    return {"text": "12"}


def gate(page: Page) -> dict[str, str]:
    page.get_by_role("button", name="As trained").click()
    page.wait_for_function("location.href.includes('row=') && !/row=0(%2C|,)0/.test(location.href)")
    return {}


def gradients(page: Page) -> dict[str, str]:
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_text("Use random weights (seed 0)").first.click()
    return {"seen": "1", "weights": "random"}


def libraries(page: Page) -> dict[str, str]:
    choose(page, "c · cell state")
    return {"show": "c"}


def worksheet(page: Page) -> dict[str, str]:
    page.get_by_text("With the answers").click()
    return {"key": "1"}


PLACES = {
    "Speech recognition": speech,
    "Stock prices": stocks,
    "True or false?": quiz,
    "Speech synthesis": synthesis,
    "Build a gate": gate,
    "Gradients": gradients,
    "Libraries": libraries,
    "Worksheets": worksheet,
}


@pytest.mark.parametrize("name", PLACES)
def test_a_class_sees_what_the_teacher_has_chosen_on_a_page(lesson, name):
    act: Callable[[Page], dict[str, str]] = PLACES[name]
    student = lesson.student()
    student.at(step=2)
    go(lesson.teacher, name)
    sees(lesson, student)
    sees(lesson, student, **act(lesson.teacher.page))
    late = lesson.student(width=360, height=800)  # and so does who comes later, and who reloads
    sees(lesson, late)
    student.page.reload()
    sees(lesson, student)


def test_what_the_teacher_takes_back_is_taken_back_for_the_class(lesson):
    student, page = lesson.student(), lesson.teacher.page
    go(lesson.teacher, "Gradients")
    sees(lesson, student, **gradients(page))
    page.get_by_text("Use random weights (seed 0)").first.click()
    page.wait_for_function("!location.href.includes('weights=')")
    sees(lesson, student)
    expect(student.page.get_by_role("switch", name="Use random weights")).not_to_be_checked()
    page.get_by_role("button", name="Ask me again").click()
    page.wait_for_function("!location.href.includes('seen=')")
    sees(lesson, student)
    expect(student.page.get_by_text("Predict first.")).to_be_visible()


def test_an_answer_is_one_s_own_and_the_question_the_teacher_s(lesson):
    """A student who answers a statement follows on; what decides it comes with one's own answer or the teacher's; each keeps theirs."""
    one, two, page = lesson.student(), lesson.student(), lesson.teacher.page
    go(lesson.teacher, "True or false?")
    names, explained = list(items()), ".gs-prose"
    for student in (one, two):
        sees(lesson, student)
    one.page.get_by_role("button", name="True").click()
    expect(one.page.get_by_text("You said true.")).to_be_visible()
    one.part("first").wait_for()
    assert one.href("array=") and address(one)[1]["said"] == "T"
    expect(room(one, "link")).to_have_text(SEES)
    expect(two.page.locator(explained)).to_have_count(0)
    page.get_by_role("button", name="False").click()
    expect(page.get_by_text("You said false.")).to_be_visible()
    lesson.teacher.part("first").click()
    for student in (one, two):
        student.at(step=0)
        sees(lesson, student, said="F")
        expect(student.page.locator(explained)).to_have_count(2)
    expect(one.page.get_by_text("You said true.")).to_be_visible()
    expect(two.page.get_by_text(f"It is {str(items()[names[0]].answer).lower()}.", exact=True)).to_be_visible()
    assert "said" not in address(two)[1]
    expect(two.page.get_by_text(f"{len(names)} statements.")).to_be_visible()
    page.get_by_role("button", name="Next").first.click()
    for student in (one, two):
        sees(lesson, student, q=names[1])
        expect(student.page.get_by_role("button", name="True")).to_be_visible()
    assert [address(tab)[1].get("said") for tab in (one, two)] == ["T", None]
    one.page.reload()
    sees(lesson, one, q=names[1])
    expect(one.page.get_by_text(re.compile(r"\d of 1 right"))).to_be_visible()
    one.page.get_by_role("button", name="Next").first.click()  # who goes on alone is alone, and keeps the answers on the way back
    expect(room(one, "link")).to_have_text(ALONE)
    one.page.get_by_role("button", name="Back to the teacher").click()
    sees(lesson, one, q=names[1])
    until(lambda: address(one)[1].get("said") == "T", lambda: f"the student is at {address(one)}")


def test_who_predicts_first_follows_on(lesson):
    student, page = lesson.student(), lesson.teacher.page
    go(lesson.teacher, "Gradients")
    sees(lesson, student)
    student.page.get_by_role("button", name="LSTM", exact=True).first.click()
    expect(student.page.get_by_text("Ask me again")).to_be_visible()
    student.href("sigma=")  # what the answer opens has its place in the address
    expect(room(student, "link")).to_have_text(SEES)
    sees(lesson, student, **gradients(page))
    page.get_by_role("button", name="Ask me again").click()
    page.wait_for_function("!location.href.includes('seen=')")
    student.page.wait_for_function("location.href.includes('sigma=') && !location.href.includes('weights=')")  # it has followed
    expect(student.page.get_by_text("Ask me again")).to_be_visible()
    expect(room(student, "link")).to_have_text(SEES)
    student.page.get_by_text("Use random weights (seed 0)").first.click()
    expect(room(student, "link")).to_have_text(ALONE)


def test_both_sides_are_told_of_a_recording_of_one_s_own(lesson):
    student = lesson.student()
    go(lesson.teacher, "Speech recognition")
    sees(lesson, student, clip="7")
    lesson.teacher.bring("own.wav", written(example(3), 16_000))
    expect(room(lesson.teacher, "link")).to_have_text(
        "Your class does not see this recording: a recording of your own is not sent to them."
    )
    expect(room(student, "link")).to_have_text("The teacher shows something of their own that cannot be sent.")
    expect(room(lesson.student(), "link")).to_have_text("The teacher shows something of their own that cannot be sent.")
    choose(lesson.teacher.page, "4")
    expect(room(lesson.teacher, "link")).to_have_text("")
    sees(lesson, student, clip="4")


def test_a_long_text_is_told_on_both_sides(lesson):
    student = lesson.student()
    lesson.teacher.type("word " * 450)
    expect(room(lesson.teacher, "link")).to_have_text(
        "Your class does not see this text: it is too long to be sent. At most 2,000 characters are."
    )
    expect(room(student, "link")).to_have_text("The teacher shows a text that is too long to be sent.")


@pytest.mark.parametrize("away", ["step", "unit", "level", "page"])
def test_a_student_who_steps_away_sees_that_and_is_back_by_one_press(lesson, away):
    student = lesson.student()
    go(lesson.teacher, "Sentiment")
    sees(lesson, student)
    lesson.teacher.part("first").click()
    student.at(step=0)
    if away == "step":
        student.part("next").click()
    elif away == "unit":
        student.page.locator(".gs-unit select, .gs-unit input").first.focus()
        student.page.keyboard.press("ArrowDown")
    elif away == "level":
        student.part("level-story").click()
    else:
        student.page.locator(".gs-nav a", has_text="Glossary").click()
    expect(room(student, "link")).to_have_text(ALONE)
    lesson.teacher.part("next").click()
    back = student.page.get_by_role("button", name="Back to the teacher")
    back.click()
    student.at(step=1)
    sees(lesson, student)
    expect(back).to_have_count(0)
    lesson.teacher.part("next").click()
    student.at(step=2)


def test_a_question_that_the_teacher_closes_is_closed_for_everybody(lesson):
    one, two = lesson.student(), lesson.student()
    one.at(step=2)
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-verdict").click()
    for student in (one, two):
        room(student, "choice-0").click()
        answered(student, "You said Positive. You can change it until the reveal.")
    room(lesson.teacher, "reveal").click()
    room(lesson.teacher, "close").click()
    for tab in (lesson.teacher, one, two, lesson.student()):
        expect(room(tab, "poll")).to_be_hidden()
    one.page.reload()
    one.page.wait_for_selector("[data-testid=room][data-connection=open]")
    one.at()
    expect(room(one, "poll")).to_be_hidden()
    lesson.teacher.part("first").click()  # the reveal has brought it to the end
    room(lesson.teacher, "ask").click()  # the next one comes to all
    room(lesson.teacher, "ask-verdict").click()
    for student in (one, two):
        expect(room(student, "poll")).to_be_visible()


def test_the_answer_does_not_shine_through_while_a_question_is_open(lesson):
    student = lesson.student()
    tabs = (student, lesson.teacher)
    lesson.teacher.part("level-all").click()
    for tab in tabs:
        tab.at(level="all", step=2)
    opacity = "Number(getComputedStyle(document.querySelector('.gs-cover')).opacity)"
    table = ".gs-table"
    assert [tab.page.evaluate(opacity) for tab in tabs] == [0.9, 0.9]
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-verdict").click()
    for tab in tabs:
        expect(room(tab, "poll")).to_be_visible()
        assert tab.page.evaluate(opacity) == 1
        expect(tab.page.locator(table)).to_be_hidden()  # for screen readers too
    room(lesson.teacher, "reveal").click()
    for tab in tabs:
        expect(tab.page.locator(table)).to_be_visible()
        assert tab.page.evaluate(opacity) == 0.9
