"""The shipped models: their cards, their weights (loaded once a process, read-only), and a reading of a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from pkgutil import resolve_name
from weakref import WeakValueDictionary

import numpy as np
from safetensors import numpy as safetensors

from core.cells import CELLS, Cell, Edit, Trace
from core.cells.activations import softmax
from core.cells.arrays import Array, Ints
from core.families import FAMILIES
from core.models.cards import AFTER, FOLDER, Card, in_folder
from core.models.intact import Damaged, fault, intact, whole
from core.models.text import MAX_TOKENS, Symbols, Token, Vocabulary


class UnknownWords(ValueError):
    """The text holds words that a model of few words does not have. `words` lists them, `vocabulary` what it has."""

    def __init__(self, words: list[str], vocabulary: tuple[str, ...]):
        super().__init__(f"text: got {', '.join(map(repr, words))}, wanted words among {', '.join(vocabulary)}")
        self.words, self.vocabulary = words, vocabulary


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, or a sequence of numbers, read by a model. T tokens, K labels."""

    model: "Model"
    text: str
    tokens: tuple[str, ...]  # as typed; what cannot be seen is named by its code point
    known: tuple[bool, ...]  # whether each is in the vocabulary
    ids: Ints  # (T,); empty for numbers
    trace: Trace
    outputs: Array  # (T, K) probabilities after each token; of a model that reads numbers, its value
    before: Array  # (K,) the same before the first token
    labels: tuple[str, ...]
    cut: Token | None  # the first token that was not read, if the text was too long

    @property
    def strange(self) -> str:
        """What is said instead of a verdict where most words are unknown; "" where they are not."""
        known, T = sum(self.known), len(self.tokens)
        if 2 * known >= T:
            return ""
        return f"The network knows {known} of {'this 1 word' if T == 1 else f'these {T} words'}: too few for a verdict."


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network: embedding (V, D), cell, and a readout of h, weight (K, H) and bias (K,): logistic if K = 1, else softmax."""

    card: Card
    vocabulary: Vocabulary
    embedding: Array
    cell: Cell
    readout_weight: Array
    readout_bias: Array

    @cached_property
    def one_hot_words(self) -> tuple[str, ...]:
        """The words that the input's places stand for, if words are read one-hot; else nothing."""
        square = self.embedding.shape[0] == self.embedding.shape[1]
        return self.vocabulary.words if square and np.array_equal(self.embedding, np.eye(len(self.embedding))) else ()

    @cached_property
    def input_range(self) -> float:
        """The largest |x| that any word gives, rounded up to a whole number: the fixed scale of x as a map."""
        return float(np.ceil(np.abs(self.embedding).max()))

    @cached_property
    def readout_magnitude(self) -> Array:
        """The largest |weight| of the readout on each unit (H,)."""
        largest: Array = np.abs(self.readout_weight).max(axis=0)
        return largest

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """Reads at most 500 tokens of `text`, with edits if there are any. Raises UnknownWords (a ValueError) if the vocabulary is closed and lacks some."""
        tokens = self.vocabulary.tokens(text, MAX_TOKENS + 1)
        tokens, cut = tokens[:MAX_TOKENS], tokens[MAX_TOKENS] if len(tokens) > MAX_TOKENS else None
        tokens = [self.vocabulary.read(token) for token in tokens]
        known = tuple(self.vocabulary.known(token.text) for token in tokens)
        if self.vocabulary.closed and not all(known):
            strange = [t.shown for t, k in zip(tokens, known, strict=True) if not k]
            raise UnknownWords(list(dict.fromkeys(strange)), self.vocabulary.words)
        ids = self.vocabulary.ids([token.text for token in tokens])
        return self.reading(text, tuple(token.shown for token in tokens), known, ids, self.embedding[ids], cut, edits)

    def reading(
        self, text: str, tokens: tuple[str, ...], known: tuple[bool, ...], ids: Ints, x: Array, cut: Token | None, edits: Sequence[Edit]
    ) -> Reading:
        """The reading of the inputs x (T, D) that stand for `tokens`."""
        trace = self.cell.run(x, edits=edits)
        outputs, before = self.outputs(trace.h), self.outputs(trace.h0)
        return Reading(self, text, tokens, known, ids, trace, outputs, before, self.card.labels, cut)

    def outputs(self, h: Array) -> Array:
        """Probabilities (…, K) of the labels from hidden states (…, H); a logistic readout has K = 2 of them."""
        if len(self.readout_bias) > 1:
            logits = h @ self.readout_weight.T + self.readout_bias
            return softmax(logits)
        logit = h @ self.readout_weight[0] + self.readout_bias[0]
        positive = 1 / (1 + np.exp(-logit))
        return np.stack((1 - positive, positive), axis=-1)


@dataclass(frozen=True, eq=False)
class NumberModel(Model):
    """A network that reads numbers as they are, two a step (value, mark), with a linear readout. Its text is "0.5 -0.2* 1 0.7*"."""

    one_hot_words = ()

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """Reads at most 500 values between white space, those with * marked. ValueError naming what is no number."""
        tokens = [Token(match.group(), match.start()) for match in re.finditer(r"\S+", text)]
        read, cut = tokens[:MAX_TOKENS], tokens[MAX_TOKENS] if len(tokens) > MAX_TOKENS else None
        if strange := [t.shown for t in read if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)\*?", t.text, re.ASCII)]:
            raise ValueError(f"text: got {', '.join(map(repr, strange))}, wanted numbers, those to be added marked as in 0.5*")
        x = np.array([(float(t.text.rstrip("*")), t.text.endswith("*")) for t in read], np.float32).reshape(-1, 2)
        shown = tuple(t.text for t in read)
        return self.reading(text, shown, (True,) * len(x), np.empty(0, int), x, cut, edits)

    def run_sequence(self, x: Array, edits: Sequence[Edit] = ()) -> Reading:
        """Reads x (T, 2) to the last digit; the tokens show two. ValueError for another shape or dtype than the cell's."""
        tokens = tuple(f"{value:+.2f}{'*' if mark else ''}" for value, mark in x)
        return self.reading(" ".join(tokens), tokens, (True,) * len(x), np.empty(0, int), x, None, edits)

    def outputs(self, h: Array) -> Array:
        """Values (…, K) from hidden states (…, H)."""
        return h @ self.readout_weight.T + self.readout_bias


READS: dict[str, tuple[type[Model], type[Vocabulary]]] = {  # what many families read: the class of the network and of its vocabulary
    "words": (Model, Vocabulary),
    "symbols": (Model, Symbols),
    "numbers": (NumberModel, Vocabulary),
}
_LOADED: set[str] = set()
OWN: WeakValueDictionary[str, "Model"] = WeakValueDictionary()  # those of visitors, each as long as its visitor's session holds it


@cache
def catalogue() -> dict[str, Card]:
    """Every shipped model's card by name; reads no weights. Damaged: see `in_folder`."""
    return in_folder(FOLDER)


@cache
def successors() -> dict[str, Card]:
    """The cards of the networks compared after the LSTM, which no page offers: their cells are not among CELLS, and one has two layers."""
    return in_folder(AFTER)


def load(name: str) -> Model:
    """The model called `name`, once for the whole process, its arrays read-only. KeyError naming the choices if there is none, Damaged if
    its files are not those that were shipped.
    """
    own = OWN.get(name)
    return _shipped(name) if own is None else own


@cache
def _shipped(name: str) -> Model:
    if name not in catalogue():
        raise KeyError(f"no model {name!r}; there are {', '.join(catalogue())}")
    model = read(FOLDER, catalogue()[name])
    _LOADED.add(name)
    return model


def loaded() -> list[str]:
    """The models that `load` has given in this process."""
    return sorted(_LOADED)


def damaged() -> list[str]:
    """What is wrong with the models' files: "mini-lstm.safetensors is missing". Files are read when they have changed since the last call."""
    try:
        shipped = ((FOLDER, catalogue()), (AFTER, successors()))
        sums = {folder / name: card.sha256.get(name, "") for folder, cards in shipped for card in cards.values() for name in card.files}
    except Damaged as error:
        return [str(error)]
    return [told for path, digest in sorted(sums.items()) if (told := fault(path, digest))]


@cache
def checkpoints(name: str) -> dict[int, Model]:
    """A mini model at ten moments of its training, by the number of updates. ValueError for a model that kept none."""
    card, tensors = catalogue()[name], weights(FOLDER, catalogue()[name])
    stages = sorted({int(key.split(".")[1]) for key in tensors if key.startswith("checkpoint.")})
    if not stages:
        raise ValueError(f"name: {name!r} kept no checkpoints, wanted a mini model")
    embedding = {"embedding.weight": tensors["embedding.weight"]}
    return {
        k: build(card, embedding | {n.removeprefix(f"checkpoint.{k}."): v for n, v in tensors.items() if n.startswith(f"checkpoint.{k}.")})
        for k in stages
    }


def read(folder: Path, card: Card) -> Model:
    """The model of a card from the files beside it. Damaged if they are not those that the card was written for."""
    with intact(folder / f"{card.name}.safetensors"):
        return build(card, weights(folder, card), folder)


def weights(folder: Path, card: Card) -> dict[str, Array]:
    """The tensors of a card, byte by byte those it was written for; else Damaged."""
    return safetensors.load(whole(folder / f"{card.name}.safetensors", card.sha256))


def build(card: Card, tensors: dict[str, Array], folder: Path = FOLDER) -> Model:
    """A model from its card and tensors, which become read-only. ValueError if one of them is not finite."""
    words = card.vocabulary
    if isinstance(words, str):
        words = tuple(whole(folder / words, card.sha256).decode().splitlines())
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise ValueError(f"{name}: got numbers that are not finite, wanted weights")
        tensor.flags.writeable = False
    kind, vocabulary = READS.get(card.reads) or map(resolve_name, FAMILIES[card.task].reads)
    variant = {"activation": "tanh", **card.variant} if card.cell == "rnn" else card.variant  # the tensors do not tell a plain RNN's
    return kind(
        card=card,
        vocabulary=vocabulary(words),
        embedding=tensors["embedding.weight"] if words else np.eye(card.input_size, dtype=np.float32),
        cell=CELLS[card.cell].from_torch(tensors, prefix="cell.", **variant),
        readout_weight=tensors["readout.weight"],
        readout_bias=tensors["readout.bias"],
    )
