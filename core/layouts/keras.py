"""Weights as keras.layers.LSTM, GRU and SimpleRNN hold them (Keras 3): columns instead of rows, and one bias but for the GRU's reset_after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell, checks
from core.layouts.blocks import common, kind_of, order, reordered, uncoupled

Array = np.ndarray
KINDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
ACTIVATIONS = {  # our name -> Keras's; its hard_sigmoid is a/6 + 0.5, its leaky_relu has slope 0.2 where ours has 0.01
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
    "identity": "linear",
    "sigmoid": "sigmoid",
    "hard_sigmoid_6": "hard_sigmoid",
}


@dataclass(frozen=True, eq=False)
class KerasLayout:
    """One layer's weights. G gates (LSTM 4, GRU 3, SimpleRNN 1); `weights` is what `layer.set_weights` takes.

    kind: "LSTM", "GRU" or "SimpleRNN", the layer's class. bias: None (use_bias=False) becomes zeros.
    options: those of the layer's arguments that change what is computed; what is absent has Keras's default.
    Raises ValueError naming the argument for a wrong kind, shape, dtype or a non-finite weight.
    """

    kind: str
    kernel: Array  # (D, G·H)
    recurrent_kernel: Array  # (H, G·H)
    bias: Array | None = None  # (G·H,); (2, 3H) for a GRU with reset_after: the input's, then the hidden state's
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind: got {self.kind!r}, wanted one of {', '.join(map(repr, KINDS))}")
        gates, hidden = len(order(KINDS[self.kind], "keras")), np.shape(self.recurrent_kernel)[0] if np.ndim(self.recurrent_kernel) else 0
        recurrent = checks.array("recurrent_kernel", self.recurrent_kernel, (hidden, gates * hidden), None, finite=True)
        kernel = checks.array("kernel", self.kernel, (None, gates * hidden), recurrent.dtype, finite=True)
        shape = (2, 3 * hidden) if self.reset_after else (gates * hidden,)
        bias = np.zeros(shape, recurrent.dtype) if self.bias is None else self.bias
        object.__setattr__(self, "recurrent_kernel", recurrent)
        object.__setattr__(self, "kernel", kernel)
        object.__setattr__(self, "bias", checks.array("bias", bias, shape, recurrent.dtype, finite=True))
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))

    @classmethod
    def of(cls, layer: Any) -> "KerasLayout":
        """The layout of a built Keras layer (duck-typed). Of a Bidirectional: one each of its `forward_layer` and `backward_layer`."""
        config = layer.get_config()
        options = {name: config[name] for name in ("activation", "recurrent_activation", "reset_after") if name in config}
        values = [weight.value for weight in layer.weights]  # the backend's tensors; get_weights warns on torch's (Keras 3.15 with NumPy 2)
        arrays = [value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value) for value in values]
        return cls(type(layer).__name__, *arrays, options=options)

    weights = property(lambda self: [self.kernel, self.recurrent_kernel, self.bias])
    reset_after = property(lambda self: self.kind == "GRU" and self.options.get("reset_after", True))


def to_keras(cell: Cell) -> KerasLayout:
    """The cell in Keras's layout. ValueError naming the option that Keras's layer does not have.

    Two biases become their sum, but for the GRU with reset="after". Options only we have are rewritten, see `blocks`.
    """
    kind, cell = kind_of(cell), common(cell)
    if isinstance(cell, LSTM):
        if cell.peephole is not None:
            raise ValueError("peephole: keras.layers.LSTM has no peepholes, wanted None")
        if cell.candidate != cell.output:
            raise ValueError(f"output: got {cell.output!r}, wanted {cell.candidate!r}: Keras has one activation for candidate and output")
        cell = uncoupled(cell)
    main, argument = (cell.activation, "activation") if isinstance(cell, RNN) else (cell.candidate, "candidate")
    options = {"activation": _theirs(argument, main)}
    if not isinstance(cell, RNN):
        options["recurrent_activation"] = _theirs("gate", cell.gate)
    two = isinstance(cell, GRU) and cell.reset == "after"
    if isinstance(cell, GRU):
        options["reset_after"] = two
    kernel, recurrent, b, b_ = (reordered(a, kind, "torch", "keras") for a in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
    name = next(theirs for theirs, ours in KINDS.items() if ours == kind)
    return KerasLayout(name, kernel.T, recurrent.T, np.stack((b, b_)) if two else b + b_, options)


def from_keras(layout: KerasLayout) -> Cell:
    """The cell of a Keras layer. A single bias becomes bias_ih, and bias_hh is zeros. ValueError for an activation that we do not have."""
    kind, options = KINDS[layout.kind], layout.options
    bias, inner = layout.bias if layout.reset_after else (layout.bias, np.zeros_like(layout.bias))
    parameters = [reordered(a, kind, "keras", "torch") for a in (layout.kernel.T, layout.recurrent_kernel.T, bias, inner)]
    main = _ours("activation", options.get("activation", "tanh"))
    if kind == "rnn":
        return RNN(*parameters, activation=main)
    gate = _ours("recurrent_activation", options.get("recurrent_activation", "sigmoid"))
    if kind == "gru":
        return GRU(*parameters, reset="after" if layout.reset_after else "before", candidate=main, gate=gate)
    return LSTM(*parameters, candidate=main, output=main, gate=gate)


def _theirs(argument: str, name: str) -> str:
    if name not in ACTIVATIONS:
        raise ValueError(f"{argument}: Keras has no {name!r}, wanted one of {', '.join(map(repr, ACTIVATIONS))}")
    return ACTIVATIONS[name]


def _ours(argument: str, name: Any) -> str:
    for ours, theirs in ACTIVATIONS.items():
        if theirs == name:
            return ours
    raise ValueError(f"{argument}: got {name!r}, wanted one of {', '.join(map(repr, ACTIVATIONS.values()))}")
