"""The bridge page: opens on any text, shows what the core has, and only code lines that tests/oracle/test_places.py runs."""

import itertools
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import layouts
from core.cells import CELLS
from core.families import FAMILIES
from core.models import load
from core.views import bridge
from tests import app
from tests.app import NASTY, figures

REVIEWS = FAMILIES["sentiment"].examples


opened = partial(app.opened, "bridge")


def cells(at: AppTest) -> list[str]:
    """Everything in the page's tables, as text."""
    return [str(value) for table in at.table for value in table.value.to_numpy().ravel()]


@pytest.mark.parametrize("family", ["sentiment", "mini"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_array_and_part_shows_the_tested_lines(cell, family):
    at, own = opened(model=f"{family}-{cell}"), load(f"{family}-{cell}").cell
    gates = layouts.order(cell, "torch")
    for name in [*gates, *("c" if cell == "lstm" else ""), "h"]:
        at.segmented_control(key=f"bridge_array_{cell}").set_value(name).run()
        for part in layouts.PARTS if name in gates else layouts.PARTS[:1]:
            at.segmented_control(key="bridge_part").set_value(part).run()
            assert not at.exception
            shown = [code.value for code in at.code if code.language != "latex"]  # not an equation's LaTeX
            wanted = [layouts.where(own, name, part, library).code for library in layouts.LIBRARIES] if name in gates else []
            wanted += ["\n".join(layouts.setup(own, library)) for library in layouts.LIBRARIES]
            if cell != "rnn":
                wanted.append(layouts.keep_bias(own, {"lstm": "f", "gru": "z"}[cell], 1.0))
            assert shown == wanted
            assert len(figures(at)) == (3 if name in gates else 0)
        assert any("has no weights of its own" in m.value for m in at.markdown) == (name not in gates)


@pytest.mark.parametrize("cell", CELLS)
def test_entries_show_the_traces_numbers(cell):
    at, reading = opened(model=f"sentiment-{cell}"), load(f"sentiment-{cell}").run(REVIEWS[0][1])
    unit, length = reading.model.card.hero["unit"], len(reading.tokens)
    t = (length + 1) // 2
    assert at.number_input(key=f"bridge_t_{length}").value == t
    for name in ("h", "c") if cell == "lstm" else ("h",):
        at.segmented_control(key=f"bridge_array_{cell}").set_value(name).run()
        table = at.table[0].value
        found = [entry for library in layouts.LIBRARIES for entry in layouts.entries(cell, name, library, t - 1)]
        assert table["entry"].tolist() == [f"`{entry.code}`" for entry in found]
        assert table[f"unit {unit}"].tolist() == [
            f"{getattr(reading.trace, name)[entry.step, unit]:.4f}".replace("-", "−") for entry in found
        ]
    at.number_input(key=f"bridge_t_{length}").set_value(2).run()
    at.segmented_control(key=f"bridge_array_{cell}").set_value("h").run()
    assert "`output[0, 1]`" in cells(at)
    for _, codes in layouts.networks(cell, 48):
        assert {f"`{code}`" for code in codes.values()} <= set(cells(at))


def test_gates_are_returned_by_no_library():
    at = opened(model="sentiment-gru")
    for gate in "rzn":
        at.segmented_control(key="bridge_array_gru").set_value(gate).run()
        assert any(f"No library returns {gate}." in m.value for m in at.markdown)
    at.segmented_control(key="bridge_array_gru").set_value("h").run()
    assert not any("No library returns" in m.value for m in at.markdown)


def test_the_backward_directions_first_step_is_in_the_last_place():
    """The number beside output[:, -1] is that of a run over the last word alone; beside h_n, of the whole text read backwards."""
    text = "the film was not good"
    at, model = opened(model="mini-gru", text=text), load("mini-gru")
    unit, x = model.card.hero["unit"], model.run(text).trace.x
    table = next(t.value for t in at.table if "Keras" in t.value.columns)
    assert table[f"unit {unit}"].tolist()[-2:] == [
        f"{h[-1, unit]:.4f}".replace("-", "−") for h in (model.cell.run(x[-1:]).h, model.cell.run(x[::-1]).h)
    ]


@pytest.mark.parametrize("rows", [0, 1, 40])
def test_padding_moves_the_last_row(rows):
    text = "Not a bad film at all."
    at, model = opened(model="sentiment-lstm", text=text), load("sentiment-lstm")
    at.slider(key="bridge_padding").set_value(rows).run()
    reading, h, c = model.run(text), *(np.zeros((2, 48), np.float32))
    for x_t in [*reading.trace.x, *np.zeros((rows, 48), np.float32)]:
        step = model.cell.step(x_t, h, c)
        h, c = step.h, step.c
    ended, last = bridge.padded(model, reading, rows)
    np.testing.assert_allclose(ended, reading.trace.h[-1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(last, h, atol=1e-5)
    assert (np.abs(last - ended).max() > 1e-2) == (rows > 0)
    assert f"{100 * model.outputs(last)[1]:.1f}\N{NO-BREAK SPACE}%" in cells(at)


@pytest.mark.parametrize("cell", CELLS)
def test_only_the_grus_candidate_needs_two_biases(cell):
    reading = load(f"sentiment-{cell}").run(REVIEWS[0][1])
    changes = [bridge.moved(reading, other) for other in bridge.one_bias(reading.model.cell).values()]
    assert (changes[0] > 1e-3) == (cell == "gru")
    assert changes[-1] <= 1e-6
    own, D, H = reading.model.cell, 48, 48
    gates = len(layouts.order(cell, "torch"))
    two, one = gates * H * (D + H + 2), gates * H * (D + H + 1)
    assert bridge.counts(own) == {"torch": two, "Keras": two if cell == "gru" else one, "ONNX": two}


@pytest.mark.parametrize(("b", "half"), [(0, 1.0), (1, 2.2), (2, 5.5), (3, 14.3), (5, 103)])
def test_half_of_a_memory_after(b, half):
    keep, steps = bridge.retention(b)
    assert keep**steps == pytest.approx(0.5, rel=1e-12)
    assert steps == pytest.approx(half, abs=0.5 if b == 5 else 0.05)


@pytest.mark.parametrize("library", layouts.LIBRARIES)
@pytest.mark.parametrize("model", ["sentiment-lstm", "sentiment-gru", "mini-rnn", "mini-lstm"])
def test_the_outline_frames_the_gates_own_weights(model, library):
    """What lies inside the rectangle, read off the figure, are the cell's rows; the letters stand at the blocks' middles."""
    own = load(model).cell
    kind, H = type(own).__name__.lower(), own.hidden_size
    letters = "".join(layouts.letter(g, library) for g in layouts.order(kind, library))
    for gate, part in itertools.product(layouts.order(kind, "torch"), layouts.PARTS):
        found = layouts.where(own, gate, part, library)
        figure = bridge.heatmap(layouts.tensors(own, library)[found.tensor], found, letters, H, 2.0, "#000000", "#FFFFFF")
        box, z = figure.layout.shapes[0], np.asarray(figure.data[0].z)
        inside = z[int(box.y0 + 0.5) : int(box.y1 + 0.5), int(box.x0 + 0.5) : int(box.x1 + 0.5)]
        rows = layouts.rows(kind, gate, H, "torch")
        wanted = own.bias_ih[rows] + own.bias_hh[rows] if found.added else getattr(own, part)[rows]
        np.testing.assert_array_equal(inside.T if found.transposed else inside.reshape(wanted.shape), wanted)
        axis = figure.layout.yaxis if figure.layout.yaxis.ticktext else figure.layout.xaxis
        at = (box.y0 + box.y1) / 2 if axis == figure.layout.yaxis else (box.x0 + box.x1) / 2
        assert axis.ticktext[list(axis.tickvals).index(at)] == layouts.letter(gate, library)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_typed(text):
    at = opened()
    at.text_input(key="text").set_value(text).run()
    for name in ("f", "c", "h"):
        at.segmented_control(key="bridge_array_lstm").set_value(name).run()
        assert not at.exception
    at.segmented_control(key="cell").set_value("gru").run()
    assert not at.exception
    assert not any("<script" in m.value or "**bold**" in m.value for m in at.markdown)
