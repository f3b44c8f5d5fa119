"""Cells of flax (linen and nnx) and of equinox, whose x is (B, T, D)."""

from collections.abc import Callable

import equinox
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from core.cells import GRU, LSTM, RNN
from core.layouts import from_equinox, from_flax, to_equinox, to_flax
from core.network import Network
from tests.oracle.network import LENGTHS, X_FIRST, Array, D, H, T, Theirs, X, case

jax.config.update("jax_disable_most_optimizations", True)  # its compiler would take longer than all that is computed

LINEN = {"LSTMCell": nn.LSTMCell, "OptimizedLSTMCell": nn.OptimizedLSTMCell, "GRUCell": nn.GRUCell, "SimpleCell": nn.SimpleCell}
NNX = {"LSTMCell": nnx.LSTMCell, "OptimizedLSTMCell": nnx.OptimizedLSTMCell, "GRUCell": nnx.GRUCell, "SimpleCell": nnx.SimpleCell}


def said(name: str) -> dict[str, str]:
    return {"activation": "tanh"} if name == "SimpleCell" else {}


def drawn(network: nn.Module, x: Array = X_FIRST):
    """Random parameters: flax's own are compiled, each for itself, which takes seconds."""
    rng, shapes = np.random.default_rng(8), jax.eval_shape(network.init, jax.random.key(0), x)
    return jax.tree.map(lambda one: jnp.asarray(rng.uniform(-0.6, 0.6, one.shape), one.dtype), shapes)


def states(carry) -> dict[str, Array]:
    """The last carry of one layer as torch has it."""
    both = carry if isinstance(carry, tuple) else (None, carry)
    return {name: np.asarray(value)[None] for name, value in zip(("c_n", "h_n"), both, strict=True) if value is not None}


def past_the_end(y: Array) -> Array:
    """flax goes on past a sequence's end; we give 0 there, so those steps are not compared."""
    return np.ma.array(y, mask=np.broadcast_to((np.arange(T) >= LENGTHS[:, None])[..., None], y.shape))


for name, cell in LINEN.items():

    @case(f"flax-{name}")
    def _(name=name, cell=cell):
        network = nn.RNN(cell(H), return_carry=True)
        held = drawn(network)
        carry, y = network.apply(held, X_FIRST)
        return lambda: {"output": np.asarray(y), **states(carry)}, lambda: Network.from_flax(held, **said(name)).run(X_FIRST)

    @case(f"flax-{name}-time-major")
    def _(name=name, cell=cell):
        network = nn.RNN(cell(H), time_major=True)
        held = drawn(network, X)
        return lambda: {"output": np.asarray(network.apply(held, X))}, lambda: Network.from_flax(held, time_major=True, **said(name)).run(X)

    @case(f"flax-{name}-lengths")
    def _(name=name, cell=cell):
        network = nn.RNN(cell(H), return_carry=True)
        held = drawn(network)
        carry, y = network.apply(held, X_FIRST, seq_lengths=LENGTHS)
        run = lambda: Network.from_flax(held, **said(name)).run(X_FIRST, lengths=LENGTHS)  # noqa: E731
        return lambda: {"output": past_the_end(y), **states(carry)}, run

    @case(f"flax-{name}-both-directions-lengths")
    def _(name=name, cell=cell):
        network = nn.Bidirectional(nn.RNN(cell(H)), nn.RNN(cell(H)))
        held = {"params": {"encoder": drawn(network)["params"]}}
        y = network.apply({"params": held["params"]["encoder"]}, X_FIRST, seq_lengths=LENGTHS)
        run = lambda: Network.from_flax(held, "encoder", **said(name)).run(X_FIRST, lengths=LENGTHS)  # noqa: E731
        return lambda: {"output": past_the_end(y)}, run

    @case(f"flax-nnx-{name}")
    def _(name=name):
        network = nnx.RNN(NNX[name](D, H, rngs=nnx.Rngs(0)))
        held = nnx.state(network, nnx.Param)
        return lambda: {"output": np.asarray(network(X_FIRST))}, lambda: Network.from_flax(held, **said(name)).run(X_FIRST)


for kind in (LSTM, GRU, RNN):

    @case(f"flax-of-our-{kind.__name__}")
    def _(kind=kind):
        """Our weights run by flax, and come back from it."""
        cell, network = kind.init(D, H, seed=4), nn.RNN(LINEN[{LSTM: "LSTMCell", GRU: "GRUCell", RNN: "SimpleCell"}[kind]](H))
        held = {"cell": to_flax(cell)}
        option = {"activation": "tanh"} if kind is RNN else {}
        y = network.apply({"params": jax.tree.map(jnp.asarray, held)}, X_FIRST)
        np.testing.assert_allclose(from_flax(to_flax(cell), **option).run(X).h, cell.run(X).h, rtol=0, atol=1e-6)
        return lambda: {"output": np.asarray(y)}, lambda: Network.from_flax(held, **option).run(X_FIRST)


def scanned(cell, lstm: bool) -> Callable[[Array], Array]:
    """equinox's cell over a batch (B, T, D), as its documentation does it."""

    def step(state, x_t):
        state = cell(x_t, state)
        return state, state[0] if lstm else state

    start = (jnp.zeros(H), jnp.zeros(H)) if lstm else jnp.zeros(H)
    return lambda x: np.asarray(jax.vmap(lambda xs: jax.lax.scan(step, start, xs)[1])(x))


for kind, theirs in ((LSTM, equinox.nn.LSTMCell), (GRU, equinox.nn.GRUCell)):
    for bias in (True, False):

        @case(f"equinox-{kind.__name__}-{'bias' if bias else 'no-bias'}")
        def _(kind=kind, theirs=theirs, bias=bias) -> tuple[Theirs, object]:
            cell = theirs(D, H, use_bias=bias, key=jax.random.key(1))
            return lambda: {"output": scanned(cell, kind is LSTM)(X_FIRST)}, lambda: Network.from_equinox(cell).run(X_FIRST)

    @case(f"equinox-of-our-{kind.__name__}")
    def _(kind=kind, theirs=theirs):
        ours, made = kind.init(D, H, seed=4), theirs(D, H, key=jax.random.key(1))
        fields = to_equinox(ours)
        made = equinox.tree_at(lambda cell: [getattr(cell, name) for name in fields], made, [jnp.asarray(v) for v in fields.values()])
        np.testing.assert_allclose(from_equinox(made).run(X).h, ours.run(X).h, rtol=0, atol=1e-6)
        return lambda: {"output": scanned(made, kind is LSTM)(X_FIRST)}, lambda: Network.from_equinox(made).run(X_FIRST)


@case("flax-bfloat16", within=0.05)
def _():
    network = nn.RNN(nn.LSTMCell(H, param_dtype=jnp.bfloat16))
    held = drawn(network, jnp.asarray(X_FIRST, jnp.bfloat16))
    y = network.apply(held, jnp.asarray(X_FIRST, jnp.bfloat16))
    return lambda: {"output": np.asarray(y.astype(jnp.float32))}, lambda: Network.from_flax(held).run(jnp.asarray(X_FIRST, jnp.bfloat16))


def _held(cell) -> dict:
    return drawn(nn.RNN(cell))


for name, words, ours in (
    ("flax-MGUCell", "params: got an MGUCell's", lambda: Network.from_flax(_held(nn.MGUCell(H)))),
    ("flax-SimpleCell-unsaid", "activation: got none, and parameters do not tell it", lambda: Network.from_flax(_held(nn.SimpleCell(H)))),
    ("flax-two", "name: got '', and the tree holds 2", lambda: Network.from_flax({"a": _held(nn.GRUCell(H)), "b": _held(nn.GRUCell(H))})),
    ("flax-none", "params: got a tree without", lambda: Network.from_flax({"Dense_0": {"kernel": np.ones((2, 2))}})),
    ("flax-no-tree", "params: got ndarray", lambda: Network.from_flax(np.ones(3))),
    ("flax-of-peepholes", "peephole: got", lambda: to_flax(LSTM.init(D, H, peephole=np.ones((3, H), np.float32)))),
    ("flax-of-reset-before", "reset: got 'before'", lambda: to_flax(GRU.init(D, H, reset="before"))),
    ("equinox-of-rnn", "cell: got RNN", lambda: to_equinox(RNN.init(D, H))),
    ("equinox-linear", "cell: got equinox.nn._linear.Linear", lambda: Network.from_equinox(equinox.nn.Linear(2, 2, key=jax.random.key(0)))),
):
    case(name, words)(lambda ours=ours: (lambda: None, ours))
