"""Conventions of the cells after the LSTM: what is said and drawn is what torch makes of the shipped weights, and only what differs is in the address."""

import re

import numpy as np
import pytest
import torch

from core.cells.later import LATER
from core.cells.later.equations import lines, style
from core.insight import after
from core.insight.after_variants import computed, judged
from core.layouts.later import CONVERSIONS
from core.numerals import printed
from core.tasks import mini
from core.torch_later import tensors
from core.training.twins import TWINS
from core.views.stepper.formulas import mathml
from tests.app import figures, link, opened, said, sent, stepper

TEXT = "not good but the film was bad"
CHANGED = [(cell, name, value) for cell, kind in LATER.items() for name, values in kind.OPTIONS.items() for value in values[1:]]
POSITIONS = 16


def letters(line: str) -> str:
    """A line of MathML without its elements and colours."""
    return re.sub("<[^>]*>", "", line)


def by_torch(cell, ids, **variant):
    """The verdict after each word, (T, B), of ids (T, B), in torch."""
    network = after.networks()[cell]
    x = np.eye(len(mini.WORDS), dtype=np.float32)[ids]
    if cell == "attention":
        places = np.arange(len(ids))[:, None] / 10_000 ** (np.arange(0, POSITIONS, 2) / POSITIONS)
        places = np.concatenate((np.sin(places), np.cos(places)), axis=1).astype(np.float32)
        x = np.concatenate((x, np.repeat(places[:, None], ids.shape[1], axis=1)), axis=-1)
    with torch.no_grad():
        out = TWINS[cell](tensors(network.cells[0]), torch.tensor(x), **variant)
        return torch.sigmoid(out @ torch.tensor(network.weight[0]) + float(network.bias[0])).numpy()


def sentences():
    """As the record of the comparison has them: without those that have no verdict."""
    ids = mini.sentences(np.random.default_rng(100), 2000, 20)
    truth = mini.verdicts(ids)[:, -1]
    return ids[truth != 0.5].T, truth[truth != 0.5] > 0.5


@pytest.mark.parametrize(("cell", "name", "value"), CHANGED)
def test_a_convention_is_what_torch_computes(cell, name, value):
    at = opened("conventions", later=cell, later_words=TEXT, **{f"later_{name}": value})
    assert not at.exception
    ids, positive = sentences()
    was, now = (by_torch(cell, after.ids_of(TEXT)[:, None], **way)[:, 0] for way in ({}, {name: value}))
    right = [float(((by_torch(cell, ids, **way)[-1] > 0.5) == positive).mean()) for way in ({}, {name: value})]
    told = said(at)
    assert "**A mismatch:** these weights were trained with another convention" in told
    assert printed(f"The verdict on this text is {now[-1]:.0%} positive, as trained {was[-1]:.0%}.") in told
    shares = printed(f"{right[1]:.1%} get the correct verdict, as trained {right[0]:.1%}.")
    assert f"Of {len(positive):,} generated sentences of 20 words that were not used in training, {shares}" in told
    assert ("not always a worse one" in told) == (right[1] > right[0])
    trained, chosen = figures(at)[-1]["figure"]["data"]
    assert (trained["name"], chosen["name"]) == ("as trained", "as chosen")
    np.testing.assert_allclose(trained["y"], 100 * was, atol=0.01)
    np.testing.assert_allclose(chosen["y"], 100 * now, atol=0.01)
    own = LATER[cell].init(2, 3, **{name: value})
    drawn = next(data for data in sent(at) if isinstance(data, list))
    assert [letters(line) for line in drawn] == [letters(mathml(line.latex(style(own)))) for line in lines(own)]
    default = {"later": None if cell == next(iter(LATER)) else cell, "later_words": TEXT, f"later_{name}": value}
    found = {key: value for key, value in stepper(at)["link"].items() if key.startswith("later")}
    assert {key: value for key, value in found.items() if value} == {key: value for key, value in default.items() if value}


@pytest.mark.parametrize("cell", LATER)
def test_as_trained(cell):
    at = opened("conventions", later=cell)
    ids, positive = sentences()
    right = float(((by_torch(cell, ids)[-1] > 0.5) == positive).mean())
    assert "Computed as in training" in at.markdown[-1].value
    assert printed(f"{right:.1%} get the correct verdict.") in at.markdown[-1].value
    assert [line["name"] for line in figures(at)[-1]["figure"]["data"]] == ["as trained"]
    assert set(link(at)) - {"text", "model"} <= {"later"}
    assert not at.toggle


@pytest.mark.parametrize("cell", CONVERSIONS)
def test_converted_weights_only_rename(cell):
    option = CONVERSIONS[cell][0]
    value = LATER[cell].OPTIONS[option][1]
    at = opened("conventions", later=cell, later_words=TEXT, **{f"later_{option}": value})
    assert "A mismatch" in at.markdown[-1].value
    at.toggle(key=f"later_{cell}_convert").set_value(True).run()
    assert "With the weights converted" in at.markdown[-1].value
    assert "A mismatch" not in at.markdown[-1].value
    trained, chosen = figures(at)[-1]["figure"]["data"]
    np.testing.assert_allclose(trained["y"], chosen["y"], atol=1e-3)
    assert link(at)["later_convert"] == "1"
    at.selectbox(key=f"later_{cell}_{option}").set_value(LATER[cell].OPTIONS[option][0]).run()
    assert "Computed as in training" in at.markdown[-1].value
    assert not {"later_convert", f"later_{option}"} & set(link(at))


def test_a_conversion_serves_its_own_option_alone():
    """With another one chosen too it is a mismatch still."""
    both = {"keep": "z", "candidate": "tanh"}
    converted, plain = judged("mingru", tuple(both.items()), True), judged("mingru", (("keep", "1-z"), ("candidate", "tanh")))
    assert converted.apart == pytest.approx(plain.apart, rel=1e-4)
    assert converted.right == pytest.approx(plain.right, abs=0.002)
    assert plain.apart > 0.1
    np.testing.assert_array_equal(computed("mingru", {"keep": "1-z", "candidate": "g"}, True).weight, after.networks()["mingru"].weight)
    assert "A mismatch" in opened("conventions", later_keep="z", later_candidate="tanh", later_convert="1").markdown[-1].value


@pytest.mark.parametrize("cell", LATER)
def test_all_options_at_once(cell):
    """The last of each, beside torch; the first of each is the trained network."""
    ids, _ = after.held_out()
    last = {name: values[-1] for name, values in LATER[cell].OPTIONS.items()}
    np.testing.assert_allclose(computed(cell, last).verdicts(ids.T), by_torch(cell, ids.T, **last), atol=1e-4)
    first = judged(cell, tuple((name, values[0]) for name, values in LATER[cell].OPTIONS.items()))
    assert (first.apart, first.count) == (0, len(ids))


@pytest.mark.parametrize(("words", "left"), [("", ""), ("xyz <b>", "xyz"), ("good " * 60, "")])
def test_any_words(words, left):
    at = opened("conventions", later="slstm", later_words=words)
    assert not at.exception
    assert "The verdict on this text is" in at.markdown[-1].value
    assert len(at.warning) == (1 if left else 0)
    assert left in said(at)


def test_a_bad_convention_in_a_link_is_told():
    at = opened("conventions", later="minlstm", later_gates="<b>no</b>", later_forget="exp")
    assert "later_gates=" in at.warning[0].value
    assert link(at)["later"] == "minlstm"
    assert not {"later_gates", "later_forget"} & set(link(at))
    assert "Computed as in training" in at.markdown[-1].value
