"""Files as people save them, and the means to make others: of torch, of ONNX, and of Keras without Keras."""

import json
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import h5py
import numpy as np
import onnx
import torch
from safetensors.torch import save

D, H = 3, 4


class Tagger(torch.nn.Module):
    """Two networks, an embedding that fits both, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(10, D)
        self.rnn = torch.nn.LSTM(D, H, num_layers=2, bidirectional=True)
        self.plain = torch.nn.RNN(D, H + 1, nonlinearity="relu")
        self.head = torch.nn.Linear(2 * H, 2)


def tagger() -> Tagger:
    torch.manual_seed(0)
    return Tagger().requires_grad_(False)


def pt(value: Any, **options: Any) -> bytes:
    stream = BytesIO()
    torch.save(value, stream, **options)
    return stream.getvalue()


def npz(arrays: dict[str, Any], compressed: bool = False) -> bytes:
    stream = BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()


def npy(array: Any) -> bytes:
    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def of_torch(state: dict[str, Any], kind: str) -> bytes:
    """A state dict as a file of that kind."""
    if kind == ".safetensors":
        return save(dict(state))
    if kind == ".npz":
        return npz({name: value.numpy() for name, value in state.items()})
    return pt(state)


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def safetensors(header: Any, rest: bytes = b"", length: int | None = None) -> bytes:
    """A file with that header, whatever it says."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + rest


def hdf5(fill: Callable[[Any], None]) -> bytes:
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        fill(file)
    return stream.getvalue()


@cache
def keras_file(kind: str = ".keras") -> bytes:
    """An LSTM of 4 units over 3 inputs, as Keras saves a model of it."""
    config = {"units": H, "activation": "tanh", "recurrent_activation": "sigmoid", "return_sequences": True, "name": "rnn"}
    layer = {"class_name": "LSTM", "module": "keras.layers", "config": config, "registered_name": None}
    model = json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [layer]}})
    rng = np.random.default_rng(0)
    tables = [rng.normal(size=shape).astype(np.float32) for shape in ((D, 4 * H), (H, 4 * H), (4 * H,))]

    def weights(file: Any) -> None:
        file.create_group("layers/lstm/vars").attrs["name"] = "rnn"
        for k, table in enumerate(tables):
            file[f"layers/lstm/cell/vars/{k}"] = table

    def whole(file: Any) -> None:
        file.attrs["model_config"] = model
        group = file.create_group("model_weights/rnn")
        names = ["rnn/cell/kernel", "rnn/cell/recurrent_kernel", "rnn/cell/bias"]
        group.attrs["weight_names"] = names
        for name, table in zip(names, tables, strict=True):
            group[name] = table

    return zipped({"config.json": model.encode(), "model.weights.h5": hdf5(weights)}) if kind == ".keras" else hdf5(whole)


@cache
def onnx_file(kind: str = "LSTM") -> bytes:
    return onnx_model(kind).SerializeToString()


def onnx_model(kind: str = "LSTM", nodes: Sequence[Any] = (), **more: Any) -> onnx.ModelProto:
    """A node whose weights are initialisers, or what `nodes` make of them. more: attributes."""
    rng, rows = np.random.default_rng(0), {"LSTM": 4, "GRU": 3, "RNN": 1}[kind] * H
    made = {name for node in nodes for name in node.output}
    shapes = {"W": (1, rows, D), "R": (1, rows, H), "B": (1, 2 * rows)}
    held = [
        onnx.numpy_helper.from_array(rng.normal(size=shape).astype(np.float32), name) for name, shape in shapes.items() if name not in made
    ]
    node = onnx.helper.make_node(kind, ["X", "W", "R", "B"], ["Y"], name="rnn", hidden_size=H, **more)
    real = onnx.TensorProto.FLOAT
    ends = [onnx.helper.make_tensor_value_info(name, real, None) for name in ("X", "Y")]
    graph = onnx.helper.make_graph([*nodes, node], "one", ends[:1], ends[1:], held)
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)


@cache
def valid() -> dict[str, bytes]:
    """A whole file of each kind, by its name."""
    model = tagger()
    return {
        **{f"model{kind}": of_torch(model.state_dict(), kind) for kind in (".safetensors", ".npz", ".pt", ".pth")},
        "model.onnx": onnx_file(),
        "model.keras": keras_file(),
        "model.h5": keras_file(".h5"),
    }
