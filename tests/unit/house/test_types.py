"""The types of the whole tree, checked by mypy as pyproject.toml says."""

import subprocess
import sys

from tests.conftest import ROOT


def test_mypy():
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
