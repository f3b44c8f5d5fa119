"""TensorFlow 1's cells, whose numbers a process of its own computes: TensorFlow beside torch and JAX would fill a test worker's memory."""

import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from core.cells import GRU, LSTM, RNN
from core.layouts import from_cudnn, to_tensorflow
from core.network import Network
from tests.conftest import ROOT
from tests.oracle.network import LENGTHS, X_FIRST, Array, D, H, X, case

MISSING = [name for name in ("tensorflow", "tf_keras") if find_spec(name) is None]
RUN = ("basic-lstm", "lstm-forget-bias-2", "lstm-peepholes", "lstm-projected", "gru", "rnn", "two-layers")


@cache
def computed() -> dict[str, dict[str, Array]]:
    """TensorFlow's arrays, {case: {variable or output: array}}."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "arrays.npz"
        command = [sys.executable, "-m", "tests.oracle.network.tensorflow_arrays", str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        found: dict[str, dict[str, Array]] = {}
        for key, value in np.load(file).items():
            name, part = key.split("|")
            found.setdefault(name, {})[part] = value
    return found


def same(name: str, x: Array = X_FIRST, lengths: Array | None = None, **options):
    held = computed()[name]
    wanted = {key: held[key] for key in ("output", "h_n", "c_n") if key in held}
    variables = {key: value for key, value in held.items() if key not in wanted} | {"dense/kernel": np.ones((2, 2), np.float32)}
    return lambda: wanted, lambda: Network.from_tensorflow(variables, **options).run(x, lengths=lengths)


def option(name: str) -> dict:
    return {"rnn": {"activation": "tanh"}, "lstm-forget-bias-2": {"forget_bias": 2.0}}.get(name, {})


for name in () if MISSING else RUN:
    case(f"tensorflow-{name}")(lambda name=name: same(name, **option(name)))
    case(f"tensorflow-{name}-lengths")(lambda name=name: same(f"{name}-lengths", lengths=LENGTHS, **option(name)))
if not MISSING:
    case("tensorflow-gru-time-major")(lambda: same("gru-time-major", X, time_major=True))
    case("tensorflow-both-directions-lengths")(lambda: same("both-directions-lengths", lengths=LENGTHS))
    for kind in ("LSTM", "GRU"):

        @case(f"tensorflow-CuDNN{kind}")
        def _(kind=kind):
            held = dict(computed()[f"cudnn-{kind}"])
            wanted = {"output": held.pop("output")}
            return lambda: wanted, lambda: Network.from_keras(from_cudnn(f"CuDNN{kind}", **held)).run(X_FIRST)


KERNEL = np.zeros((D + H, 4 * H), np.float32)
CELL = {"rnn/lstm_cell/kernel": KERNEL, "rnn/lstm_cell/bias": KERNEL[0]}
for name, words, ours in (
    (
        "rnn-unsaid",
        "activation: got none",
        lambda: Network.from_tensorflow({"basic_rnn_cell/kernel": KERNEL, "basic_rnn_cell/bias": KERNEL[0]}),
    ),
    ("no-cell", "arrays: got 'dense/kernel', wanted variables", lambda: Network.from_tensorflow({"dense/kernel": KERNEL})),
    ("bias-missing", "arrays: got no 'bias'", lambda: Network.from_tensorflow({"lstm_cell/kernel": KERNEL})),
    ("one-peephole", "arrays: got some peepholes", lambda: Network.from_tensorflow(CELL | {"rnn/lstm_cell/w_i_diag": KERNEL[0, :H]})),
    ("two", "name: got '', and the checkpoint holds 2", lambda: Network.from_tensorflow(CELL | {f"b/{k}": v for k, v in CELL.items()})),
    ("odd-kernel", "kernel: got shape", lambda: Network.from_tensorflow(CELL | {"rnn/lstm_cell/kernel": KERNEL[:, :7]})),
    ("of-a-gru-reset-after", "reset: got 'after'", lambda: to_tensorflow(GRU.init(D, H))),
):
    case(f"tensorflow-{name}", words)(lambda ours=ours: (lambda: None, ours))

for kind, cell, options in (
    ("lstm", LSTM.init(D, H), {"forget_bias": 0.5}),
    ("lstm", LSTM.init(D, H, peephole=np.ones((3, H), np.float32)), {}),
    ("gru", GRU.init(D, H, reset="before"), {}),
    ("rnn", RNN.init(D, H), {}),
):

    @case(f"tensorflow-there-and-back-{kind}-{len(options)}")
    def _(kind=kind, cell=cell, options=options):
        back = {"activation": "tanh"} if kind == "rnn" else {}
        held = to_tensorflow(cell, **options)
        return lambda: {"output": cell.run(X).h}, lambda: Network.from_tensorflow(
            {f"{kind}_cell/{key}": value for key, value in held.items()}, time_major=True, **options, **back
        ).run(X)
