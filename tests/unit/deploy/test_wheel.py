"""The wheel, built from what git tracks, in an environment with nothing else: the library, the command, and the app."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from tests.conftest import ROOT, answered, free_ports, until

LIBRARY = {"gatescope", "numpy", "safetensors", "latex2mathml", "pydantic", "regex"}
OF_PYDANTIC = {"annotated-types", "pydantic_core", "typing_extensions", "typing-inspection"}
USE = """
import sys
import gatescope
assert "numpy" not in sys.modules
import numpy as np
from gatescope import Network, show
from gatescope.cells import PARAMETERS, LSTM
from gatescope.models import load
cell = LSTM.init(3, 4)
network = Network.from_torch({f"{name}_l0": getattr(cell, name) for name in PARAMETERS}, batch_first=False)
x = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
np.testing.assert_array_equal(network.run(x).output, cell.run(x).h)
assert "<title>" in show(network, x).page
assert load("sentiment-lstm").run("not bad").outputs[-1, 1] > 0.5
assert not {name for name in sys.modules if name.split(".")[0] in ("core", "torch", "streamlit", "plotly")}
"""


def run(*command: str | Path, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)


def pip(programs: Path) -> tuple[str | Path, ...]:
    """This environment's pip for another one: to install it there, too, takes longer than the wheel."""
    return sys.executable, "-m", "pip", "--python", programs / "python"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment into which the wheel was installed."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(("tests/", "docs/")) and (ROOT / name).is_file():
            (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / "tree" / name)
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, folder / "tree")
    assert built.returncode == 0, built.stderr
    assert run(sys.executable, "-m", "venv", "--without-pip", folder / "empty").returncode == 0
    programs = folder / "empty" / ("Scripts" if os.name == "nt" else "bin")
    installed = run(*pip(programs), "install", "--quiet", next(folder.glob("*.whl")))
    assert installed.returncode == 0, installed.stderr
    return programs


def test_nothing_but_the_library_is_installed(empty):
    listed = run(*pip(empty), "list", "--format", "freeze").stdout.split()
    assert {line.split("==")[0] for line in listed} == LIBRARY | OF_PYDANTIC


def test_it_reads_a_network_and_a_shipped_model(empty, tmp_path):
    used = run(empty / "python", "-c", USE, cwd=tmp_path)
    assert used.returncode == 0, used.stderr


def test_the_command_writes_a_view(empty, tmp_path):
    """Of torch's file and an array, without torch: one file that needs no network."""
    torch.manual_seed(0)
    save_file(torch.nn.LSTM(3, 4).state_dict(), tmp_path / "model.safetensors")
    np.save(tmp_path / "x.npy", np.zeros((5, 3), np.float32))
    done = run(empty / "gatescope", "view", "model.safetensors", "--input", "x.npy", "--out", "view.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "LSTM(3, 4)" in done.stdout
    assert "<title>model.safetensors</title>" in (tmp_path / "view.html").read_text(encoding="utf-8")


def test_every_folder_travels(empty, tmp_path):
    code = "import gatescope; print(*gatescope.__path__)"
    package = Path(run(empty / "python", "-c", code, cwd=tmp_path).stdout.strip())
    assert {path.name for path in (package / "pages").glob("*.py")} == {path.name for path in (ROOT / "pages").glob("*.py")}
    assert (package / ".streamlit/config.toml").read_bytes() == (ROOT / ".streamlit/config.toml").read_bytes()
    assert not [path for path in package.rglob("*.py") if re.search(r"\bfrom core\b", path.read_text(encoding="utf-8"))]


def test_the_command_says_what_the_app_needs(empty, tmp_path):
    done = run(empty / "gatescope", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'gatescope[app]'" in done.stderr


def test_the_command_serves_the_app(empty, tmp_path):
    """Beside the packages of this environment, which are the app's."""
    port = free_ports(1)[0]
    env = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib"), "GATESCOPE_DATA": str(tmp_path / "data")}
    command = [str(empty / "gatescope"), "--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(port)]
    log = tmp_path / "log"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=out, stderr=out)
    try:
        until(lambda: answered(f"http://127.0.0.1:{port}/_stcore/health"), log.read_text, 120, server)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/gradients", timeout=30) as document:
            assert "<title>Gradients · Gatescope</title>" in document.read().decode()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
