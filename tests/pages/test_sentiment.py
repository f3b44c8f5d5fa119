"""Sentiment: the record is that of the cards, what the page says of gates and words is the trace's, and bad input loses nothing."""

import re

import numpy as np
import pytest

from core.applications.sentiment import contrast
from core.applications.sentiment import insight as verdicts
from core.applications.sentiment import view as draw
from core.applications.sentiment import view_contrast as pairs
from core.applications.sentiment.record import verdicts as recorded
from core.cells import CELLS, GATED
from core.cells.before import before
from core.families import FAMILIES
from core.insight import contributions
from core.models import catalogue, load
from core.tasks.contrast import HARD
from core.tasks.contrast import contrast as contrast_set
from tests.app import NASTY, figures, opened, said, standing, stepper

REVIEWS = FAMILIES["sentiment"].examples

TEXT = REVIEWS[0][1]
MODELS = [f"sentiment-{cell}" for cell in CELLS]


@pytest.mark.parametrize("cell", CELLS)
def test_the_record_is_that_of_the_card(cell):
    """Two ways to the same figures: the record's probabilities give the accuracies that `--check` confirms."""
    record, metric = recorded(), catalogue()[f"sentiment-{cell}"].metric
    assert len(record.ratings) == len(record.cells[cell].rated) == metric["human-rated"]["n"]
    assert draw.agreement(record, cell)[0] == pytest.approx(metric["human-rated"]["accuracy"], abs=0.001)
    judged = record.cells[cell]
    assert sum(b.n for b in judged.bins) == judged.n == metric["IMDB"]["n"] + metric["Rotten Tomatoes"]["n"]
    right = sum(b.n * (b.positive if b.said > 0.5 else 1 - b.positive) for b in judged.bins) / judged.n
    both = sum(metric[title]["accuracy"] * metric[title]["n"] for title in ("IMDB", "Rotten Tomatoes")) / judged.n
    assert right == pytest.approx(both, abs=0.001)
    off = sum(b.n * abs(b.said - b.positive) for b in judged.bins) / judged.n
    assert judged.calibration_error == pytest.approx(off, abs=1e-4)
    for error in record.worst[cell]:
        p = float(load(f"sentiment-{cell}").run(error.text).outputs[-1, 1])
        assert p == pytest.approx(judged.rated[error.place], abs=2e-3)
        assert (p > 0.5) != (record.ratings[error.place] > 0)


@pytest.mark.parametrize("name", MODELS)
def test_leaving_a_word_out_is_reading_without_it(name):
    reading = load(name).run(TEXT)
    found = verdicts.without(reading)
    for k in (0, 7, len(reading.tokens) - 1):
        wanted = contributions.left_out(reading, len(reading.tokens) - 1, k)
        assert found[k] == pytest.approx(wanted, abs=2e-5)
    assert verdicts.without(load(name).run("")).shape == (0,)
    one = load(name).run("wonderful")
    assert verdicts.without(one)[0] == pytest.approx(-float(one.trace.h[0] @ one.model.readout_weight[0]), abs=1e-6)
    assert verdicts.without(load(name).run("the film " * 100)) is None


@pytest.mark.parametrize("text", [text for _, text in REVIEWS[:3]])
@pytest.mark.parametrize("name", [f"sentiment-{cell}" for cell in GATED])
def test_a_gate_does_at_its_place_what_the_page_says(name, text):
    reading = load(name).run(text)
    t, found = reading.trace, {look.kind: look for look in verdicts.looks(reading)}
    assert {"writes", "drops"} <= set(found)
    lstm = name.endswith("lstm")
    keep, state, start = (t.f, t.c, t.c0) if lstm else (t.z, t.h, t.h0)
    writes, drops = found["writes"], found["drops"]
    assert writes.gate == (t.i if lstm else t.z)[writes.step, writes.unit]
    assert writes.gate > 0.5 if lstm else writes.gate < 0.5  # the gate is open there
    assert abs(writes.memory[1] - writes.memory[0]) > 0.3  # and the memory does move
    assert drops.gate == keep[drops.step, drops.unit] < 0.6
    assert drops.memory[0] == before(start, state)[drops.step, drops.unit]
    keeps = found.get("keeps")
    assert keeps or not any((keep[k : k + 3] >= 0.8).all(axis=0).any() for k in range(1, len(keep) - 2))
    if keeps:
        run = keep[keeps.first : keeps.step + 1, keeps.unit]
        assert len(run) >= 3
        assert keeps.gate == run.min() >= 0.8
    for look, sentence in ((look, draw.look(reading, look)) for look in found.values()):
        assert f"{look.array}[{look.unit}]" in sentence
        assert f"{look.gate:.2f}" in sentence


def test_looks_need_gates_and_words():
    assert verdicts.looks(load("sentiment-rnn").run(TEXT)) == []
    assert verdicts.looks(load("sentiment-lstm").run("good film")) == []


@pytest.mark.parametrize("name", MODELS)
def test_the_page_says_what_the_model_says(name):
    at = opened("sentiment", model=name, text=TEXT)
    assert not at.exception
    reading, model = load(name).run(TEXT), load(name)
    p = float(reading.outputs[-1, 1])
    assert f"**{'Positive' if p > 0.5 else 'Negative'}**: {100 * p:.0f}\N{NO-BREAK SPACE}% positive" in said(at)
    assert figures(at)
    chosen = contrast_set().kinds[2].pairs
    at.selectbox(key="sentiment_kind").select_index(2).run()
    at.selectbox(key="sentiment_pair_2").select_index(3).run()
    at.button(key="pair_second").click().run()
    assert stepper(at)["tokens"] == [*model.run(chosen[3].sentences[1]).tokens]
    at.text_input(key="text").set_value(TEXT).run()
    if name.endswith("rnn"):
        return
    looks = verdicts.looks(reading)
    at.button(key="look_1").click().run()
    goto = stepper(at)["goto"]
    assert (goto["step"], goto["unit"], goto["array"]) == (looks[1].step, looks[1].unit, looks[1].array)


@pytest.mark.parametrize("cell", CELLS)
def test_the_contrast_set_is_read_as_the_card_says(cell):
    """The table is the cards', and the cards' figures are those of the weights: sentence by sentence, as a visitor would type them."""
    model = load(f"sentiment-{cell}")
    both, each, kinds = [], [], {}
    for kind in contrast_set().kinds:
        right = [
            [(float(model.run(text).outputs[-1, 1]) > 0.5) == (label > 0) for text, label in zip(pair.sentences, pair.labels, strict=True)]
            for pair in kind.pairs
            if pair.split == "test"
        ]
        kinds[kind.name] = np.mean(right)
        if kind.name != HARD:
            each += [one for pair in right for one in pair]
            both += map(all, right)
    card = model.card
    assert {kind: figure["accuracy"] for kind, figure in card.kinds.items()} == pytest.approx(kinds, abs=1e-5)
    assert card.metric["contrast set"]["accuracy"] == pytest.approx(np.mean(each), abs=1e-5)
    assert card.metric["contrast set, both of a pair"]["accuracy"] == pytest.approx(np.mean(both), abs=1e-5)
    shown = pairs.by_kind([card])[cell.upper()]
    assert [int(text.strip("*").split()[0]) for text in shown[: len(kinds)]] == [round(100 * share) for share in kinds.values()]


@pytest.mark.parametrize("name", MODELS)
def test_pairs_are_marked_right_where_they_are(name):
    model = load(name)
    kind = contrast_set().kinds[0]
    for found, pair in zip(contrast.read(model, kind.name), kind.pairs, strict=True):
        assert found.p == tuple(float(model.run(text).outputs[-1, 1]) for text in pair.sentences)
        assert found.right == tuple((p > 0.5) == bool(label) for p, label in zip(found.p, pair.labels, strict=True))


@pytest.mark.parametrize("name", MODELS)
def test_what_it_cannot_do_it_cannot_do(name):
    """Every sentence under the heading is one that the model reads wrong."""
    text, model = said(opened("sentiment", model=name)), load(name)
    told = re.findall(r"“(.+?)”: \*\*(\d+)\s%\*\* positive", text)
    labels = {
        sentence: label
        for kind in contrast_set().kinds
        if kind.name == HARD
        for pair in kind.pairs
        for sentence, label in zip(pair.sentences, pair.labels, strict=True)
    }
    assert len(told) > 2
    for sentence, share in told:
        plain = sentence.replace("\\", "")
        p = float(model.run(plain).outputs[-1, 1])
        assert f"{p:.0%}" == f"{share}%"
        assert (p > 0.5) != (labels[plain] > 0)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_typed(text):
    at = standing("sentiment", model="sentiment-gru")
    at.text_input(key="text").set_value(text).run()
    assert not at.exception


def test_effects_add_up_to_something_else_than_the_split():
    """The two are different questions: the split adds up to the sum, the effects need not."""
    reading = load("sentiment-lstm").run(TEXT)
    left = contributions.towards(reading.model.cell, reading.trace, reading.model.readout_weight[0])[1:, -1]
    total = float(reading.trace.h[-1] @ reading.model.readout_weight[0])
    assert left.sum() == pytest.approx(total, abs=1e-4)
    assert abs(-verdicts.without(reading).sum() - total) > 0.01
    assert np.isfinite(left).all()
