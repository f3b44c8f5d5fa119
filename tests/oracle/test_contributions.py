"""What each token left in a state, against a naive second computation and torch's autograd."""

import numpy as np
import pytest
import torch

from core import torch_side
from core.cells import GRU, LSTM, Edit
from core.families import FAMILIES
from core.insight import contributions, gradients
from core.models import load

TEXT = dict(FAMILIES["sentiment"].examples)["Contrast"]
VARIANTS = [(LSTM, {}), (LSTM, {"coupled": True}), (LSTM, {"forget": False}), (GRU, {}), (GRU, {"keep": "1-z"}), (GRU, {"reset": "before"})]


def texts(count=100):
    """Random texts over the review models' words."""
    rng, words = np.random.default_rng(0), load("sentiment-lstm").vocabulary.words
    return [" ".join(rng.choice(words[1:], rng.integers(1, 60))) for _ in range(count)]


def naive(cell, trace, token, t, unit):
    """The formula of the split, one product at a time."""
    if isinstance(cell, LSTM):
        keep, write = trace.f, trace.i * trace.g
    else:
        keep = trace.z if cell.keep == "z" else 1 - trace.z
        write = (1 - keep) * trace.n
    value = write[token, unit]
    for k in range(token + 1, t + 1):
        value *= keep[k, unit]
    return value if token <= t else 0.0


@pytest.mark.parametrize("name", ["sentiment-lstm", "sentiment-gru"])
def test_the_split_adds_up_to_the_state_on_a_hundred_texts(name):
    model, state = gradients.double(load(name)), "c" if name.endswith("lstm") else "h"
    for k, text in enumerate(texts()):
        reading = model.run(text)
        rows = getattr(reading.trace, state)
        for unit in (k % 32, (7 * k + 3) % 32):
            assert np.abs(contributions.of_unit(model.cell, reading.trace, unit).sum(axis=0) - rows[:, unit]).max() <= 1e-10
        sums = contributions.towards(model.cell, reading.trace, model.readout_weight[0]).sum(axis=0)
        assert np.abs(sums - reading.trace.h @ model.readout_weight[0]).max() <= 1e-10


@pytest.mark.parametrize(("kind", "variant"), VARIANTS)
def test_each_part_is_the_formulas(kind, variant):
    rng = np.random.default_rng(1)
    cell = kind.init(3, 4, seed=2, dtype=np.float64, **variant)
    start = [rng.normal(size=4) for _ in range(2 if kind is LSTM else 1)]
    trace = cell.run(rng.normal(size=(6, 3)), *start)
    for unit in range(4):
        parts = contributions.of_unit(cell, trace, unit)
        for token in range(6):
            for t in range(6):
                assert parts[1 + token, t] == pytest.approx(naive(cell, trace, token, t, unit), abs=1e-14)
        np.testing.assert_allclose(parts.sum(axis=0), (trace.c if kind is LSTM else trace.h)[:, unit], atol=1e-14)
    assert np.abs(parts[0]).max() > 0  # the first state has a part too


def test_a_forgotten_word_has_no_part_and_states_set_by_hand_are_refused():
    model = load("sentiment-lstm")
    reading = model.run(TEXT, [Edit("f", 0, steps=9)])
    assert not contributions.of_unit(model.cell, reading.trace, 4)[:10, 9:].any()
    with pytest.raises(ValueError, match="c itself was set by hand"):
        contributions.of_unit(model.cell, model.run(TEXT, [Edit("c", 0)]).trace, 0)
    with pytest.raises(ValueError, match="an RNN keeps nothing"):
        contributions.of_unit(load("sentiment-rnn").cell, load("sentiment-rnn").run(TEXT).trace, 0)
    empty = model.run("")
    assert contributions.of_unit(model.cell, empty.trace, 0).size == 0
    assert contributions.towards(model.cell, empty.trace, model.readout_weight[0]).size == 0


def torch_run(model, xs, h0=None, writes=None):
    """Our cell in torch with every value retained; the steps. writes: gates and h of another run that are to be taken as constants."""
    cell, H = model.cell, model.cell.hidden_size
    h = torch.zeros(H, dtype=torch.float64) if h0 is None else h0
    c = [torch.zeros(H, dtype=torch.float64)] if isinstance(cell, LSTM) else []
    steps = []
    for x_t in xs:
        step = torch_side.step(cell, x_t, h, *c)
        for value in (step.h, getattr(step, "c", None)):
            if value is not None:
                value.retain_grad()
        steps.append(step)
        h, c = step.h, [step.c] if c else []
    return steps


@pytest.mark.parametrize("name", ["sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "mini-rnn"])
def test_norms_are_autograds(name):
    model = gradients.double(load(name))
    for text in (TEXT, *texts(4)) if name.startswith("sent") else ("not the film was but the film was very bad", "good"):
        reading = model.run(text)
        xs = torch.tensor(reading.trace.x, requires_grad=True)
        steps = torch_run(model, xs)
        (steps[-1].h @ torch.tensor(model.readout_weight[0])).backward()
        for state, ours in gradients.by_lag(reading).items():
            theirs = np.array([np.linalg.norm(getattr(step, state).grad.numpy()) for step in steps])[::-1]
            np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-12)
        if not name.endswith("rnn"):
            lean = contributions.leaning(reading, len(reading.tokens) - 1)
            np.testing.assert_allclose(lean.full, xs.grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", ["sentiment-lstm", "sentiment-gru"])
@pytest.mark.parametrize("step", [0, 3, 24])
def test_the_own_write_is_autograds_with_all_else_held(name, step):
    """What a token wrote, by torch: its h before, all that was kept later and what stands before the readout are constants."""
    model = gradients.double(load(name))
    reading = model.run(TEXT)
    t, cell, w = reading.trace, model.cell, torch.tensor(model.readout_weight[0])
    lean = contributions.leaning(reading, step)
    for j in range(step + 1):
        x = torch.tensor(t.x[j], requires_grad=True)
        h = torch.tensor(t.h[j - 1] if j else t.h0)
        if isinstance(cell, LSTM):
            made = torch_side.step(cell, x, h, torch.tensor(t.c0))
            own = made.i * made.g * torch.tensor(t.f[j + 1 : step + 1].prod(axis=0))
            others = torch.tensor(t.c[step]) - own.detach()
            total = (w * torch.tensor(t.o[step]) * torch.tanh(own + others)).sum()
        else:
            made = torch_side.step(cell, x, h)
            total = (w * (1 - made.z) * made.n * torch.tensor(t.z[j + 1 : step + 1].prod(axis=0))).sum()
        total.backward()
        np.testing.assert_allclose(lean.write[j], x.grad.numpy(), rtol=1e-8, atol=1e-12)


def test_leaning_on_one_word_and_leaving_it_out():
    model = gradients.double(load("sentiment-gru"))
    reading = model.run("good")
    lean = contributions.leaning(reading, 0)
    np.testing.assert_allclose(lean.besides, 0, atol=1e-12)  # from an empty state a GRU's word can act through its write alone
    assert contributions.left_out(reading, 0, 0) == pytest.approx(float(-reading.trace.h[0] @ model.readout_weight[0]))
    longer = model.run("a very good film")
    shorter = model.run("a good film")
    moved = float((shorter.trace.h[-1] - longer.trace.h[-1]) @ model.readout_weight[0])
    assert contributions.left_out(longer, 3, 1) == pytest.approx(moved)
