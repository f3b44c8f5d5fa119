"""One way down for every network trained on one budget: Adam with a one-cycle rate and clipped gradients."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

CLIP = 1.0  # the norm to which gradients are clipped
POINTS = 80  # of the curve of losses


@dataclass(frozen=True)
class Course:
    """How a training went: whether it stayed finite, the share of clipped updates, and (updates, mean loss since the entry before)."""

    finite: bool
    clipped: float
    curve: tuple[tuple[int, float], ...]


def descend(parameters: list[nn.Parameter], losses: Iterator[torch.Tensor], rate: float, updates: int) -> Course:
    """Adam with a one-cycle rate and clipped gradients, one update a loss; stops before a loss or a gradient that is not finite."""
    optimiser = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=rate, total_steps=updates)
    curve: list[tuple[int, float]] = []
    recent: list[float] = []
    clipped = done = 0
    for loss in losses:
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        if not (torch.isfinite(loss) and torch.isfinite(norm)):
            return Course(False, round(clipped / max(done, 1), 4), tuple(curve))
        optimiser.step()
        schedule.step()
        done += 1
        clipped += int(norm > CLIP)
        recent.append(loss.item())
        if done % (updates // POINTS) == 0:
            curve.append((done, significant(float(np.mean(recent)))))
            recent.clear()
    return Course(True, round(clipped / done, 4), tuple(curve))


def rounded(value: float) -> float | None:
    """To four significant digits; None if it is not finite."""
    return significant(value) if np.isfinite(value) else None


def significant(value: float) -> float:
    return float(f"{value:.4g}")
