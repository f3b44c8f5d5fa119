"""Files as people really have them: checkpoints, halves, prefixes, variants; each against torch."""

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch.nn.utils.parametrizations import weight_norm

from core.cells import GRU, LSTM, PARAMETERS
from core.network import Network
from core.network.layer import Direction, Layer
from core.upload import Refused, compared, inputs, opened, twin
from tests.unit.upload.files import D, H, npz, pt, tagger

T = 6


def gap(network: Network, module: torch.nn.Module) -> float:
    x, _ = inputs.random(T, D, seed=3)
    wanted = module(torch.tensor(x, dtype=module.weight_ih_l0.dtype))[0].detach().numpy()
    return float(np.abs(network.run(x).output - wanted).max())


@pytest.mark.parametrize("wrap", ["state_dict", "model_state_dict", "model", "net"])
def test_a_checkpoint_is_unwrapped(wrap):
    model = tagger()
    optimiser = torch.optim.Adam([torch.nn.Parameter(torch.ones(2))])
    file = opened(pt({wrap: model.state_dict(), "optimizer": optimiser.state_dict(), "epoch": 3, "loss": 0.5, "args": ["a", None]}), "a.pt")
    assert [one.name for one in file.found] == ["rnn", "plain"]
    assert gap(file.network("rnn"), model.rnn) <= 1e-6


def test_two_networks_of_one_name_keep_their_places():
    first, second = torch.nn.GRU(D, H), torch.nn.GRU(D, H)
    file = opened(
        pt(
            {
                "model": {"rnn." + k: v for k, v in first.state_dict().items()},
                "ema": {"rnn." + k: v for k, v in second.state_dict().items()},
            }
        ),
        "a.pt",
    )
    assert [one.name for one in file.found] == ["model.rnn", "ema.rnn"]
    assert gap(file.network("ema.rnn"), second) <= 1e-6
    with pytest.raises(Refused, match="2 recurrent networks"):
        file.network()


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", [".safetensors", ".pt"])
def test_halves_are_computed_in_float32(half, kind):
    module = torch.nn.LSTM(D, H, bidirectional=True).to(half)
    state = module.state_dict()
    file = opened(save(state) if kind == ".safetensors" else pt(state), f"a{kind}")
    network = file.network()
    name = str(half).removeprefix("torch.")
    assert network.notes == (f"The weights are {name}; all is computed in float32.",)
    assert gap(network, module.float()) <= 1e-6


def test_float64_stays():
    module = torch.nn.GRU(D, H, dtype=torch.float64)
    network = opened(save(module.state_dict()), "a.safetensors").network()
    x, _ = inputs.random(T, D)
    assert network.run(x).output.dtype == np.float64
    assert gap(network, module) <= 1e-12


def test_prefixes_and_weight_norm():
    module = weight_norm(torch.nn.LSTM(D, H), "weight_hh_l0")
    held = {f"module.{name}": value for name, value in module.state_dict().items()}
    file = opened(pt(held), "a.pt")
    assert file.found[0].name == "module"
    assert (file.found[0].hidden, file.found[0].kind) == (H, "lstm")
    assert gap(file.network(), module) <= 1e-6


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_cells(kind):
    cell = getattr(torch.nn, f"{kind}Cell")(D, H)
    file = opened(save(cell.state_dict()), "a.safetensors")
    assert (file.found[0].kind, file.found[0].inputs, file.found[0].hidden, file.found[0].layers) == (kind.lower(), D, H, 1)
    network = file.network(**{option: choices[0] for option, choices in file.found[0].asks.items()})
    x, _ = inputs.random(1, D)
    h = cell(torch.tensor(x))
    assert np.abs(network.run(x).output - (h[0] if kind == "LSTM" else h).detach().numpy()).max() <= 1e-6


def test_an_embedding_by_its_width():
    """Without a name, a file's only table that fits; with a bias beside it a table is a linear layer."""
    state = {f"rnn.{name}": value for name, value in torch.nn.GRU(D, H).state_dict().items()}
    state |= {"out.weight": torch.ones(2, D), "out.bias": torch.ones(2), "table": torch.ones(9, D)}
    assert [one.name for one in opened(save(state), "a.safetensors").embeddings] == ["table"]
    assert not opened(save(state | {"other": torch.ones(8, D)}), "a.safetensors").embeddings
    named = state | {"encoder.word_embeddings.weight": torch.ones(8, D), "embedding.weight": torch.ones(8, D + 1)}
    assert [one.name for one in opened(save(named), "a.safetensors").embeddings] == ["encoder.word_embeddings.weight"]
    with pytest.raises(Refused, match="no embedding called 'table'"):
        opened(save(named), "a.safetensors").embedding("table")


def test_a_layer_normalised_cell_is_asked_about():
    rng = np.random.default_rng(0)
    held = {"weight_ih": rng.normal(size=(4 * H, D)), "weight_hh": rng.normal(size=(4 * H, H))}
    held |= {f"layernorm_{part}.weight": np.ones(size) for part, size in (("i", 4 * H), ("h", 4 * H), ("c", H))}
    file = opened(npz({f"cell.{name}": value.astype(np.float32) for name, value in held.items()}), "a.npz")
    assert dict(file.found[0].asks) == {"layer_norm": ("carried", "output")}
    network = file.network(layer_norm="output")
    assert network.name == "cell"
    with pytest.raises(Refused, match="no layer-normalised LSTM"):
        twin(network)


@pytest.mark.parametrize(
    "options", [{"proj_size": 2}, {"proj_size": 2, "bidirectional": True, "num_layers": 2}], ids=["one", "both-ways-twice"]
)
def test_a_projection_in_torch(options):
    module = torch.nn.LSTM(D, H, dtype=torch.float64, **options)
    network = opened(pt(module.state_dict()), "a.pt").network()
    x, _ = inputs.random(T, D)
    outputs = twin(network)(torch.tensor(x, dtype=torch.float64))
    assert len(outputs) == options.get("num_layers", 1)
    assert np.abs(outputs[-1].numpy() - module(torch.tensor(x, dtype=torch.float64))[0].detach().numpy()).max() <= 1e-12
    assert max(gap.max() for gap in compared(network, x)) <= 1e-12


@pytest.mark.parametrize(
    "cell",
    [
        LSTM.init(D, H, peephole=np.ones((3, H), np.float32)),
        LSTM.init(D, H, coupled=True),
        GRU.init(D, H, reset="before", gate="hard_sigmoid"),
    ],
    ids=["peephole", "coupled", "before"],
)
def test_cells_that_torch_has_not_are_written_in_torch(cell):
    """A batch too; a wrong weight would show."""
    network = Network((Layer((Direction(cell), Direction(cell)), "mul"),), "torch")
    x, _ = inputs.random(T, D)
    assert max(gap.max() for gap in compared(network, x)) <= 1e-6
    both = np.stack((x, x[::-1]), axis=1)
    theirs = twin(network)(torch.tensor(both))[0].numpy()
    assert np.abs(network.run(both).output - theirs).max() <= 1e-6
    other = type(cell)(**{name: getattr(cell, name) for name in PARAMETERS})
    assert np.abs(Network((Layer((Direction(other), Direction(other)), "mul"),), "torch").run(both).output - theirs).max() > 1e-3


def test_a_network_that_starts_elsewhere_is_not_compared():
    network = Network((Layer((Direction(GRU.init(D, H)), None)),), "onnx", given={"h0": np.ones((1, 1, H), np.float32)})
    with pytest.raises(Refused, match="starts from states that its file gives"):
        twin(network)
