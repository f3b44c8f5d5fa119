"""Files that are no models, or hostile ones: what is told of each."""

import os
import pickle
import struct
import zipfile
from typing import Any

import h5py
import numpy as np
import onnx
import torch

from tests.unit.upload.files import D, H, hdf5, keras_file, npy, npz, of_torch, onnx_model, parts, pt, safetensors, tagger, valid, zipped

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
KINDS = (".safetensors", ".npz", ".pt", ".pth", ".onnx", ".keras", ".h5", ".hdf5")
BILLION = 10**9
CASES: dict[str, tuple[str, bytes, str]] = {}  # what it is: the file's name, its bytes, words of what is told


def case(what: str, name: str, data: bytes, words: str) -> None:
    CASES[what] = name, data, words


for kind in KINDS:
    case(f"empty{kind}", f"a{kind}", b"", "empty")
    case(f"text{kind}", f"a{kind}", b"Dear reader, this is no model at all.\n", "content is|damaged")
    case(f"picture{kind}", f"a{kind}", PNG, "content is|damaged")
case("other-kind", "model.docx", b"PK\x03\x04", "'.docx' are not read")
case("no-kind", "model", b"abc", "are not read")
case("too-large", "a.safetensors", bytes(25 * 2**20 + 1), "25.0 MB, and at most 25 MB")

for name, data in valid().items():
    for quarter in range(1, 4):
        case(f"{name}-cut-{quarter}", name, data[: len(data) * quarter // 4], "cut short|damaged")
case("pt-as-npz", "a.npz", valid()["model.pt"], "which is no array")
case("npz-as-pt", "a.pt", valid()["model.npz"], "not one of torch.save")
case("pt-as-safetensors", "a.safetensors", valid()["model.pt"], r"content is that of .npz or .pt")
case("safetensors-as-pt", "a.pt", valid()["model.safetensors"], "not that of torch.save")
case("keras-as-h5", "a.h5", valid()["model.keras"], "rename the file")

# .safetensors
tensor = {"dtype": "F32", "shape": [4, 4], "data_offsets": [0, 64]}
case("header-billion", "a.safetensors", safetensors(b"{}", length=BILLION), "1,000,000,000 bytes")
case("header-all", "a.safetensors", safetensors(b"{}", length=2**64 - 1), "header is said")
case("tensor-billion", "a.safetensors", safetensors({"weight_hh_l0": tensor | {"shape": [BILLION, 4]}}, bytes(64)), "does not fit the file")
case("tensor-negative", "a.safetensors", safetensors({"weight_hh_l0": tensor | {"shape": [-4, -4]}}, bytes(64)), "does not fit the file")
case(
    "tensor-overflow",
    "a.safetensors",
    safetensors({"weight_hh_l0": tensor | {"shape": [2**40, 2**40]}}, bytes(64)),
    "does not fit the file",
)
case("names-twice", "a.safetensors", safetensors(b'{"a":%b,"a":%b}' % ((str(tensor).replace("'", '"').encode(),) * 2), bytes(64)), "twice")
case("header-deep", "a.safetensors", safetensors(b'{"a":' * 100_000), "does not fit the file")
case("header-many", "a.safetensors", safetensors({str(k): tensor for k in range(6000)}, bytes(64)), "more than 5,000 tensors")
case("header-spaces", "a.safetensors", safetensors(b"{" + b" " * (3 * 2**20)), "at most 2,097,152")
case("no-network", "a.safetensors", safetensors({"weight": tensor}, bytes(64)), "no recurrent network")

# .npz
EMPTY_SHAPE = npy(np.zeros((2, 2), np.float32))
case("npy-billion", "a.npz", zipped({"weight_hh_l0.npy": EMPTY_SHAPE.replace(b"(2, 2)", b"(%d,)" % BILLION)}), "damaged|speaks of shape")
case(
    "npy-negative",
    "a.npz",
    zipped({"weight_hh_l0.npy": EMPTY_SHAPE.replace(b"(2, 2)", b"(-2,-2)").replace(b"  \n", b" \n")}),
    "speaks of shape",
)
case("npy-objects", "a.npz", npz({"weight_hh_l0": np.array([{}, 1], object)}), "could run code")
case("npy-words", "a.npz", npz({"weight_hh_l0": np.array(["a", "bc"])}), "wanted real numbers")
case("npz-bomb", "a.npz", npz({"weight_hh_l0": np.zeros(2**24, np.float32)}, compressed=True), "unpacks to 64 MB")


def lying(data: bytes, name: bytes, size: int) -> bytes:
    """A zip whose directory and header say that a member has so many bytes."""
    changed = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = changed.find(name, changed.find(sign)) - (30 if at == 22 else 46)
        changed[place + at : place + at + 4] = struct.pack("<I", size)
    return bytes(changed)


case(
    "npz-bomb-that-lies",
    "a.npz",
    lying(zipped({"a.npy": bytes(2**26)}, zipfile.ZIP_DEFLATED), b"a.npy", 1000),
    "cut short",
)
case("zip-members", "a.npz", zipped({str(k): b"" for k in range(5001)}), "more than 5,000 parts")
case("zip-bzip2", "a.npz", zipped({"a.npy": bytes(999)}, zipfile.ZIP_BZIP2), "compressed in a way")

# .pt
TRUE = {"weight_ih_l0": torch.zeros(4, 1), "weight_hh_l0": torch.zeros(4, 1)}
WHOLE = parts(pt(TRUE))
ROOT = next(name for name in WHOLE if name.endswith("data.pkl")).removesuffix("data.pkl")


def with_pickle(made: bytes) -> bytes:
    return zipped({**WHOLE, f"{ROOT}data.pkl": made})


class Code:
    def __reduce__(self) -> Any:
        return os.system, ("true",)


def nested(depth: int) -> bytes:
    """A dict with a key of tuples within tuples, each twice the one before."""
    return b"\x80\x02})" + b"".join(b"q%c%c" % (k, b"h"[0]) + b"%c\x86" % k for k in range(depth)) + b"K\x01s."


PICKLE = WHOLE[f"{ROOT}data.pkl"]
case("pickle-code", "a.pt", pt({"a": Code()}), "could run code")
case("pickle-module", "a.pt", pt(torch.nn.LSTM(2, 2)), "asks for torch.nn.modules.rnn.LSTM")
case("pickle-old", "a.pt", pt(TRUE, _use_new_zipfile_serialization=False), "before torch 1.6")
case("pickle-raw", "a.pt", pickle.dumps(Code()), "not that of torch.save")
case("pickle-within", "a.pt", pt({"a": torch.zeros(2), "b": pickle.dumps(Code())}), "could run code")
case("pickle-hash", "a.pt", with_pickle(nested(60)), "could run code")
case("pickle-memo", "a.pt", with_pickle(b"\x80\x02}r\xff\xff\xff\x7f."), "no recurrent network")
case("pickle-storage", "a.pt", with_pickle(PICKLE.replace(b"K\x04tq\x07Q", b"J\xff\xff\xff\x7ftq\x07Q", 1)), "bytes of numbers, and")
case("pickle-shape", "a.pt", with_pickle(PICKLE.replace(b"K\x04K\x01\x86", b"J\xff\xff\xff\x7fK\x01\x86", 1)), "is said to have shape")
case("pickle-expanded", "a.pt", pt({"weight_hh_l0": torch.zeros(1).expand(BILLION)}), "is said to have shape")
case("pickle-long", "a.pt", pt({str(k): k for k in range(400_000)}), "more than one model")
case("torchscript", "a.pt", zipped({**WHOLE, f"{ROOT}constants.pkl": b""}), "TorchScript")
case("pt-bomb", "a.pt", zipped({**WHOLE, f"{ROOT}data/0": bytes(2**26)}, zipfile.ZIP_DEFLATED), "unpacks to 64 MB")
case("pt-of-a-number", "a.pt", pt(5), "no recurrent network")
case("pt-without-networks", "a.pt", pt(torch.nn.Linear(2, 2).state_dict()), "no recurrent network")


# .onnx
def node(kind: str, given: list[str], made: str, **more: Any) -> onnx.NodeProto:
    return onnx.helper.make_node(kind, given, [made], **more)


def constant(values: list[int], name: str) -> onnx.NodeProto:
    return node("Constant", [], name, value=onnx.numpy_helper.from_array(np.array(values)))


outside = onnx_model()
onnx.external_data_helper.set_external_data(outside.graph.initializer[0], "/etc/passwd")
outside.graph.initializer[0].ClearField("raw_data")
case("onnx-outside", "a.onnx", outside.SerializeToString(), "weights in another file")
case("onnx-objects", "a.onnx", b"\x3a" + bytes([0x80, 0x80, 0x40]) + b"\x0a\x00" * 2**19, "more than 100,000 entries|damaged")
negative = onnx_model()
negative.graph.initializer[0].dims[0] = -1
case("onnx-negative", "a.onnx", negative.SerializeToString(), "negative size")
case(
    "onnx-no-network",
    "a.onnx",
    onnx.helper.make_model(onnx.helper.make_graph([constant([1], "a")], "g", [], [])).SerializeToString(),
    "no recurrent network",
)

# .keras
KERAS = parts(keras_file())
case("keras-bomb", "a.keras", zipped({**KERAS, "more": bytes(2**26)}, zipfile.ZIP_DEFLATED), "unpacks to 64 MB")
case("keras-config", "a.keras", zipped({**KERAS, "config.json": b"[" * 100_000}), "damaged")
case("keras-config-list", "a.keras", zipped({**KERAS, "config.json": b"[]"}), "damaged")
case("keras-weights", "a.h5", hdf5(lambda file: file.create_group("layers")), "without their layers")


def refused() -> dict[str, tuple[str, bytes, str]]:
    """Files of which the network, not the file, is refused."""
    found = {}
    broken = {name: value.clone() for name, value in tagger().state_dict().items()}
    broken["rnn.weight_ih_l0"][0, 0] = torch.nan
    broken["plain.bias_hh_l0"][0] = torch.inf
    for kind in (".safetensors", ".npz", ".pt"):
        found[f"nan{kind}"] = f"a{kind}", of_torch(broken, kind), "NaN or infinity"
    for what, module, words in (
        ("units", torch.nn.GRU(2, 600), "600 units"),
        ("layers", torch.nn.GRU(2, 3, num_layers=5), "5 layers"),
    ):
        found[what] = "a.safetensors", of_torch(module.state_dict(), ".safetensors"), words
    state = torch.nn.LSTM(D, H).state_dict()
    found["bias"] = "a.npz", of_torch({name: value for name, value in state.items() if name != "bias_hh_l0"}, ".npz"), "bias_hh_l0"
    found["shape"] = "a.npz", of_torch({**state, "weight_ih_l0": torch.zeros(3, 3)}, ".npz"), "weight_ih"
    found["projection"] = "a.npz", npz({"weight_hh_l0": np.zeros((40_000, 1)), "weight_hr_l0": np.zeros((1, 10_000))}), "10000 units"
    doubling = [node("Concat", ["W0" if k == 0 else f"W{k}"] * 2, f"W{k + 1}", axis=2) for k in range(40)]
    start = node("Constant", [], "W0", value=onnx.numpy_helper.from_array(np.zeros((1, 4 * H, D), np.float32)))
    found["onnx-doubling"] = (
        "a.onnx",
        onnx_model("LSTM", [start, *doubling, node("Identity", ["W40"], "W")]).SerializeToString(),
        "wanted a constant",
    )
    for kind in ("ConstantOfShape", "Expand"):
        given = ["n"] if kind == "ConstantOfShape" else ["B", "n"]
        large = [constant([BILLION, 1000], "n"), node(kind, given, "W")]
        found[f"onnx-{kind}"] = "a.onnx", onnx_model("LSTM", large).SerializeToString(), "wanted a constant"
    circle = [node("Identity", ["b"], "W"), node("Identity", ["W"], "b")]
    found["onnx-circle"] = "a.onnx", onnx_model("LSTM", circle).SerializeToString(), "wanted a constant"
    endless = onnx.helper.make_graph([constant([1], "c")], "body", [], [])
    loop = node("Loop", ["", ""], "W", body=endless)
    found["onnx-loop"] = "a.onnx", onnx_model("LSTM", [loop]).SerializeToString(), "wanted a constant"

    def linked(file: h5py.File) -> None:
        file.create_group("layers/lstm/vars").attrs["name"] = "rnn"
        file["layers/lstm/cell/vars/0"] = h5py.ExternalLink("/etc/hosts", "/a")
        file["layers/lstm/cell/vars/1"] = h5py.SoftLink("/layers")

    def large(file: h5py.File) -> None:
        file.create_group("layers/lstm/vars").attrs["name"] = "rnn"
        file.create_dataset("layers/lstm/cell/vars/0", (BILLION, 16), np.float32, chunks=(1000, 16), compression="gzip")

    def outside(file: h5py.File) -> None:
        file.create_group("layers/lstm/vars").attrs["name"] = "rnn"
        file.create_dataset("layers/lstm/cell/vars/0", (3, 16), np.float32, external=[("/etc/passwd", 0, 192)])

    for what, fill, words in (
        ("linked", linked, "another file"),
        ("large", large, "more than 50 MB"),
        ("outside", outside, "another file"),
    ):
        found[f"keras-{what}"] = "a.keras", zipped({**KERAS, "model.weights.h5": hdf5(fill)}), words
    for what, old, new, words in (
        ("class", '"keras.layers"', '"__main__"', "class of your own"),
        ("curve", '"activation": "tanh"', '"activation": {"module": "builtins", "class_name": "eval"}', "activation"),
        ("unnamed", '"rnn"', '"other"', "no weights of 'other'"),
    ):
        config = KERAS["config.json"].decode().replace(old, new).encode()
        found[f"keras-{what}"] = "a.keras", zipped({**KERAS, "config.json": config}), words
    return found


REFUSED = refused()
