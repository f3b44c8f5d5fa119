"""The libraries that run our layouts: onnxruntime, and Keras on torch."""

import keras
import numpy as np
import onnx
import onnxruntime

from core.layouts import KerasLayout, OnnxLayout

SAME_H = 1e-6  # of numbers in float32


def build(kind, variant, seed, shape=None):
    """A cell with random sizes, and x (T, B, D) for it."""
    rng = np.random.default_rng(seed)
    D, H, T, B = shape or rng.integers((1, 1, 1, 1), (12, 16, 20, 4))
    variant = dict(variant)
    if variant.pop("peepholes", False):
        variant["peephole"] = rng.normal(size=(3, H)).astype(np.float32)
    return kind.init(int(D), int(H), seed=seed, **variant), rng.normal(size=(T, B, D)).astype(np.float32)


def backwards(cell, x):
    """h of a cell that reads from the end, each at the place of its word."""
    return cell.run(x[::-1]).h[::-1]


def model(*nodes: OnnxLayout) -> onnx.ModelProto:
    """Layers on top of each other; outputs Y of the last, and each one's Y_h (and Y_c)."""
    made, held, outputs, x = [], [], [("Y", ["T", "directions", "B", "H"])], "X"
    for k, layout in enumerate(nodes):
        last, lstm = k == len(nodes) - 1, layout.operator == "LSTM"
        names = {name: f"{name}{k or ''}" for name in layout.inputs}
        held += [onnx.numpy_helper.from_array(array, names[name]) for name, array in layout.inputs.items()]
        inputs = [x, names["W"], names["R"], names["B"], *([""] * 3 + [names["P"]] if "P" in names else [])]
        states = [f"Y_{state}{k or ''}" for state in ("h", "c")[: 1 + lstm]]
        outputs += [(name, ["directions", "B", "H"]) for name in states]
        made.append(onnx.helper.make_node(layout.operator, inputs, ["Y" if last else f"all{k}", *states], **layout.attributes))
        if not last:  # (T, directions, B, H) -> (T, B, directions·H)
            held.append(onnx.numpy_helper.from_array(np.array([0, 0, -1]), f"flat{k}"))
            made.append(onnx.helper.make_node("Transpose", [f"all{k}"], [f"turned{k}"], perm=[0, 2, 1, 3]))
            made.append(onnx.helper.make_node("Reshape", [f"turned{k}", f"flat{k}"], [x := f"X{k + 1}"]))
    real = onnx.TensorProto.FLOAT
    given = [onnx.helper.make_tensor_value_info("X", real, ["T", "B", int(nodes[0].W.shape[2])])]
    results = [onnx.helper.make_tensor_value_info(name, real, shape) for name, shape in outputs]
    graph = onnx.helper.make_graph(made, "layers", given, results, held)
    whole = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(whole)
    return whole


def run_onnx(x, *nodes: OnnxLayout) -> dict[str, np.ndarray]:
    alone = onnxruntime.SessionOptions()
    alone.intra_op_num_threads = 1  # its threads would wait by spinning, and the tests share the cores
    session = onnxruntime.InferenceSession(model(*nodes).SerializeToString(), alone)
    return dict(zip([out.name for out in session.get_outputs()], session.run(None, {"X": x}), strict=True))


def layer_of(layout: KerasLayout, **options):
    """A Keras layer with the layout's weights, which returns h at every step."""
    kernel = layout.kernel
    layer = getattr(keras.layers, layout.kind)(len(layout.recurrent_kernel), return_sequences=True, **layout.options, **options)
    layer.build((None, None, len(kernel)))
    layer.set_weights(layout.weights)
    return layer


def run_keras(layer, x) -> np.ndarray:
    """x (T, B, D) through a Keras layer: (T, B, …)."""
    return layer(x.swapaxes(0, 1)).detach().numpy().swapaxes(0, 1)
