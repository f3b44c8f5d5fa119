"""python -m tests.attacks [pytest's arguments]: runs the attacks and prints what each of them measured."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.attacks.conftest import FIGURES
from tests.conftest import ROOT


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "figures")
        path.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *(sys.argv[1:] or ["tests/attacks", "-m", "not heavy"])]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, FIGURES: str(path)}, check=False).returncode
        for line in path.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            value = f"{found['value']:,.4g}" if isinstance(found["value"], float) else found["value"]
            print(f"{found['attack'].removeprefix('test_').replace('_', ' ')} | {found['what']} | {value}")
    return status


if __name__ == "__main__":
    sys.exit(main())
