"""Networks read from files that torch wrote, against torch's own outputs."""

import numpy as np
import pytest
import torch

from core.network import Network
from core.upload import Refused, compared, inputs, opened
from tests.unit.upload.files import D, H, of_torch, pt, tagger

KINDS = (".safetensors", ".npz", ".pt", ".pth")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_gives_torchs_numbers(kind):
    model = tagger()
    file = opened(of_torch(model.state_dict(), kind), f"model{kind}")
    wanted = [("rnn", "lstm", D, H, 2, 2), ("plain", "rnn", D, H + 1, 1, 1)]  # in the file's order
    if kind == ".safetensors":
        wanted.sort()  # the library saves by name
    assert [(one.name, one.kind, one.inputs, one.hidden, one.layers, one.directions) for one in file.found] == wanted
    for one in file.found:
        assert one.parameters == sum(p.numel() for p in getattr(model, one.name).parameters())
    x, _ = inputs.random(7, D, seed=1)
    for name, part, variant in (("rnn", model.rnn, {}), ("plain", model.plain, {"activation": "relu"})):
        network = file.network(name, **variant)
        assert isinstance(network, Network)
        assert np.abs(network.run(x).output - part(torch.tensor(x))[0].numpy()).max() <= 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_an_embedding_is_found(kind):
    model = tagger()
    file = opened(of_torch(model.state_dict(), kind), f"model{kind}")
    assert [(one.name, one.rows, one.size) for one in file.embeddings] == [("embedding.weight", 10, D)]
    assert np.array_equal(file.embedding("embedding.weight"), model.embedding.weight.numpy())


def test_a_plain_rnns_activation_is_asked_for():
    file = opened(pt(torch.nn.RNN(D, H).state_dict()), "a.pt")
    assert dict(file.found[0].asks) == {"activation": ("tanh", "relu")}
    assert not file.found[0].refused
    with pytest.raises(Refused, match="activation"):
        file.network("")


def test_numpy_against_torch():
    file = opened(pt(tagger().state_dict()), "a.pt")
    x, _ = inputs.random(6, D)
    gaps = compared(file.network("rnn"), x)
    assert [gap.shape for gap in gaps] == [(6,), (6,)]
    assert max(gap.max() for gap in gaps) <= 1e-6
