"""A network that the visitor trained, on every page that can show it, and on those that cannot."""

import pytest
from streamlit.testing.v1 import AppTest

from core.cells import CELLS
from core.families.own import OWN
from core.models import lend
from core.views import state
from core.views.remembered import Trained
from core.views.state import Controls
from tests.app import SITE, drawn, said, stepper
from tests.networks import made, sent

BRIEF = {"words": "good", "parity": "1", "copying": "a", "order": "E", "brackets": "(", "counting": "a"}


def opened(page: str, task: str, cell: str, **query: str) -> AppTest:
    """A page as it is opened after Use it."""
    model = lend(made(sent(task=task, cell=cell), task))
    at = AppTest.from_file(str(SITE), default_timeout=120)
    at.session_state[state.key(Trained)] = Trained(model)
    at.session_state[state.key(Controls)] = Controls(family=model.card.task, cell=cell)
    for name, value in query.items():
        at.query_params[name] = value
    if page != "start":
        at.switch_page(f"{page}.py")
    return at.run()


def pages(task: str, cell: str) -> list[str]:
    return ["start", "what_if", "gradients", *({"find_a_unit"} if OWN[task].corpus else ()), *({cell} & {"lstm", "gru"})]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", OWN)
def test_it_is_shown_wherever_it_can_be(task, cell):
    for page in pages(task, cell):
        for query in ({}, {"text": BRIEF[task]}, {"text": ""}):
            at = opened(page, task, cell, **query)
            assert not at.exception, (page, query)
            data = stepper(at)
            assert data["link"]["model"].startswith(f"own-{task}-"), (page, query)
            assert data["own"] == "network"
            assert data["layers"][0]["cell"] == cell


@pytest.mark.parametrize("page", ["bridge", "conventions", "numpy_torch", "left_behind", "side_by_side", "activations", "find_a_unit"])
def test_other_pages_begin_with_a_shipped_model(page):
    at = opened(page, "parity", "gru")
    assert not at.exception
    assert not any("own-" in str(data.get("link", {}).get("model")) for data in drawn(at) if isinstance(data, dict))


@pytest.mark.parametrize("task", ["words", "brackets"])
def test_what_is_changed_is_computed_again(task):
    """A value set by hand, and a token swapped: the sentence names the answer."""
    text = OWN[task].examples[0][1]
    at = opened("what_if", task, "lstm", text=text, set="f_0_1-2_all", word="swap_1")
    assert not at.exception
    assert "goes from" in said(at)
    assert "left out" not in said(at)
    assert len(stepper(at)["layers"]) == 2


def test_a_link_to_it_says_that_it_holds_no_network():
    at = AppTest.from_file(str(SITE), default_timeout=120)
    at.query_params["model"] = "own-words-0123456789ab-lstm"
    at.switch_page("what_if.py").run()
    assert not at.exception
    assert "It is not contained in the link" in said(at)
    assert stepper(at)["link"]["model"] == "sentiment-lstm"
