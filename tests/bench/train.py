"""One update of the trainer's engine under node beside torch on the same: forward, loss, backward, SGD step."""

import time
from collections.abc import Callable

import torch
from torch import nn

from tests import node

T, B, INPUTS, ROUNDS, EACH = 30, 32, 10, 8, 25
AIMS = {4: 0.5, 8: 0.35, 32: 0.1}
MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def torchs(cell: str, units: int, asked: str) -> Callable[[], None]:
    """One update by torch, float32: T × B one-hot inputs, cross-entropy of the last or of every step."""
    torch.manual_seed(0)
    module, readout = MODULES[cell](INPUTS, units), nn.Linear(units, 1)
    x = nn.functional.one_hot(torch.randint(INPUTS, (T, B)), INPUTS).float()
    y = torch.randint(2, (T, B)).float()
    optimiser = torch.optim.SGD([*module.parameters(), *readout.parameters()], lr=0.1)

    def update() -> None:
        optimiser.zero_grad()
        h, _ = module(x)
        logits = readout(h if asked == "each" else h[-1]).squeeze(-1)
        nn.functional.binary_cross_entropy_with_logits(logits, y if asked == "each" else y[-1]).backward()
        optimiser.step()

    return update


def best(cell: str, units: int, asked: str) -> tuple[float, float, float]:
    """Milliseconds of an update, the best of several rounds in which all take turns: the engine, its JavaScript alone, torch."""
    update = torchs(cell, units, asked)
    flags = ("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "tests/js/train/bench.js", cell, str(units), asked)
    least = [float("inf")] * 3
    with node.started(*flags) as fast, node.started(*flags, "plain") as plain:
        for _ in range(ROUNDS):
            for k, engine in enumerate((fast, plain)):
                assert engine.stdin and engine.stdout
                print(EACH, file=engine.stdin, flush=True)
                least[k] = min(least[k], float(engine.stdout.readline()))
            for _ in range(EACH):
                start = time.perf_counter()
                update()
                least[2] = min(least[2], 1e3 * (time.perf_counter() - start))
    return least[0], least[1], least[2]


def report() -> None:
    torch.set_num_threads(1)
    print(f"\nOne update of the trainer's engine (node, float32) beside torch (one thread): T = {T}, batch {B}, {INPUTS} one-hot inputs")
    print(f"{'cell':5} {'asked':6} {'H':>3} {'engine ms':>10} {'JavaScript ms':>14} {'torch ms':>9} {'speed':>7}")
    for cell, asked in (("lstm", "last"), ("lstm", "each"), ("gru", "last"), ("rnn", "last")):
        for units in (4, 8, 16, 32, 64):
            ours, plain, theirs = best(cell, units, asked)
            aim = AIMS.get(units) if cell == "lstm" else None
            mark = "" if aim is None else f" {'≥' if theirs / ours >= aim else '<'} {aim}"
            print(f"{cell:5} {asked:6} {units:3} {ours:10.3f} {plain:14.3f} {theirs:9.3f} {theirs / ours:6.2f}×{mark}")
