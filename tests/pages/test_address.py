"""The state of a page is in its address: every control that changes what is shown, read back by whoever opens the link, and by a class that is led."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, Selectbox, SelectSlider, TextArea, TextInput

from core.views import state
from core.views.state import Visit
from tests.app import link, opened, sent
from tests.conftest import PAGES

KINDS = ("slider", "select_slider", "segmented_control", "selectbox", "toggle", "number_input", "text_input", "text_area", "pills")
NOT_SHOWN = (
    "stories_who",
    "what_value_",
    "what_array_",
    "what_first_",
    "what_last_",
    "what_by",
    "make_",
    "hand_paste_",
    "network_weight_",
)  # they prepare the next press
TEXTS = {"stories_text": "Mary went to the garden.", "unit_words_sentiment": "not bad", "glossary_find": "gate"}
APART = ("lessons", "room", "teach", "make_lesson")  # nothing to choose, a room's code, one's own


def controls(at: AppTest) -> dict[str, Any]:
    """A page's controls by key, without those that only prepare the next press."""
    found = {each.key: each for kind in KINDS for each in at.get(kind) if each.key and not each.disabled}
    alone = {key for key, each in found.items() if len(getattr(each, "options", "ab")) < 2}
    return {key: each for key, each in found.items() if not key.startswith(NOT_SHOWN) and key not in alone}


@pytest.fixture
def by_label(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a choice be set by what stands on it: AppTest wants the value behind."""

    def labelled(kind: type, inner: Callable[[Any], Callable[[Any], str]]) -> None:
        known = property(lambda self: lambda value: value if value in self.options else inner(self)(value))
        monkeypatch.setattr(kind, "format_func", known)

    for kind in (ButtonGroup, Selectbox):
        labelled(kind, kind.format_func.fget)


def other(control: Any) -> Any:
    if isinstance(control, TextInput | TextArea):
        return TEXTS.get(control.key, control.value[: len(control.value) // 2].strip())
    if control.type == "toggle":
        return not control.value
    if isinstance(control.value, tuple):  # days
        first, last = control.value
        return first + (last - first) / 2, last
    if isinstance(control, ButtonGroup | Selectbox):
        chosen = control.indices if isinstance(control, ButtonGroup) else [control.index]
        found = [each for k, each in enumerate(control.options) if k not in chosen and each != "Your own CSV"][-1]
        return [found] if isinstance(control.value, list) else found  # of pills of which several can be chosen
    if isinstance(control, SelectSlider):
        return next(each for each in map(float, control.options) if each != control.value)
    return next(value for value in (control.min, control.max) if value != control.value)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in APART])
def test_every_control_is_in_the_address_and_comes_back(page, by_label):
    at = opened(page, seen="1")
    begun, done = link(at), set()
    while todo := [key for key in controls(at) if key not in done]:
        done.add(todo[0])
        before, control = link(at), controls(at)[todo[0]]
        control.set_value(other(control)).run()
        assert not at.exception, todo[0]
        now = link(at)
        assert now != before, todo[0]
        there = opened(page, **now)
        assert link(there) == now, todo[0]
        if todo[0] in controls(at):
            assert controls(there)[todo[0]].value == controls(at)[todo[0]].value
    assert done or page == "build_a_gate"
    # A student who had chosen all that is led to the page as it was at first.
    at.query_params.clear()
    for name, value in begun.items():
        at.query_params[name] = value
    at.session_state[state.key(Visit)] = Visit(page if page != "start" else "", exact=True)
    assert link(at.run()) == begun


@pytest.mark.parametrize("page", [page for page in PAGES if page not in ("room", "teach")])
def test_a_page_keeps_its_address_while_nothing_is_pressed(page):
    """Else a student would be taken for one who looks around."""
    at = opened(page)
    before = link(at)
    assert link(at.run()) == before


def test_the_answers_of_the_quiz_are_in_the_address():
    at = opened("true_or_false")
    first = link(at)["q"]
    at.button(key="quiz_true").click().run()
    assert link(at) == {"q": first, "said": "T"}
    at.button(key="quiz_next").click().run()
    assert link(at)["q"] != first
    assert link(at)["said"] == "T"


def test_what_cannot_be_sent_to_a_class_is_named():
    """A text that no link holds, a lesson that is being made; of shipped recordings and shares all is sent."""

    def own(at: AppTest) -> set[str | None]:
        return {data["own"] for data in sent(at) if "own" in data}

    assert own(opened("lstm", model="sentiment-lstm", text="word " * 450)) == {"text"}
    assert own(opened("make_lesson")) == {"lesson"}
    assert own(opened("speech", clip="3")) == own(opened("stocks", share="AAPL")) == own(opened("stories")) == {None}
