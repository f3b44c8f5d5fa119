"""python -m tests.attacks [--before] [pytest's arguments]: runs the attacks and writes their figures into docs/attacks.json and docs/attacks.md.

--before: into the column of the server as it was; for that, run it in a checkout of the old commit with tests/attacks copied in.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.attacks.conftest import FIGURES
from tests.conftest import ROOT

TABLE, PAGE = ROOT / "docs/attacks.json", ROOT / "docs/attacks.md"
HEAD = """# Attacks tried on the server

Written by `python -m tests.attacks`, on a server on this machine; *before* is the same attack on the server as it stood before it was mended.

| attack | measured | before | now |
|---|---|---|---|
"""


def written(value: object) -> str:
    return (
        f"{value:,.3g}" if isinstance(value, float) and value < 1000 else f"{value:,.0f}" if isinstance(value, int | float) else str(value)
    )


def main() -> int:
    arguments = sys.argv[1:]
    column = "before" if "--before" in arguments else "now"
    table = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "figures")
        path.touch()
        command = [sys.executable, "-m", "pytest", "tests/attacks", "-q", *(a for a in arguments if a != "--before")]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, FIGURES: str(path)}, check=False).returncode
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            table.setdefault(row["attack"], {}).setdefault(row["what"], {})[column] = row["value"]
    TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rows = [
        f"| {attack.removeprefix('test_').replace('_', ' ')} | {what} | {written(value.get('before', ''))} | {written(value.get('now', ''))} |"
        for attack, whats in sorted(table.items())
        for what, value in whats.items()
    ]
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
