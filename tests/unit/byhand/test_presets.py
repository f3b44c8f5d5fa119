"""Published examples come out within their own rounding, forward and backward; misprints are named, and are misprints."""

import pytest

from core.byhand.mistakes.diagnoses import same
from core.byhand.presets import presets
from core.byhand.solution import solution
from core.byhand.ways import at, solved


@pytest.mark.parametrize("name", presets())
def test_every_printed_number_is_ours_or_a_misprint(name):
    preset = presets()[name]
    off = {key for key, _, _, right in preset.compared() if not right}
    assert off == set(preset.misprints)
    assert set(preset.printed) <= {line.key for line in solution(preset.sheet())}
    assert preset.within <= 2e-5


def test_there_are_examples_of_every_cell_and_of_the_way_back():
    shipped = presets().values()
    assert len(shipped) >= 10
    assert {preset.kind for preset in shipped} == {"rnn", "lstm", "gru"}
    assert [preset.name for preset in shipped if any(key.startswith(("d_", "W", "U")) for key in preset.printed)] == [
        "gomez",
        "prachub-rnn",
    ]
    assert all(preset.source and preset.title for preset in shipped)


def test_what_follows_from_a_misprint_follows_from_it():
    """PracHub's h₂ = 0.7790 gives its loss and gradients: only the tanh is wrong."""
    preset = presets()["prachub-rnn"]
    h = float(preset.printed["h 2 1"])
    d_h = (2 * h - 2) * 2
    for key, value in {"s 2 1": 2 * h, "d_s 2 1": 2 * h - 2, "d_h 2 1": d_h, "d_a 2 1": d_h * (1 - h * h)}.items():
        assert float(preset.printed[key]) == pytest.approx(value, abs=1e-4), key
    assert not same(h, at(solved(preset.sheet()), "h 2 1"), 3)


def test_hand_set_gates_are_not_those_of_the_solution_that_circulates():
    """With the biases of i and f exchanged the first steps that read a 1 have other answers."""
    preset = presets()["mit-lstm"]
    sheet = preset.sheet()
    weights = sheet.tables["weights"].copy()
    weights[[0, 1], 2] = weights[[1, 0], 2]
    h = solved(sheet.changed(tables={**sheet.tables, "weights": weights}))["h"][:, 0]
    assert not any(same(float(preset.printed[f"h {t + 1} 1"]), h[t], 0) for t in (2, 3))
