"""Numbers of the cells after the LSTM for the lesson on them: from the shipped networks on the stop's two texts, and from the record."""

import numpy as np

from core.insight import after
from core.lessons.render import Shown
from core.tasks.after_lstm import NETWORKS, after_lstm

LONG = 1000  # words, for what is kept


def at_the_word(shown: Shown) -> dict[str, float]:
    """By how much gate and candidate of some networks differ at the last word of the stop's two texts, in the last layer."""
    found: dict[str, float] = {}
    for name in ("gru", "mingru", "mingru-2", "slstm", "ssm"):
        each = after.apart(after.networks()[name], shown.reading.text, shown.beside.text)
        key = name.replace("-", "_")
        found |= {f"{key}_write": each.candidate[-1], f"{key}_gate": each.gate[-1] if each.gate else 0.0}
    return found


def scores(shown: Shown) -> dict[str, float]:
    """The record's means over seeds, of each network on each task, and beyond the trained lengths: words_mingru, parity_lstm_longer …"""
    record = after_lstm()
    found: dict[str, float] = {}
    for task in record.tasks:
        for name in NETWORKS:
            runs, key = record.of(task, name), f"{task}_{name.replace('-', '_')}"
            found[key] = float(np.mean([run.tested.value for run in runs if run.tested]))
            if record.tasks[task].longer:
                found[f"{key}_longer"] = float(np.mean([run.longer.value for run in runs if run.longer]))
    return found


def costs(shown: Shown) -> dict[str, float]:
    """Time at the longest recorded length, in milliseconds, and numbers kept after LONG words."""
    record = after_lstm()
    last, kept = record.timings[-1], after.memory(LONG, record.hidden_size)
    rounds = int(np.ceil(np.log2(last.length)))
    found = {
        "length": last.length,
        "rounds": rounds,
        "sequential": last.sequential,
        "scan": last.scan,
        "half_sequential": last.sequential / 2,
    }
    found |= {"lstm": last.lstm, "words": LONG, "size": record.hidden_size}
    return found | {f"kept_{name}": number for name, number in kept.items()}
