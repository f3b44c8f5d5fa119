"""The cells after the LSTM against other people's code, where it is installed: `pip install --no-deps xlstm minGRU-pytorch mambapy`.

xlstm is the authors' own (its sLSTM step for CPUs, read as a file: the package itself wants a compiler for CUDA); the others are independent.
"""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from core.cells.later import SLSTM, Attention, MinGRU, MinLSTM, SelectiveSSM

D, H, T, B = 4, 4, 20, 3


def test_slstm_of_its_authors():
    found = importlib.util.find_spec("xlstm")
    if found is None or not found.submodule_search_locations:
        pytest.skip("xlstm is not installed")
    file = Path(found.submodule_search_locations[0]) / "blocks/slstm/src/vanilla/slstm.py"
    spec = importlib.util.spec_from_file_location("slstm_vanilla", file)
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    cell, x = SLSTM.init(D, H, seed=1, dtype=np.float64), np.random.default_rng(1).normal(size=(T, B, D))
    trace, states = cell.run(x), torch.zeros(4, B, H, dtype=torch.float64)
    for t, x_t in enumerate(x):  # rows i f z o, as ours
        outer, inner = (torch.tensor(v) for v in (x_t @ cell.weight_ih.T, states[0].numpy() @ cell.weight_hh.T))
        states, gates = theirs.slstm_forward_pointwise(outer, inner, torch.tensor(cell.bias_ih[None]), states, {})
        for name, row in zip(("h", "c", "n", "m", "i", "f"), (*states, *gates[:2]), strict=True):
            if name != "f" or t:  # theirs begins with m = 0; the first f multiplies zeros
                np.testing.assert_allclose(getattr(trace, name)[t], row.numpy(), rtol=1e-11, atol=1e-12, err_msg=f"{name} at {t}")


@pytest.mark.parametrize("kind", [MinGRU, MinLSTM])
def test_mingru_and_minlstm_of_another(kind):
    name = f"m{kind.__name__[1:]}"
    package = pytest.importorskip(f"minGRU_pytorch.{name}")
    theirs = getattr(package, name)(D).double()
    cell = kind.init(D, H, seed=2, dtype=np.float64)
    blocks = [cell.weight_ih[k * H : (k + 1) * H] for k in range(len(cell.bias_ih) // H)]
    rows = np.concatenate((blocks[-1], *blocks[:-1]))  # theirs has the candidate first, and no bias
    (only,) = theirs.parameters()
    x = np.random.default_rng(2).normal(size=(T, B, D))
    with torch.no_grad():
        only.copy_(torch.tensor(rows))
        said = theirs(torch.tensor(x).transpose(0, 1)).transpose(0, 1).numpy()
    unbiased = kind(cell.weight_ih, np.zeros_like(cell.bias_ih))
    np.testing.assert_allclose(unbiased.run(x).h, said, rtol=1e-10)
    np.testing.assert_allclose(unbiased.scan(x), said, rtol=1e-10)


def test_the_selective_scan_of_another():
    mamba = pytest.importorskip("mambapy.mamba")
    cell, x = SelectiveSSM.init(D, H, seed=3, dtype=np.float64), np.random.default_rng(3).normal(size=(T, B, D))
    block, trace = mamba.MambaBlock(mamba.MambaConfig(d_model=H, n_layers=1, d_state=cell.log_a.shape[1], expand_factor=1)), cell.run(x)
    block = block.double()
    swapped = [torch.tensor(part.swapaxes(0, 1).copy()) for part in (trace.u, trace.delta, trace.b, trace.c)]
    u, delta, b, c = swapped
    torch.set_default_dtype(torch.float64)
    try:
        for scan in (block.selective_scan_seq, block.selective_scan):
            said = scan(u, delta, torch.tensor(cell.a), b, c, torch.tensor(cell.skip)).transpose(0, 1).numpy()
            np.testing.assert_allclose(trace.y, said, rtol=1e-10, atol=1e-12)
    finally:
        torch.set_default_dtype(torch.float32)


def test_the_dot_score_is_keras_default():
    """Its Attention layer, "Luong-style", does not divide the scores."""
    os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
    keras = pytest.importorskip("keras")
    cell, x = Attention.init(D, H, seed=4, dtype=np.float64, scores="dot"), np.random.default_rng(4).normal(size=(T, B, D))
    trace = cell.run(x)
    q, k, v = (part.swapaxes(0, 1) for part in (trace.q, trace.k, trace.v))
    said = np.asarray(keras.layers.Attention(dtype="float64")([q, v, k], use_causal_mask=True)).swapaxes(0, 1)
    np.testing.assert_allclose(trace.y, said, rtol=1e-4, atol=1e-6)  # it computes in float32
    scaled = Attention.init(D, H, seed=4, dtype=np.float64).run(x)
    assert np.abs(scaled.y - said).max() > 1e-3
