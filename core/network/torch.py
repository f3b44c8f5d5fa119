"""Networks from torch's modules and state dicts, without importing torch."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells import CELLS, GRU, LSTM, RNN, Cell, checks
from core.cells.arrays import Array
from core.layouts.floats import common
from core.network import normed
from core.network.layer import Direction, Layer, projected, stacked
from core.network.weights import chosen, groups, resolved

KINDS = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
MODULES = {name + cell for name in KINDS for cell in ("", "Cell")}
OPTIONS = {
    LSTM: ("peephole", "coupled", "forget", "candidate", "output", "gate"),
    GRU: ("reset", "keep", "candidate", "gate"),
    RNN: ("activation",),
}
HOOKS = {"torch.nn.utils.weight_norm.WeightNorm"}  # those that only compute a weight before a run; pruning's are of torch.nn.utils.prune
PARAMETRISATIONS = ("torch.nn.utils.parametrizations", ("_WeightNorm", "_Orthogonal", "_SpectralNorm"))


def network(source: Any, name: str, variant: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_torch`."""
    if variant.get("batch_first") is not None:
        checks.switch("batch_first", variant["batch_first"])
    if "layer_norm" in variant:
        return normed.network(source, name, dict(variant))
    if hasattr(source, "named_modules"):
        return _of_module(source, name, variant)
    if isinstance(source, Mapping):
        inner = source.get("state_dict")
        return _of_mapping(inner if isinstance(inner, Mapping) else source, name, variant)
    raise ValueError(f"source: got {type(source).__name__}, wanted a torch module or a state dict")


def _of_module(source: Any, name: str, variant: dict[str, Any]) -> dict[str, Any]:
    found = {path: module for path, module in source.named_modules() if _recurrent(type(module))}
    if not found:
        raise ValueError(
            f"source: got {type(source).__qualname__}, which holds no torch.nn.RNN, LSTM, GRU or their Cells, wanted a module that does "
            "(of TorchScript or a class of your own: its state_dict())"
        )
    path = chosen(found, name, "module")
    module = found[path]
    cls = type(module).__bases__[0] if hasattr(module, "parametrizations") else type(module)
    _plain(module, cls)
    told = {"batch_first": getattr(module, "batch_first", False)}
    if (nonlinearity := getattr(module, "nonlinearity", None)) is not None:
        told["activation"] = nonlinearity
    kind = KINDS[cls.__name__.removesuffix("Cell")]
    for option, value in variant.items():
        if option not in ("batch_first", *(("activation",) if kind is RNN else ())):
            raise ValueError(f"{option}: got {value!r} for a torch.nn.{cls.__name__}, which has no such option, wanted none")
        if option == "activation" and value != nonlinearity:
            raise ValueError(f"activation: got {value!r} for a module whose nonlinearity is {nonlinearity!r}, wanted that or none")
    state = dict(module.state_dict())
    notes: tuple[str, ...] = ()
    for weight in getattr(module, "parametrizations", {}):
        state = {key: value for key, value in state.items() if not key.startswith(f"parametrizations.{weight}.")} | {
            weight: getattr(module, weight)
        }
        notes += (f"{weight} is parametrised; its present value is read.",)
    arrays, said = resolved(state, groups(state).get("", {}), "")
    if getattr(module, "dropout", 0):
        notes += (f"dropout={module.dropout:g} between the layers is off, as after eval().",)
    return _network(kind, arrays, told | variant, path, notes + said)


def _recurrent(cls: type) -> bool:
    return any(base.__module__ == "torch.nn.modules.rnn" and base.__name__ in MODULES for base in cls.__mro__)


def _plain(module: Any, cls: type) -> None:
    """ValueError for what may compute something else than torch's own class: a subclass, a forward or a hook of one's own, a parametrisation that we do not know."""
    place = f"{cls.__module__}.{cls.__qualname__}"
    if cls.__module__ != "torch.nn.modules.rnn" or cls.__name__ not in MODULES or "forward" in vars(module):
        changed = " with a forward of its own" if "forward" in vars(module) else ""
        raise ValueError(
            f"source: got {place}{changed}, wanted exactly torch.nn.RNN, LSTM, GRU or their Cells: a class of your own computes what we cannot know"
        )
    hooks = [*module._forward_hooks.values(), *module._forward_pre_hooks.values()]
    for hook in hooks:
        kind = type(hook)
        if f"{kind.__module__}.{kind.__qualname__}" not in HOOKS and kind.__module__ != "torch.nn.utils.prune":
            told = getattr(hook, "__qualname__", kind.__qualname__)
            raise ValueError(
                f"source: got a module with the hook {told}, which may change what it computes, wanted one without: remove it first"
            )
    for weight, chain in getattr(module, "parametrizations", {}).items():
        for step in chain:
            kind = type(step)
            known = kind.__module__ == PARAMETRISATIONS[0] and kind.__name__ in PARAMETRISATIONS[1]
            if not known or (kind.__name__ == "_SpectralNorm" and module.training):
                way_out = ": call eval() first, since training changes it" if known else ""
                raise ValueError(
                    f"source: got {weight} parametrised by {kind.__qualname__}, wanted weight_norm, orthogonal or spectral_norm{way_out}"
                )


def _of_mapping(source: Mapping[str, Any], name: str, variant: dict[str, Any]) -> dict[str, Any]:
    found = groups(source)
    if not found:
        told = ", ".join(repr(str(key)) for key in list(source)[:6]) or "nothing"
        raise ValueError(f"source: got {told}, wanted a state dict with names such as 'weight_ih_l0' and 'weight_hh_l0', under any prefix")
    prefix = chosen(found, name, "state dict")
    arrays, notes = resolved(source, found[prefix], prefix)
    cell = "weight_hh" in arrays
    rows, columns = np.shape(arrays["weight_hh" if cell else "weight_hh_l0"]) if {"weight_hh", "weight_hh_l0"} & set(arrays) else (0, 1)
    hidden = arrays["weight_hr_l0"].shape[-1] if "weight_hr_l0" in arrays else columns
    kind = {len(one.ROWS) * hidden: one for one in CELLS.values()}.get(rows)
    if kind is None:
        raise ValueError(
            f"source: got a weight_hh of shape {(rows, columns)}, wanted (H, H), (3H, H) or (4H, H): of an RNN, a GRU or an LSTM"
        )
    for option in variant:
        if option not in (*OPTIONS[kind], "batch_first"):
            raise ValueError(
                f"{option}: got {variant[option]!r} for a state dict of {kind.__name__}, wanted one of batch_first, {', '.join(OPTIONS[kind])}"
            )
    if kind is RNN and "activation" not in variant:
        raise ValueError(
            "activation: got none, and a state dict does not tell it, wanted activation='tanh' or 'relu': the module's nonlinearity"
        )
    return _network(kind, arrays, {"batch_first": False if cell else None} | variant, prefix.rstrip("."), notes)


def _network(kind: type[Cell], arrays: dict[str, Array], told: dict[str, Any], name: str, notes: tuple[str, ...]) -> dict[str, Any]:
    arrays, more = common(arrays)
    batch_first = told.pop("batch_first")
    layers: list[Layer] = []
    suffixes = {match[1] for key in arrays if (match := re.fullmatch(r"weight_hh(|_l\d+)(?:_reverse)?", key))}
    wanted = {""} if "" in suffixes else {f"_l{k}" for k in range(len(suffixes))}
    if suffixes != wanted:
        raise ValueError(f"source: got layers {', '.join(sorted(suffixes))}, wanted {', '.join(sorted(wanted))}")
    both = any("_reverse" in key for key in arrays)
    left = set(arrays)
    for suffix in sorted(suffixes, key=lambda text: int(text[2:] or 0)):
        ways = [_direction(kind, arrays, suffix + end, told, left) for end in ("", "_reverse")[: 1 + both]]
        layers.append(Layer((ways[0], ways[1] if both else None), keeps=False))
    if left:
        raise ValueError(f"source: got {', '.join(map(repr, sorted(left)))} without the weights that belong to them, wanted whole layers")
    if any(way.projection is not None for layer in layers for way in layer.directions):
        notes += ("With proj_size a trace's h is o⊙tanh c, before the projection; it is computed in float64.",)
    dtype = next(iter(arrays.values())).dtype
    return {"layers": stacked(layers), "library": "torch", "name": name, "batch_first": batch_first, "notes": notes + more, "dtype": dtype}


def _direction(kind: type[Cell], arrays: dict[str, Array], suffix: str, told: dict[str, Any], left: set[str]) -> Direction:
    """One layer's one direction; what it takes is taken from `left`."""
    keys = {part: f"{part}{suffix}" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")}
    biases = [keys[part] in arrays for part in ("bias_ih", "bias_hh")]
    for part in ("weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if any(biases) else ())):
        if keys[part] not in arrays:
            raise ValueError(f"source: got no {keys[part]!r}, only {', '.join(sorted(arrays))}")
    left -= set(keys.values())
    W, U = arrays[keys["weight_ih"]], arrays[keys["weight_hh"]]
    b, b_ = (arrays[keys[part]] if any(biases) else np.zeros(len(U), U.dtype) for part in ("bias_ih", "bias_hh"))
    if keys["weight_hr"] not in arrays:
        return Direction(kind(W, U, b, b_, **told))
    P = arrays[keys["weight_hr"]]
    hidden = P.shape[-1]
    if kind is not LSTM or P.ndim != 2 or U.shape != (4 * hidden, len(P)):
        raise ValueError(f"{keys['weight_hr']}: got shape {P.shape} beside a weight_hh {U.shape}, wanted (P, H) of an LSTM, beside (4H, P)")
    return projected(LSTM(W, np.zeros((4 * hidden, hidden), U.dtype), b, b_, **told), U, P)
