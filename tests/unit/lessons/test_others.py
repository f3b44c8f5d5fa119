"""The lessons beside the tour: every number in a text is worked out once more, by a second implementation, torch, or the records as they lie on disk."""

import json
import re

import numpy as np
import pytest
import torch

from core.cells import CELLS
from core.lessons import lessons, show
from core.lessons.custom import plain
from core.lessons.numbers import MEASURED, gather
from core.lessons.questions import asked
from core.lessons.worked import find
from tests.oracle import naive
from tests.unit.lessons.rounding import faults, typed
from tests.unit.lessons.second import ASSETS, FORGET, again, card, in_torch, stop, verdict

NAMES = ("not-bad", "gru-against-lstm", "why-plain-rnns-forget")
STOPS = [(name, k) for name in NAMES for k in range(len(lessons()[name].stops))]


@pytest.mark.parametrize("name", NAMES)
def test_ten_to_fifteen_stops(name):
    assert 10 <= len(lessons()[name].stops) <= 15
    assert len({s.title for s in lessons()[name].stops}) == len(lessons()[name].stops)


@pytest.mark.parametrize(("name", "k"), STOPS)
def test_a_stop_is_shown_and_its_numbers_are_the_second_implementations(name, k):
    """`show` raises where a claim does not hold; what it filled in from the trace is what the naive cells give."""
    shown = show(lessons()[name].stops[k])
    assert "{" not in shown.text
    assert shown.text
    if not shown.stop.edits:
        for letter, rows in again(shown.reading).items():
            np.testing.assert_allclose(getattr(shown.reading.trace, letter), rows, atol=2e-4, err_msg=letter)
    text = typed(plain(shown.text))
    assert not faults(text)
    unit, step = shown.place.unit, shown.place.step
    for letter, value in re.findall(r"(?<![⊙\w] )\b([figohczrn]) = (-?\d+\.\d\d)(?! ·)", text):
        assert abs(float(value) - float(getattr(shown.reading.trace, letter)[step, unit])) <= 0.00501, (letter, value, text)


def test_each_claim_can_fail():
    """With another network in the place of the one meant, or a claim turned round, the stop is not shown."""
    for name in NAMES:
        for one in lessons()[name].stops:
            for k, (left, relation, right) in enumerate(one.claims):
                other = {"<": ">", ">": "<", "opposite": ">"}[relation]
                turned = (left, other, right if relation != "opposite" else 1e9)
                with pytest.raises(ValueError, match="the text claims"):
                    show(one.model_copy(update={"claims": (*one.claims[:k], turned, *one.claims[k + 1 :])}))
    swapped = stop("why-plain-rnns-forget", "The plain RNN’s answer")
    with pytest.raises(ValueError, match="the text claims"):
        show(swapped, lambda _: find("adding-lstm"))


def test_numbers_in_texts_are_claimed_or_shown():
    """A text gives its figures by {name} only: none is written by hand but what defines the place or the task."""
    for name in NAMES:
        for one in lessons()[name].stops:
            bare = re.sub(r"\{[^}]*\}", "", one.text)
            written = set(re.findall(r"(?<![\w±])\d+(?:\.\d+)?", bare))
            allowed = {"1", "0", "3", "0.9", "50", "51", "200", "10", "20", "100", "2"}
            assert written <= allowed, (one.title, written)


def test_not_bad_by_torch():
    said = {text: verdict("mini-lstm", text) for text in ("the film was bad", "the film was not bad", "the film was not", "the film was")}
    assert said["the film was bad"] < 0.05 < 0.95 < said["the film was not bad"]
    assert abs(said["the film was not"] - said["the film was"]) < 0.1
    assert verdict("mini-lstm", "not the film was the film was bad") > 0.95
    for title in ("A negative word", "From memory to verdict", "“Not”, far away"):
        one = stop("not-bad", title)
        assert f"{verdict('mini-lstm', one.input):.0%}" in typed(show(one).text)
    blamed = {cell: verdict(f"sentiment-{cell}", "I did not like it") < 0.5 for cell in CELLS}
    assert blamed == {"rnn": False, "lstm": True, "gru": True}
    for title, praised in (("The same in a real review", True), ("What it cannot do", False)):
        review = stop("not-bad", title)
        for cell in CELLS:
            value = verdict(f"sentiment-{cell}", review.input)
            assert (value > 0.5) == praised
            assert f"{value:.0%}" in typed(show(review).text)


def test_the_same_word_writes_otherwise_in_a_real_review():
    """W x is the same, U h is not, and g = tanh(W x + U h + b) turns: by the weights as they lie in the file."""
    one = stop("not-bad", "Same word, different candidate, in a real review")
    shown, other = show(one), find(one.model).run(one.other)
    cell, H, unit = shown.reading.model.cell, shown.reading.model.cell.hidden_size, shown.place.unit
    W, U = (rows[2 * H + unit].astype(float) for rows in (cell.weight_ih, cell.weight_hh))  # rows i f g o
    b = float(cell.bias_ih[2 * H + unit] + cell.bias_hh[2 * H + unit])
    wx = [W @ r.trace.x[-1].astype(float) for r in (shown.reading, other)]
    uh = [U @ r.trace.h[-2].astype(float) for r in (shown.reading, other)]
    assert wx[0] == wx[1]
    g = np.tanh(np.array(wx) + uh + b)
    assert g == pytest.approx([shown.reading.trace.g[-1, unit], other.trace.g[-1, unit]], abs=1e-5)
    assert g[0] * g[1] < 0
    for value in (wx[0], *uh, *g):
        assert f"{value:.2f}" in typed(shown.text)


def test_how_many_units_of_the_review_model_turn():
    one = stop("not-bad", "How many units change sign")
    shown = show(one)
    numbers = gather("look_up", shown)
    model, x = shown.reading.model, shown.reading.trace.x.astype(float)
    W, U = model.cell.weight_ih.astype(float), model.cell.weight_hh.astype(float)
    h = np.vstack((np.zeros(model.cell.hidden_size), in_torch(model)(torch.tensor(x))[0].detach().numpy()[:-1]))
    assert (x @ W.T).std() / (h @ U.T).std() == pytest.approx(numbers["times"], rel=1e-4)
    g = [
        naive.lstm(model.cell, find(one.model).run(text).trace.x.astype(float), *[[0.0] * model.cell.hidden_size] * 2)["g"][-1]
        for text in (one.input, one.other)
    ]
    assert np.corrcoef(*g)[0, 1] == pytest.approx(numbers["alike"], abs=1e-4)
    assert np.mean(np.array(g[0]) * np.array(g[1]) < 0) == numbers["turned"]
    small = [
        naive.lstm(m.cell, m.run(t).trace.x.astype(float), [0.0] * 4, [0.0] * 4)["g"][-1]
        for m in [find("mini-lstm")]
        for t in (one.input, one.other)
    ]
    assert np.mean(np.array(small[0]) * np.array(small[1]) < 0) == numbers["mini_turned"]


def test_records_and_cards_as_they_lie_on_disk():
    numbers = gather("cards", show(FORGET.stops[0]))
    for cell in CELLS:
        assert numbers[f"adding_{cell}"] == card(f"adding-{cell}")["metric"]["length 100"]["mse"]
        assert numbers[f"counts_{cell}"] == card(f"counting-{cell}")["metric"]["n = 51–200"]["accuracy"]
        assert numbers[f"reviews_{cell}"] == card(f"sentiment-{cell}")["metric"]["IMDB"]["accuracy"]
        assert numbers[f"embedded_{cell}"] == card(f"embedded-{cell}")["metric"]["kept letter"]["accuracy"]
    assert numbers["share"] == card("sentiment-gru")["parameters"]["cell"] / card("sentiment-lstm")["parameters"]["cell"] == 0.75
    assert numbers["gru_right_to"] == card("counting-gru")["metric"]["n = 1–50"]["right_to"]
    assert numbers["reviews_n"] == card("sentiment-lstm")["metric"]["IMDB"]["n"] == card("sentiment-gru")["metric"]["IMDB"]["n"]
    assert numbers["two_errors"] ** 2 == pytest.approx(
        4 * sum(card(f"sentiment-{c}")["metric"]["IMDB"]["standard_error"] ** 2 for c in ("lstm", "gru"))
    )
    budgets = {
        json.dumps({k: card(f"adding-{c}")["training"][k] for k in ("updates", "batch", "learning_rate", "examples")}) for c in CELLS
    }
    assert len(budgets) == 1  # "as the others had"
    raw = json.loads((ASSETS / "data" / "lags.json").read_text(encoding="utf-8"))
    reach = gather("reach", show(FORGET.stops[0]))
    for cell in CELLS:
        for lag in (10, 20, 50, 100):
            runs = [r for r in raw["runs"] if (r["task"], r["cell"], r["lag"], r["rate"]) == ("adding", cell, lag, 0.01)]
            assert len(runs) == reach["seeds"]
            assert reach[f"{cell}_{lag}"] == sum(r["solved"] for r in runs)
    assert reach["updates"] == card("adding-rnn")["training"]["updates"]


def test_writes_and_bounds():
    shown = show(stop("gru-against-lstm", "Only an LSTM can hide its memory"))
    numbers, rows = gather("writes", shown), again(shown.reading)
    place = (int(numbers["hidden_t"]) - 1, int(numbers["hidden_unit"]))
    assert place == (shown.place.step, shown.place.unit)
    for letter in "coh":
        assert numbers[f"hidden_{letter}"] == pytest.approx(rows[letter][place], abs=1e-4)
    hidden = np.abs(rows["c"]) * (1 - rows["o"])
    assert hidden[place] == pytest.approx(hidden.max())
    assert numbers["most_sum"] == pytest.approx((rows["f"] + rows["i"]).max(), abs=1e-4)
    for cell, state in (("lstm", "c"), ("gru", "h")):
        title = {"lstm": "A memory without bounds", "gru": "A bounded memory"}[cell]
        counting = show(stop("gru-against-lstm", title))
        assert gather("writes", counting)["greatest"] == pytest.approx(np.abs(again(counting.reading)[state]).max(), rel=1e-4)


def test_all_that_is_measured_is_used():
    used = {name for lesson in lessons().values() for one in lesson.stops for name in one.evidence}
    assert set(MEASURED) <= used


def test_the_shipped_questions_have_right_answers():
    found = [asked(show(one)) for name in NAMES for one in lessons()[name].stops]
    found = [q for q in found if q]
    assert len(found) == 2
    verdict_, networks = found
    assert verdict_.choices[verdict_.right] == "Positive"
    assert verdict("mini-lstm", "the film was not bad") > 0.5
    assert networks.choices[networks.right] == "RNN"
