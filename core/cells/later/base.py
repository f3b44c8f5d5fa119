"""What the cells after the LSTM share: parameters by name and shape, how they begin, and what is refused.

T steps, B batch, D input size, H hidden size, N numbers of state a channel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from core.cells import checks
from core.cells.activations import identity, sigmoid, slope
from core.cells.arrays import Array, Dtype
from core.cells.edits import Edit, Plan


@dataclass(frozen=True, eq=False)
class Later:
    """A cell whose parameters are named in SHAPES, each with its shape as letters: ("2H", "D").

    OUT: the array of the trace that the next layer reads. STEP: one step's arrays. OPTIONS: the fields by which a paper or a library computes the
    cell otherwise, each with its values, the default first. Raises ValueError naming the parameter for a wrong shape, dtype or a non-finite entry,
    and the option for a value that it does not have.
    """

    SHAPES: ClassVar[dict[str, tuple[str, ...]]]
    OUT: ClassVar[str] = "h"
    STEP: ClassVar[type[Any]]
    OPTIONS: ClassVar[dict[str, tuple[str, ...]]] = {}
    weight_ih: Array
    bias_ih: Array

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {}
        dtype = None
        for name, shape in self.SHAPES.items():
            value = checks.array(name, getattr(self, name), (None,) * len(shape), dtype=dtype, finite=True)
            for size, told in zip(value.shape, shape, strict=True):
                times = int(told[:-1] or 1)
                if size == 0 or size != times * sizes.setdefault(told[-1], size // times):
                    known = ", ".join(f"{letter} = {number}" for letter, number in sizes.items())
                    raise ValueError(f"{name}: got shape {value.shape}, wanted ({', '.join(shape)}) with {known}, none of them 0")
            dtype = value.dtype
            object.__setattr__(self, name, value)
        for option, choices in self.OPTIONS.items():
            if (chosen := getattr(self, option)) not in choices:
                raise ValueError(f"{option}: got {chosen!r}, wanted {' or '.join(map(repr, choices))}")

    @classmethod
    def init(cls, input_size: int, hidden_size: int, seed: int = 0, dtype: DTypeLike = np.float32, **variant: Any) -> Self:
        """Random weights as torch's Linear draws them: uniform on ± 1 / √(size of what is read). variant: options of the cell."""
        for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
            if not isinstance(size, int | np.integer) or size < 1:
                raise ValueError(f"{name}: got {size!r}, wanted a whole number of at least 1")
        rng = np.random.default_rng(seed)
        return cls(**cls._drawn({"D": int(input_size), "H": int(hidden_size)}, rng, dtype), **variant)

    @classmethod
    def _drawn(cls, sizes: dict[str, int], rng: np.random.Generator, dtype: DTypeLike) -> dict[str, Array]:
        found = {}
        for name, shape in cls.SHAPES.items():
            bound = sizes[shape[-1] if len(shape) == 2 else "D"] ** -0.5
            found[name] = rng.uniform(-bound, bound, [int(told[:-1] or 1) * sizes[told[-1]] for told in shape]).astype(dtype)
        return found

    @property
    def input_size(self) -> int:
        return int(self.weight_ih.shape[1])

    @property
    def hidden_size(self) -> int:
        return len(self.bias_ih) // int(self.SHAPES["bias_ih"][0][:-1])

    @property
    def dtype(self) -> Dtype:
        return self.weight_ih.dtype

    @property
    def computed(self) -> tuple[str, ...]:
        """The names of the arrays (…, H) of a step, all of which may be edited."""
        return tuple(field.name for field in fields(self.STEP))

    def _by_step(self, x: Array, edits: Sequence[Edit], step: Callable[..., Any], **state: Array) -> dict[str, Array]:
        """Every array of a run with edits, time in front. step: (x_t, the state's arrays in this order, the edits) -> a step."""
        plan = Plan(edits, self.computed, len(x), x.shape[1:-1], self.hidden_size, self.dtype)
        rows: list[Any] = []
        for t, x_t in enumerate(x):
            rows.append(step(x_t, *state.values(), plan.at(t)))
            state = {name: getattr(rows[-1], name) for name in state}
        empty = {} if rows else vars(self.run(x))  # type: ignore[attr-defined]  # of every cell
        return {
            field.name: np.stack([getattr(row, field.name) for row in rows]) if rows else empty[field.name] for field in fields(self.STEP)
        }

    def kept_numbers(self, steps: int) -> int:
        """How many numbers must be kept to read on after so many steps."""
        raise NotImplementedError

    def _sequence(self, x: object) -> Array:
        D = self.input_size
        return checks.array("x", x, (None, D), (None, None, D), dtype=self.dtype, words=": (T, D) or (T, B, D)")

    def _one(self, x_t: object) -> Array:
        return checks.array("x_t", x_t, (self.input_size,), (None, self.input_size), dtype=self.dtype)

    def _state(self, name: str, value: object, lead: tuple[int, ...], start: float = 0.0, more: tuple[int, ...] = ()) -> Array:
        """A state (…, H); `start` everywhere if None. more: further axes."""
        shape = (*lead, self.hidden_size, *more)
        return checks.array(name, np.full(shape, start, self.dtype) if value is None else value, shape, dtype=self.dtype)

    def _given(self, name: str, value: object, trace: Any, kind: type[Any]) -> Array:
        """The loss's gradient of the output, for a trace of this cell's run."""
        if getattr(trace, "edits", ()):
            raise ValueError(
                "trace: got one with edits, wanted one without: what they do to the gradients of this cell is not worked out here"
            )
        if type(trace) is not kind:
            raise ValueError(f"trace: got {type(trace).__name__}, wanted the {kind.__name__} of this cell's run")
        out = getattr(trace, self.OUT)
        got = (trace.x.shape[-1], out.shape[-1], out.dtype)
        if got != (self.input_size, self.hidden_size, self.dtype):
            raise ValueError(f"trace: got D, H and dtype {got}, wanted {(self.input_size, self.hidden_size, self.dtype)}")
        return checks.array(name, value, out.shape, dtype=self.dtype)

    def _read(self, x: Array, *d_a: Array) -> dict[str, Array]:
        """What every way back ends with: of weight_ih, bias_ih and x (T, …, D), from the pre-activations' gradients, gate by gate, (T, …, H) each."""
        d = np.concatenate(d_a, axis=-1)
        return {"d_weight_ih": rows(d).T @ rows(x), "d_bias_ih": rows(d).sum(axis=0), "d_x": d @ self.weight_ih}

    def blocks(self, rows: Array) -> list[Array]:
        """The rows of a parameter, or the last axis of a product with it, gate by gate."""
        return np.split(rows, rows.shape[-1] // self.hidden_size, axis=-1)


L = TypeVar("L", bound=Later)


def as_dtype(cell: L, dtype: DTypeLike) -> L:
    """The same cell with its parameters in float32 or float64."""
    return replace(cell, **{name: getattr(cell, name).astype(dtype) for name in cell.SHAPES})


def log_sigmoid(a: Array) -> Array:
    """log σ(a), without underflow."""
    found: Array = -np.logaddexp(a.dtype.type(0), -a)
    return found


def softplus(a: Array) -> Array:
    """log(1 + exp a), range 0..inf."""
    found: Array = np.logaddexp(a.dtype.type(0), a)
    return found


def positive(a: Array) -> Array:
    """g of Feng et al. 2024: a + 0.5 from 0 on, σ(a) below, so that a candidate has a logarithm."""
    return np.where(a >= 0, a + a.dtype.type(0.5), sigmoid(a))


def log_positive(a: Array) -> Array:
    """log g(a), without underflow."""
    return np.where(a >= 0, np.log(np.maximum(a, 0) + a.dtype.type(0.5)), log_sigmoid(np.minimum(a, 0)))


def positive_slope(a: Array, y: Array) -> Array:
    """dg/da at a, where it gave y."""
    return np.where(a >= 0, a.dtype.type(1), y * (1 - y))


CANDIDATES: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], Array]]] = {  # of minGRU and minLSTM: function and slope
    "g": (positive, positive_slope),
    "identity": (identity, partial(slope, "identity")),
    "tanh": (np.tanh, partial(slope, "tanh")),
}


def logarithms(candidate: str, h0: Array) -> Array:
    """log h0, for a scan that adds logarithms. ValueError for a candidate that may be negative, or an h0 below 0: they have none."""
    if candidate != "g":
        raise ValueError(f"candidate: got {candidate!r}, wanted 'g' for a scan of logarithms, which a negative candidate does not have")
    if (h0 < 0).any():
        raise ValueError("h0: got entries below 0, wanted none: the scan adds logarithms")
    with np.errstate(divide="ignore"):  # log 0 = -inf: nothing is held
        found: Array = np.log(h0)
    return found


def rows(array: Array) -> Array:
    """All steps of all sequences under each other, (T · B, …)."""
    return array.reshape(-1, array.shape[-1])
