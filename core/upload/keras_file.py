"""The recurrent layers in the bytes of a .keras or .h5 file: read from its configuration and its tables of numbers.

Keras itself would build every object that the configuration names, code among them; it is not asked.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.cells.arrays import Array
from core.layouts import KerasLayout
from core.layouts.floats import HALVES, common, floats
from core.network import Network
from core.network.keras import OFF, Read, both, fields, single
from core.upload import hdf5
from core.upload.found import Contents, Recurrent, alone, told
from core.upload.refused import MOST_NETWORKS, Refused
from core.upload.zipped import DAMAGED, members

SINGLE = ("LSTM", "GRU", "SimpleRNN")
KNOWN = (*SINGLE, "Bidirectional", "RNN")
MODELS = ("Sequential", "Functional", "Model")
OLD = ("batch_input_shape", "batch_shape", "time_major", "ragged")  # arguments of Keras 2 without effect; time_major only if it is False
FAULTS = (ValueError, KeyError, TypeError, IndexError, AttributeError)  # of a file that lacks a part, or has another in its place
Weights = Callable[["Entry"], list[Array]]


@dataclass(frozen=True)
class Entry:
    """A layer of the configuration. place: names of the models that hold it, and its own. below: names of the layers that it reads, if known."""

    kind: str
    config: dict[str, Any]
    place: tuple[str, ...]
    below: tuple[str, ...]
    ours: bool  # of Keras's own class

    @property
    def name(self) -> str:
        return ".".join(self.place)


def zipped(data: bytes, most: int) -> Contents:
    """Layers of a .keras file. most: bytes unpacked. Refused for what is none."""
    parts = members(data, most)
    if "config.json" not in parts or "model.weights.h5" not in parts:
        raise Refused("The content is a zip, but not one of Keras 3: save it as model.save('model.keras').")
    store = hdf5.opened(parts["model.weights.h5"], most)
    return _contents(parts["config.json"], partial(_by_name, store))


def single_file(data: bytes, most: int) -> Contents:
    """Layers of an .h5 file that holds a whole model. Refused for weights alone, and for what is none."""
    store = hdf5.opened(data, most)
    config = store.attribute("", "model_config")
    if config is None:
        raise Refused("The file holds weights without their layers’ settings: save the whole model, model.save('model.keras').")
    return _contents(config, partial(_listed, store))


def _contents(config: str | bytes, weights: Weights) -> Contents:
    try:
        layers = list(_layers(json.loads(config), ()))
    except Exception as error:  # of JSON, or for an entry that is missing or no such thing
        raise Refused(DAMAGED) from error
    found = [entry for entry in layers if entry.kind in KNOWN]
    if len(found) > MOST_NETWORKS:
        raise Refused(f"The file holds {len(found)} recurrent layers, and at most {MOST_NETWORKS} are listed: save some of them.")
    masked = any(entry.kind == "Masking" or entry.config.get("mask_zero") for entry in layers)
    whole = len(found) > 1 and _chain(layers, found)
    runs = [*([found] if whole else []), *([entry] for entry in found)]
    networks = [_network(run, weights, masked) for run in runs]
    tables = {entry.name: table for entry in layers if entry.kind == "Embedding" and entry.ours for table in _embedding(entry, weights)}
    return Contents(networks, {name: (table, True) for name, table in tables.items()}, whole)


def _embedding(entry: Entry, weights: Weights) -> list[Array]:
    """An embedding's table; none where it is not read, which is no fault of the networks."""
    try:
        return [floats("embeddings", weights(entry)[0])]
    except FAULTS:
        return []


def _network(run: list[Entry], weights: Weights, masked: bool) -> Recurrent:
    """Layers that follow each other."""
    names, made, fault, parameters = [entry.name for entry in run], None, "", 0
    try:
        held = [weights(entry) for entry in run]
        parameters = sum(table.size for tables in held for table in tables)
        made = Network(**fields(list(map(_read, run, held)), names, masked))
    except FAULTS as error:
        fault = str(error) if isinstance(error, ValueError) else "the file lacks a part of the layer"

    def read(**variant: Any) -> Network:
        alone(variant)
        if made is None:
            raise ValueError(fault)
        return made

    inner = run[0].config.get("layer")
    kind = inner.get("class_name") if run[0].kind == "Bidirectional" and isinstance(inner, dict) else run[0].kind
    return Recurrent(told(" → ".join(names), str(kind).lower(), parameters, read), read)


def _layers(model: Any, place: tuple[str, ...]) -> Iterator[Entry]:
    """The layers of a model and of the models in it."""
    config = model["config"]
    before: tuple[str, ...] = ()
    for one in config["layers"] if isinstance(config, dict) else config:  # Keras 2 had a list for a Sequential
        inner = one["config"]
        name = str(one.get("name") or inner["name"])
        below = tuple(_sources(one["inbound_nodes"])) if "inbound_nodes" in one else before
        if one["class_name"] in MODELS:
            yield from _layers(one, (*place, name))
        else:
            ours = one.get("module", "keras.layers") == "keras.layers" and not one.get("registered_name")
            yield Entry(str(one["class_name"]), inner, (*place, name), below, ours)
        before = (name,)


def _sources(nodes: Any) -> Iterator[str]:
    """The names of the layers that a layer reads, in Keras 3's words or in those of Keras 2."""
    if isinstance(nodes, dict):
        if "keras_history" in nodes:
            yield str(nodes["keras_history"][0])
        else:
            yield from itertools.chain.from_iterable(map(_sources, nodes.values()))
    elif isinstance(nodes, list):
        if len(nodes) in (3, 4) and isinstance(nodes[0], str) and isinstance(nodes[1], int):
            yield nodes[0]
        else:
            yield from itertools.chain.from_iterable(map(_sources, nodes))


def _chain(layers: list[Entry], found: list[Entry]) -> bool:
    """Whether each reads what the one before gives, through nothing but dropout."""
    by_name = {entry.place: entry for entry in layers}
    for lower, upper in itertools.pairwise(found):
        below = upper
        for _ in layers:
            source = by_name.get((*upper.place[:-1], *below.below)) if len(below.below) == 1 else None
            if source is None or source.kind not in OFF:
                break
            below = source
        if source is not lower:
            return False
    return True


def _read(entry: Entry, weights: list[Array]) -> Read:
    """A layer with its weights. ValueError for what our cells do not compute."""
    if not entry.ours:
        raise ValueError(f"{entry.kind}: got a class of your own, wanted Keras’s: it computes what we cannot know")
    if entry.kind == "RNN":
        raise ValueError("layer: got an RNN of cells, which is not read from a file, wanted LSTM, GRU, SimpleRNN or Bidirectional")
    if entry.kind != "Bidirectional":
        return _single(entry.kind, entry.config, weights)
    config, half = entry.config, len(weights) // 2
    first, second = config["layer"], config.get("backward_layer")
    if second is None:  # the first one, turned round
        second = first | {"config": first["config"] | {"go_backwards": not first["config"].get("go_backwards", False)}}
    ways: list[Read] = []
    for one, own in ((first, weights[:half]), (second, weights[half:])):
        if one["class_name"] not in SINGLE or one.get("module", "keras.layers") != "keras.layers" or one.get("registered_name"):
            raise ValueError("layer: got a Bidirectional of something else than Keras’s LSTM, GRU or SimpleRNN")
        ways.append(_single(one["class_name"], one["config"], own))
    return both(ways[0], ways[1], config.get("merge_mode", "concat"))


def _single(kind: str, config: dict[str, Any], weights: list[Array]) -> Read:
    names = ("kernel", "recurrent_kernel", "bias")[: len(weights)]
    if len(weights) not in (2, 3):
        raise ValueError(f"layer: got {len(weights)} tables of weights, wanted 2 or 3")
    arrays, _ = common(dict(zip(names, weights, strict=True)))
    if config.get("time_major"):
        raise ValueError("time_major: got True, which Keras 3 does not have, wanted False")
    options = {name: value for name, value in config.items() if name not in OLD}
    layout = KerasLayout(kind, **arrays, options=options)
    told_type = config.get("dtype")
    policy = str(told_type["config"]["name"] if isinstance(told_type, dict) else told_type).removeprefix("mixed_")
    notes = (f"Keras computes in {policy}; here all is computed in float32.",) if policy in HALVES else ()
    return single(layout, bool(config.get("return_sequences", False)), bool(config.get("zero_output_for_mask", False)), notes)


def _by_name(store: hdf5.Store, entry: Entry) -> list[Array]:
    """A layer's tables in Keras 3's file of weights, which calls groups by their class and notes the layer's name beside them."""
    path = ""
    for name in entry.place:
        path += "/layers"
        held = [group for group in store.names(path) if store.attribute(f"{path}/{group}/vars", "name") == name]
        if len(held) != 1:
            raise ValueError(f"layer: got no weights of {name!r}, wanted a file that Keras 3.6 or newer saved")
        path += f"/{held[0]}"
    if entry.kind == "Embedding":
        return _tables(store, f"{path}/vars")
    parts = ("/forward_layer", "/backward_layer") if entry.kind == "Bidirectional" else ("",)
    return [table for part in parts for table in _tables(store, f"{path}{part}/cell/vars")]


def _tables(store: hdf5.Store, path: str) -> list[Array]:
    return [store.numbers(f"{path}/{k}") for k in range(min(3, len(store.names(path)))) if str(k) in store.names(path)]


def _listed(store: hdf5.Store, entry: Entry) -> list[Array]:
    """A layer's tables in a file of Keras 2's kind, which lists them in their order."""
    if len(entry.place) > 1:
        raise ValueError("layer: got one of a model within a model, wanted a .keras file: model.save('model.keras')")
    path = f"model_weights/{entry.name}"
    names = store.attribute(path, "weight_names")
    return [store.numbers(f"{path}/{name}") for name in names if "seed_generator" not in name]
