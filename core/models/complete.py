"""A model that predicts the next symbol goes on writing what somebody began."""

import numpy as np

from core.cells import Trace
from core.cells.arrays import Array
from core.models.catalogue import Model
from core.models.text import UNKNOWN


def complete(model: Model, text: str, count: int, temperature: float = 0.7, seed: int = 0) -> str:
    """`count` symbols after `text`, each drawn from the model's probabilities and read before the next one is drawn.

    temperature: the logits are divided by it, so 1 is the model as trained and 0 always its first choice. `<unk>` is never drawn.
    ValueError for a negative temperature or count, and for a model whose labels are not its vocabulary.
    """
    words = model.vocabulary.words
    if model.card.labels != words:
        raise ValueError(f"model: got {model.card.name!r}, wanted one that predicts the symbols it reads")
    if temperature < 0 or count < 0:
        raise ValueError(f"temperature, count: got {temperature}, {count}, wanted at least 0")
    rng, trace = np.random.default_rng(seed), model.run(text).trace
    state = {name: before if not len(rows) else rows[-1] for name, before, rows in _states(trace)}
    barred = np.array([word == UNKNOWN for word in words])
    written = ""
    for _ in range(count):
        logits = model.readout_weight @ state["h"] + model.readout_bias
        logits = np.where(barred, -np.inf, logits.astype(float))
        if temperature:
            scores = np.exp((logits - logits.max()) / temperature)
            chosen = int(rng.choice(len(words), p=scores / scores.sum()))
        else:
            chosen = int(np.argmax(logits))
        written += words[chosen]
        step = model.cell.step(model.embedding[chosen], **state)
        state = {name: getattr(step, name) for name in state}
    return written


def _states(trace: Trace) -> list[tuple[str, Array, Array]]:
    """Name, first value and rows of what is carried from step to step: h, and an LSTM's c."""
    return [(name, getattr(trace, f"{name}0"), getattr(trace, name)) for name in ("h", "c") if hasattr(trace, name)]
