"""A damaged installation: what is missing or changed is named, wherever it is read, by its name alone."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core.models import Damaged, cards, damaged
from core.models import catalogue as shipped
from core.models.cards import FOLDER, Card
from core.models.catalogue import read
from core.models.intact import intact, whole
from core.training.__main__ import main
from core.training.network import save

models = sys.modules["core.models.catalogue"]  # its name in the package is the function's
NAME = "mini-gru"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of three models that the process reads instead of its own."""
    for name in (NAME, "mini-lstm", "sentiment-lstm"):
        for end in ("json", "safetensors"):
            shutil.copy(FOLDER / f"{name}.{end}", tmp_path)
    shutil.copy(FOLDER / "sentiment.vocabulary.txt", tmp_path)
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    found = {path.stem: Card.read(path) for path in sorted(tmp_path.glob("*.json"))}
    monkeypatch.setattr(models, "catalogue", lambda: found)
    return tmp_path


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def test_every_card_has_the_sums_of_its_files():
    assert damaged() == []
    for card in shipped().values():
        assert card.sha256 == card.sealed().sha256


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_flipped_bit_is_noticed(folder, place):
    path = folder / f"{NAME}.safetensors"
    flip(path, {"first": 0, "middle": path.stat().st_size // 2, "last": -1}[place])
    assert damaged() == [f"{path.name} has changed"]
    with pytest.raises(Damaged, match="has changed") as found:
        read(folder, shipped_card(folder))
    assert str(folder) not in str(found.value)
    flip(path, {"first": 0, "middle": path.stat().st_size // 2, "last": -1}[place])
    assert damaged() == []  # looked at again since the file has changed
    read(folder, shipped_card(folder))


def shipped_card(folder: Path) -> Card:
    return Card.read(folder / f"{NAME}.json")


@pytest.mark.parametrize("damage", ["missing", "empty", "half", "junk"])
def test_what_is_no_weights_is_named(folder, damage):
    path = folder / f"{NAME}.safetensors"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "half": path.read_bytes()[: path.stat().st_size // 2], "junk": bytes(range(256)) * 9}[damage])
    told = f"{path.name} {'is missing' if damage == 'missing' else 'has changed'}"
    assert damaged() == [told]
    with pytest.raises(Damaged, match=f"^{told}$"):
        read(folder, shipped_card(folder))


def test_a_vocabulary_is_guarded_like_weights(folder):
    flip(folder / "sentiment.vocabulary.txt", 100)
    assert damaged() == ["sentiment.vocabulary.txt has changed"]
    with pytest.raises(Damaged, match=r"sentiment\.vocabulary\.txt has changed"):
        read(folder, Card.read(folder / "sentiment-lstm.json"))


@pytest.mark.parametrize("value", [np.nan, np.inf], ids=["nan", "inf"])
def test_weights_that_are_not_finite_are_refused(folder, value):
    """Even with a card that fits them: they may have been trained so."""
    tensors = {name: tensor.copy() for name, tensor in load_file(folder / f"{NAME}.safetensors").items()}
    tensors["readout.bias"][...] = value
    save_file(tensors, folder / f"{NAME}.safetensors")
    with pytest.raises(Damaged, match=f"{NAME}.safetensors cannot be read"):
        read(folder, shipped_card(folder).sealed(folder))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"], ids=["empty", "open", "list", "nothing"])
def test_a_card_that_is_none_is_named(tmp_path, text):
    (tmp_path / "mini-gru.json").write_text(text)
    with pytest.raises(Damaged, match=r"^mini-gru\.json cannot be read$"):
        Card.read(tmp_path / "mini-gru.json")


def test_a_card_without_a_sum_is_no_card(folder):
    with pytest.raises(Damaged, match="no checksum"):
        read(folder, replace(shipped_card(folder), sha256={}))


def test_weights_without_their_card_are_told(tmp_path, monkeypatch):
    shutil.copy(FOLDER / "mini-gru.safetensors", tmp_path)
    monkeypatch.setattr(models, "FOLDER", tmp_path)
    with pytest.raises(Damaged, match=r"mini-gru\.json is missing"):
        shipped.__wrapped__()


def test_training_writes_the_sums(tmp_path, monkeypatch):
    from core.training import network

    monkeypatch.setattr(network, "FOLDER", tmp_path)
    monkeypatch.setattr(cards.Card.write, "__defaults__", (tmp_path,))
    tensors = load_file(FOLDER / f"{NAME}.safetensors")
    card = save(NAME, tensors, replace(shipped()[NAME], sha256={}))
    assert json.loads((tmp_path / f"{NAME}.json").read_text())["sha256"] == card.sha256
    assert read(tmp_path, card).run("good").outputs.shape == (1, 2)


def test_check_tells_of_changed_weights(folder, capsys, monkeypatch):
    from core.training import __main__ as training

    monkeypatch.setattr(training, "catalogue", models.catalogue)
    flip(folder / f"{NAME}.safetensors", -1)
    assert main(["--check", NAME]) == 1
    assert f"{NAME}: DAMAGED: {NAME}.safetensors has changed" in capsys.readouterr().out


def test_a_reader_names_its_file(tmp_path):
    path = tmp_path / "some.json"

    @intact(path)
    def reader() -> object:
        return json.loads(path.read_text())

    with pytest.raises(Damaged, match=r"^some\.json is missing$"):
        reader()
    path.write_text("{")
    with pytest.raises(Damaged, match=r"^some\.json cannot be read$"):
        reader()
    path.write_text("{}")
    assert reader() == {}
    with pytest.raises(Damaged, match="has changed"):
        whole(path, {"some.json": "0" * 64})
