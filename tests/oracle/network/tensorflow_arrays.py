"""TensorFlow 1's cells (through TensorFlow 2 and tf_keras), run in a process of its own: `python -m tests.oracle.network.tensorflow_arrays FILE`.

Writes a .npz: of each case its variables as case|variable, and case|output, case|h_n, case|c_n.
"""

import os
import sys

import numpy as np

from tests.oracle.network import LENGTHS, X_FIRST, D, H, X

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": ""}


def main(file: str) -> None:
    import tensorflow as tf

    v1 = tf.compat.v1
    v1.logging.set_verbosity(v1.logging.ERROR)
    cell = v1.nn.rnn_cell
    found: dict[str, np.ndarray] = {}

    def case(name: str, make, run, x: np.ndarray = X_FIRST) -> None:
        """make: the cell or cells, in a graph of their own; run(cells, x): the output, and the last states by name."""
        with tf.Graph().as_default(), v1.Session() as session:
            given = v1.placeholder(tf.float32, (None, None, D))
            wanted = run(make(), given)
            rng = np.random.default_rng(9)
            for variable in v1.global_variables():
                value = rng.uniform(-0.6, 0.6, variable.shape.as_list()).astype(np.float32)
                variable.load(value, session)
                found[f"{name}|{variable.name}"] = value
            for key, value in zip(wanted, session.run(list(wanted.values()), {given: x}), strict=True):
                found[f"{name}|{key}"] = value

    def dynamic(made, x, **options) -> dict:
        output, last = v1.nn.dynamic_rnn(made, x, dtype=tf.float32, **options)
        if isinstance(last, cell.LSTMStateTuple):
            return {"output": output, "h_n": last.h[None], "c_n": last.c[None]}
        return {"output": output} | ({} if isinstance(last, tuple) else {"h_n": last[None]})

    def both(made, x) -> dict:
        return {"output": tf.concat(v1.nn.bidirectional_dynamic_rnn(*made, x, dtype=tf.float32, sequence_length=LENGTHS)[0], -1)}

    for name, make in {
        "basic-lstm": lambda: cell.BasicLSTMCell(H),
        "lstm-forget-bias-2": lambda: cell.LSTMCell(H, forget_bias=2.0),
        "lstm-peepholes": lambda: cell.LSTMCell(H, use_peepholes=True),
        "lstm-projected": lambda: cell.LSTMCell(H, num_proj=2),
        "gru": lambda: cell.GRUCell(H),
        "rnn": lambda: cell.BasicRNNCell(H),
        "two-layers": lambda: cell.MultiRNNCell([cell.LSTMCell(H), cell.LSTMCell(3)]),
    }.items():
        case(name, make, dynamic)
        case(f"{name}-lengths", make, lambda made, x: dynamic(made, x, sequence_length=LENGTHS))
    case("gru-time-major", lambda: cell.GRUCell(H), lambda made, x: dynamic(made, x, time_major=True), X)
    case("both-directions-lengths", lambda: (cell.LSTMCell(H), cell.LSTMCell(H)), both)
    found |= of_cudnn()
    np.savez(file, **found)


def of_cudnn() -> dict[str, np.ndarray]:
    """Arrays as CuDNNLSTM and CuDNNGRU hold them, and what LSTM and GRU give after Keras 2 has converted them."""
    import tf_keras
    from tf_keras.src.saving.legacy.hdf5_format import preprocess_weights_for_loading

    rng, found = np.random.default_rng(7), {}
    for kind, gates in (("LSTM", 4), ("GRU", 3)):
        shapes = ((D, gates * H), (H, gates * H), (2 * gates * H,))
        held = [rng.uniform(-0.6, 0.6, shape).astype(np.float32) for shape in shapes]
        layer = getattr(tf_keras.layers, kind)(H, return_sequences=True)
        layer.build((None, None, D))
        layer.set_weights(preprocess_weights_for_loading(layer, held, "2"))
        found |= {f"cudnn-{kind}|{name}": value for name, value in zip(("kernel", "recurrent_kernel", "bias"), held, strict=True)}
        found[f"cudnn-{kind}|output"] = layer(X_FIRST).numpy()
    return found


if __name__ == "__main__":
    main(sys.argv[1])
