"""What the stepper is sent of networks that only the browser knows: everything but their numbers, which assets/train/view/body.js fills in."""

from dataclasses import replace
from typing import Any

import numpy as np

from core.cells import CELLS, Cell
from core.cells.later import LATER, LaterCell
from core.views.site import texts
from core.views.stepper.layers import Answers, Input, Layer
from core.views.stepper.payload import sent
from core.views.train.settings import Task

_part = texts.of("train").part
RANGE = 2.0  # ± of a memory's scale: what grows beyond is drawn at the end of it
WIDER = {  # ± of the arrays that grow further: about what they reach in the networks of *After the LSTM*
    "mingru": {"n": 8.0, "h": 8.0},
    "minlstm": {"n": 8.0, "h": 8.0},
    "slstm": {"a_i": 16.0, "a_f": 16.0, "m": 16.0, "c": 8.0, "n": 8.0},
}


def empty(setting: dict[str, Any], inputs: int) -> Cell | LaterCell:
    """A cell of that shape, its weights 0. setting: a network's architecture."""
    if setting["cell"] in LATER:
        later = LATER[setting["cell"]].init(inputs, setting["units"])
        return replace(later, **{name: np.zeros_like(getattr(later, name)) for name in later.SHAPES})
    kind, H = CELLS[setting["cell"]], setting["units"]
    rows = H * {"rnn": 1, "lstm": 4, "gru": 3}[setting["cell"]]
    more = {key: setting[key] for key in ("reset", "keep")} if setting["cell"] == "gru" else {}
    none = np.zeros(rows, np.float32)
    return kind(np.zeros((rows, inputs), np.float32), np.zeros((rows, H), np.float32), none, none, **more)


def layers(task: Task, network: dict[str, Any], several: bool) -> list[Layer]:
    """A network's layers, the readout's answers with the last."""
    setting = network["architecture"]
    depth, H = setting["layers"], setting["units"]
    found = []
    for k in range(depth):
        cell = empty(setting, H if k else max(1, task.inputs))  # of own data the browser says how many
        last, read = k == depth - 1, Input(task.words or (), "one-hot", _part("one-hot"), 1.0, one_hot=True)
        if task.words is None:
            read = Input(note=_part("input"), meaning=_part("input value"), range=RANGE)
        if k:
            read = Input(note=_part("below"), meaning=_part("below value"), range=WIDER.get(setting["cell"], {}).get("h", 1.0))
        named = " ".join(filter(None, (network["name"] if several else "", f"layer{k + 1}" if depth > 1 else "")))
        titled = ", ".join(filter(None, (network["title"] if several else "", f"layer {k + 1}" if depth > 1 else "")))
        found.append(
            Layer(
                setting["cell"],
                cell.run(np.zeros((0, cell.weight_ih.shape[1]), np.float32)),
                np.arange(H),
                RANGE,
                (RANGE,) * H,
                titled,
                named.replace(" ", "-"),
                np.zeros(1, np.float32) if last and task.readout == "logistic" else None,
                weights=cell,
                input=read,
                answers=answers(task) if last else None,
                ranges={name: (most, (most,) * H) for name, most in WIDER.get(setting["cell"], {}).items()},
            )
        )
    return found


def answers(task: Task) -> Answers | None:
    """What a softmax or a linear readout says; a logistic's is the verdict."""
    if task.readout == "logistic":
        return None
    none = np.zeros((0, task.outputs), np.float32)
    if task.readout == "softmax":
        return Answers(none, task.labels)
    return Answers(none, task.labels, "answer", _part("answer"), _part("answer value"), "state", RANGE)


def body(task: Task, networks: list[dict[str, Any]], provenance: str) -> dict[str, Any]:
    """The payload of a reading (`component.body`) that has no tokens yet."""
    several = len(networks) > 1
    found = [layer for network in networks for layer in layers(task, network, several)]
    called = "word" if task.name == "words" else "token"
    return sent((), (), called, False, found, provenance, None)
