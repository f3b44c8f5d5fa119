"""A class in real browsers behind nginx with two replicas: one is killed in mid-lesson, and its pages are back on the other."""

import re

from playwright.sync_api import expect

from tests.browser.classroom import TEXT, WORDS, Class, answered, room
from tests.browser.conftest import Tab
from tests.conftest import until
from tests.replicas import replicas
from tests.sounds import example, written

COOKIE = "gatescope_replica"


def replica(tab: Tab) -> str:
    """The replica at which a tab is, as nginx's cookie says."""
    return next(cookie["value"] for cookie in tab.page.context.cookies() if cookie["name"] == COOKIE)


def test_one_replica_killed_the_class_is_back_on_the_other(tabs, tmp_path):
    with replicas(tmp_path) as site:
        lesson = Class(tabs, at=site.url)
        lesson.teacher.type(TEXT)
        lesson.teacher.at(steps=len(WORDS.tokens))
        lesson.teacher.part("token-2").click()
        students = [lesson.student() for _ in range(3)]
        for student in students:
            student.at(step=2, steps=len(WORDS.tokens))
        expect(room(lesson.teacher, "there")).to_have_text("3 here")
        room(lesson.teacher, "ask").click()
        room(lesson.teacher, "ask-verdict").click()
        room(students[0], "choice-0").click()
        answered(students[0], re.compile("You can change it"))
        everyone = [*students, lesson.teacher]
        victim = replica(students[0])
        other = "ab".replace(victim, "")
        site.kill("ab".index(victim))
        room(students[1], "choice-1").click()
        answered(students[1], re.compile("You can change it"))
        expect(room(lesson.teacher, "votes")).to_have_text("2 votes of 3")
        lesson.teacher.type("a great film")  # Streamlit's own connection is at the other too
        for student in students:
            student.at(steps=3)
        assert {replica(tab) for tab in everyone} == {other}
        assert lesson.api("/questions/1", key=True)["counts"] == [1, 1]
        site.start("ab".index(victim))
        lesson.teacher.type("not a bad film")
        for student in students:
            student.at(steps=4)
        assert {replica(tab) for tab in everyone} == {other}  # where their sessions are by now
        for tab in everyone:
            tab.forgive()


def test_a_file_goes_where_the_session_is(tabs, tmp_path):
    """The process that has a session takes its files: also when it is the other one by then, and the first is back."""
    with replicas(tmp_path) as site:
        tab = tabs(at=site.url).open("/speech", model="speech-gru", clip="1")
        for digit, name in ((7, "seven"), (3, "three")):
            with tab.page.expect_response(lambda answer: "/upload_file/" in answer.url and answer.request.method == "PUT") as got:
                tab.bring(f"{name}.wav", written(example(digit), 8000))
            assert got.value.status == 204
            tab.page.locator("h4", has_text=f"The network hears {name}").wait_for()
            if name == "seven":
                tab.page.wait_for_function("document.querySelector('[data-testid=stAudio]')?.duration > 0")
                here = replica(tab)
                site.kill("ab".index(here))
                until(lambda here=here: replica(tab) != here, "the page did not come back")
                site.start("ab".index(here))
        tab.forgive()
