"""Parameters of a torch module or a state dict, without importing torch; what our cells would compute differently is refused."""

import re
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.cells.checks import numbers

OWN = re.compile(r"(weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)(_l\d+(_reverse)?)?")  # torch's own names of an RNN's parameters


def from_torch(kind: str, source: Any, layer: int, reverse: bool, prefix: str) -> tuple[tuple[Array, Array, Array, Array], dict[str, Any]]:
    """weight_ih, weight_hh, bias_ih, bias_hh of one layer and direction, and the options that a torch module tells.

    kind: "LSTM", "GRU" or "RNN". source: a torch module of exactly that class or its Cell (inside another module: at `prefix`),
    or a mapping of torch's names (`weight_ih_l0`, `…_reverse`; of a Cell, `weight_ih`, for layer 0) to tensors or arrays.
    A mapping's missing biases are zeros.
    Raises ValueError for any other class (a subclass may compute something else), a module whose weights are computed from others
    (pruned, normalised), names beside torch's own (such as a layer norm's), a projected LSTM, a missing weight, and a dtype that
    NumPy does not have.
    """
    if not isinstance(prefix, str):
        raise ValueError(f"prefix: got {type(prefix).__name__}, wanted text that ends in a dot, or none")
    options: dict[str, Any] = {}
    if hasattr(source, "named_parameters"):
        module = _part(kind, source, prefix)
        named = {prefix + name: value for name, value in module.named_parameters(remove_duplicate=False)}  # tied weights have two names
        options = {name: getattr(module, name) for name in ("batch_first", "nonlinearity") if hasattr(module, name)}
    elif hasattr(source, "keys") and hasattr(source, "__getitem__"):
        module, named = None, source
    else:
        raise ValueError(f"source: got {type(source).__name__}, wanted a torch module or a mapping of names to tensors or arrays")
    names = set(map(str, named.keys()))
    suffix = f"_l{layer}" + ("_reverse" if reverse else "")
    if f"{prefix}weight_hr{suffix}" in names:
        raise ValueError(f"source: got {prefix}weight_hr{suffix} (proj_size > 0), wanted an LSTM without projection")
    if f"{prefix}weight_ih" in names and layer == 0 and not reverse:
        if f"{prefix}weight_ih{suffix}" in names:
            raise ValueError(f"source: got both {prefix}weight_ih and {prefix}weight_ih{suffix}, wanted the names of one network alone")
        suffix = ""
    keys = [f"{prefix}{name}{suffix}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    for key in keys[:2] if module is None or not module.bias else keys:
        if key not in names:
            told = ", ".join(sorted(names)[:12]) or "nothing"
            raise ValueError(f"source: got no {key!r} for layer={layer!r}, reverse={reverse!r}, prefix={prefix!r}, only {told}")
    others = sorted(name for name in names if name.startswith(prefix) and not OWN.fullmatch(name.removeprefix(prefix)))
    if others:
        told = f"{', '.join(map(repr, others[:4]))} beside {keys[0]!r}"
        raise ValueError(f"source: got {told}, which torch's {kind} does not have, wanted its own names alone, or those under a prefix")
    w_ih, w_hh = (numbers(key, named[key], "float32 or float64") for key in keys[:2])
    zeros = np.zeros(np.shape(w_hh)[:1], w_hh.dtype)
    b_ih, b_hh = (numbers(key, named[key], "float32 or float64") if key in names else zeros for key in keys[2:])
    return (w_ih, w_hh, b_ih, b_hh), options


def _part(kind: str, source: Any, prefix: str) -> Any:
    """The module at `prefix`, which must be of torch's own class."""
    try:
        module = source.get_submodule(prefix.rstrip(".")) if prefix else source
    except (AttributeError, TypeError):
        raise ValueError(f"prefix: got {prefix!r}, but the module has no such part") from None
    got, wanted = type(module), (kind, f"{kind}Cell")
    if got.__module__ != "torch.nn.modules.rnn" or got.__name__ not in wanted or "forward" in vars(module):
        changed = " with a forward of its own" if "forward" in vars(module) else ""
        raise ValueError(
            f"source: got {got.__module__}.{got.__qualname__}{changed}, wanted exactly torch.nn.{kind} or torch.nn.{kind}Cell, whose weight_hh "
            "is read as they compute it; inside another module, name its place with prefix; a class of your own computes what we cannot know"
        )
    return module
