"""Networks read from ONNX files that torch exported, against torch's and onnxruntime's outputs."""

import sys
import warnings
from io import BytesIO

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from core.upload import Refused, compared, inputs, opened
from tests.unit.upload.files import D, H, onnx_file, onnx_model


class Tagger(torch.nn.Module):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(10, D)
        self.rnn = getattr(torch.nn, kind)(D, H, num_layers=2, bidirectional=kind == "GRU")
        self.head = torch.nn.Linear(self.rnn.hidden_size * (1 + self.rnn.bidirectional), 2)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        return self.head(self.rnn(self.embedding(words))[0])


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("dynamic", [True, False])
def test_an_export_of_torch(kind, dynamic):
    torch.manual_seed(0)
    model, stream = Tagger(kind).requires_grad_(False).eval(), BytesIO()
    axes = {"words": {0: "T", 1: "B"}} if dynamic else None
    with warnings.catch_warnings(action="ignore"):
        torch.onnx.export(model, (torch.zeros(6, 1, dtype=torch.long),), stream, input_names=["words"], dynamic_axes=axes, dynamo=False)
    file = opened(stream.getvalue(), "model.onnx")
    whole, *alone = file.found
    assert (whole.layers, whole.directions, whole.inputs, whole.hidden) == (2, 1 + model.rnn.bidirectional, D, H)
    assert [one.layers for one in alone] == [1, 1]
    assert whole.parameters == sum(weight.numel() for weight in model.rnn.parameters())
    words = torch.tensor([[1], [2], [3], [9]])
    x = file.embedding(file.embeddings[0].name)[words[:, 0]]
    assert np.array_equal(x, model.embedding(words)[:, 0].numpy())
    reading = file.network().run(x)
    assert np.abs(reading.layers[-1].output - model.rnn(torch.tensor(x))[0].numpy()).max() <= 1e-6
    assert max(gap.max() for gap in compared(file.network(), x)) <= 1e-6


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_a_node_as_onnxruntime_runs_it(kind):
    file = opened(onnx_file(kind), "model.onnx")
    x, _ = inputs.random(5, D)
    session = onnxruntime.InferenceSession(onnx_file(kind), providers=["CPUExecutionProvider"])
    (wanted,) = session.run(None, {"X": x[:, None]})
    assert np.abs(file.network("rnn").run(x).output - wanted[:, :, 0]).max() <= 1e-6


def test_weights_that_are_made_of_constants():
    """As exporters write them that do not fold: halves put together and turned."""
    rng = np.random.default_rng(3)
    halves = [onnx.numpy_helper.from_array(rng.normal(size=(1, D, 2 * H)).astype(np.float32)) for _ in range(2)]
    nodes = [onnx.helper.make_node("Constant", [], [f"half{k}"], value=half) for k, half in enumerate(halves)]
    nodes += [
        onnx.helper.make_node("Concat", ["half0", "half1"], ["both"], axis=2),
        onnx.helper.make_node("Transpose", ["both"], ["W"], perm=[0, 2, 1]),
    ]
    made = onnx_model("LSTM", nodes).SerializeToString()
    x, _ = inputs.random(5, D)
    (wanted,) = onnxruntime.InferenceSession(made, providers=["CPUExecutionProvider"]).run(None, {"X": x[:, None]})
    assert np.abs(opened(made, "a.onnx").network().run(x).output - wanted[:, :, 0]).max() <= 1e-6


def test_what_the_file_tells_is_not_asked():
    file = opened(onnx_file("RNN"), "model.onnx")
    assert not file.found[0].asks
    with pytest.raises(Refused, match="activation: got 'relu', and the file tells it"):
        file.network(activation="relu")


def test_without_onnx_the_way_out_is_told(monkeypatch):
    data = onnx_file()
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(Refused, match=r"onnx, which reads \.onnx files, is not installed here: save the weights as"):
        opened(data, "model.onnx")
