"""The lesson What became of gates: its claims hold and can fail, and its numbers are those of naive loops, and of the record as it lies on disk."""

import json
import re

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.cells.later import MinGRU
from core.lessons import lessons, show
from core.lessons.custom import plain
from core.lessons.numbers import gather
from core.tasks import mini
from tests.oracle.naive_later import mingru
from tests.unit.lessons.rounding import faults, typed
from tests.unit.lessons.second import ASSETS, stop

NAME = "what-became-of-gates"
STOPS = lessons()[NAME].stops
RECORD = json.loads((ASSETS / "data/after_lstm.json").read_text(encoding="utf-8"))


def test_seven_stops():
    assert len(STOPS) == len({one.title for one in STOPS}) == 7


@pytest.mark.parametrize("k", range(7))
def test_a_stop_is_shown_and_each_claim_can_fail(k):
    """`show` raises where a claim does not hold."""
    shown = show(STOPS[k])
    assert "{" not in shown.text
    assert not faults(typed(plain(shown.text)))
    assert STOPS[k].claims
    for at, (left, relation, right) in enumerate(STOPS[k].claims):
        other = {"<": ">", ">": "<", "opposite": ">"}[relation]
        wrong = (left, other, right if relation != "opposite" else 1e9)
        with pytest.raises(ValueError, match="the text claims"):
            show(STOPS[k].model_copy(update={"claims": (*STOPS[k].claims[:at], wrong, *STOPS[k].claims[at + 1 :])}))


def test_numbers_in_texts_are_claimed_or_define_something():
    for one in STOPS:
        written = set(re.findall(r"(?<![\w±])\d+(?:\.\d+)?", re.sub(r"\{[^}]*\}", "", one.text)))
        assert written <= {"0", "1", "50", "100", "2023", "2024"}, one.title


def test_the_same_word_by_naive_loops():
    """Layer for layer from the weights in the file, one number at a time: the candidate of the first layer is the same, of the second it is not."""
    told, found = gather("at_the_word", show(STOPS[1])), {}
    for network, layers in (("mingru", 1), ("mingru-2", 2)):
        tensors = load_file(ASSETS / f"models/after/words-{network}.safetensors")
        read = [np.eye(len(mini.WORDS))[[mini.WORDS.index(w) for w in text.split()]].tolist() for text in (STOPS[1].input, STOPS[1].other)]
        for k in range(layers):
            cell = MinGRU(tensors[f"layers.{k}.weight_ih"], tensors[f"layers.{k}.bias_ih"])
            traces = [mingru(cell, xs) for xs in read]
            read = [trace["h"] for trace in traces]
        found[network] = {name: np.abs(np.array(traces[0][name][-1]) - traces[1][name][-1]).max() for name in "zn"}
    assert found["mingru"] == {"z": 0, "n": 0}
    for key, name in (("gate", "z"), ("write", "n")):
        assert told[f"mingru_{key}"] == 0
        assert told[f"mingru_2_{key}"] == pytest.approx(found["mingru-2"][name], abs=1e-4)


def test_scores_and_costs_are_the_records():
    told = gather("scores", show(STOPS[1]))
    for task in RECORD["tasks"]:
        for network in ("gru", "mingru-2", "attention"):
            runs = [run for run in RECORD["runs"] if (run["task"], run["network"]) == (task, network)]
            assert told[f"{task}_{network.replace('-', '_')}"] == pytest.approx(np.mean([run["tested"]["value"] for run in runs]))
    cost = gather("costs", show(STOPS[3]))
    assert {key: cost[key] for key in ("length", "scan", "sequential")} == {
        key: RECORD["timings"][-1][key] for key in ("length", "scan", "sequential")
    }
    assert cost["kept_attention"] == 2 * cost["words"] * RECORD["hidden_size"]


def test_the_word_of_the_first_stop_turns():
    one = stop(NAME, "What a gate of the LSTM sees")
    shown = show(one)
    unit = shown.place.unit
    assert shown.reading.trace.g[-1, unit] * shown.beside.trace.g[-1, unit] < 0
    np.testing.assert_array_equal(shown.reading.trace.x[-1], shown.beside.trace.x[-1])
