"""*Why plain RNNs forget*: the row, what is kept of it, the latch and the gradients, by torch and closed forms."""

import re

import numpy as np
import pytest
import torch

from core.cells import CELLS
from core.lessons import show
from core.lessons.custom import plain
from core.lessons.numbers import gather
from core.lessons.worked import LATCH, find
from tests.oracle import naive
from tests.unit.lessons.second import FORGET, again, answer, in_torch, stop

ROW = FORGET.stops[0].input


def marked():
    """The row's values and where its marks are, read off the text."""
    tokens = ROW.split()
    return np.array([float(t.strip("*")) for t in tokens]), [k for k, t in enumerate(tokens) if t.endswith("*")]


def test_the_row_and_the_answers_by_torch():
    values, (first, second) = marked()
    x = np.stack((values, np.isin(np.arange(100), (first, second))), axis=-1)
    turned = x.copy()
    turned[first, 0] *= -1
    target = values[first] + values[second]
    for cell, near in (("lstm", True), ("gru", True), ("rnn", False)):
        shown = show(FORGET.stops[2].model_copy(update={"model": f"adding-{cell}", "claims": (), "text": ""}))
        told, moves = gather("adding", shown), gather("first_turned", shown)
        was, now = answer(find(f"adding-{cell}"), x), answer(find(f"adding-{cell}"), turned)
        assert told["last_answer"] == pytest.approx(was, abs=1e-4)
        assert (abs(was - target) < 0.05) == near
        assert moves[f"{cell}_moves"] == pytest.approx(abs(was - now), abs=1e-4)
        assert (abs(was - now) > 0.85) == near
        assert moves["should"] == pytest.approx(2 * values[first], abs=1e-6)
        assert (told["first_t"], told["second_t"]) == (first + 1, second + 1)
        apart = np.abs(
            np.subtract(*(in_torch(find(f"adding-{cell}"))(torch.tensor(rows))[0].detach().numpy() for rows in (x, turned)))
        ).max(axis=-1)
        for where, name in ((first, "at"), (first + 10, "10"), (99, "end")):
            assert moves[f"{cell}_h_{name}"] == pytest.approx(apart[where], abs=1e-4)


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z")])
def test_what_is_kept_between_the_marks(cell, gate):
    _, (first, second) = marked()
    title = "Memory is a product of forget gates" if cell == "lstm" else "Forwards: a GRU"
    shown = show(stop("why-plain-rnns-forget", title))
    numbers, rows = gather("held", shown), again(shown.reading)[gate][first + 1 : second + 1]
    product_ = [float(np.prod([row[u] for row in rows])) for u in range(32)]
    assert shown.place.unit == int(np.argmax(product_)) == numbers["best_unit"]
    assert numbers["kept"] == pytest.approx(max(product_), rel=1e-3)
    assert numbers["middle"] == pytest.approx(np.median(product_), rel=1e-3)
    assert numbers["least"] == pytest.approx(min(row[shown.place.unit] for row in rows), abs=1e-5)
    assert numbers["tenth"] == pytest.approx(0.9 ** (second - first))


def test_held_at_nine_tenths_the_answer_is_lost():
    values, marks = marked()
    model = find("adding-lstm")
    h, c = np.zeros(32), np.zeros(32)
    for k, value in enumerate(values):
        row = naive.lstm(model.cell, [[value, float(k in marks)]], h.tolist(), c.tolist())
        c = 0.9 * c + np.array(row["i"][0]) * np.array(row["g"][0])
        h = np.array(row["o"][0]) * np.tanh(c)
    said = float(h @ model.readout_weight[0] + model.readout_bias[0])
    assert gather("adding", show(stop("why-plain-rnns-forget", "Every forget gate set to 0.9")))["last_answer"] == pytest.approx(
        said, abs=1e-3
    )
    assert abs(said - values[marks].sum()) > 0.5


def test_the_latch_by_its_fixed_point_and_its_derivative():
    h, gradient, plus, half = 0.0, 1.0, [], 0.0
    for k in range(100):
        h, half = np.tanh(2 * h + (0.3 if k == 0 else 0)), np.tanh(2 * half + (0.15 if k == 0 else 0))
        plus.append(h)
        gradient *= 1 if k == 0 else 2 * (1 - h * h)
    shown = show(stop("why-plain-rnns-forget", "A plain RNN can keep something"))
    numbers = gather("fed", shown)
    assert shown.reading.model.card.name == LATCH
    np.testing.assert_allclose(shown.reading.trace.h[:, 0], plus, atol=1e-5)
    assert numbers["held"] == pytest.approx(h, abs=1e-5)
    assert h == pytest.approx(np.tanh(2 * h), abs=1e-12)
    assert numbers["held_of_half"] == pytest.approx(half, abs=1e-5)
    assert numbers["held_of_minus"] == pytest.approx(-h, abs=1e-5)
    left = gather("backwards_in_time", shown)["own_left"]
    assert np.log10(left) == pytest.approx(np.log10(gradient), abs=0.1)
    assert left < 1e-50


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_backwards_by_torch(cell):
    """Autograd through a loop over torch's weights, in float64."""
    values, marks = marked()
    model = find(f"adding-{cell}")
    module, H = in_torch(model), 32
    single = {"lstm": torch.nn.LSTMCell, "gru": torch.nn.GRUCell, "rnn": torch.nn.RNNCell}[cell](2, H, dtype=torch.float64)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(single, name).data = getattr(module, f"{name}_l0").data
    h, c, states = *torch.zeros(2, 1, H, dtype=torch.float64), []
    for k, value in enumerate(values):
        x = torch.tensor([[value, float(k in marks)]], dtype=torch.float64)
        if cell == "lstm":
            h, c = single(x, (h, c))
        else:
            h = single(x, h)
        states.append(c if cell == "lstm" else h)
        states[-1].retain_grad()
    (h[0] @ torch.tensor(model.readout_weight[0], dtype=torch.float64)).backward()
    left = float(states[marks[0]].grad.norm() / states[-1].grad.norm())
    told = gather("backwards_in_time", show(stop("why-plain-rnns-forget", "Backwards: vanishing gradients")))
    assert told[f"{cell}_left"] == pytest.approx(left, rel=1e-3)
    assert told["back"] == 99 - marks[0]


def test_every_sentence_keeps_forgetting_and_gradients_apart():
    backwards, forwards = (
        re.compile(r"gradient|vanish|backward", re.I),
        re.compile(r"forgets|forgetting|forgot|forwards|lost|remember|kept|keeps|holds", re.I),
    )
    for one in FORGET.stops:
        assert not one.model.startswith("mini"), "they forget nothing"
        for sentence in re.split(r"(?<=[.:?!])\s", plain(one.text)):
            assert not (backwards.search(sentence) and forwards.search(sentence)), sentence
    titles = [one.title for one in FORGET.stops]
    assert any(t.startswith("Forwards") for t in titles)
    assert any(t.startswith("Backwards") for t in titles)
