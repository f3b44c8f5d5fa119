"""Home and the lessons without a browser: the bare address, leaving, typing, cards."""

import json
from html import escape

from core.lessons import lessons
from core.views.site import home
from tests.app import SITE, AppTest, opened, stepper


def bare() -> AppTest:
    return AppTest.from_file(str(SITE), default_timeout=60).run()


def tour() -> AppTest:
    return opened("start", lesson="start-here")


def test_the_bare_address_opens_home():
    at = bare()
    assert not at.exception
    sent = stepper(at)
    assert (sent["level"], sent["play"]) == ("story", True)
    assert sent["link"]["text"] == home.sentence()
    assert sent["link"]["lesson"] is None


def test_every_stop_and_back():
    at = tour()
    assert stepper(at)["start"]["step"] == 0
    last = len(lessons()["start-here"].stops)
    for k in range(1, last):
        at.button(key="lesson_next").click().run()
        assert not at.exception
        assert stepper(at)["link"]["stop"] == str(k + 1)
    assert at.button(key="lesson_next").disabled
    at.button(key="lesson_back").click().run()
    assert stepper(at)["link"]["stop"] == str(last - 1)
    at.button(key="lesson_leave").click().run()
    assert not at.exception
    assert at.text_input(key="text").value == "It was long and dull at first, and then wonderful."


def test_typing_ends_it_on_the_review_model():
    at = tour()
    at.text_input(key="own_text").set_value("a moving film").run()
    assert not at.exception
    assert stepper(at)["tokens"] == ["a", "moving", "film"]
    assert stepper(at)["link"]["model"] == "sentiment-lstm"


def test_a_lesson_that_was_left_goes_on_where_it_was_left():
    at = tour()
    at.button(key="lesson_next").click().run()
    at.switch_page("lessons.py").run()
    assert "lesson=start-here&amp;stop=2" in doors(at)
    assert f"Continue at stop 2 of {len(lessons()['start-here'].stops)}" in doors(at)
    at.query_params.clear()
    at.switch_page("start.py").run()
    assert stepper(at)["link"]["lesson"] is None  # Home is Home


def test_every_lesson_has_a_card():
    at = opened("lessons")
    for name, lesson in lessons().items():
        assert f"lesson={name}&" in doors(at) or f'lesson={name}"' in doors(at)
        assert escape(lesson.title) in doors(at)


def doors(at: AppTest) -> str:
    """The HTML of the page's links."""
    return "".join(json.loads(each.proto.json).get("html", "") for each in at.get("bidi_component"))


def test_a_claim_that_does_not_hold_is_told_instead_of_shown(monkeypatch):
    from core import lessons

    lesson = lessons.lessons()["start-here"]
    broken = lesson.stops[0].model_copy(update={"claims": (("f", ">", 2.0),)})
    monkeypatch.setitem(lessons.lessons(), "start-here", lesson.model_copy(update={"stops": (broken, *lesson.stops[1:])}))
    at = tour()
    assert not at.exception
    assert "the text claims f" in at.warning[0].value.replace("\\", "")
