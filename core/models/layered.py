"""The shipped networks of several layers or directions: their cards, and what they read. Beside the catalogue, whose models have one cell each."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load as unpacked

from core.cells.activations import softmax
from core.cells.arrays import Array, Ints
from core.models import cards
from core.models.cards import Card
from core.models.intact import whole
from core.network import Network, Reading

FOLDER = cards.FOLDER / "layered"


@dataclass(frozen=True, eq=False)
class Layered:
    """A network that reads words one-hot, and a linear readout (K, P) of the last layer's output after each word, its softmax the labels' shares."""

    card: Card
    network: Network
    weight: Array
    bias: Array

    def ids(self, text: str) -> Ints:
        """The words of a text, (T,). ValueError naming those that it does not know."""
        words, known = text.split(), self.card.vocabulary
        if strange := [word for word in words if word not in known]:
            raise ValueError(f"text: got {', '.join(map(repr, dict.fromkeys(strange)))}, wanted words of {', '.join(known)}")
        return np.array([known.index(word) for word in words], int)

    def read(self, ids: Ints) -> Reading:
        """The reading of words (T,) or of texts (B, T) of one length."""
        return self.network.run(np.eye(self.card.input_size, dtype=np.float32)[ids])

    def outputs(self, output: Array) -> Array:
        """The labels' shares (…, K) from the last layer's output (…, P)."""
        return softmax(output @ self.weight.T + self.bias)


@cache
def catalogue() -> dict[str, Card]:
    """Every card by name; reads no weights. Damaged for a card that cannot be read."""
    return {path.stem: Card.read(path) for path in sorted(FOLDER.glob("*.json"))}


@cache
def load(name: str) -> Layered:
    """The network called `name`, once for the whole process. KeyError naming the choices if there is none, Damaged if its file has changed."""
    if name not in catalogue():
        raise KeyError(f"no network {name!r}; there are {', '.join(catalogue())}")
    return read(FOLDER, catalogue()[name])


def read(folder: Path, card: Card) -> Layered:
    """The network of a card, from the weights beside it."""
    return build(card, unpacked(whole(folder / f"{card.name}.safetensors", card.sha256)))


def build(card: Card, tensors: dict[str, Array]) -> Layered:
    """From a card and tensors with torch's names after `cell.`; one that reads backward only has those of a single direction."""
    cell = {name.removeprefix("cell."): array for name, array in tensors.items() if name.startswith("cell.")}
    network = Network.from_torch(cell, batch_first=True)
    if card.variant.get("backward"):
        turned = tuple(replace(layer, ways=(None, layer.ways[0])) for layer in network.layers)
        network = replace(network, layers=turned)
    return Layered(card, network, tensors["readout.weight"], tensors["readout.bias"])
