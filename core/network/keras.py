"""Networks from Keras's layers and models, duck-typed; Keras itself is imported only to open a file."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from core.cells import Cell
from core.layouts import KerasLayout, from_keras
from core.layouts.floats import HALVES
from core.network.layer import Direction, Layer, Merge, stacked
from core.network.weights import chosen

PLACE = "keras.src.layers.rnn."
SINGLE = {f"{PLACE}{module}.{name}" for module, name in (("lstm", "LSTM"), ("gru", "GRU"), ("simple_rnn", "SimpleRNN"))}
RECURRENT = {*SINGLE, f"{PLACE}rnn.RNN", f"{PLACE}bidirectional.Bidirectional"}
OFF = ("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise")  # pass their input on when nothing is trained
MASKS = "The model masks steps; give run(…, mask=…) the mask that its Masking or Embedding makes."
FIRST_VERSION = {"CuDNNLSTM", "CuDNNGRU"}


@dataclass(frozen=True)
class Read:
    """A recurrent layer: its layers of ours, what it returns, and what is to be known."""

    layers: list[Layer]
    sequences: bool
    notes: tuple[str, ...]


def network(source: Any, name: str) -> dict[str, Any]:
    """The fields of a `Network`; see `Network.from_keras`."""
    if isinstance(source, str | Path):
        source = _opened(Path(source))
    if _place(source) in RECURRENT or not hasattr(source, "layers"):
        found = [source]
    else:
        by_name = dict(_within(source))
        if not by_name:
            raise ValueError(
                f"source: got {type(source).__qualname__}, which holds no LSTM, GRU, SimpleRNN, RNN or Bidirectional, wanted one that does"
            )
        found = _chain(list(by_name.values())) if not name else []
        found = found or [by_name[chosen(by_name, name, "model")]]
    inside = found[0] is not source
    return fields([_layer(layer) for layer in found], [layer.name for layer in found if inside], inside and _masks(source))


def fields(read: list[Read], names: list[str], masked: bool) -> dict[str, Any]:
    """The fields of a `Network` of layers that follow each other. names: theirs in a model. masked: whether the model masks steps."""
    notes = tuple(dict.fromkeys(note for one in read for note in one.notes))
    return {
        "layers": stacked([layer for one in read for layer in one.layers]),
        "library": "keras",
        "name": " → ".join(names),
        "batch_first": True,
        "output": "joined" if read[-1].sequences else "last",
        "notes": notes + ((MASKS,) if masked else ()),
        "dtype": read[0].layers[0].directions[0].cell.dtype,
    }


def _place(layer: Any) -> str:
    return f"{type(layer).__module__}.{type(layer).__qualname__}"


def _opened(path: Path) -> Any:
    """The model in a file. ValueError where Keras is not there, or does not read it."""
    if not path.is_file():
        raise ValueError(f"source: got {str(path)!r}, which is no file, wanted a .keras or .h5 file")
    try:
        import keras
    except ImportError as error:
        raise ValueError(
            f"source: got {path.name}, and Keras is not there to read it ({error}), wanted a layer, or Keras with a backend"
        ) from None
    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises whatever a broken file makes its readers raise
        raise ValueError(f"source: got {path.name}, which Keras does not read ({' '.join(str(error).split())[:200]})") from None


def _within(model: Any) -> list[tuple[str, Any]]:
    """The recurrent layers of a model and of the models in it, by name."""
    found: list[tuple[str, Any]] = []
    for layer in model.layers:
        if _place(layer) in RECURRENT or any(_place_of(base) in RECURRENT for base in type(layer).__mro__):
            found.append((layer.name, layer))
        elif hasattr(layer, "layers"):
            found += [(f"{layer.name}.{name}", inner) for name, inner in _within(layer)]
    return found


def _place_of(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _masks(model: Any) -> bool:
    return any(type(layer).__name__ == "Masking" or getattr(layer, "mask_zero", False) for layer in model.layers)


def _chain(layers: list[Any]) -> list[Any]:
    """The layers if each reads what the one before gives, through nothing but dropout; none otherwise."""
    for below, above in itertools.pairwise(layers):
        try:
            source = above.input._keras_history.operation
            while type(source).__name__ in OFF:
                source = source.input._keras_history.operation
        except AttributeError:  # called on several inputs, or outside a graph
            return []
        if source is not below:
            return []
    return layers


def single(layout: KerasLayout, sequences: bool = True, zeros: bool = False, notes: tuple[str, ...] = ()) -> Read:
    """The layer of a layout. sequences: its return_sequences. zeros: its zero_output_for_mask."""
    backwards = bool(layout.options.get("go_backwards", False))
    way = Direction(from_keras(layout, reverse=backwards))
    layer = Layer((None, way) if backwards else (way, None), turned=backwards, keeps=not zeros)
    return Read([layer], sequences, notes)


def _layer(layer: Any) -> Read:
    if isinstance(layer, KerasLayout):
        return single(layer)
    if type(layer).__name__ in FIRST_VERSION:
        raise ValueError(f"layer: got {type(layer).__name__} of Keras 2, wanted its arrays: layouts.from_cudnn")
    if _place(layer) == f"{PLACE}bidirectional.Bidirectional":
        return _bidirectional(layer)
    if _place(layer) == f"{PLACE}rnn.RNN":
        cells = layer.cell.cells if _place(layer.cell) == f"{PLACE}stacked_rnn_cells.StackedRNNCells" else [layer.cell]
        if not layer.built:
            raise ValueError("layer: got one without weights, wanted a built one: call it on an input once")
        if layer.stateful:
            raise ValueError("stateful: got True, which begins a run where the one before ended, wanted False")
        made, backwards = [_cell(cell) for cell in cells], bool(layer.go_backwards)
    else:
        return single(KerasLayout.of(layer, halves=True), bool(layer.return_sequences), bool(layer.zero_output_for_mask), _notes([layer]))
    if backwards:
        layers = [Layer((None, Direction(cell)), turned=k == len(made) - 1) for k, cell in enumerate(made)]
    else:
        layers = [Layer((Direction(cell), None)) for cell in made]
    if layer.zero_output_for_mask:
        layers[-1] = Layer(layers[-1].ways, turned=layers[-1].turned, keeps=False)
    return Read(layers, bool(layer.return_sequences), _notes(cells))


def _cell(cell: Any) -> Cell:
    """A cell of Keras's within an RNN: its configuration is the layer's without what concerns sequences."""
    return from_keras(KerasLayout.of(cell, halves=True))


def _bidirectional(layer: Any) -> Read:
    forward, backward = _layer(layer.forward_layer), _layer(layer.backward_layer)
    if layer.stateful:
        raise ValueError("stateful: got True, which begins a run where the one before ended, wanted False")
    return both(forward, backward, layer.merge_mode)


def both(forward: Read, backward: Read, merge: Any) -> Read:
    """A Bidirectional's two layers as one. ValueError for those that are no such pair, and for a merge_mode with two outputs."""
    if merge not in get_args(Merge):
        raise ValueError(f"merge_mode: got {merge!r}, wanted one of {', '.join(map(repr, get_args(Merge)))}, with one output")
    ways = forward.layers[0].ways[0], backward.layers[0].ways[1]
    if len(forward.layers) > 1 or len(backward.layers) > 1 or ways[0] is None or ways[1] is None:
        raise ValueError(
            "layer: got a Bidirectional of stacked cells, or whose first layer reads backwards, wanted one layer in each direction"
        )
    return Read([Layer(ways, merge, keeps=forward.layers[0].keeps)], forward.sequences, forward.notes)


def _notes(cells: list[Any]) -> tuple[str, ...]:
    halves = {cell.compute_dtype for cell in cells if cell.compute_dtype in HALVES}
    return tuple(f"Keras computes in {kind}; here all is computed in float32." for kind in sorted(halves))
