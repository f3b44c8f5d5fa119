"""A network of one's own as a view: what it holds, in what order, and what it refuses."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

from core.cells import LSTM, RNN
from core.cells.normed import NormedLSTM
from core.cells.notation import NOTATIONS
from core.network import Network
from core.network.layer import Direction, Layer
from core.notebook import dead, gates, histograms, show
from core.notebook.figures import gradient_norms
from core.views.stepper import formulas
from tests.conftest import ROOT

T, B, D, H = 7, 3, 5, 4
KINDS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def module(kind="lstm", **more):
    torch.manual_seed(0)
    return KINDS[kind](D, H, **more)


def x(*shape):
    return torch.randn(*(shape or (T, D)), generator=torch.Generator().manual_seed(1))


def data(view):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', view.page, re.DOTALL)
    assert found
    return json.loads(found[1])["value"]


@pytest.mark.parametrize("kind", KINDS)
def test_three_lines_show_a_module(kind):
    view = show(module(kind), x(), tokens=["one", "two", "three", "four", "five", "six", "seven"])
    stop = data(view)["stops"][0]
    assert stop["body"]["tokens"] == ["one", "two", "three", "four", "five", "six", "seven"]
    assert stop["body"]["layers"][0]["cell"] == kind
    assert stop["place"]["step"] == T - 1
    assert 'sandbox="allow-scripts allow-downloads"' in view._repr_html_()


def test_layers_directions_and_sequences_are_all_there():
    stops = data(show(module(num_layers=2, bidirectional=True, batch_first=True), x(B, T, D)))["stops"]
    assert len(stops) == B
    titles = [layer["title"] for layer in stops[0]["body"]["layers"]]
    assert titles == [f"layer {k}, {way}" for k in (1, 2) for way in ("forward", "backward (right to left)")]
    insides = [layer["inside"] for layer in stops[0]["body"]["layers"]]
    assert [inside["turned"] for inside in insides] == [False, True] * 2


def test_a_backward_direction_is_written_with_the_step_to_the_right():
    for turned, before in ((False, "t-1"), (True, "t+1")):
        lines = formulas.payload(LSTM.init(D, H), turned)
        for notation in NOTATIONS:
            assert {text for line in lines for text in re.findall(r"t[+-]1", line["latex"][notation])} == {before}


def test_a_padded_sequence_ends_where_it_ends():
    stops = data(show(module(batch_first=True), x(B, T, D), lengths=[7, 2, 4]))["stops"]
    assert [len(stop["body"]["tokens"]) for stop in stops] == [7, 2, 4]


@pytest.mark.parametrize("labels", [["no", "maybe", "yes"], None])
def test_a_readout_answers_after_each_step(labels):
    lstm, readout = module(), torch.nn.Linear(H, 3)
    panel = data(show(lstm, x(), readout=readout, labels=labels))["stops"][0]["body"]["layers"][0]["panels"][-1]
    assert panel["names"] == (labels or ["0", "1", "2"])


def test_a_cell_that_the_stepper_cannot_follow_has_no_arithmetic():
    """A layer-normalised LSTM is shown, and not worked out by other formulas; curves with numbers of their own are worked out."""
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=shape).astype(np.float32) for shape in ((4 * H, D), (4 * H, H), (4 * H,), (4 * H,))]
    for cell, known in ((NormedLSTM(*parts), False), (LSTM(*parts, candidate="elu(0.7)"), True), (LSTM(*parts), True)):
        network = Network((Layer((Direction(cell), None)),), "torch")
        (layer,) = data(show(network, x().numpy()))["stops"][0]["body"]["layers"]
        assert (layer["cell"], layer["inside"] is not None) == ("lstm", known)


def test_it_says_what_it_cannot_show():
    for arguments, said in (
        ({"tokens": ["one"]}, "tokens: got 1 for sequence 0, wanted 7"),
        ({"unit": 4}, "unit: got 4, wanted 0 to 3"),
        ({"level": "story"}, "level: got 'story'"),
        ({"readout": (np.zeros((2, 3)), None)}, r"readout: got weight \(2, 3\)"),
        ({"readout": (np.zeros((2, H)), None), "labels": ["one"]}, "labels: got 1, wanted 2"),
    ):
        with pytest.raises(ValueError, match=said):
            show(module(), x(), **arguments)
    with pytest.raises(ValueError, match="x: got a batch of 33"):
        show(module(), x(T, 33, D))


def test_a_large_view_is_no_address_but_a_small_one_is():
    assert show(module(), x()).url.startswith("data:text/html;base64,")
    large = show(torch.nn.LSTM(D, 128, num_layers=4), x(200, D))
    with pytest.raises(ValueError, match="use save"):
        assert large.url


def test_a_hundred_steps_of_sixty_four_units_are_less_than_a_megabyte():
    assert len(show(torch.nn.LSTM(16, 64), x(100, 16)).page) <= 1_000_000


@pytest.mark.parametrize("more", [{}, {"num_layers": 2}, {"num_layers": 2, "bidirectional": True}], ids=["one", "two", "both"])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_torch(kind, more):
    net, inputs = module(kind, **more).double(), x().double()
    norms = gradient_norms(net, inputs)
    for (_, ours), theirs in zip(norms, by_autograd(net, inputs, more), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def by_autograd(net, inputs, more):
    """‖∂L/∂h_t‖ of every layer and direction: torch's cells one step after the other, each h keeping its gradient."""
    depth, ways = more.get("num_layers", 1), 1 + more.get("bidirectional", False)
    rows, states = inputs, []
    for k in range(depth):
        outputs = []
        for way in range(ways):
            suffix = f"_l{k}" + ("_reverse" if way else "")
            cell = {"RNN": torch.nn.RNNCell, "LSTM": torch.nn.LSTMCell, "GRU": torch.nn.GRUCell}[type(net).__name__](
                rows.shape[1], H
            ).double()
            cell.load_state_dict({name: getattr(net, name + suffix) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})
            h = c = torch.zeros(H, dtype=torch.float64)
            hs = []
            for t in reversed(range(T)) if way else range(T):
                h = cell(rows[t], (h, c) if isinstance(cell, torch.nn.LSTMCell) else h)
                if isinstance(h, tuple):
                    h, c = h
                h.retain_grad()
                hs.append(h)
            hs = hs[::-1] if way else hs
            states.append(hs)
            outputs.append(torch.stack(hs))
        rows = torch.cat(outputs, dim=-1)
    rows[-1].sum().backward()
    return [np.array([0.0 if h.grad is None else h.grad.norm().item() for h in hs]) for hs in states]


def test_the_figures_have_every_array():
    assert len(gates(module(num_layers=2), x()).data) == 12
    assert len(histograms(module(), x()).data) == 3


def test_dead_and_saturated_units_are_counted():
    lstm = module()
    with torch.no_grad():
        lstm.bias_ih_l0[H : 2 * H] = 50.0  # f = 1
        lstm.bias_ih_l0[3 * H] = -50.0  # o = 0 of unit 0
    (units,) = dead(lstm, x())
    assert units.dead == 1 / H
    assert units.saturated["f"] == 1


def test_neither_streamlit_nor_torch_nor_plotly_is_imported():
    code = "import sys, core.notebook; print(sorted({'streamlit', 'torch', 'plotly', 'starlette'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_figures_know_a_layer_normalised_cell():
    rng = np.random.default_rng(0)
    parts = [rng.normal(size=shape).astype(np.float32) for shape in ((4 * H, D), (4 * H, H), (4 * H,), (4 * H,))]
    network = Network((Layer((Direction(NormedLSTM(*parts)), None)),), "torch")
    assert len(gates(network, x().numpy()).data) == 6


def test_numbers_that_overflow_have_finite_ranges():
    """An RNN of ReLUs that grows beyond float32: what is sent is JSON, and says that it overflowed."""
    parts = [np.full(shape, 90, np.float32) for shape in ((H, D), (H, H), (H,), (H,))]
    with np.errstate(over="ignore", invalid="ignore"):
        (stop,) = data(show(Network((Layer((Direction(RNN(*parts, activation="relu")), None)),), "torch"), np.ones((40, D), np.float32)))[
            "stops"
        ]
    (layer,) = stop["body"]["layers"]
    assert layer["overflow"]
    assert all(np.isfinite(panel["range"]) for panel in layer["panels"])
