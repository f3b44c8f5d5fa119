"""Short-term memory: the record is whole, what the page says is what it holds, and the latch keeps a sign and no number."""

from functools import partial

import numpy as np
import pytest

from core.cells import CELLS
from core.insight import forget_clamp
from core.insight.latch import latch, resting
from core.models import load
from core.numerals import printed
from core.tasks import adding
from core.tasks.lags import SEEDS, lags
from core.views import short_term as draw
from tests import app

opened = partial(app.opened, "short_term")


def test_every_cell_was_run_at_every_lag_with_every_seed():
    record = lags()
    for name, task in record.tasks.items():
        for cell in CELLS:
            for lag in task.lags:
                assert sorted(run.seed for run in record.of(name, cell, lag)) == list(SEEDS), (name, cell, lag)


def test_solved_is_what_the_figures_say():
    record = lags()
    for run in record.runs:
        assert run.solved == (run.figure is not None and record.tasks[run.task].good(run.figure))


def test_gates_bridge_what_the_plain_network_does_not():
    """The claim of the page, from the record: at T = 100 every LSTM and GRU has solved adding, no RNN has."""
    record = lags()
    for cell, solved in (("lstm", True), ("gru", True), ("rnn", False)):
        assert {run.solved for run in record.of("adding", cell, 100)} == {solved}
    assert draw.reach(record, "adding", "rnn") < 100 <= min(draw.reach(record, "adding", cell) for cell in ("lstm", "gru"))


def test_nothing_is_shown_before_the_answer():
    at = opened()
    assert not at.exception
    assert not at.table
    next(b for b in at.button if b.label == "none of these lengths").click().run()
    assert len(at.table) == len(lags().tasks)
    reach = draw.reach(lags(), "adding", "rnn")
    assert any(f"up to **{reach or 'none of these lengths'}**" in m.value for m in at.markdown)
    assert len(opened(seen="1").table) == len(lags().tasks)


@pytest.mark.parametrize("row", ["1", "42", "nonsense"])
def test_the_row_is_what_the_models_read(row):
    at = opened(seen="1", row=row)
    assert not at.exception
    x, target = adding.sequences(np.random.default_rng(int(row) if row.isdecimal() else 1), 1, 100)
    said = next(m.value for m in at.markdown if "The marked numbers" in m.value)
    assert printed(f"**{float(target[0]):+.3f}**") in said
    for cell in CELLS:
        model = load(f"adding-{cell}")
        value = float(model.outputs(model.cell.run(x[:, 0]).h)[-1, 0])
        assert printed(f"{cell.upper()} {value:+.3f}") in said
    sent = app.stepper(at)
    assert [layer["name"] for layer in sent["layers"]] == ["lstm", "gru", "rnn"]
    assert len(sent["tokens"]) == 100


@pytest.mark.parametrize("weight", [1.2, 2.0, 3.0])
def test_a_latch_rests_where_its_equation_says(weight):
    rest = resting(weight)
    assert np.tanh(weight * rest) == pytest.approx(rest, abs=1e-12)
    for value in (0.9, 0.1, -0.1, -0.9):
        assert latch(weight, value, 1000)[-1] == pytest.approx(np.sign(value) * rest, abs=1e-9)


def test_without_a_strong_enough_weight_nothing_stays():
    assert resting(0.9) == 0
    assert abs(latch(0.9, 1.0, 1000)[-1]) < 1e-12


def test_memory_is_a_product_of_keeps():
    """Moment 3: f held at 0.9 for 100 steps makes the error at least tenfold; the figure is that of a loop of single steps."""
    at = opened(seen="1", keep="0.9")
    said = next(m.value for m in at.markdown if "is left after 100 steps" in m.value)
    assert "0.9¹⁰⁰ = **2.7 × 10⁻⁵**" in said
    assert "(of 0.99¹⁰⁰: 0.37)" in said
    assert forget_clamp.adding_error(0.9, 100) >= 10 * forget_clamp.adding_error(None, 100)
    model = load("adding-lstm")
    x, target = adding.sequences(np.random.default_rng(forget_clamp.SEED), forget_clamp.COUNT, 100)
    h = c = np.zeros((forget_clamp.COUNT, model.cell.hidden_size), np.float32)
    for x_t in x:
        step = model.cell.step(x_t, h, c)
        c = np.float32(0.9) * c + step.i * step.g
        h = step.o * np.tanh(c)
    error = float(np.square(model.outputs(h)[:, 0] - target).mean())
    assert forget_clamp.adding_error(0.9, 100) == pytest.approx(error, rel=1e-4)
    assert printed(f"to **{error:.2g}**") in said
    assert not opened(seen="1", keep="nonsense").exception
