"""What is found in a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from core.cells.arrays import Array
from core.network import Network
from core.upload.refused import shortened

Kind = Literal["rnn", "lstm", "gru"]
KINDS: dict[str, Kind] = {"rnn": "rnn", "lstm": "lstm", "gru": "gru", "simplernn": "rnn"}


@dataclass(frozen=True)
class Found:
    """A recurrent network of a file. name: its place there, "" where it has none.

    inputs: D. hidden: H, the largest of its layers. directions: 1 or 2. parameters: how many numbers.
    asks: what the file does not tell and `ModelFile.network` is to be given, with the choices, such as {"activation": ("tanh", "relu")}.
    refused: why it cannot be shown, in a sentence; "" if it can.
    """

    name: str
    kind: Kind
    inputs: int
    hidden: int
    layers: int
    directions: int
    parameters: int
    asks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Embedding:
    """A table of a file with a row of `size` numbers for each of `rows` words."""

    name: str
    rows: int
    size: int


@dataclass(frozen=True, eq=False)
class Recurrent:
    """A network as a reader found it. read: makes it of what is asked for; raises ValueError."""

    found: Found
    read: Callable[..., Network]


@dataclass(frozen=True, eq=False)
class Contents:
    """What a reader found. tables: two-dimensional arrays that belong to no network, with whether each is known for an embedding.

    whole: whether the first network is all the others, one upon another.
    """

    networks: list[Recurrent]
    tables: dict[str, tuple[Array, bool]]
    whole: bool = False


def told(name: str, kind: str, parameters: int, read: Callable[..., Network]) -> Found:
    """What is said of a network whose file tells all of it: it is read for that. kind: of its first layer, in the file's word."""
    known = KINDS.get(kind, "rnn")
    try:
        network = read()
    except Exception as error:  # ours in words, or a library's for a file that is damaged
        said = shortened(error, 400) if isinstance(error, ValueError) else "its weights do not fit together"
        return Found(name, known, 0, 0, 1, 1, parameters, refused=f"It cannot be read: {said.rstrip('.')}.")
    ways = [way for layer in network.layers for way in layer.directions]
    directions = max(len(layer.directions) for layer in network.layers)
    hidden = max(way.cell.hidden_size for way in ways)
    return Found(name, known, network.input_size, hidden, len(network.layers), directions, parameters)


def alone(variant: Mapping[str, Any]) -> None:
    """ValueError for options beside batch_first: the file tells all."""
    for option, value in variant.items():
        if option != "batch_first":
            raise ValueError(f"{option}: got {value!r}, and the file tells it, wanted none")
