"""Figures: the place of a line's name, powers on logarithmic axes, scales that hold the numbers."""

import json
import math
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from core.cells import Edit
from core.models import load
from core.views.stepper.layers import Layer
from core.views.widgets import charts


@pytest.mark.parametrize(("log", "place"), [(True, math.log10(0.005)), (False, 0.005)])
def test_the_name_of_a_line_stands_at_the_line(log, place):
    made = go.Figure(go.Scatter(x=[1, 2], y=[0.001, 1]))
    made.update_yaxes(type="log" if log else "linear")
    charts.rule(made, 0.005, "solved", log=log)
    assert made.layout.shapes[0].y0 == 0.005  # of a shape the axis takes the logarithm, of a name not
    assert made.layout.annotations[0].y == pytest.approx(place)
    assert made.layout.annotations[0].text == "solved"


def test_a_logarithmic_axis_has_powers_of_ten(monkeypatch):
    sent = []
    monkeypatch.setattr(charts, "_component", lambda data, key: sent.append(data))
    monkeypatch.setattr(charts.st, "context", SimpleNamespace(theme=SimpleNamespace(type="light")))
    made = go.Figure(go.Scatter(x=[1, 2], y=[0.0001, 1]))
    made.update_yaxes(type="log")
    charts.draw(made, "x")
    layout = json.loads(json.dumps(sent[0]["figure"]["layout"]))
    assert layout["yaxis"]["exponentformat"] == "power"
    assert "exponentformat" not in layout.get("xaxis", {})


@pytest.mark.parametrize(
    ("name", "text"), [("counting-lstm", "a" * 98 + "b" * 98), ("counting-gru", "aabb"), ("sentiment-lstm", "not bad")]
)
def test_a_unit_s_scale_holds_its_numbers(name, text):
    """And is the card's where the card's is wide enough, so that texts can be compared."""
    reading = load(name).run(text)
    card, layer, state = reading.model.card, Layer.of(reading), getattr(reading.trace, "c", reading.trace.h)
    peaks = np.abs(state).max(axis=0)
    assert (peaks <= layer.unit_ranges).all()
    assert all(
        wide == known or (peak > known and wide - peak < 0.5)
        for wide, known, peak in zip(layer.unit_ranges, card.unit_ranges, peaks, strict=True)
    )
    if peaks.max() <= max(card.unit_ranges):
        assert layer.state_range == card.c_range
    else:
        assert layer.state_range >= peaks.max()


def test_numbers_set_by_hand_do_not_stretch_the_scale():
    reading = load("counting-lstm").run("aabb", [Edit("c", 1e6, 1)])
    assert Layer.of(reading).unit_ranges == reading.model.card.unit_ranges


def test_a_figure_of_records_is_made_once_for_each_theme(monkeypatch):
    theme = SimpleNamespace(type="light")
    monkeypatch.setattr(charts.st, "context", SimpleNamespace(theme=theme))
    asked: list[str] = []

    def make(name: str) -> go.Figure:
        asked.append(name)
        return go.Figure(go.Scatter(x=[1], y=[2], line_color=charts.ground()[0])).update_layout(height=200)

    first = charts.once(make, "a")
    assert charts.once(make, "a") is first
    assert charts.once(make, "b") is not first
    assert asked == ["a", "b"]
    theme.type = "dark"
    assert charts.once(make, "a").figure["data"][0]["line"] != first.figure["data"][0]["line"]
    assert first.height == 200
