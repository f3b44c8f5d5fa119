"""True or false? without a browser: nothing is told before the answer; score, strip, links."""

from html import unescape

import pytest

from core.lessons.quiz import decide, items
from tests.app import AppTest, drawn, opened, stepper

NAMES = list(items())
FIRST = items()[NAMES[0]]


def quiz(**link: str) -> AppTest:
    return opened("true_or_false", **{"q": NAMES[0], **link})


def said(at: AppTest) -> str:
    """All that is written on the page."""
    return "\n".join(e.value for e in (*at.header, *at.markdown)) + unescape("\n".join(e.proto.body for e in at.get("html")))


def score(at: AppTest) -> str:
    return at.markdown[0].value


def link_of(at: AppTest) -> dict[str, str]:
    """What the address holds (AppTest gives a list for what it was given, a string for what the page wrote)."""
    return {key: value if isinstance(value, str) else value[0] for key, value in at.query_params.items()}


def test_nothing_is_told_before_the_answer():
    for name in NAMES:
        at = quiz(q=name)
        assert not at.exception
        assert not drawn(at)
        assert [each.proto.body.count("gs-name") for each in at.get("html")] == [1]
        assert items()[name].source not in said(at)
        assert at.header[0].value.replace("\\", "") == items()[name].statement


@pytest.mark.parametrize("answer", [True, False])
def test_an_answer_is_told_and_decided(answer):
    at = quiz()
    at.button(key=f"quiz_{str(answer).lower()}").click().run()
    assert not at.exception
    good = answer == FIRST.answer
    assert f"You said {str(answer).lower()}. It is **{str(FIRST.answer).lower()}**." in said(at)
    assert ("Right." if good else "Wrong.") in said(at)
    assert score(at).startswith(f"**{int(good)} of 1 right**")
    shown, sent = decide(FIRST), stepper(at)
    assert sent["start"] == {"level": FIRST.stop.level, "step": shown.place.step, "unit": shown.place.unit, "array": shown.place.array}
    assert FIRST.source in said(at)
    assert "quiz_true" not in {b.key for b in at.button}  # an answer stands
    assert link_of(at)["said"] == "T" if answer else "F"


def test_every_item_opens_when_answered():
    at = quiz(said="".join("TF"[k % 2] for k in range(len(NAMES))))
    for name in NAMES:
        assert not at.exception
        assert not at.warning
        item, sent = items()[name], stepper(at)
        assert tuple(sent["tokens"]) == decide(item).reading.tokens
        assert (" set by hand" in sent["provenance"]) == bool(item.stop.edits)
        assert len(sent["layers"]) == (1 if item.stop.other is None else 2)
        assert item.source in said(at)
        if name != NAMES[-1]:
            at.button(key="quiz_next").click().run()
    assert at.button(key="quiz_next").disabled
    right = sum(item.answer == (k % 2 == 0) for k, item in enumerate(items().values()))
    assert score(at) == f"**{right} of {len(NAMES)} right**, all answered"


def test_a_link_brings_place_and_score_back():
    at = quiz()
    at.button(key="quiz_false").click().run()
    at.button(key="quiz_next").click().run()
    at.button(key="quiz_next").click().run()
    at.button(key="quiz_true").click().run()
    link = link_of(at)
    assert link == {"q": NAMES[2], "said": "F-T"}
    again = opened("true_or_false", **link)
    assert score(again) == score(at)
    assert said(again) == said(at)
    assert again.get("button_group")[0].options[:3] == ["1 ✓", "2", "3 ✗"]


def test_the_strip_goes_anywhere_and_start_over_forgets():
    at = quiz(said="FT")
    at.get("button_group")[0].set_value(NAMES[5]).run()
    assert not at.exception
    assert at.header[0].value.startswith(items()[NAMES[5]].statement[:20])
    assert link_of(at)["q"] == NAMES[5]
    at.button(key="quiz_over").click().run()
    assert at.header[0].value.startswith(FIRST.statement[:20])
    assert "right" not in score(at)
    assert "said" not in link_of(at)


@pytest.mark.parametrize("link", [{"q": "**nonsense** <b>"}, {"said": "perhaps <b>"}, {"said": "T" * 500}, {"q": "", "said": "F$x$"}])
def test_nonsense_in_the_link_is_told(link):
    at = quiz(**link)
    assert not at.exception
    assert len(at.warning) == len(link)
    assert "<b>" not in at.warning[0].value.replace("\\<b\\>", "")
    assert at.header[0].value.startswith(FIRST.statement[:20])
    assert "right" not in score(at)
    at.button(key="quiz_false").click().run()
    assert not at.exception
    assert not at.warning
    assert link_of(at)["said"] == "F"


def test_the_score_is_kept_through_another_page():
    at = quiz()
    at.button(key="quiz_false").click().run()
    at.switch_page("glossary.py").run()
    at.query_params.clear()
    at.switch_page("true_or_false.py").run()
    assert not at.exception
    assert score(at).startswith("**1 of 1 right**")
    assert link_of(at)["said"] == "F"
    assert stepper(at)["start"]["array"] == FIRST.stop.array


def test_a_claim_that_does_not_hold_is_told_instead_of_shown(monkeypatch):
    broken = FIRST.model_copy(update={"stop": FIRST.stop.model_copy(update={"claims": (("f", ">", 2.0),)})})
    monkeypatch.setitem(items(), NAMES[0], broken)
    at = quiz(said="F")
    assert not at.exception
    assert "the text claims f" in at.warning[0].value.replace("\\", "")
    assert not drawn(at)
