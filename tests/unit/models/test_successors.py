"""The cards of the networks compared after the LSTM: each says what its weights give, and `--check` finds one that lies or is damaged."""

from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.models import catalogue, damaged, successors
from core.models.cards import AFTER
from core.tasks.after_lstm import NETWORKS, SEEDS, SHIPPED, after_lstm
from core.training.__main__ import main
from core.training.after_cards import measured, ship

NAMES = [f"{SHIPPED}-{network}" for network in NETWORKS]


def test_each_network_has_its_card_and_no_page_offers_it():
    assert sorted(successors()) == sorted(NAMES)
    assert not successors().keys() & catalogue().keys()
    for card in successors().values():
        assert card.licence == "MIT"
        assert set(card.sha256) == {f"{card.name}.safetensors"}
        assert all(card.baseline["always positive"][title]["accuracy"] < 0.6 for title in card.metric)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_card_is_that_of_the_record(network):
    """Seed, learning rate, parameters and the figures of every seed; the shipped one's are measured again, with the sentences of the record."""
    card, runs = successors()[f"{SHIPPED}-{network}"], after_lstm().of(SHIPPED, network)
    own = next(run for run in runs if run.seed == card.seed)
    assert card.seed == SEEDS[0]
    assert card.training["learning_rate"] == own.rate
    assert sum(card.parameters.values()) == own.parameters
    assert [row["length 20"] for row in card.training["each_seed"]] == [run.tested.value for run in runs]
    assert card.metric["length 20"]["accuracy"] == pytest.approx(own.tested.value, abs=0.002)
    assert card.metric["length 100"]["accuracy"] == pytest.approx(own.longer.value, abs=0.002)


def test_check_confirms_them(capsys):
    assert main(["--check", *NAMES]) == 0
    assert capsys.readouterr().out.count("agrees") == len(NAMES)


def test_check_sees_a_card_that_lies(monkeypatch, capsys):
    card = successors()["words-mingru"]
    lie = {title: {**figure, "accuracy": figure["accuracy"] - 0.01} for title, figure in card.metric.items()}
    monkeypatch.setitem(successors(), card.name, replace(card, metric=lie))
    assert main(["--check", card.name]) == 1
    assert "DISAGREES" in capsys.readouterr().out


def test_a_changed_file_is_damaged(monkeypatch, capsys):
    card = successors()["words-ssm"]
    monkeypatch.setitem(successors(), card.name, replace(card, sha256={f"{card.name}.safetensors": "0" * 64}))
    assert damaged() == ["words-ssm.safetensors has changed"]
    assert main(["--check", card.name]) == 1
    assert "DAMAGED" in capsys.readouterr().out


def test_shipping_writes_weights_and_a_card_that_agree(tmp_path, monkeypatch):
    monkeypatch.setattr("core.training.after_cards.AFTER", tmp_path)
    tensors, runs = load_file(AFTER / "words-minlstm.safetensors"), after_lstm().of(SHIPPED, "minlstm")
    made = ship(runs, {name: np.ascontiguousarray(array) for name, array in tensors.items()})
    known = successors()["words-minlstm"]
    assert {key: value for key, value in vars(made).items() if key != "date"}.keys() == vars(known).keys() - {"date"}
    assert (made.metric, made.sha256, made.unit_ranges) == (known.metric, known.sha256, known.unit_ranges)
    assert measured(made)["parameters"] == known.parameters
