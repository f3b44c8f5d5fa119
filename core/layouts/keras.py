"""Weights as keras.layers.LSTM, GRU and SimpleRNN hold them (Keras 3): columns instead of rows, and one bias but for the GRU's reset_after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from core.cells import GRU, LSTM, RNN, Cell, checks
from core.cells.arrays import Array
from core.layouts.blocks import common, kind_of, order, reordered, uncoupled
from core.layouts.floats import HALVES, floats

KINDS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
CLASSES = {"keras.src.layers.rnn.lstm.LSTM", "keras.src.layers.rnn.gru.GRU", "keras.src.layers.rnn.simple_rnn.SimpleRNN"}
ACTIVATIONS = {  # our name -> Keras's; its hard_sigmoid is a/6 + 0.5, its leaky_relu has slope 0.2 where ours has 0.01
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
    "identity": "linear",
    "sigmoid": "sigmoid",
    "hard_sigmoid_6": "hard_sigmoid",
}
# The layer's arguments that change no number of a run: what it is called, how it begins and is trained, what it returns, how it is computed.
WITHOUT_EFFECT = {
    *("name", "trainable", "dtype", "return_sequences", "return_state", "unroll", "implementation", "zero_output_for_mask"),
    *(f"{part}_{what}" for part in ("kernel", "recurrent", "bias") for what in ("initializer", "regularizer", "constraint")),
    *("unit_forget_bias", "activity_regularizer", "dropout", "recurrent_dropout", "seed"),
}


@dataclass(frozen=True, eq=False)
class KerasLayout:
    """One layer's weights. G gates (LSTM 4, GRU 3, SimpleRNN 1); `weights` is what `layer.set_weights` takes.

    kind: "LSTM", "GRU" or "SimpleRNN", the layer's class. bias: None becomes zeros.
    options: the layer's arguments, of which those that change what is computed are kept; what is absent has Keras's default.
    Raises ValueError naming the argument for a wrong kind, shape or dtype, a non-finite weight, units at odds with the weights, a bias
    beside use_bias=False, and an argument that the layer does not have, or that no cell of ours computes (stateful).
    """

    kind: str
    kernel: Array  # (D, G·H)
    recurrent_kernel: Array  # (H, G·H)
    bias: Array = None  # type: ignore[assignment]  # None becomes zeros; (G·H,); (2, 3H) for a GRU with reset_after: the input's, then the hidden state's
    options: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.kind, str) or self.kind not in KINDS:
            raise ValueError(f"kind: got {self.kind!r}, wanted one of {', '.join(map(repr, KINDS))}")
        gates, recurrent = (
            len(order(KINDS[self.kind], "keras")),
            checks.array("recurrent_kernel", self.recurrent_kernel, (None, None), finite=True),
        )
        hidden = len(recurrent)
        recurrent = checks.array("recurrent_kernel", recurrent, (hidden, gates * hidden))
        kernel = checks.array("kernel", self.kernel, (None, gates * hidden), dtype=recurrent.dtype, finite=True)
        object.__setattr__(self, "options", MappingProxyType(_computed(self.kind, hidden, self.options)))
        shape = (2, 3 * hidden) if self.reset_after else (gates * hidden,)
        bias = np.zeros(shape, recurrent.dtype) if self.bias is None else self.bias
        words = (
            ": the arrays of a CuDNNLSTM are brought into this layout by layouts.from_cudnn"
            if np.shape(bias) == (2 * gates * hidden,)
            else ""
        )
        bias = checks.array("bias", bias, shape, dtype=recurrent.dtype, finite=True, words=words)
        if bias.any() and not self.use_bias:
            raise ValueError("use_bias: got False beside a bias that is not zero, wanted True")
        for name, value in (("recurrent_kernel", recurrent), ("kernel", kernel), ("bias", bias)):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, layer: Any, halves: bool = False) -> "KerasLayout":
        """The layout of a built Keras layer or its cell (duck-typed). Of a Bidirectional: one each of its `forward_layer` and `backward_layer`.

        halves: whether the caller knows that what Keras computes in float16 or bfloat16 we compute in float32.
        Raises ValueError for a layer that is not exactly of Keras's class (a subclass may compute something else) or is not built, that
        computes in another dtype than its weights', or has a function of its own as an activation.
        """
        place = f"{type(layer).__module__}.{type(layer).__qualname__}"
        if place.removesuffix("Cell") not in CLASSES:
            raise ValueError(f"layer: got {place}, wanted exactly keras.layers.LSTM, GRU or SimpleRNN (a Bidirectional holds two of them)")
        if not layer.built:
            raise ValueError("layer: got one without weights, wanted a built one: call it on an input once")
        if layer.compute_dtype != layer.variable_dtype and not (halves and layer.compute_dtype in HALVES):
            raise ValueError(f"dtype: got a layer that computes in {layer.compute_dtype}, wanted {layer.variable_dtype}, its weights' own")
        for name in ("activation", "recurrent_activation"):
            function = getattr(
                getattr(layer, "cell", layer), name, None
            )  # the configuration would tell its name only, and one's own may be called tanh too
            if function is not None and (module := getattr(function, "__module__", "")) != "keras.src.activations.activations":
                raise ValueError(
                    f"{name}: got {module}.{getattr(function, '__name__', type(function).__name__)}, wanted one of Keras's own functions"
                )
        weights = [weight for weight in layer.weights if "seed_generator" not in weight.path]  # of a cell's dropout
        values: list[Any] = [
            weight.value for weight in weights
        ]  # the backend's tensors; get_weights warns on torch's (Keras 3.15 with NumPy 2)
        if halves:
            values = [floats(name, value) for name, value in zip(("kernel", "recurrent_kernel", "bias"), values, strict=False)]
        kernel, recurrent, bias = (*values, None)[:3]
        return cls(type(layer).__name__.removesuffix("Cell"), kernel, recurrent, bias, options=layer.get_config())

    @property
    def reset_after(self) -> bool:
        return self.kind == "GRU" and bool(self.options.get("reset_after", True))

    @property
    def use_bias(self) -> bool:
        return bool(self.options.get("use_bias", True))

    @property
    def weights(self) -> list[Array]:
        return [self.kernel, self.recurrent_kernel, self.bias][: 3 if self.use_bias else 2]


def _computed(kind: str, hidden: int, options: object) -> dict[str, object]:
    """The options that change what is computed; use_bias and go_backwards only where they are not Keras's default."""
    if not isinstance(options, Mapping):
        raise ValueError(f"options: got {type(options).__name__}, wanted a mapping of the layer's arguments")
    gated = () if kind == "SimpleRNN" else ("recurrent_activation",)
    known = ("activation", *gated, *(("reset_after",) if kind == "GRU" else ()))
    for name, value in options.items():
        if name not in (*known, *WITHOUT_EFFECT, "units", "use_bias", "go_backwards", "stateful"):
            raise ValueError(f"options: got {name!r}, which keras.layers.{kind} does not have or our cells do not compute")
        if name in ("reset_after", "use_bias", "go_backwards", "stateful"):
            checks.switch(name, value)
    if options.get("units", hidden) != hidden:
        raise ValueError(f"units: got {options['units']!r}, wanted {hidden}, the rows of recurrent_kernel")
    if options.get("stateful", False):
        raise ValueError(
            "stateful: got True, which begins a run where the one before ended, wanted False; a cell is given its state as h0 and c0"
        )
    given = {name: options[name] for name in known if name in options}
    changed = {
        name: not default for name, default in (("use_bias", True), ("go_backwards", False)) if options.get(name, default) != default
    }
    return given | changed


def to_keras(cell: Cell, use_bias: bool = True, reverse: bool = False) -> KerasLayout:
    """The cell in Keras's layout. ValueError naming the option that Keras's layer does not have, and for use_bias=False with a bias.

    Two biases become their sum, but for the GRU with reset="after". Options only we have are rewritten, see `blocks`.
    use_bias=False: `weights` are then the two arrays that such a layer takes. reverse: for a layer with go_backwards=True.
    """
    kind, cell = kind_of(cell), common(cell)
    if isinstance(cell, LSTM):
        if cell.peephole is not None:
            raise ValueError("peephole: keras.layers.LSTM has no peepholes, wanted None")
        if cell.candidate != cell.output:
            raise ValueError(f"output: got {cell.output!r}, wanted {cell.candidate!r}: Keras has one activation for candidate and output")
        cell = uncoupled(cell)
    main, argument = (cell.activation, "activation") if isinstance(cell, RNN) else (cell.candidate, "candidate")
    options: dict[str, object] = {"activation": _theirs(argument, main)}
    if not isinstance(cell, RNN):
        options["recurrent_activation"] = _theirs("gate", cell.gate)
    two = isinstance(cell, GRU) and cell.reset == "after"
    if isinstance(cell, GRU):
        options["reset_after"] = two
    options |= {"use_bias": use_bias, "go_backwards": reverse}
    kernel, recurrent, b, b_ = (reordered(a, kind, "torch", "keras") for a in (cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh))
    name = next(theirs for theirs, ours in KINDS.items() if ours == kind)
    return KerasLayout(name, kernel.T, recurrent.T, np.stack((b, b_)) if two else b + b_, options)


def from_keras(layout: KerasLayout, reverse: bool = False) -> Cell:
    """The cell of a Keras layer, for x (T, B, D) where Keras has (B, T, D). A single bias becomes bias_ih, and bias_hh is zeros.

    reverse: to be said for a layer with go_backwards=True: the cell reads x in the order in which it is given, so give it x[::-1].
    ValueError for go_backwards at odds with it, and for an activation that we do not have.
    """
    if not isinstance(layout, KerasLayout):
        raise ValueError(f"layout: got {type(layout).__name__}, wanted a KerasLayout, such as KerasLayout.of(layer)")
    kind, options = KINDS[layout.kind], layout.options
    if options.get("go_backwards", False) != reverse:
        raise ValueError(
            f"go_backwards: got {not reverse} with reverse={reverse}, wanted the same: from_keras(…, reverse=True) is the cell of a layer that "
            "reads from the end, and is to be given x[::-1]"
        )
    bias, inner = layout.bias if layout.reset_after else (layout.bias, np.zeros_like(layout.bias))
    W, U, b, b_ = (reordered(a, kind, "keras", "torch") for a in (layout.kernel.T, layout.recurrent_kernel.T, bias, inner))
    main = _ours("activation", options.get("activation", "tanh"))
    if kind == "rnn":
        return RNN(W, U, b, b_, activation=main)
    gate = _ours("recurrent_activation", options.get("recurrent_activation", "sigmoid"))
    if kind == "gru":
        return GRU(W, U, b, b_, reset="after" if layout.reset_after else "before", candidate=main, gate=gate)
    return LSTM(W, U, b, b_, candidate=main, output=main, gate=gate)


def _theirs(argument: str, name: str) -> str:
    if name not in ACTIVATIONS:
        raise ValueError(f"{argument}: Keras has no {name!r}, wanted one of {', '.join(map(repr, ACTIVATIONS))}")
    return ACTIVATIONS[name]


def _ours(argument: str, name: object) -> str:
    for ours, theirs in ACTIVATIONS.items():
        if theirs == name:
            return ours
    raise ValueError(f"{argument}: got {name!r}, wanted one of {', '.join(map(repr, ACTIVATIONS.values()))}")
