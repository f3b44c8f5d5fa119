"""Networks as the browser sends them from *Train*: random weights, whole otherwise."""

import base64
from typing import Any

import numpy as np
from safetensors.numpy import save

from core.models import Model
from core.models.own import GATES, read
from core.views.train import settings

TASKS = settings.told().tasks


def tensors(task: str = "words", cell: str = "lstm", units: int = 3) -> dict[str, np.ndarray]:
    """By torch's names, float32, drawn from a normal distribution."""
    rng, rows, told = np.random.default_rng(1), GATES[cell] * units, TASKS[task]
    shapes = {"cell.weight_ih_l0": (rows, told.inputs), "cell.weight_hh_l0": (rows, units), "cell.bias_ih_l0": (rows,)}
    shapes |= {"cell.bias_hh_l0": (rows,), "readout.weight": (told.outputs, units), "readout.bias": (told.outputs,)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def sent(raw: bytes | None = None, **more: Any) -> dict[str, Any]:
    """What the browser says of a network. raw: its file, if it is another one."""
    usual = {"task": "words", "cell": "lstm", "units": 3, "reset": "after", "seed": 1, "updates": 300, "batch": 32, "length": 30}
    found = usual | {"accuracy": 0.5} | more
    raw = save(tensors(found["task"], found["cell"], found["units"])) if raw is None else raw
    return found | {"weights": base64.b64encode(raw).decode()}


def made(told: Any, task: str = "words") -> Model:
    """The model of it."""
    return read(told, TASKS[task].words, TASKS[task].labels, TASKS[task].outputs)
