"""What is said of gates on reviews, decided a second time: by torch with changed weights, by the equations, by closed forms."""

import copy

import numpy as np
import pytest
import torch

from core.lessons import lessons
from core.lessons.quiz import gather, items
from core.lessons.render import show
from core.models import load
from core.tasks.contrast import texts
from tests.unit.lessons.second import in_torch


def shown(name):
    return show(items()[name].stop.model_copy(update={"text": "", "claims": ()}))


def verdict(model, text, net=None):
    x = torch.tensor(model.run(text).trace.x.astype(float))
    h = (net or in_torch(model))(x)[0][-1]
    return float(torch.sigmoid(h.detach() @ torch.tensor(model.readout_weight[0].astype(float)) + float(model.readout_bias[0])))


def test_a_review_sentence_by_sentence():
    place = shown("last-line")
    model, text, numbers = place.reading.model, place.reading.text, gather("by_sentence", place)
    assert numbers["at_end"] == pytest.approx(verdict(model, text), abs=1e-5)
    assert numbers["opposite"] == pytest.approx(verdict(model, text.replace("terrible", "wonderful")), abs=1e-5)
    head, rest = text.split(". ", 1)
    assert numbers["after_first"] == pytest.approx(verdict(model, f"{head}."), abs=1e-5)
    assert numbers["with_z"] == pytest.approx(numbers["after_first"], abs=1e-6)  # z = 1 leaves the state as it is
    assert numbers["moved_at_end"] == pytest.approx(verdict(model, f"{rest} {head}."), abs=1e-5)
    forgetful, H = copy.deepcopy(in_torch(model)), model.cell.hidden_size
    with torch.no_grad():  # r = 0: the candidate sees nothing of h, nor of the bias beside it
        forgetful.weight_hh_l0[2 * H :] = 0
        forgetful.bias_hh_l0[2 * H :] = 0
    assert numbers["without_r"] == pytest.approx(verdict(model, text, forgetful), abs=1e-5)


def test_gates_over_the_contrast_set_by_the_equations():
    model = load("sentiment-gru")
    net, H = in_torch(model), model.cell.hidden_size
    W, U, b = (getattr(net, name).detach().numpy() for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0"))
    b = b + net.bias_hh_l0.detach().numpy()
    gates = []
    for words in texts("test")[0]:
        x = model.embedding[model.vocabulary.ids(words)].astype(float)
        h = np.vstack([np.zeros(H), net(torch.tensor(x))[0].detach().numpy()[:-1]])
        gates.append(1 / (1 + np.exp(-(x @ W.T + h @ U.T + b)[:, : 2 * H])))
    r, z = np.split(np.concatenate(gates), 2, axis=1)
    numbers = gather("opposite_gates", shown("opposite-gates"))
    each = [np.corrcoef(r[:, k], z[:, k])[0, 1] for k in range(H)]
    assert (numbers["least"], numbers["greatest"]) == pytest.approx((min(each), max(each)), abs=1e-3)
    assert numbers["words"] == len(r) == sum(map(len, texts("test")[0]))
    shares = gather("between", shown("zero-or-one"))
    assert shares["gru_z"] == pytest.approx(np.mean(abs(z - 0.5) < 0.4), abs=1e-3)
    assert shares["gru_r"] == pytest.approx(np.mean(abs(r - 0.5) < 0.4), abs=1e-3)


def test_what_turned_the_review():
    """The parts add up to the sum behind the verdict; with i = 0 at a word the LSTM goes on from f ⊙ c."""
    stop = next(one for one in lessons()["start-here"].stops if one.title == "A real review")
    place = show(stop.model_copy(update={"text": "", "claims": ()}))
    model, t, step = place.reading.model, place.reading.trace, place.place.step
    numbers = gather("turn", place)
    total = float(t.h[-1] @ model.readout_weight[0])
    assert numbers["left"] + numbers["others_left"] == pytest.approx(total, abs=1e-4)
    c = t.f[step] * t.c[step - 1]
    h = t.o[step] * np.tanh(c)
    rest = model.cell.run(t.x[step + 1 :], h0=h, c0=c)
    assert numbers["shut_verdict"] == pytest.approx(float(model.outputs(rest.h)[-1, 1]), abs=1e-5)
    assert numbers["end_verdict"] == pytest.approx(float(place.reading.outputs[-1, 1]), abs=1e-6)
