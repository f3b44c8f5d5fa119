"""An uploaded model: the recurrent networks and the embeddings in its bytes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np

from core.cells.arrays import Array
from core.network import Network
from core.network.weights import chosen
from core.upload import arrays, keras_file, onnx_file, state, torch_file
from core.upload.found import Contents, Embedding, Found, Recurrent
from core.upload.refused import LIMITS, MB, MOST_NETWORKS, Limits, Refused, shortened

KINDS = (".safetensors", ".npz", ".pt", ".pth", ".onnx", ".keras", ".h5", ".hdf5")
SIGNS = {b"PK\x03\x04": (".npz", ".pt", ".pth", ".keras"), b"\x89HDF\r\n\x1a\n": (".h5", ".hdf5")}  # how files begin
WAY_OUT = "save the model’s weights as .safetensors, .npz, .pt or .onnx."


@dataclass(frozen=True, eq=False)
class ModelFile:
    """A model's file. found: its recurrent networks, of which some may be refused. embeddings: tables for words that fit one of them."""

    found: tuple[Found, ...]
    embeddings: tuple[Embedding, ...]
    _networks: dict[str, Recurrent]
    _tables: dict[str, Array]
    _whole: bool

    def network(self, name: str = "", **variant: Any) -> Network:
        """The network called `name`; for "" the only one, or the one that is all the others, one upon another. variant: what it `asks`, and batch_first.

        Raises Refused for another name, for a network that is refused, and for what the weights do not give with this variant.
        """
        known = {one.name: one for one in self.found}
        if name not in known:
            try:
                name = self.found[0].name if self._whole and not name else chosen(known, name, "file")
            except ValueError as error:
                raise Refused(shortened(error, 400)) from None
        if known[name].refused:
            raise Refused(known[name].refused)
        return _read(self._networks[name], **variant)

    def embedding(self, name: str) -> Array:
        """The table called `name`, (rows, size) of float32 or float64. Refused for another name."""
        if name not in self._tables:
            raise Refused(f"The file holds no embedding called {shortened(name)!r}: choose one that is listed.")
        return self._tables[name]


def opened(data: bytes, name: str, limits: Limits = LIMITS) -> ModelFile:
    """What a file's bytes hold. name: the file's, of which the ending counts.

    Raises Refused, and nothing else, for what is no model: the sentence says what is wrong and the way out.
    """
    try:
        kind = _kind(data, name, limits)
        return _listed(_reader(kind, limits)(data), limits)
    except Refused:
        raise
    except Exception as error:  # a fault of ours or of a library's: nobody's file ends a visit
        raise Refused(f"The file cannot be read as a model, and may be damaged: {WAY_OUT}") from error


def _kind(data: bytes, name: str, limits: Limits) -> str:
    """The file's ending, if it is one that is read and the content begins as such files do."""
    kind = PurePath(name).suffix.lower()
    if not data:
        raise Refused(f"The file is empty: {WAY_OUT}")
    if len(data) > limits.BYTES:
        size = f"The file has {len(data) / MB:.1f} MB, and at most {limits.BYTES // MB} MB are read"
        raise Refused(f"{size}: save the recurrent layers and the embedding alone.")
    if kind not in KINDS:
        raise Refused(f"Files of kind {shortened(kind, 20)!r} are not read: {WAY_OUT}")
    for sign, kinds in SIGNS.items():
        if data.startswith(sign) and kind not in kinds:
            raise Refused(f"The name ends in {kind}, and the content is that of {' or '.join(kinds)}: rename the file.")
        if kind in kinds and not data.startswith(tuple(SIGNS)) and kind not in torch_file.KINDS:  # which has more to say
            raise Refused(f"The name ends in {kind}, and the content is none: {WAY_OUT}")
    return kind


def _reader(kind: str, limits: Limits) -> Callable[[bytes], Contents]:
    if kind == ".safetensors":
        return lambda data: state.contents(*arrays.tensors(data))
    if kind == ".npz":
        return lambda data: state.contents(arrays.npz(data, limits.unpacked))
    if kind in torch_file.KINDS:
        return lambda data: state.contents(torch_file.tensors(data, limits.unpacked))
    if kind == ".onnx":
        return lambda data: onnx_file.contents(data, limits.unpacked)
    return lambda data: (keras_file.zipped if kind == ".keras" else keras_file.single_file)(data, limits.unpacked)


def _listed(contents: Contents, limits: Limits) -> ModelFile:
    """The networks with what each is refused for, and the embeddings that fit one."""
    if not contents.networks:
        raise Refused(
            "The file holds no recurrent network: wanted an RNN, an LSTM or a GRU, with torch’s names (weight_ih_l0, weight_hh_l0 …)."
        )
    if len(contents.networks) > MOST_NETWORKS:
        raise Refused(
            f"The file holds {len(contents.networks)} recurrent networks, and at most {MOST_NETWORKS} are listed: save some of them."
        )
    found = [replace(one.found, refused=_fault(one, limits)) for one in contents.networks]
    widths = {one.inputs for one in found}
    known = {name: table for name, (table, told) in contents.tables.items() if told and table.shape[1] in widths}
    fitting = {name: table for name, (table, _) in contents.tables.items() if table.shape[1] in widths}
    tables = known or (fitting if len(fitting) == 1 else {})
    tables = {name: table for name, table in tables.items() if np.isfinite(table).all()}
    embeddings = tuple(Embedding(name, *table.shape) for name, table in tables.items())
    return ModelFile(tuple(found), embeddings, {one.found.name: one for one in contents.networks}, tables, contents.whole)


def _fault(one: Recurrent, limits: Limits) -> str:
    """Why a network cannot be shown; "" if it can."""
    found = one.found
    if found.refused:
        return found.refused
    if found.layers > limits.LAYERS:
        return f"It has {found.layers} layers, and at most {limits.LAYERS} are shown: save fewer of them."
    if found.hidden > limits.UNITS:
        return f"It has {found.hidden} units, and at most {limits.UNITS} are shown: `gatescope view` shows it on your own computer."
    try:
        _read(one, **{option: choices[0] for option, choices in found.asks.items()})
    except Refused as error:
        return str(error)
    return ""


def _read(one: Recurrent, **variant: Any) -> Network:
    try:
        return one.read(**variant)
    except Exception as error:  # a ValueError in words, or NumPy's own for arrays that nobody thought of
        told = shortened(error, 400) if isinstance(error, ValueError) else "its weights do not fit together"
        raise Refused(f"It cannot be read: {told.rstrip('.')}.") from error
