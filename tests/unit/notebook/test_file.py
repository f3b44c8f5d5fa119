"""`gatescope view`: files of torch's as they come, and sentences for what cannot be read."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core.notebook.file import main

T, D, H = 6, 3, 4


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    model = torch.nn.ModuleDict({"encoder": torch.nn.GRU(D, H, batch_first=True), "head": torch.nn.Linear(H, 2)})
    save_file(model.state_dict(), "model.safetensors")
    torch.save(model.state_dict(), "model.pt")
    np.savez("model.npz", **{name: value.numpy() for name, value in model.state_dict().items()})
    np.save("x.npy", np.zeros((2, T, D), np.float32))
    np.savetxt("x.csv", np.zeros((T, D)), delimiter=",")
    return tmp_path


@pytest.mark.parametrize("model", ["model.safetensors", "model.pt", "model.npz"])
@pytest.mark.parametrize("given", ["x.npy", "x.csv"])
def test_a_file_becomes_a_view(folder, capsys, model, given):
    assert main([model, "--input", given, "--out", "v.html"]) == 0
    assert "GRU(3, 4)" in capsys.readouterr().out
    found = re.search(r'id="data">(.*?)</script>', (folder / "v.html").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    stops = json.loads(found[1])["value"]["stops"]
    assert len(stops) == (2 if given == "x.npy" else 1)


@pytest.mark.parametrize(
    ("model", "given", "said"),
    [
        ("model.txt", "x.npy", "'.txt' are not read: save the model’s weights as .safetensors"),
        ("none.safetensors", "x.npy", "none.safetensors"),
        ("junk.safetensors", "x.npy", "The content is not that of a .safetensors file"),
        ("junk.pt", "x.npy", "save the weights alone, torch.save(model.state_dict(), …)"),
        ("model.safetensors", "x.txt", "are not read: use a .csv or a .npy file"),
        ("model.safetensors", "words.csv", "holds no number"),
        ("model.safetensors", "wide.npy", "x: got shape"),
    ],
    ids=["kind", "none", "junk", "pickle", "input", "words", "wide"],
)
def test_what_cannot_be_shown_is_told(folder, capsys, model, given, said):
    (folder / "junk.safetensors").write_bytes(b"\xff" * 40)
    (folder / "junk.pt").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    (folder / "x.txt").write_bytes(b"1 2")
    (folder / "model.txt").write_bytes(b"weights")
    (folder / "words.csv").write_text("a,b\n", encoding="utf-8")
    np.save("wide.npy", np.zeros((T, D + 1), np.float32))
    assert main([model, "--input", given]) == 1
    assert said in capsys.readouterr().err
    assert not (folder / "view.html").exists()


def test_a_pickle_runs_no_code(folder, capsys):
    class Evil:
        def __reduce__(self):
            return Path.touch, (folder / "run",)

    torch.save(Evil(), "evil.pt")
    assert main(["evil.pt", "--input", "x.npy"]) == 1
    assert "which could run code" in capsys.readouterr().err
    assert not (folder / "run").exists()
