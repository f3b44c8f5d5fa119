"""What the speaking models need beside their weights: the lengths of the phonemes, the mean frames, and the recordings that the page shows."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.applications.synthesis import data as synthesis
from core.applications.synthesis.model import RECORD, RECORDINGS, Speaker
from core.applications.synthesis.phonemes import EDGE, SILENCE, TABLES, Phone, timing
from core.applications.synthesis.train_data import Prompt
from core.applications.synthesis.train_measure import mean_thirds
from core.applications.synthesis.vocoder import HOP
from core.cells.arrays import Array

RIDGE = 5.0
SHOWN = {  # prompts of one word of which the recording is shown; the words after the digits are held out
    **{f"digits/{k}": str(k) for k in range(10)},
    "phonetic/g_p": "golf",
    "phonetic/t_p": "tango",
    "digits/mon-5": "june",
    "digits/day-1": "monday",
    "digits/12": "twelve",
    "letters/slash": "slash",
    "digits/minus": "minus",
    "letters/ascii95": "underscore",
}


def teller(model: Speaker) -> Callable[[list[Phone]], Array]:
    """What a model says of a row of phonemes, log-mel frames (T, 40)."""
    return lambda row: model.say(row).outputs


def write(found: list[Prompt], held: dict[str, set[str]], folder: Path) -> None:
    """Writes the lengths, the mean frames, the recordings without the silence around them, and what is known of the lengths."""
    own, sounds = {p.name: p for p in found if p.name in SHOWN}, synthesis.prompts(folder)
    cut = {
        word: sounds[name][HOP * _silence(own[name].row) : len(sounds[name]) - HOP * _silence(own[name].row[::-1])]
        for name, word in SHOWN.items()
    }
    save_file({word: np.round(32768 * sound).astype(np.int16) for word, sound in cut.items()}, RECORDINGS)
    weight, record = lengths(found, held)
    save_file({"duration.weight": weight, "mean.thirds": mean_thirds(found, held)}, TABLES)
    RECORD.write_text(
        json.dumps(record | {"test": sorted(held["test"]), "validation": sorted(held["validation"])}, indent=1) + "\n", encoding="utf-8"
    )


def lengths(found: list[Prompt], held: dict[str, set[str]]) -> tuple[Array, dict[str, dict[str, dict[str, float]]]]:
    """The weights (F,) of the ridge regression of a phoneme's logarithmic length, and its error on the phonemes of held-out words beside
    that of the phoneme's mean length: the root mean square in ms, n and its standard error."""
    rows, targets, tests = [], [], []
    for prompt in found:
        if prompt.name in held["heard"]:
            continue
        spoken = [k for k, p in enumerate(prompt.row) if p.symbol != SILENCE]
        rows.append(timing(prompt.row)[spoken])
        targets.append(np.log([prompt.row[k].frames for k in spoken]))
        words = [prompt.words[prompt.row[k].word] for k in spoken]
        tests.append(np.array([1 if w in held["test"] else -1 if w in held["validation"] else 0 for w in words]))
    x, y, test = np.concatenate(rows), np.concatenate(targets), np.concatenate(tests)
    heard = test == 0
    weight = np.linalg.solve(x[heard].T @ x[heard] + RIDGE * np.eye(x.shape[1]), x[heard].T @ y[heard])
    V = (x.shape[1] - 5) // 4
    own = x[:, :V].argmax(axis=1)
    total, count = np.bincount(own[heard], np.exp(y[heard]), V), np.bincount(own[heard], minlength=V)
    mean = (total + np.exp(y[heard]).mean()) / (count + 1)
    guesses = {"regression": np.exp(x @ weight), "mean of the phoneme": mean[own]}
    return weight.astype(np.float32), {"lengths": {name: _error(10 * (g - np.exp(y))[test == 1]) for name, g in guesses.items()}}


def _error(off: Array) -> dict[str, float]:
    """The root mean square of differences in ms, with the standard error that follows from that of the mean square."""
    root = float(np.sqrt((off**2).mean()))
    return {"milliseconds": round(root, 2), "n": len(off), "standard_error": round(float((off**2).std() / len(off) ** 0.5 / (2 * root)), 2)}


def _silence(row: Sequence[Phone]) -> int:
    """Frames of silence that a row begins with, but for the edge that made speech has too."""
    return max(0, row[0].frames - EDGE) if row[0].symbol == SILENCE else 0
