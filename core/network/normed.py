"""Layer-normalised LSTMs from the state dict of a cell of one's own, whose forward we cannot read: the caller says which it is."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.cells.normed import NormedLSTM
from core.layouts.floats import common
from core.network.layer import Direction, Layer
from core.network.weights import chosen

KINDS = {"carried": True, "output": False}
NORMS = {"layernorm_i": "ih", "layernorm_h": "hh", "layernorm_c": "c"}  # the names in torch's benchmarks/fastrnns/custom_lstms.py
PARTS = {"weight": "scale", "bias": "shift"}


def network(source: Mapping[str, Any], name: str, variant: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_torch`."""
    how, eps = variant.pop("layer_norm"), variant.pop("eps", 1e-5)
    if how not in KINDS:
        raise ValueError(
            f"layer_norm: got {how!r}, wanted 'carried' (torch's custom LSTMs: c is normalised) or 'output' (the paper: what tanh reads)"
        )
    if not isinstance(source, Mapping):
        raise ValueError(
            f"source: got {type(source).__name__}, wanted a state dict: what a class of your own computes is said by layer_norm"
        )
    batch_first = variant.pop("batch_first", False)
    if variant:
        raise ValueError(f"{next(iter(variant))}: got it beside layer_norm, wanted none of the plain cell's options")
    found = {key.removesuffix("weight_hh"): key for key in map(str, source) if key == "weight_hh" or key.endswith(".weight_hh")}
    if not found:
        raise ValueError("source: got no 'weight_hh', wanted a cell's 'weight_ih' and 'weight_hh', under any prefix")
    prefix = chosen(found, name, "state dict")
    norms = {f"{theirs}.{part}": f"{ours}_{at}" for theirs, at in NORMS.items() for part, ours in PARTS.items()}
    names = {
        f"{prefix}{theirs}": ours
        for theirs, ours in (norms | {own: own for own in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}).items()
    }
    others = sorted(key for key in map(str, source) if key.startswith(prefix) and key not in names)
    if others:
        raise ValueError(f"source: got {others[0]!r}, wanted only {', '.join(map(repr, names))}")
    missing = [key for key in names if key not in source and "bias_" not in key and not key.endswith(".bias")]
    if missing:
        raise ValueError(f"source: got no {missing[0]!r}, which layer_norm needs, only {', '.join(map(repr, source))}")
    arrays, notes = common({ours: source[key] for key, ours in names.items() if key in source})
    zeros = np.zeros(len(arrays["weight_hh"]), arrays["weight_hh"].dtype)
    held: dict[str, Any] = {"bias_ih": zeros, "bias_hh": zeros, **arrays}
    cell = NormedLSTM(**held, carried=KINDS[how], eps=eps)
    return {
        "layers": (Layer((Direction(cell), None), keeps=False),),
        "library": "torch",
        "name": prefix.rstrip("."),
        "batch_first": batch_first,
        "notes": notes,
        "dtype": cell.dtype,
    }
