"""Numbers that decide what is said of gates, read off the review models: on the contrast set, and sentence by sentence on reviews of ours."""

from functools import cache

import numpy as np

from core.cells import GRUTrace, LSTMTrace, of_kind
from core.cells.arrays import Array
from core.cells.edits import Edit
from core.lessons.render import Shown
from core.models import Reading, load
from core.tasks.contrast import texts

FIRST = {"A wonderful film": "A terrible film", "A terrible film": "A wonderful film"}  # how a review of ours begins, and its opposite


def _sentences(reading: Reading) -> list[slice]:
    """Where each sentence stands, its full stop with it."""
    ends = [k + 1 for k, token in enumerate(reading.tokens) if token == "."]
    return [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]


def by_sentence(shown: Shown) -> dict[str, float]:
    """GRU, a review whose verdict stands in its first sentence: the verdict after that and at the end, with r held at 0, with z held at 1 from then on,
    and with the opposite first sentence; with that sentence put last; r averaged over the first sentence and the last."""
    reading = shown.reading
    first, *_, last = _sentences(reading)
    t = of_kind(GRUTrace, reading.trace)

    def verdict(*edits: Edit) -> float:
        return float(reading.model.run(reading.text, edits).outputs[-1, 1])

    begun = next(one for one in FIRST if reading.text.startswith(one))
    opposite = float(reading.model.run(reading.text.replace(begun, FIRST[begun])).outputs[-1, 1])
    end = float(reading.outputs[-1, 1])
    head, _, rest = reading.text.partition(". ")
    return {
        "moved_at_end": float(reading.model.run(f"{rest} {head}.").outputs[-1, 1]),
        "after_first": float(reading.outputs[first][-1, 1]),
        "at_end": end,
        "opposite": opposite,
        "first_matters": abs(end - opposite),
        "without_r": verdict(Edit("r", 0.0)),
        "with_z": verdict(Edit("z", 1.0, slice(first.stop, None))),
        "r_first": t.r[first].mean(),
        "r_last": t.r[last].mean(),
    }


@cache
def _gates(cell: str) -> dict[str, Array]:
    """The gates of a review model at every word of the contrast set, (words, H)."""
    model, (words, _) = load(f"sentiment-{cell}"), texts("test")
    traces = [model.cell.run(model.embedding[model.vocabulary.ids(each)]) for each in words]
    names = "rz" if cell == "gru" else "ifo"
    return {name: np.concatenate([getattr(of_kind(GRUTrace if cell == "gru" else LSTMTrace, t), name) for t in traces]) for name in names}


def opposite_gates(_: Shown) -> dict[str, float]:
    """GRU: the correlation of r and z over the words of the contrast set, unit by unit: the least, the middle and the greatest."""
    r, z = (_gates("gru")[name] for name in "rz")
    each = np.array([np.corrcoef(r[:, unit], z[:, unit])[0, 1] for unit in range(r.shape[1])])
    return {"least": each.min(), "middle": np.median(each), "greatest": each.max(), "words": len(r)}


def between(_: Shown) -> dict[str, float]:
    """The share of gate values between 0.1 and 0.9 over the words of the contrast set, all units, by gate; the least of them."""
    found = {
        f"{cell}_{name}": float(np.mean((rows > 0.1) & (rows < 0.9))) for cell in ("lstm", "gru") for name, rows in _gates(cell).items()
    }
    return found | {"fewest": min(found.values()), "words": len(_gates("lstm")["i"])}
