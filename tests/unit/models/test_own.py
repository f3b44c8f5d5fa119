"""A visitor's network from what a browser sent: right ones read as torch reads, all else refused."""

import gc
import json

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from core.families import FAMILIES
from core.families.own import OWN
from core.models import cells, lend, load
from core.models.own import LARGEST, MOST_UNITS
from tests.networks import TASKS, made, sent, tensors

UNITS = 3
MODULES = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


@pytest.mark.parametrize("cell", MODULES)
@pytest.mark.parametrize("task", OWN)
def test_it_reads_as_torch_does(task, cell):
    """Each task's examples, to the answer after every token."""
    found, told = tensors(task, cell), TASKS[task]
    model = made(sent(task=task, cell=cell), task)
    module = MODULES[cell](told.inputs, UNITS)
    module.load_state_dict({name.removeprefix("cell."): torch.from_numpy(each) for name, each in found.items() if name.startswith("cell.")})
    for _, text in FAMILIES[model.card.task].examples:
        reading = model.run(text)
        with torch.no_grad():
            h = module(torch.eye(told.inputs)[[told.words.index(token) for token in reading.tokens]])[0]
            logits = h @ torch.from_numpy(found["readout.weight"]).T + torch.from_numpy(found["readout.bias"])
            right = torch.softmax(logits, -1) if told.outputs > 1 else torch.sigmoid(torch.cat((-logits, logits), -1))
        np.testing.assert_allclose(reading.outputs, right.numpy(), atol=1e-5)
    assert "300" not in model.card.name
    assert "9,600 generated sequences by you" in model.card.provenance


def test_the_largest_is_taken():
    model = made(sent(units=MOST_UNITS, task="words"))
    assert model.cell.hidden_size == MOST_UNITS


def bent(**more: np.ndarray) -> bytes:
    return save(tensors() | more)


def with_header(size: int, raw: bytes) -> bytes:
    return size.to_bytes(8, "little") + raw[8:]


GOOD = save(tensors())
NAN, INFINITE, FAR = (np.array([[value, 0, 0]], np.float32) for value in (np.nan, np.inf, 10 * LARGEST))
TWISTED = json.dumps({"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 8]}}).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"junk",
        bytes(range(256)) * 4,
        GOOD[:-4],
        GOOD + bytes(4),
        bytes(200_000),
        with_header(2**63 - 1, GOOD),
        with_header(len(GOOD), GOOD),
        with_header(0, GOOD),
        len(TWISTED).to_bytes(8, "little") + TWISTED + bytes(8),
        bent(**{"readout.weight": NAN}),
        bent(**{"readout.weight": INFINITE}),
        bent(**{"readout.weight": FAR}),
        bent(**{"readout.weight": np.zeros((1, 3))}),
        bent(**{"readout.weight": np.zeros((3, 1), np.float32)}),
        bent(**{"cell.weight_hh_l1": np.zeros((12, 3), np.float32)}),
        save({name: each for name, each in tensors().items() if name != "readout.bias"}),
        save(tensors(cell="gru")),
    ],
    ids=(
        [
            "empty",
            "junk",
            "bytes",
            "short",
            "long",
            "large",
            "endless",
            "whole",
            "none",
            "huge",
            "nan",
            "inf",
            "far",
            "float64",
            "turned",
            "second-layer",
            "missing",
            "another-cell",
        ]
    ),
)
def test_weights_that_are_not_whole_are_refused(raw):
    with pytest.raises(ValueError, match=r"weights|String should have at most"):
        made(sent(raw))


@pytest.mark.parametrize(
    "more",
    [
        {"task": "adding"},
        {"task": "../words"},
        {"units": 0},
        {"units": 65},
        {"units": "3"},
        {"cell": "transformer"},
        {"reset": "never"},
        {"seed": -1},
        {"accuracy": float("nan")},
        {"accuracy": 2},
        {"updates": 10**12},
        {"layers": 2},
        {"weights": "not base64!"},
        {"weights": "A" * 10**6},
    ],
    ids=(["task", "folder", "none", "many", "text", "cell", "reset", "seed", "nan", "accuracy", "updates", "layers", "base64", "long"]),
)
def test_what_is_said_of_them_is_checked(more):
    with pytest.raises(ValueError, match=r"validation|wanted|base64"):
        made(sent(GOOD) | more)


@pytest.mark.parametrize("said", [None, [], "x", 3, {"weights": None}], ids=["none", "list", "text", "number", "bare"])
def test_anything_else_is_refused(said):
    with pytest.raises(ValueError, match="validation"):
        made(said)


def test_it_is_there_as_long_as_somebody_keeps_it():
    kept = lend(made(sent()))
    name, task = kept.card.name, kept.card.task
    assert load(name) is kept
    assert lend(made(sent())) is kept
    assert cells(task) == ("lstm",)
    del kept
    gc.collect()
    assert cells(task) == ()
    with pytest.raises(KeyError):
        load(name)


@pytest.mark.parametrize("name", ["own", "own-", "own-words", "own-sentiment-abc", "words", "OWN-words-a", ""])
def test_only_names_of_own_networks_have_a_record(name):
    assert name not in FAMILIES
    with pytest.raises(KeyError):
        FAMILIES[name]
