"""Networks to try the page with: their files' bytes go the way of an upload."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from safetensors import numpy as safetensors

from core.cells import LSTM, PARAMETERS
from core.families import FAMILIES
from core.models import load
from core.models.cards import FOLDER
from core.models.intact import intact
from core.upload import ModelFile, opened
from core.views.site import texts

_part = texts.of("your_network").part
RANDOM, SIZES = "random-lstm", (6, 8)  # two layers of LSTMs in both directions: numbers read, units
NAMES = ("sentiment-gru", "mini-lstm", RANDOM)


@dataclass(frozen=True, eq=False)
class Example:
    """file: as an upload is read. words: its vocabulary, the row of each; none of numbers. text: what it reads at first."""

    file: ModelFile
    words: dict[str, int]
    text: str


def title(name: str) -> str:
    return _part(f"example {name}")


@st.cache_resource(max_entries=len(NAMES), show_spinner=False)
def example(name: str) -> Example:
    """One of NAMES."""
    if name == RANDOM:
        return Example(opened(_random(), f"{name}.safetensors"), {}, "")
    model, path = load(name), FOLDER / f"{name}.safetensors"
    with intact(path):
        tensors = safetensors.load(path.read_bytes())
    parts = "cell." if model.one_hot_words else ("cell.", "embedding.", "readout.")  # not the moments of its training
    raw = safetensors.save({key: tensor for key, tensor in tensors.items() if key.startswith(parts)})
    words = {word: row for row, word in enumerate(model.vocabulary.words)}
    return Example(opened(raw, path.name), words, FAMILIES[model.card.task].examples[0][1])


def _random() -> bytes:
    """Two bidirectional layers in torch's own distribution, the cells with seeds 0 to 3."""
    inputs, units = SIZES
    found: dict[str, np.ndarray] = {}
    for seed, (k, way) in enumerate((k, way) for k in (0, 1) for way in ("", "_reverse")):
        cell = LSTM.init(inputs if k == 0 else 2 * units, units, seed=seed)
        found |= {f"rnn.{name}_l{k}{way}": getattr(cell, name) for name in PARAMETERS}
    return safetensors.save(found)
