"""Numbers that the shipped lessons tell: records, cards, and what a network keeps of a number, forwards, or could learn from, backwards.

Forwards: how far an answer moves when an early number is another one. Backwards: how long a gradient still is so many steps back. Every public
function gives numbers by name.
"""

import math

import numpy as np

from core.cells import CELLS, GRUTrace, LSTMTrace, of_kind
from core.cells.arrays import Ints
from core.cells.backward import LSTMGrads
from core.cells.before import before
from core.cells.edits import Edit
from core.insight import contributions, gradients
from core.lessons.evidence import far
from core.lessons.render import Shown
from core.models import Reading, catalogue, load
from core.tasks.lags import lags


def _marks(reading: Reading) -> Ints:
    """The steps that are marked, from 0."""
    return np.flatnonzero(reading.trace.x[:, 1])


def adding(shown: Shown) -> dict[str, float]:
    """A row of numbers: the marked ones and their sum, where they stand, and how far the last answer is off."""
    reading, marks = shown.reading, _marks(shown.reading)
    first, second = (float(reading.trace.x[k, 0]) for k in marks)
    last = float(reading.outputs[-1, 0])
    told = {"first": first, "second": second, "sum": first + second, "first_t": marks[0] + 1, "second_t": marks[1] + 1}
    return told | {"rows": len(reading.tokens), "last_answer": last, "miss": abs(last - first - second), "between": marks[1] - marks[0] - 1}


def first_turned(shown: Shown) -> dict[str, float]:
    """Forwards: the first marked number with its sign turned: how far each adding network's last answer moves, and by how much it should."""
    x, k = shown.reading.trace.x, _marks(shown.reading)[0]
    turned = x.copy()
    turned[k, 0] *= -1
    found = {"should": abs(2 * x[k, 0])}
    for cell in CELLS:
        model = load(f"adding-{cell}")
        one, two = (model.cell.run(rows) for rows in (x, turned))
        apart = np.abs(one.h - two.h).max(axis=-1)  # (T,)
        found |= {
            f"{cell}_moves": far(model.outputs(one.h)[-1], model.outputs(two.h)[-1]),
            f"{cell}_h_at": apart[k],
            f"{cell}_h_10": apart[k + 10],
        }
        found[f"{cell}_h_end"] = apart[-1]
    return found


def held(shown: Shown) -> dict[str, float]:
    """Between the marks: the product of the keeps (f, or z) in the unit that keeps best, its least, the middle unit's product; 0.9 to the same power."""
    first, second = _marks(shown.reading)
    t = shown.reading.trace
    keep = (t.f if isinstance(t, LSTMTrace) else of_kind(GRUTrace, t).z)[first + 1 : second + 1].astype(float)
    product, unit = keep.prod(axis=0), int(keep.prod(axis=0).argmax())
    found = {"kept": product[unit], "best_unit": unit, "least": keep[:, unit].min(), "middle": np.median(product)}
    return found | {"keeps": second - first, "tenth": 0.9 ** (second - first)}


def fed(shown: Shown) -> dict[str, float]:
    """Latch: the number read, what is held of it at the end, and of half the number."""
    reading, model = shown.reading, shown.reading.model
    half = reading.trace.x.copy()
    half[0, 0] /= 2
    h, other = reading.trace.h[-1, 0], model.cell.run(half).h[-1, 0]
    minus = model.cell.run(-reading.trace.x).h[-1, 0]
    return {
        "read": reading.trace.x[0, 0],
        "half": half[0, 0],
        "held": h,
        "held_of_half": other,
        "apart": abs(h - other),
        "held_of_minus": minus,
    }


def backwards_in_time(shown: Shown) -> dict[str, float]:
    """Backwards, in float64: the gradient of the last answer by the state (c of the LSTM, else h), at the first mark (or step 1) over that at the end."""
    reading = shown.reading
    found: dict[str, float] = {}
    models = {"own": reading.model} | ({cell: load(f"adding-{cell}") for cell in CELLS} if len(_marks(reading)) else {})
    at = _marks(reading)[0] if len(_marks(reading)) else 0
    for name, single in models.items():
        model = gradients.double(single)
        trace = model.cell.run(reading.trace.x.astype(float))
        d_h = np.zeros_like(trace.h)
        d_h[-1] = model.readout_weight[0]
        grads = model.cell.backward(trace, d_h)
        size = np.linalg.norm(grads.d_c if isinstance(grads, LSTMGrads) else grads.d_h, axis=-1)  # (T,)
        found[f"{name}_left"] = size[at] / size[-1]
    return found | {"back": len(reading.tokens) - 1 - at}


def reach(_: Shown) -> dict[str, float]:
    """The record of adding: how many of three seeds solved each lag, and the plain RNN's errors at lag 100 beside that of no memory."""
    record = lags()
    found: dict[str, float] = {}
    task = record.tasks["adding"]
    for cell in CELLS:
        for lag in task.lags:
            found[f"{cell}_{lag}"] = sum(run.solved for run in record.of("adding", cell, lag))
    errors = [run.figure for run in record.of("adding", "rnn", 100) if run.figure is not None]
    return found | {
        "seeds": len(errors),
        "least_error": min(errors),
        "no_memory": task.baseline,
        "solved": task.solved,
        "updates": task.updates,
    }


def cards(_: Shown) -> dict[str, float]:
    """Test figures and sizes as the cards have them."""
    known = catalogue()

    def right(model: str, test: str) -> float:
        return known[model].metric[test]["accuracy"]

    found = {f"counts_{c}": right(f"counting-{c}", "n = 51–200") for c in CELLS}
    found |= {f"short_{c}": right(f"counting-{c}", "n = 1–50") for c in CELLS}
    found |= {f"reviews_{c}": right(f"sentiment-{c}", "IMDB") for c in CELLS} | {
        f"embedded_{c}": right(f"embedded-{c}", "kept letter") for c in CELLS
    }
    found |= {f"adding_{c}": known[f"adding-{c}"].metric["length 100"]["mse"] for c in CELLS}
    found |= {f"cell_{c}": known[f"sentiment-{c}"].parameters["cell"] for c in CELLS}
    found |= {"reviews_n": known["sentiment-gru"].metric["IMDB"]["n"]}
    found |= {f"{c}_right_to": known[f"counting-{c}"].metric["n = 1–50"]["right_to"] for c in CELLS}
    error = math.hypot(*(known[f"sentiment-{c}"].metric["IMDB"]["standard_error"] for c in ("lstm", "gru")))
    apart = abs(found["reviews_lstm"] - found["reviews_gru"])
    always = next(iter(known["adding-rnn"].baseline.values()))["length 100"]["mse"]
    gained = abs(always - found["adding_rnn"])
    return found | {"reviews_apart": apart, "two_errors": 2 * error, "share": found["cell_gru"] / found["cell_lstm"], "always": always, "gained": gained,
                    "one_error": known["adding-rnn"].metric["length 100"]["standard_error"]}  # fmt: skip


def writes(shown: Shown) -> dict[str, float]:
    """The greatest sum of what is kept and what is let in, f + i or z + (1 - z), and the most and least that is hidden; the greatest |state|."""
    t = shown.reading.trace
    if isinstance(t, GRUTrace):
        return {"most_sum": (t.z + (1 - t.z)).max(), "greatest": np.abs(t.h).max()}
    t = of_kind(LSTMTrace, t)
    found = {"most_sum": (t.f + t.i).max(), "greatest": np.abs(t.c).max(), "least_o": t.o.min()}
    k, u = np.unravel_index(np.argmax(np.abs(t.c) * (1 - t.o)), t.c.shape)
    return found | {"hidden_t": k + 1, "hidden_unit": u, "hidden_c": t.c[k, u], "hidden_o": t.o[k, u], "hidden_h": t.h[k, u]}


def look_up(shown: Shown) -> dict[str, float]:
    """How much W x and U h vary over the words of the text, as standard deviations over all rows of the gates, and the candidates' likeness.

    alike: the correlation over all units of g at the last word with and without *not* (the other text); turned: the share of units whose g turned its
    sign; mini_turned: the same in the LSTM of ten words.
    """
    reading, cell, t = shown.reading, shown.reading.model.cell, of_kind(LSTMTrace, shown.reading.trace)
    own, state = t.x @ cell.weight_ih.T, before(t.h0, t.h) @ cell.weight_hh.T  # (T, 4H)
    found = {"Wx_varies": own.std(), "Uh_varies": state.std(), "times": own.std() / state.std()}
    one, two = t.g[-1], of_kind(LSTMTrace, shown.beside.trace).g[-1]
    small, plain = (of_kind(LSTMTrace, load("mini-lstm").run(text).trace).g[-1] for text in (reading.text, shown.beside.text))
    found["mini_turned"] = np.mean(small * plain < 0)
    return found | {
        "alike": np.corrcoef(one, two)[0, 1],
        "turned": np.mean(one * two < 0),
        "verdict_other": shown.beside.outputs[-1, 1],
        "words": len(reading.tokens),
    }


def three_cells(shown: Shown) -> dict[str, float]:
    """The last verdicts of the three review networks on the text."""
    found = {cell: load(f"sentiment-{cell}").run(shown.reading.text).outputs[-1, 1] for cell in CELLS}
    return {f"{cell}_says": value for cell, value in found.items()} | {"most": max(found.values()), "least": min(found.values())}


def two_readings(shown: Shown) -> dict[str, float]:
    """The last verdicts of this text and of the other."""
    return {"this_says": shown.reading.outputs[-1, 1], "other_says": shown.beside.outputs[-1, 1]}


def turn(shown: Shown) -> dict[str, float]:
    """LSTM: of the verdict's sum before σ after the last word, what the word at the place left, and what all others did; the verdict with nothing let in there
    (i = 0 in all units), and that of the reading."""
    reading, step = shown.reading, shown.place.step
    left = contributions.towards(reading.model.cell, reading.trace, reading.model.readout_weight[0])[1:, -1]
    shut = reading.model.run(reading.text, [Edit("i", 0.0, step)])
    return {
        "left": left[step],
        "others_left": left.sum() - left[step],
        "shut_verdict": float(shut.outputs[-1, 1]),
        "end_verdict": float(reading.outputs[-1, 1]),
    }
