"""A network that a visitor trained on the page *Train*, from what the browser sent of it. Nothing of that is trusted: what is not whole is refused."""

import base64
import binascii
import hashlib
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from safetensors import numpy as safetensors

from core.cells import CELLS
from core.cells.arrays import Array
from core.families import FAMILIES
from core.families.own import OWN as TASKS
from core.families.own import PREFIX
from core.models.cards import Card
from core.models.catalogue import OWN, Model, build, catalogue

MOST_UNITS, BYTES, HEADER = 64, 120_000, 4_000  # the largest weights are 78,000 bytes
LARGEST = 1e4  # a weight's size; beyond, float32's range may be left while a text is read
GATES = {"rnn": 1, "lstm": 4, "gru": 3}


class Trained(BaseModel):
    """What the browser says of a network of one layer: how it was trained, its held-out accuracy, its weights (safetensors with torch's names, base64)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    task: str = Field(max_length=20)
    cell: Literal["rnn", "lstm", "gru"]
    units: int = Field(ge=1, le=MOST_UNITS)
    reset: Literal["after", "before"]
    seed: int = Field(ge=0, le=9_999)
    updates: int = Field(ge=0, le=10**9)
    batch: int = Field(ge=1, le=1_000)
    length: int = Field(ge=0, le=1_000)
    accuracy: float = Field(ge=0, le=1)
    weights: str = Field(max_length=BYTES * 4 // 3 + 4)


def lend(model: Model) -> Model:
    """Makes a visitor's model one that `load` gives by its name, which names its content; returns the one to be kept: while nobody keeps it, it is gone."""
    return OWN.setdefault(model.card.name, model)


def cells(task: str) -> tuple[str, ...]:
    """The cells of which a family has a model of that name."""
    return tuple(cell for cell in CELLS if (name := f"{task}-{cell}") in catalogue() or name in OWN)


def tensors(raw: bytes, shapes: dict[str, tuple[int, ...]]) -> dict[str, Array]:
    """The tensors of a safetensors file, float32. ValueError unless they are exactly those of these shapes, finite, none beyond ±LARGEST."""
    header = int.from_bytes(raw[:8], "little")
    if not 8 + 2 <= len(raw) <= BYTES or header > min(HEADER, len(raw) - 8):
        raise ValueError(f"weights: got {len(raw):,} bytes and a header of {header:,}, wanted a small safetensors file")
    try:
        found = safetensors.load(raw)
    except Exception as error:  # whatever the library makes of junk
        raise ValueError("weights: got what is no safetensors file") from error
    if (got := {name: tensor.shape for name, tensor in found.items()}) != shapes:
        raise ValueError(f"weights: got {str(got)[:200]}, wanted {shapes}")
    for name, tensor in found.items():
        if tensor.dtype != np.float32 or not (np.abs(tensor) <= LARGEST).all():
            raise ValueError(f"weights: {name} is not float32 within ±{LARGEST:g}")
    return found


def read(sent: Any, words: tuple[str, ...], labels: tuple[str, ...], outputs: int) -> Model:
    """The model of what the browser sent. words, labels and outputs: the task's, D one-hot inputs, their answers and how many numbers say them.

    ValueError for what is no such network.
    """
    told = Trained.model_validate(sent)
    if told.task not in TASKS:
        raise ValueError(f"task: got {told.task!r}, wanted one of {', '.join(TASKS)}")
    rows, D = GATES[told.cell] * told.units, len(words)
    shapes: dict[str, tuple[int, ...]] = {f"cell.weight_{part}_l0": (rows, size) for part, size in (("ih", D), ("hh", told.units))}
    shapes |= {f"cell.bias_{part}_l0": (rows,) for part in ("ih", "hh")}
    try:
        raw = base64.b64decode(told.weights, validate=True)
    except binascii.Error as error:
        raise ValueError("weights: got what is no base64") from error
    found = tensors(raw, shapes | {"readout.weight": (outputs, told.units), "readout.bias": (outputs,)})
    digest = hashlib.sha256(raw + told.model_dump_json(exclude={"weights"}).encode()).hexdigest()[:12]
    return _model(told, found, f"{PREFIX}{told.task}-{digest}", words, labels)


def _model(told: Trained, found: dict[str, Array], family: str, words: tuple[str, ...], labels: tuple[str, ...]) -> Model:
    card = Card.blank(
        name=f"{family}-{told.cell}",
        task=family,
        cell=told.cell,
        title=f"{told.cell.upper()}, {told.units} units, trained by you",
        input_size=len(words),
        hidden_size=told.units,
        labels=labels,
        vocabulary=words,
        metric={f"length {told.length}": {"accuracy": told.accuracy}},
        data=({"name": "page Train", "what": "generated sequences", "licence": "MIT, ours"},),
        licence="yours",
        seed=told.seed,
        command="page Train",
        training={"examples": told.updates * told.batch, "unit": "generated sequences by you, in your browser", "updates": told.updates},
        reads="words" if any(len(word) > 1 for word in words) else "symbols",
        variant={"reset": told.reset} if told.cell == "gru" else {},
    )
    model = build(card, found | {"embedding.weight": np.eye(len(words), dtype=np.float32)})
    traces = [model.run(text).trace for _, text in FAMILIES[family].examples]
    largest = np.max([np.abs(getattr(trace, "c", trace.h)).max(axis=0) for trace in traces], axis=0)
    units = np.maximum(np.ceil(2 * largest) / 2, 0.5)  # halves, as on the shipped cards
    return replace(model, card=replace(card, c_range=float(max(1.0, units.max())), unit_ranges=tuple(map(float, units))))
