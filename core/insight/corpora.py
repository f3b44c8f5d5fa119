"""The small corpora on which units are ranked, and the truth about each of their tokens: a family's `Corpus` says where they come from."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name

import numpy as np

from core.cells import Trace
from core.cells.arrays import Array, Flags, Ints
from core.families import FAMILIES
from core.families import family as record
from core.models import Model
from core.models.text import SPACES, word_of

TEXTS, SEED = 240, 11  # every second text is held out


@dataclass(frozen=True, eq=False)
class Corpus:
    """N tokens of all texts one after the other. truths: each property but "words", (N,), NaN where not defined; text (N,): the number of its text;
    held (N,): whether that one is held out; states: arrays of the trace, (N, H)."""

    texts: tuple[str, ...]
    tokens: tuple[str, ...]
    truths: dict[str, Array]
    text: Ints
    held: Flags
    states: dict[str, Array]

    def target(self, kind: str, words: Collection[str] = ()) -> Array:
        """A property's value at every token, (N,)."""
        if kind == "words":
            wanted = {word_of(word) for word in words}
            return np.array([float(word_of(token) in wanted) for token in self.tokens])
        return self.truths[kind]

    def place(self, k: int) -> int:
        """Where in its own text token `k` stands, from 0."""
        return int(k - np.flatnonzero(self.text == self.text[k])[0])


def of(family: str) -> record.Corpus:
    """What a family says of its corpus. KeyError if it has none."""
    if (found := FAMILIES[family].corpus) is None:
        raise KeyError(f"family: got {family!r}, wanted one with a corpus")
    return found


def made(family: str) -> list[record.Text]:
    """The corpus of a family of models, always the same."""
    texts: Callable[[np.random.Generator, int], list[record.Text]] = resolve_name(of(family).made)
    return texts(np.random.default_rng(SEED), TEXTS)


def read(model: Model, arrays: Sequence[str], each: Callable[..., Iterable[Trace]] = map) -> Corpus:
    """The family's corpus as this model reads it. each: a map by which the texts are read one after another."""
    found, symbols = made(model.card.task), model.card.reads == "symbols"
    texts = tuple(("" if symbols else " ").join(tokens) for tokens, _ in found)
    traces = list(each(lambda text: model.run(text).trace, texts))
    lengths = [len(tokens) for tokens, _ in found]
    number = np.repeat(np.arange(len(found)), lengths)
    truths = {kind: np.concatenate([np.asarray(truth[kind], float) for _, truth in found]) for kind in found[0][1]}
    return Corpus(
        texts=texts,
        tokens=tuple(SPACES.get(token, token) for tokens, _ in found for token in tokens),
        truths=truths | {"position": np.concatenate([np.arange(1.0, n + 1) for n in lengths])},
        text=number,
        held=number % 2 == 1,
        states={name: np.concatenate([getattr(trace, name) for trace in traces]) for name in arrays},
    )
