"""Where a library keeps a gate's weights and what it returns of a run, as Python expressions. Batches of one, as in `setup`'s lines.

The expressions are text for the page; tests/oracle/test_places.py runs each against the library itself.
"""

from dataclasses import dataclass

from core.cells import GRU, Cell
from core.cells import PARAMETERS as PARTS
from core.cells.arrays import Array
from core.layouts.blocks import kind_of, order, rows
from core.layouts.keras import to_keras
from core.layouts.onnx import to_onnx

CLASSES = {
    "lstm": {"torch": "LSTM", "keras": "LSTM", "onnx": "LSTM"},
    "gru": {"torch": "GRU", "keras": "GRU", "onnx": "GRU"},
    "rnn": {"torch": "RNN", "keras": "SimpleRNN", "onnx": "RNN"},
}
KERAS = {"weight_ih": "kernel", "weight_hh": "recurrent_kernel", "bias_ih": "bias", "bias_hh": "bias"}
ONNX = {"weight_ih": "W", "weight_hh": "R", "bias_ih": "B", "bias_hh": "B"}


@dataclass(frozen=True)
class Where:
    """The entry `tensor[index]` of a library, and the expression that gets it.

    transposed: it is the transpose of our rows. added: the library has one bias, and it holds the sum of our two.
    """

    tensor: str
    index: tuple[int | slice, ...]
    code: str
    transposed: bool = False
    added: bool = False


@dataclass(frozen=True)
class Entry:
    """An expression that gets what the library returned for a step (from 0, or -1), and words for when that is."""

    code: str
    what: str
    step: int


def letter(gate: str, library: str) -> str:
    """How the library calls the gate: the candidate, our g and n, is c and h in Keras and ONNX."""
    return gate if library == "torch" else {"g": "c", "n": "h"}.get(gate, gate)


def tensors(cell: Cell, library: str) -> dict[str, Array]:
    """The cell's parameters as the library holds them, by its names. ValueError for a cell that it cannot hold, or a library that there is not."""
    order(kind_of(cell), library)
    if library == "keras":
        layout = to_keras(cell)
        return {"kernel": layout.kernel, "recurrent_kernel": layout.recurrent_kernel, "bias": layout.bias}
    if library == "onnx":
        return to_onnx(cell).inputs
    return {f"{part}_l0": getattr(cell, part) for part in PARTS}


def where(cell: Cell, gate: str, part: str, library: str) -> Where:
    """Where `library` keeps a gate's rows of `part`, one of `PARTS`. ValueError for a gate, part or library that there is not."""
    if part not in PARTS:
        raise ValueError(f"part: got {part!r}, wanted one of {', '.join(map(repr, PARTS))}")
    kind, hidden = kind_of(cell), cell.hidden_size
    block, inner = rows(kind, gate, hidden, library), part == "bias_hh"
    if library == "torch":
        return Where(f"{part}_l0", (block,), f"{kind}.{part}_l0[{_text(block)}]")
    if library == "keras":
        name, two = KERAS[part], isinstance(cell, GRU) and cell.reset == "after"
        if name != "bias":
            return Where(name, (slice(None), block), f"{name}[:, {_text(block)}]", transposed=True)
        index = (int(inner), block) if two else (block,)
        return Where(name, index, f"{name}[{_texts(index)}]", added=not two)
    start = len(order(kind, "onnx")) * hidden if inner else 0
    index = (0, slice(block.start + start, block.stop + start))
    return Where(ONNX[part], index, f"{ONNX[part]}[{_texts(index)}]")


def _texts(index: tuple[int | slice, ...]) -> str:
    return ", ".join(map(_text, index))


def _text(index: int | slice) -> str:
    return f"{index.start}:{index.stop}" if isinstance(index, slice) else str(index)


def setup(cell: Cell, library: str) -> tuple[str, str]:
    """The lines that make (or load) the library's network and those that run it on x, before which weights may be set.

    x is (1, T, D) for torch and Keras, (T, 1, D) for ONNX; float32, for Keras and for onnxruntime an ndarray.
    ValueError for a library that there is not.
    """
    kind = kind_of(cell)
    order(kind, library)
    D, H, name, lstm = cell.input_size, cell.hidden_size, CLASSES[kind][library], kind == "lstm"
    if library == "torch":
        return (
            f"import torch\n\n{kind} = torch.nn.{name}({D}, {H}, batch_first=True)",
            f"output, {'(h_n, c_n)' if lstm else 'h_n'} = {kind}(x)  # x (1, T, {D})",
        )
    if library == "keras":
        return (
            f"import keras\n\nlayer = keras.layers.{name}({H}, return_sequences=True, return_state=True)",
            f"y, h{', c' if lstm else ''} = layer(x)  # x (1, T, {D})\nkernel, recurrent_kernel, bias = layer.weights",
        )
    return (
        'import onnx\nimport onnxruntime\n\nmodel = onnx.load("model.onnx")\n'
        f'node = next(node for node in model.graph.node if node.op_type == "{name}")\n'
        "held = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}\n"
        "W, R, B = (held[name] for name in node.input[1:4])",
        'session = onnxruntime.InferenceSession("model.onnx")\n'
        f'Y, Y_h{", Y_c" if lstm else ""} = session.run(None, {{"X": x}})  # x (T, 1, {D})',
    )


def entries(kind: str, name: str, library: str, step: int) -> tuple[Entry, ...]:
    """What of a run shows array `name` at `step` (from 0) and at the last step; none for gates and candidates, which no library returns.

    ValueError for a kind or library that there is not.
    """
    order(kind, library)
    every, last = f"after step t = {step + 1}", "after the last step"
    sequences, state = ("", "") if library != "keras" else (", with return_sequences", ", with return_state")
    if name == "h":
        codes = {
            "torch": (f"output[0, {step}]", "h_n[0, 0]"),
            "keras": (f"y[0, {step}]", "h[0]"),
            "onnx": (f"Y[{step}, 0, 0]", "Y_h[0, 0]"),
        }
        return Entry(codes[library][0], every + sequences, step), Entry(codes[library][1], last + state, -1)
    if name == "c" and kind == "lstm":
        return (Entry({"torch": "c_n[0, 0]", "keras": "c[0]", "onnx": "Y_c[0, 0]"}[library], last + state, -1),)
    return ()


def keep_bias(cell: Cell, gate: str, value: float) -> str:
    """Lines that begin a torch module's `gate` at a bias of `value`: both biases, for they add up."""
    first, second = (where(cell, gate, part, "torch").code.replace("[", ".data[") for part in ("bias_ih", "bias_hh"))
    return f"{first} = {value:g}\n{second} = 0"


def networks(kind: str, hidden: int) -> tuple[tuple[str, dict[str, str]], ...]:
    """Expressions for a second layer and for both directions: what each gets, and by library how.

    torch: names as in `setup`. Keras: `layers`, a list, and `both = Bidirectional(…, merge_mode="concat")`, run as `y = both(x)`.
    ONNX: `nodes` in order, `held` as in `setup`, and the bidirectional node's `W`, `Y`, `Y_h`.
    """
    H = hidden
    return (
        (
            "input weights of the second layer",
            {"torch": f"{kind}.weight_ih_l1", "keras": "layers[1].weights[0]", "onnx": "held[nodes[1].input[1]]"},
        ),
        (
            "input weights, backward",
            {"torch": f"{kind}.weight_ih_l0_reverse", "keras": "both.backward_layer.weights[0]", "onnx": "W[1]"},
        ),
        ("h forward, every step", {"torch": f"output[0, :, :{H}]", "keras": f"y[0, :, :{H}]", "onnx": "Y[:, 0, 0]"}),
        ("h backward, at the place of its word", {"torch": f"output[0, :, {H}:]", "keras": f"y[0, :, {H}:]", "onnx": "Y[:, 1, 0]"}),
        (
            "backward, one word read: its **first** step",
            {"torch": f"output[0, -1, {H}:]", "keras": f"y[0, -1, {H}:]", "onnx": "Y[-1, 1, 0]"},
        ),
        ("backward, all words read: its last step", {"torch": "h_n[1, 0]", "keras": f"y[0, 0, {H}:]", "onnx": "Y_h[1, 0]"}),
    )
