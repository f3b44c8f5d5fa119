"""The traced NumPy run against torch, T = 500, one thread."""

import time
from collections.abc import Callable

import numpy as np
import torch

from core import torch_side
from core.cells import GRU, LSTM

STEPS, REPEATS = 500, 9


def best(*tasks: Callable[[], object]) -> list[float]:
    """CPU seconds of each task, the best of several rounds in which all take turns."""
    least = [float("inf")] * len(tasks)
    for _ in range(REPEATS):
        for k, task in enumerate(tasks):
            start = time.process_time()
            task()
            least[k] = min(least[k], time.process_time() - start)
    return least


def cell_loop(cell: torch.nn.Module, x: torch.Tensor) -> None:
    """torch's Cell step by step, as one must to see each state."""
    h = torch.zeros(1, cell.hidden_size, dtype=x.dtype)
    state = (h, h) if isinstance(cell, torch.nn.LSTMCell) else h
    for x_t in x:
        state = cell(x_t[None], state)


def row(kind: str, dtype: str, width: int, hidden: int) -> tuple[float, float, float]:
    ours = {"LSTM": LSTM, "GRU": GRU}[kind]
    module = getattr(torch.nn, kind)(width, hidden, dtype=getattr(torch, dtype)).requires_grad_(False)
    single = getattr(torch.nn, f"{kind}Cell")(width, hidden, dtype=getattr(torch, dtype)).requires_grad_(False)
    cell = ours.from_torch(module)
    x = np.random.default_rng(0).normal(size=(STEPS, width)).astype(dtype)
    tensor = torch.tensor(x)
    with torch.no_grad():
        return tuple(best(lambda: cell.run(x), lambda: module(tensor), lambda: cell_loop(single, tensor)))


def report() -> None:
    torch.set_num_threads(1)
    limits = {
        ("LSTM", "loop", "float32"): (0.35, 128),
        ("LSTM", "module", "float64"): (0.7, 64),
        ("LSTM", "module", "float32"): (4.0, 64),
        ("GRU", "module", "float32"): (0.5, 128),
    }
    print(f"\nTraced NumPy run against torch, T = {STEPS}, one thread, CPU time, best of {REPEATS}")
    print(f"{'cell':5} {'dtype':8} {'D':>4} {'H':>4} {'NumPy µs/step':>14} {'÷ nn module':>12} {'÷ Cell loop':>12}")
    for kind in ("LSTM", "GRU"):
        for dtype in ("float32", "float64"):
            for width, hidden in ((32, 32), (32, 64), (64, 64), (32, 128), (128, 128)):
                own, module, loop = row(kind, dtype, width, hidden)
                marks = []
                for name, ratio in (("module", own / module), ("loop", own / loop)):
                    limit, largest = limits.get((kind, name, dtype), (None, 0))
                    due = limit and hidden <= largest and not (limit == 4.0 and hidden != 64)
                    marks.append(f"{ratio:9.2f} {('≤' if ratio <= limit else '>') + str(limit) if due else '':>6}")
                print(f"{kind:5} {dtype:8} {width:4} {hidden:4} {1e6 * own / STEPS:14.2f} {marks[0]} {marks[1]}")
    cell, x = LSTM.init(64, 64), np.random.default_rng(1).normal(size=(STEPS, 16, 64)).astype(np.float32)
    module = torch.nn.LSTM(64, 64).requires_grad_(False)
    own, theirs = best(lambda: cell.run(x), lambda: module(torch.tensor(x)))
    print(f"LSTM  float32  D = H = 64, a batch of 16: {1e6 * own / STEPS:.2f} µs/step, ÷ nn module {own / theirs:.2f}")


def backward_report() -> None:
    """Backward passes alone, every gate's gradient kept: ours against torch's through its own loop with retain_grad."""
    print(f"\nBackpropagation through time with every value's gradient, T = {STEPS}, float32, one thread, CPU time")
    for hidden in (32, 64, 128):
        own, theirs = bptt(hidden)
        mark = "≤" if own <= 0.2 * theirs else ">"
        print(f"LSTM  H {hidden:4}  NumPy {1e3 * own:7.2f} ms   torch {1e3 * theirs:7.2f} ms   ratio {own / theirs:.2f} {mark}0.2")


def bptt(hidden: int) -> tuple[float, float]:
    cell = LSTM.init(hidden, hidden)
    x = np.random.default_rng(2).normal(size=(STEPS, hidden)).astype(np.float32)
    trace, d_h = cell.run(x), np.ones((STEPS, hidden), np.float32)
    return best(lambda: cell.backward(trace, d_h))[0], min(retained(cell, x) for _ in range(3))


def retained(cell: LSTM, x: np.ndarray) -> float:
    """CPU seconds of torch's backward pass alone through our torch steps, every gate's gradient kept."""
    weights = [tensor.requires_grad_() for tensor in torch_side.tensors(cell)]
    h = c = torch.zeros(cell.hidden_size)
    outputs = []
    for x_t in torch.tensor(x):
        step = torch_side.step(cell, x_t, h, c, weights=weights)
        h, c = step.h, step.c
        for value in (step.i, step.f, step.g, step.o, step.c, step.h):
            value.retain_grad()
        outputs.append(h)
    loss = torch.stack(outputs).sum()
    start = time.process_time()
    loss.backward()
    return time.process_time() - start
