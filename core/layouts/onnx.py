"""Weights and attributes as ONNX's LSTM, GRU and RNN nodes have them (operator set 22).

ONNX leaves open which of two coupled gates is computed; those who wrote it meant f = 1 - i (onnx pull request 149), and onnxruntime does so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell, checks
from core.cells.arrays import Array
from core.layouts.blocks import common, kind_of, mirrored, order, peepholes, reordered, rows
from core.layouts.onnx_attributes import ACTIVATIONS, DIRECTIONS, FUNCTIONS, Function, ours, read, taken, theirs

KINDS = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}


@dataclass(frozen=True, eq=False)
class OnnxLayout:
    """One node: its operator, its four weight inputs and its attributes. G gates (LSTM 4, GRU 3, RNN 1); the first axis: directions.

    B and P: None stands for zeros and for no peepholes. attributes: by name; text may be bytes, in any case. What is absent has ONNX's default.
    Raises ValueError naming the argument for a wrong operator, direction, shape, dtype or a non-finite weight, an attribute that the
    operator does not have, and a hidden_size or a number of activations at odds with the weights.
    """

    operator: str
    W: Array  # (directions, G·H, D)
    R: Array  # (directions, G·H, H)
    B: Array = None  # type: ignore[assignment]  # (directions, 2·G·H): the input's biases, then the hidden state's; None becomes zeros
    P: Array | None = None  # (directions, 3·H): peepholes i o f, LSTM only
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.operator, str) or self.operator not in KINDS:
            raise ValueError(f"operator: got {self.operator!r}, wanted one of {', '.join(map(repr, KINDS))}")
        attributes = read(self.operator, self.attributes)
        direction = attributes.get("direction", "forward")
        if self.P is not None and self.operator != "LSTM":
            raise ValueError(f"P: got peepholes for {self.operator}, wanted None")
        count, gates = DIRECTIONS[direction], len(order(KINDS[self.operator], "onnx"))
        R = checks.array("R", self.R, (count, None, None), finite=True)
        hidden = R.shape[-1]
        R = checks.array("R", R, (count, gates * hidden, hidden))
        if attributes.get("hidden_size", hidden) != hidden:
            raise ValueError(f"hidden_size: got {attributes['hidden_size']}, wanted {hidden}, the last axis of R")
        functions = count * len(FUNCTIONS[self.operator])
        given = len(attributes.get("activations", range(functions)))
        if given != functions and (self.operator, given) != ("RNN", 2):  # ONNX's default names two for an RNN in any direction
            raise ValueError(f"activations: got {given}, wanted {functions} for {direction}")
        B = np.zeros((count, 2 * gates * hidden), R.dtype) if self.B is None else self.B
        object.__setattr__(self, "R", R)
        object.__setattr__(self, "W", checks.array("W", self.W, (count, gates * hidden, None), dtype=R.dtype, finite=True))
        object.__setattr__(self, "B", checks.array("B", B, (count, 2 * gates * hidden), dtype=R.dtype, finite=True))
        if self.P is not None:
            object.__setattr__(self, "P", checks.array("P", self.P, (count, 3 * hidden), dtype=R.dtype, finite=True))
        object.__setattr__(self, "attributes", MappingProxyType(attributes))

    @property
    def inputs(self) -> dict[str, Array]:
        """The weight inputs by their names in the operator's description."""
        return {"W": self.W, "R": self.R, "B": self.B} | ({} if self.P is None else {"P": self.P})


def to_onnx(*cells: Cell, reverse: bool = False) -> OnnxLayout:
    """One cell as a forward node (or, with `reverse`, a reverse one), or a forward and a backward cell as a bidirectional node.

    Parameters stay as they are, in ONNX's order. Raises ValueError for an option that ONNX does not have, or two cells that one node cannot hold.
    """
    if len(cells) not in (1, 2) or (len(cells) == 2 and reverse):
        raise ValueError(f"cells: got {len(cells)} with reverse={reverse}, wanted one cell, or a forward and a backward one")
    kind, parts = kind_of(cells[0]), [_one(cell) for cell in cells]
    shared = [(type(cell), sorted(inputs), options) for cell, (inputs, options, _) in zip(cells, parts, strict=True)]
    if shared[0] != shared[-1]:
        raise ValueError("cells: got two that differ in kind, reset, coupled or peepholes, wanted the same in both directions")
    inputs = {name: [one[name] for one, _, _ in parts] for name in parts[0][0]}
    for name, both in inputs.items():
        if both[0].shape != both[-1].shape:
            raise ValueError(f"cells: got {name} of shapes {both[0].shape} and {both[-1].shape}, wanted the same in both directions")
    cut = [function for *_, own in parts for function in own]
    functions = [function for function, _ in cut]
    attributes = {
        "hidden_size": cells[0].hidden_size,
        "direction": "bidirectional" if len(cells) == 2 else "reverse" if reverse else "forward",
        "activations": [name for name, _, _ in functions],
        "activation_alpha": [alpha for _, alpha, _ in functions if alpha is not None],
        "activation_beta": [beta for _, _, beta in functions if beta is not None],
        "clip": _clip(cells, cut),
        **parts[0][1],
    }
    operator = next(theirs for theirs, ours in KINDS.items() if ours == kind)
    given = {name: value for name, value in attributes.items() if value not in ([], None)}
    return OnnxLayout(operator, **{name: np.stack(both) for name, both in inputs.items()}, attributes=given)


def _one(cell: Cell) -> tuple[dict[str, Array], dict[str, int], list[tuple[Function, float | None]]]:
    """One direction's weights without the first axis, the attributes that it shares with the other, and its activations."""
    kind, cell = kind_of(cell), common(cell)
    options: dict[str, int] = {}
    if isinstance(cell, LSTM) and cell.coupled:
        cell, options = mirrored(cell), {"input_forget": 1}
    if isinstance(cell, GRU):
        options = {"linear_before_reset": int(cell.reset == "after")}
    W, R, b, b_ = (reordered(a, kind, "torch", "onnx") for a in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
    inputs = {"W": W, "R": R, "B": np.concatenate((b, b_))}
    if isinstance(cell, LSTM) and cell.peephole is not None:
        inputs["P"] = peepholes(cell.peephole, "torch", "onnx").ravel()
    names = {"rnn": ("activation",), "gru": ("gate", "candidate"), "lstm": ("gate", "candidate", "output")}[kind]
    return inputs, options, [theirs(name, getattr(cell, name)) for name in names]


def _clip(cells: tuple[Cell, ...], functions: list[tuple[Function, float | None]]) -> float | None:
    """The clip of all activations but an LSTM's output, which has none. ValueError for others."""
    lstm = isinstance(cells[0], LSTM)
    clips = {clip for k, (_, clip) in enumerate(functions) if not lstm or k % 3 < 2}
    if len(clips) > 1 or (lstm and any(clip is not None for _, clip in functions[2::3])):
        raise ValueError("cells: got activations cut at different bounds, wanted one clip for all, and none for an LSTM's output")
    return clips.pop()


def from_onnx(layout: OnnxLayout, reverse: bool = False) -> tuple[Cell, ...]:
    """The node's cells, for x (T, B, D): one, or the forward and the backward one.

    reverse: to be said for a node of direction "reverse": its cell (as the backward one) reads x in the order in which it is given, so
    give it x[::-1]. Affine(alpha, beta) of an RNN or a candidate is computed by weights that are scaled and a bias that is moved.
    ValueError for a direction at odds with reverse, and for layout=1 or an activation that we do not have.
    """
    if not isinstance(layout, OnnxLayout):
        raise ValueError(f"layout: got {type(layout).__name__}, wanted an OnnxLayout of the node's operator, weights and attributes")
    kind, given = KINDS[layout.operator], layout.attributes
    if given.get("layout", 0):
        raise ValueError("layout: got 1, which reads x as (B, T, D), wanted 0: our cells read (T, B, D)")
    direction = given.get("direction", "forward")
    if (direction == "reverse") != reverse:
        raise ValueError(
            f"direction: got {direction!r} with reverse={reverse}, wanted both or neither: from_onnx(…, reverse=True) is the cell of a node "
            "that reads from the end, and is to be given x[::-1]"
        )
    functions = iter(given.get("activations", FUNCTIONS[layout.operator] * len(layout.W)))
    alphas, betas = iter(given.get("activation_alpha", ())), iter(given.get("activation_beta", ()))
    clip = given.get("clip")
    cells: list[Cell] = []
    for k in range(len(layout.W)):
        W, U, b, b_ = (reordered(a, kind, "onnx", "torch") for a in (layout.W[k], layout.R[k], *np.split(layout.B[k], 2)))
        each = [taken(next(functions), alphas, betas) for _ in FUNCTIONS[layout.operator]]
        place, letter = {"rnn": (0, "h"), "gru": (1, "n"), "lstm": (1, "g")}[kind]  # of the activation that Affine may stand for
        name, alpha, beta = each[place]
        if name == "Affine" and alpha is not None and beta is not None and clip is None:
            _scale((W, U, b, b_), rows(kind, letter, layout.R.shape[-1], "torch"), alpha, beta)
            each[place] = ACTIVATIONS["identity"]
        names = [ours(*one, clip=clip if k < 2 else None) for k, one in enumerate(each)]  # an LSTM's c is not cut before its output
        if kind == "rnn":
            cells.append(RNN(W, U, b, b_, activation=names[0]))
        elif kind == "gru":
            reset = "after" if given.get("linear_before_reset", 0) else "before"
            cells.append(GRU(W, U, b, b_, reset=reset, gate=names[0], candidate=names[1]))
        else:
            peephole = None if layout.P is None else peepholes(layout.P[k].reshape(3, -1), "onnx", "torch")
            cell = LSTM(W, U, b, b_, peephole=peephole, gate=names[0], candidate=names[1], output=names[2])
            cells.append(mirrored(replace(cell, coupled=True)) if given.get("input_forget", 0) else cell)
    return tuple(cells)


def _scale(parameters: tuple[Array, ...], block: slice, alpha: float, beta: float) -> None:
    """Rows whose identity is Affine(alpha, beta) of the rows given, in place."""
    for parameter in parameters:
        parameter[block] *= parameter.dtype.type(alpha)
    parameters[2][block] += parameters[2].dtype.type(beta)
