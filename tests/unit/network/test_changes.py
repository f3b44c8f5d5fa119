"""Values of a network's run set by hand, a cell replaced, and gradients through layers that hand on what they read backwards."""

import numpy as np
import pytest

from core.cells import GRU, LSTM, RNN, Edit
from core.network import Network
from core.network.gradients import gradient_norms
from core.network.layer import Direction, Layer

T, D, H = 6, 3, 4
X = np.random.default_rng(1).normal(size=(T, D))
KINDS = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
ARRAYS = {"rnn": "h", "lstm": "f", "gru": "z"}


def cells(kind: str) -> list[list]:
    return [[KINDS[kind].init(D if k == 0 else 2 * H, H, seed=2 * k + way, dtype=np.float64) for way in (0, 1)] for k in range(2)]


def network(both: list[list]) -> Network:
    return Network(tuple(Layer((Direction(there), Direction(back))) for there, back in both), "torch", dtype=np.dtype(np.float64))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_set_in_one_direction_goes_on_into_the_layer_above(kind):
    both, edits = cells(kind), [Edit(ARRAYS[kind], 0.5, slice(1, 3), [0, 2])]
    got = network(both).run(X, edits={(0, True): edits})
    x = np.concatenate((both[0][0].run(X).h, both[0][1].run(X[::-1], edits=edits).h[::-1]), axis=-1)
    np.testing.assert_allclose(got.layers[1].forward.h, both[1][0].run(x).h, rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.layers[1].backward.h, both[1][1].run(x[::-1]).h, rtol=0, atol=1e-12)
    assert (getattr(got.layers[0].backward, ARRAYS[kind])[1:3, [0, 2]] == 0.5).all()
    assert not np.allclose(got.output, network(both).run(X).output)


def test_what_a_cell_does_not_have_is_refused():
    with pytest.raises(ValueError, match="wanted one of"):
        network(cells("gru")).run(X, edits={(1, False): [Edit("f", 1.0)]})


def test_another_cell_stands_in_one_place_alone():
    both = cells("lstm")
    other = LSTM.init(2 * H, H, seed=9, dtype=np.float64)
    got = network(both).with_cell(1, True, other)
    assert [way.cell for layer in got.layers for way in layer.directions] == [both[0][0], both[0][1], both[1][0], other]
    alone = Network((Layer((Direction(both[0][0]), None)),), "torch")
    with pytest.raises(ValueError, match="backward: got True for layer 0"):
        alone.with_cell(0, True, both[0][1])


def test_gradients_pass_a_layer_that_reads_backwards_and_hands_on_in_that_order():
    """Against finite differences of each h, set by hand one at a time."""
    below, above = (RNN.init(size, H, seed=seed, dtype=np.float64) for seed, size in enumerate((D, H)))
    layers = (Layer((None, Direction(below)), turned=True), Layer((Direction(above), None)))
    net = Network(layers, "keras", dtype=np.dtype(np.float64))
    plain, step = net.run(X), 1e-5
    found = gradient_norms(net, plain)
    for k, backward in ((0, True), (1, False)):
        trace = plain.layers[k].ways[backward].trace
        slopes = np.zeros((T, H))
        for t in range(T):
            for unit in range(H):
                ends = [
                    net.run(X, edits={(k, backward): [Edit("h", trace.h[t, unit] + by, t, unit)]}).output[-1].sum() for by in (step, -step)
                ]
                slopes[t, unit] = (ends[0] - ends[1]) / (2 * step)
        wanted = np.linalg.norm(slopes, axis=-1)
        np.testing.assert_allclose(found[k], wanted[::-1] if backward else wanted, rtol=1e-6, atol=1e-9)


def test_gradients_of_an_edited_run_stop_where_a_value_was_set():
    both = cells("gru")
    net, edits = network(both), [Edit("h", 0.0, 2)]
    norms = gradient_norms(net, net.run(X, edits={(1, False): edits}))
    assert (norms[2][:2] == 0).all()
