"""The trainer's engine under node, in float64, against the NumPy core's own backpropagation and torch's optimisers."""

import json
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

from core.cells import CELLS, GRU, PARAMETERS
from core.cells.equations import values
from core.cells.later import LATER, Later
from core.handout.modules import ASSETS, closure
from tests import node, wasm
from tests.pairwise import covering, pairs

TRAINED = ("mingru", "minlstm", "slstm")  # of the cells after the LSTM
KINDS: dict[str, Any] = CELLS | {name: LATER[name] for name in TRAINED}
STATES = {"rnn": "h", "lstm": "hc", "gru": "h", "mingru": "h", "minlstm": "h", "slstm": "hcnm"}
UPDATES, TOLERANCE = 20, 1e-9  # relative to an array's largest entry
CHOICES: dict[str, tuple[Any, ...]] = {
    "cell": ("rnn", "lstm", "gru", "gru before", "gru 1-z", "gru before 1-z", *TRAINED),
    "layers": (1, 2),
    "readout": ("logistic", "softmax", "linear"),
    "optimiser": ("sgd", "momentum", "rmsprop", "adam"),
    "dense": (False, True),
    "ragged": (False, True),
    "asked": ("each", "last"),
    "truncate": (0, 3),
    "clip": (0, 0.05),
    "decay": (0, 0.01),
    "units": (1, 3, 4, 9),
    "B": (1, 4, 6),
}
T, INPUTS, CLASSES = 8, 3, 5


CASES = covering(CHOICES)


@dataclass(frozen=True)
class Set:
    """One case: what is told to the engine, and the same as arrays."""

    told: dict[str, Any]
    x: np.ndarray  # (T, B, D)
    lengths: np.ndarray  # (B,)
    answers: np.ndarray  # (T, B): classes or numbers; NaN where nothing is asked
    weights: dict[str, np.ndarray]


def numbers(array: np.ndarray) -> list[float | None]:
    """As JSON: NaN is null."""
    return [None if np.isnan(each) else each for each in array.ravel().tolist()]


def parameters(cell: str) -> tuple[str, ...]:
    return tuple(LATER[cell].SHAPES) if cell in LATER else PARAMETERS


def gates(cell: str) -> int:
    return int(LATER[cell].SHAPES["bias_ih"][0][0]) if cell in LATER else len(CELLS[cell].ROWS)


def build(seed: int, case: dict[str, Any]) -> Set:
    rng = np.random.default_rng(seed)
    cell, *options = case["cell"].split()
    H, B, softmax = case["units"], case["B"], case["readout"] == "softmax"
    outputs = CLASSES if softmax else 1
    lengths = rng.integers(1, T + 1, B) if case["ragged"] else np.full(B, T)
    behind = np.arange(T)[:, None] >= lengths
    ids = np.where(behind, -1, rng.integers(0, INPUTS, (T, B)))
    x = rng.normal(size=(T, B, INPUTS)) if case["dense"] else np.eye(INPUTS)[ids]
    answers = rng.integers(0, CLASSES, (T, B)) if softmax else rng.uniform(size=(T, B))
    asked = np.arange(T)[:, None] == lengths - 1 if case["asked"] == "last" else ~behind & (rng.uniform(size=(T, B)) < 0.8)
    asked[0, 0] = True
    told_answers = np.where(asked | behind, answers, np.nan)  # what stands behind the end must be passed over
    columns = {"weight_hh": (H,), "bias_ih": (), "bias_hh": ()}
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(case["layers"]):
        columns["weight_ih"] = (H if layer else INPUTS,)
        shapes |= {f"cell.{name}_l{layer}": (gates(cell) * H, *columns[name]) for name in parameters(cell)}
    shapes |= {"readout.weight": (outputs, H), "readout.bias": (outputs,)}
    weights = {name: rng.normal(size=shape) * 0.7 for name, shape in shapes.items()}
    architecture = {
        "cell": cell,
        "inputs": INPUTS,
        "units": H,
        "layers": case["layers"],
        "reset": "before" if "before" in options else "after",
        "keep": "1-z" if "1-z" in options else "z",
        "outputs": outputs,
        "readout": case["readout"],
    }
    flat = numbers(told_answers)
    told = {
        "architecture": architecture,
        "descent": {"rate": 0.05} | {name: case[name] for name in ("optimiser", "clip", "decay", "truncate")},
        "weights": {name: array.ravel().tolist() for name, array in weights.items()},
        "updates": UPDATES,
        "batch": {
            "T": T,
            "B": B,
            "ids": None if case["dense"] else ids.ravel().tolist(),
            "x": numbers(np.where(behind[..., None], np.nan, x)) if case["dense"] else None,
            "lengths": lengths.tolist(),
            "labels": [-1 if each is None else int(each) for each in flat] if softmax else None,
            "targets": None if softmax else flat,
        },
    }
    return Set(told, x, lengths, np.where(asked & ~behind, answers, np.nan), weights)


def cells(given: Set, weights: dict[str, np.ndarray]) -> list[Any]:
    architecture = given.told["architecture"]
    kind = KINDS[architecture["cell"]]
    options = {name: architecture[name] for name in ("reset", "keep")} if kind is GRU else {}
    layers = range(architecture["layers"])
    names = parameters(architecture["cell"])
    return [kind(**{name: weights[f"cell.{name}_l{layer}"] for name in names}, **options) for layer in layers]


def chunks(given: Set) -> list[slice]:
    size = given.told["descent"]["truncate"] or T
    return [slice(start, min(start + size, T)) for start in range(0, T, size)]


def run(given: Set, stack: list[Any]) -> list[list[Any]]:
    """The traces of each piece between two cuts, layer by layer."""
    found: list[list[Any]] = []
    for piece in chunks(given):
        x, traces = given.x[piece], []
        for layer, cell in enumerate(stack):
            last = found[-1][layer] if found else None
            states = {f"{name}0": getattr(last, name)[-1] for name in STATES[given.told["architecture"]["cell"]] if last}
            traces.append(cell.run(x, **states))
            x = traces[-1].h
        found.append(traces)
    return found


def readout(given: Set, weights: dict[str, np.ndarray], h: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Outputs (T, B, K), the mean loss of what is asked, and its gradient by the logits."""
    logits = h @ weights["readout.weight"].T + weights["readout.bias"]
    asked = ~np.isnan(given.answers)
    answers, count, kind = np.where(asked, given.answers, 0), asked.sum(), given.told["architecture"]["readout"]
    if kind == "softmax":
        outputs = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
        right = np.eye(CLASSES)[answers.astype(int)]
        losses, d_logits = -np.log((outputs * right).sum(axis=-1)), outputs - right
    elif kind == "logistic":
        outputs = 1 / (1 + np.exp(-logits))
        y = outputs[..., 0]
        losses, d_logits = -answers * np.log(y) - (1 - answers) * np.log(1 - y), outputs - answers[..., None]
    else:
        outputs = logits
        losses, d_logits = (logits[..., 0] - answers) ** 2, 2 * (logits - answers[..., None])
    return outputs, float(losses[asked].sum() / count), np.where(asked[..., None], d_logits, 0) / count


def backward(given: Set, weights: dict[str, np.ndarray]) -> dict[str, Any]:
    """Loss, outputs, gradients, ‖∂L/∂h_t‖ and arrays: from the core's cells, layers and pieces chained."""
    stack = cells(given, weights)
    pieces = run(given, stack)
    h = np.concatenate([traces[-1].h for traces in pieces])
    outputs, loss, d_logits = readout(given, weights, h)
    flat = d_logits.reshape(-1, d_logits.shape[-1])
    gradients = {name: np.zeros_like(array) for name, array in weights.items()}
    gradients["readout.weight"], gradients["readout.bias"] = flat.T @ h.reshape(len(flat), -1), flat.sum(axis=0)
    norms = np.zeros((len(stack), T))
    for piece, traces in zip(chunks(given), pieces, strict=True):
        d_h = d_logits[piece] @ weights["readout.weight"]
        for layer in reversed(range(len(stack))):
            found = stack[layer].backward(traces[layer], d_h)
            for name in parameters(given.told["architecture"]["cell"]):
                gradients[f"cell.{name}_l{layer}"] += getattr(found, f"d_{name}")
            norms[layer, piece] = np.sqrt((found.d_h**2).sum(axis=(1, 2)))
            d_h = found.d_x
    names = stack[0].computed
    known = vars if isinstance(stack[0], Later) else values
    arrays = [{name: np.concatenate([known(each[k])[name] for each in pieces]) for name in names} for k in range(len(stack))]
    return {"loss": loss, "outputs": outputs, "gradients": gradients, "norms": norms, "arrays": arrays}


OPTIMISERS = {
    "sgd": torch.optim.SGD,
    "momentum": lambda weights, **options: torch.optim.SGD(weights, momentum=0.9, **options),
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
}


def descend(given: Set) -> tuple[dict[str, np.ndarray], list[float], list[float]]:
    """The weights after all updates by torch's optimiser, the losses before each and the norms before clipping."""
    descent = given.told["descent"]
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in given.weights.items()}
    optimiser = OPTIMISERS[descent["optimiser"]](list(tensors.values()), lr=descent["rate"], weight_decay=descent["decay"])
    losses, norms = [], []
    for _ in range(UPDATES):
        found = backward(given, {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()})
        for name, tensor in tensors.items():
            tensor.grad = torch.tensor(found["gradients"][name])
        losses.append(found["loss"])
        norms.append(float(torch.nn.utils.clip_grad_norm_(tensors.values(), descent["clip"] or float("inf"))))
        optimiser.step()
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}, losses, norms


def close(got: Any, wanted: np.ndarray, name: str) -> None:
    wanted = np.asarray(wanted)
    error = np.abs(np.reshape(got, wanted.shape) - wanted).max()
    assert error <= TOLERANCE * np.abs(wanted).max() + 1e-300, (name, error, np.abs(wanted).max())


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """Each case and what the engine finds."""
    assert node.installed(), "`python -m tests` fetches what this needs (tests/node.py)"
    sets = [build(seed, case) for seed, case in enumerate(CASES)]
    path = tmp_path_factory.mktemp("engine") / "cases.json"
    path.write_text(json.dumps([each.told for each in sets]), encoding="utf-8")
    done = node.run("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "tests/js/train/engine.js", NUMBERS=str(path))
    assert done.returncode == 0, done.stderr
    return list(zip(sets, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("k", range(len(CASES)))
def test_engine(k, engine):
    """One backward pass against the core; 20 updates against torch.optim, whose gradients are the core's."""
    given, found = engine[k]
    wanted = backward(given, given.weights)
    close(found["losses"][0], wanted["loss"], "loss")
    within = np.arange(T)[:, None] < given.lengths
    close(
        np.where(within[..., None], np.reshape(found["outputs"], wanted["outputs"].shape), 0),
        wanted["outputs"] * within[..., None],
        "outputs",
    )
    assert found["gradients"].keys() == wanted["gradients"].keys()
    for name, gradient in wanted["gradients"].items():
        close(found["gradients"][name], gradient, name)
    close(found["norms"], wanted["norms"], "norms")
    for got, arrays in zip(found["arrays"], wanted["arrays"], strict=True):
        assert got.keys() == arrays.keys()
        for name, array in arrays.items():
            held = array[np.minimum(np.arange(T)[:, None], given.lengths - 1), np.arange(len(given.lengths))]
            close(got[name], held if name in STATES[given.told["architecture"]["cell"]] else array * within[..., None], name)
    weights, losses, norms = descend(given)
    close(found["losses"], np.array(losses), "losses")
    close(found["clipped"], np.array(norms), "norms before clipping")
    for name, array in weights.items():
        close(found["weights"][name], array, f"{name} after {UPDATES} updates")


def test_every_two_choices_meet():
    met = set().union(*(pairs(case) for case in CASES))
    assert len(met) == sum(len(CHOICES[a]) * len(CHOICES[b]) for a, b in combinations(CHOICES, 2))
    assert len(CASES) <= 48


def passed(path: str, *arguments: str, **variables: str) -> None:
    flags = ("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test-reporter=spec", *arguments)
    done = node.run(*flags, "--test", f"tests/js/train/{path}", **variables)
    assert done.returncode == 0, "\n" + done.stdout + done.stderr


@pytest.mark.parametrize("path", ["engine.test.js", "trainer.test.js", "simd.test.js"])
def test_by_itself(path):
    passed(path)


@pytest.mark.parametrize("plain", ["", "plain"])
@pytest.mark.parametrize("cell", KINDS)
def test_nothing_is_allocated(cell, plain):
    passed("memory.test.js", "--expose-gc", CELL=cell, PLAIN=plain)


def test_webassembly_is_what_its_source_compiles_to():
    assert wasm.WRITTEN.read_text(encoding="utf-8") == wasm.script(wasm.compiled())


def test_bundled():
    """What a hand-out joins: every module of the engine, reached from the trainer, in an order without a circle."""
    reached = closure("train/engine/trainer.js", later=True)
    assert {path.name for path in (ASSETS / "train/engine").glob("*.js")} == {p.split("/")[-1] for p in reached if "/engine/" in p}
