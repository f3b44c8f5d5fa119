"""No link and no state that a browser sends breaks a page: no exception box, no error, and every page still shows its heading."""

import random
import re

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state.session_state import WStates

from core.server.states import guard
from core.views import parameters
from core.views.widgets import incoming
from tests.app import AppTest, drawn, opened, stepper
from tests.attacks import links, states
from tests.attacks.conftest import Figure
from tests.conftest import ROOT

SETS = 4_000  # hostile links, over all pages, with --all
SHARE = 5  # of each page without it


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As app.py's server is."""
    monkeypatch.setattr(WStates, "__getitem__", WStates.__getitem__)
    guard()


def broken(at: AppTest) -> str:
    """What is wrong with a page, "" if nothing is: an exception box, no heading, or marks that would fetch something from elsewhere."""
    if at.exception:
        return at.exception[0].message
    if not any("gs-name" in each.proto.body for each in at.get("html")) and not drawn(at) and not at.caption:  # which may ask for patience
        return "nothing is shown"
    return next((text for text in map(str, (m.value for m in at.markdown)) if f"]({links.FOREIGN}" in text), "")


@pytest.mark.parametrize("page", sorted(page for page, own in links.READ_BY.items() if own))
def test_no_number_breaks_a_page(page, figure: Figure):
    found = [why for digit in "90" if (why := broken(opened(page, **links.digits(page, digit))))]
    figure("links of two that break the page", len(found))
    assert not found


@pytest.mark.parametrize("page", sorted(links.READ_BY))
def test_no_link_breaks_a_page(page, figure: Figure):
    found = tried(page, range(SHARE))
    figure(f"links of {SHARE} that break the page", len(found))
    assert not found


@pytest.mark.heavy
@pytest.mark.parametrize("page", sorted(links.READ_BY))
def test_no_link_of_thousands_breaks_a_page(page, figure: Figure):
    """SETS links over all pages."""
    count = -(-SETS // len(links.READ_BY))
    found = tried(page, range(count))
    figure(f"links of {count} that break the page", len(found))
    assert not found


def tried(page: str, numbers: range) -> dict[int, str]:
    """Which of a page's hostile links, by their numbers, break it, and how."""
    found = {}
    for k in numbers:
        at = opened(page, **links.link(random.Random(f"{page} {k}"), page))
        if why := broken(at) or "".join(error.value for error in at.error):
            found[k] = why
    return found


@pytest.mark.parametrize("count", [1, pytest.param(10, marks=pytest.mark.heavy)])
@pytest.mark.parametrize("page", sorted(links.READ_BY))
def test_no_state_breaks_a_page(page, count, guarded, figure: Figure):
    found = {}
    for k in range(count):
        at = opened(page, text=["not a bad film"], model=["sentiment-lstm"], seen=["1"])
        at._run(states.said(random.Random(f"{page} {k}"), at))
        if why := broken(at):
            found[k] = why
    figure(f"states of {count} that break the page", len(found))
    assert not found


def test_a_state_of_another_kind_counts_as_not_sent(guarded):
    at = opened("start", text=["not a bad film"], model=["sentiment-gru"])
    keys = {key.rsplit("-", 1)[-1]: key for key in at._session_state._state._new_widget_state.widget_metadata}
    said = [
        ("cell", "int_value", 3),
        ("family", "string_array_value", []),
        ("text", "bytes_value", b"x"),
        ("stepper", "json_value", "[" * 3000),
    ]
    at._run(WidgetStates(widgets=[states.state(keys[name], kind, value) for name, kind, value in said]))
    assert not broken(at)
    assert (at.session_state["cell"], at.session_state["family"], at.session_state["text"]) == ("gru", "sentiment", "not a bad film")


def test_a_field_s_whole_number_is_taken(guarded):
    """Browsers send it as a whole number, AppTest does not."""
    at = opened("train")
    (key,) = [key for key in at._session_state._state._new_widget_state.widget_metadata if key.endswith("-train_seed")]
    at._run(WidgetStates(widgets=[states.state(key, "int_value", 7)]))
    assert at.session_state["train_seed"] == 7


@pytest.mark.parametrize("page", ["start", "counting", "stories", "synthesis"])
def test_a_text_of_two_million_characters_is_cut(page):
    """A longer one does not arrive: see test_typed."""
    at = opened(page, model=[{"counting": "counting-lstm"}.get(page, "sentiment-lstm")])
    field = next(f for f in (*at.text_input, *at.text_area) if (f.key or "").split("_")[-1] in ("text", "counting"))
    at = field.set_value("x" * 1_900_000).run()
    assert not broken(at)
    assert len(at.session_state[field.key]) <= incoming.FIELD
    assert len(stepper(at)["link"].get("text") or "") <= 20_000


def test_a_long_text_says_after_how_many_characters_it_was_cut():
    at = opened("start", model=["sentiment-lstm"], text=["x" * 30_000])
    assert [info.value for info in at.info] == ["Only the first 20,000 characters are read; the rest is left out."]
    assert len(stepper(at)["tokens"][0]) == 20_000


def test_the_only_word_may_be_left_out():
    assert not broken(opened("what_if", text=["good"], model=["sentiment-lstm"], word=["delete_0"]))


def test_every_parameter_is_attacked():
    """The generator knows each parameter that a page or the stepper's JavaScript reads."""
    browser = re.findall(r'asked\.(?:get|has)\("(\w+)"\)|URLSearchParams\((?:location\.)?search\)\.get\("(\w+)"\)', scripts())
    known = {name for names in (links.READ_BY_ALL, *links.READ_BY.values()) for name in names}
    assert known == {*parameters.NAMES, "step", "unit", "dim", "out"} | {name for pair in browser for name in pair if name}
    assert known == set(links.GOOD)


def scripts() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets/stepper").rglob("*.js"))
