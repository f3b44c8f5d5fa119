"""The lesson without a browser: the bare address, leaving, typing, links."""

from tests.app import SITE, AppTest, stepper


def bare() -> AppTest:
    return AppTest.from_file(str(SITE), default_timeout=60).run()


def test_the_bare_address_opens_the_lesson():
    at = bare()
    assert not at.exception
    sent = stepper(at)
    assert sent["level"] == "story"
    assert sent["link"]["lesson"] == "start-here"
    assert sent["start"]["step"] == 0


def test_every_stop_and_back():
    at = bare()
    for k in range(8):
        at.button(key="lesson_next").click().run()
        assert not at.exception
        assert stepper(at)["link"]["stop"] == str(k + 2)
    assert at.button(key="lesson_next").disabled
    at.button(key="lesson_back").click().run()
    assert stepper(at)["link"]["stop"] == "8"
    at.button(key="lesson_leave").click().run()
    assert not at.exception
    assert at.text_input(key="text").value == "It was long and dull at first, and then wonderful."


def test_typing_ends_it_on_the_review_model():
    at = bare()
    at.text_input(key="own_text").set_value("a moving film").run()
    assert not at.exception
    assert stepper(at)["tokens"] == ["a", "moving", "film"]
    assert stepper(at)["link"]["model"] == "sentiment-lstm"
    at.button(key="lesson_begin").click().run()
    assert stepper(at)["link"]["lesson"] == "start-here"


def test_a_claim_that_does_not_hold_is_told_instead_of_shown(monkeypatch):
    from core import lessons

    lesson = lessons.lessons()["start-here"]
    broken = lesson.stops[0].model_copy(update={"claims": (("f", ">", 2.0),)})
    monkeypatch.setitem(lessons.lessons(), "start-here", lesson.model_copy(update={"stops": (broken, *lesson.stops[1:])}))
    at = bare()
    assert not at.exception
    assert "the text claims f" in at.warning[0].value.replace("\\", "")
