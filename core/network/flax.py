"""Networks from flax's parameters and equinox's cells."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.layouts.floats import HALVES, type_of
from core.layouts.jax import from_equinox, from_flax, kind_in_flax
from core.network.layer import Direction, Layer
from core.network.weights import chosen

Tree = Mapping[str, Any]


def network(params: Any, name: str, time_major: bool, variant: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_flax`."""
    if not isinstance(params, Mapping):
        raise ValueError(f"params: got {type(params).__name__}, wanted a tree of parameters: a module's variables, or nnx.state(…)")
    found = dict(_within(params, ""))
    if not found:
        raise ValueError("params: got a tree without an LSTMCell, OptimizedLSTMCell, GRUCell or SimpleCell, wanted one that has some")
    place = chosen(found, name, "tree")
    trees = found[place]
    ways = [None if tree is None else Direction(from_flax(tree, **variant)) for tree in trees]
    dtypes = {type_of(leaf) for tree in trees if tree is not None for part in tree.values() for leaf in part.values()}
    notes = tuple(f"The weights are {kind}; all is computed in float32." for kind in sorted(dtypes & set(HALVES)))
    layer = Layer((ways[0], ways[1]), keeps=False)
    return {
        "layers": (layer,),
        "library": "flax",
        "name": place.rstrip("."),
        "batch_first": not time_major,
        "notes": notes,
        "dtype": layer.directions[0].cell.dtype,
    }


def _within(tree: Tree, place: str) -> Iterator[tuple[str, tuple[Tree | None, Tree | None]]]:
    """The cells in a tree by their place: forward and backward parameters."""
    if kind_in_flax(tree) is not None:
        yield place, (tree, None)
        return
    if {"forward_rnn", "backward_rnn"} <= set(tree):
        forward, backward = (dict(_within(tree[side], "")) for side in ("forward_rnn", "backward_rnn"))
        if len(forward) == len(backward) == 1:
            yield place, (next(iter(forward.values()))[0], next(iter(backward.values()))[0])
        return
    for name, part in tree.items():
        if isinstance(part, Mapping):
            yield from _within(part, f"{place}{name}.")


def of_equinox(cell: Any) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_equinox`."""
    made = from_equinox(cell)
    return {"layers": (Layer((Direction(made), None), keeps=False),), "library": "equinox", "batch_first": True, "dtype": made.dtype}
