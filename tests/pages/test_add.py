"""*add to my lesson* on every page that has a stepper: the stop shows the same numbers, or it is said why not."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.lessons import work_out
from core.lessons.custom import from_stops
from core.views.lessons import draft, stops
from core.views.stepper import component
from tests.app import opened
from tests.conftest import PAGES

WITHOUT = {"by_hand", "room", "lessons", "glossary", "teach", "make_lesson", "worksheets", "activations"}


def views(page, monkeypatch, **query):
    """What the page's stepper was drawn with: reading and layers."""
    drawn = []
    monkeypatch.setattr(component, "draft", SimpleNamespace(add=lambda reading, layers, view: None))
    real = component.body
    monkeypatch.setattr(
        component, "body", lambda reading, layers, *more, **how: drawn.append((reading, layers)) or real(reading, layers, *more, **how)
    )
    at = opened(page, **query)
    assert not at.exception
    return drawn


def stop(reading, layers, layer=0, array="h", level="all"):
    name = f"{layers[layer].name}-{array}" if layers[layer].name else array
    return draft.stop_of(reading, layers, {"step": 0, "unit": 0, "array": name, "level": level})


@pytest.mark.parametrize(
    ("page", "query"),
    [(page, {}) for page in PAGES if page not in WITHOUT | {"true_or_false", "conventions", "build_a_gate"}]
    + [("true_or_false", {"said": "T"}), ("speech", {"clip": "8", "model": "speech-gru"}), ("stocks", {"share": "IBM", "model": "stocks-rnn"}),
       ("gradients", {"seen": "1"}), ("side_by_side", {"text": "not a bad film"}), ("conventions", {"model": "mini-lstm"})],
)  # fmt: skip
@pytest.mark.parametrize("level", ["all", "story"])
def test_a_view_of_every_page_becomes_a_stop_with_its_numbers(page, query, level, monkeypatch):
    for reading, layers in views(page, monkeypatch, **query):
        for k, layer in enumerate(layers[:1] if page == "numpy_torch" else layers):
            found = stop(reading, layers, k, level=level)
            shown = work_out(from_stops("x", [found]), 0)
            wanted = next(one for one in layers if one.name == "this") if layers[0].name == "other" else layer
            np.testing.assert_array_equal(shown.reading.trace.h, wanted.trace.h)
            again, place = stops.staged(shown)
            assert place["array"].rpartition("-")[2] == "h"
            if page in ("side_by_side", "short_term"):  # all of them again, in the same order
                assert [one.cell for one in again] == [one.cell for one in layers]
                for one, other in zip(again, layers, strict=True):
                    np.testing.assert_array_equal(one.trace.h, other.trace.h)
            if page in ("speech", "stocks", "synthesis"):  # inputs and answers by their names
                assert vars(again[0].input) == vars(layers[0].input)
                assert again[0].answers.title == layers[0].answers.title


@pytest.mark.parametrize(
    ("page", "query", "told"),
    [
        ("conventions", {"model": "mini-lstm", "gates": "coupled"}, "computed in another way"),
        ("build_a_gate", {}, "computed in another way"),
    ],
)
def test_what_no_stop_can_show_is_told(page, query, told, monkeypatch):
    reading, layers = views(page, monkeypatch, **query)[-1]
    with pytest.raises(ValueError, match=told):
        stop(reading, layers)


def test_a_recording_and_prices_of_one_s_own_are_told(monkeypatch):
    from dataclasses import replace

    for page, told in (("speech", "recording of your own"), ("stocks", "prices of your own")):
        reading, layers = views(page, monkeypatch)[-1]
        with pytest.raises(ValueError, match=told):
            stop(replace(reading, text=""), layers)
