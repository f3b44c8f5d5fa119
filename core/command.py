"""The command `gatescope`: serves the app; `gatescope view` shows a trained network's file. Other arguments are Streamlit's: `gatescope --server.port 8600`."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]  # with app.py, pages and Streamlit's settings


def main() -> int:
    """Runs the server until it is stopped, or writes a view. Returns its status; 1 with a sentence where something is missing or cannot be shown."""
    if sys.argv[1:2] == ["view"]:
        from core.notebook import file

        return file.main(sys.argv[2:])
    if find_spec("streamlit") is None:
        print("The app needs more than the library does. Run: pip install 'gatescope[app]'", file=sys.stderr)
        return 1
    os.chdir(ROOT)  # Streamlit looks for its settings where it is started
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *sys.argv[1:]]
    if os.name == "posix":
        os.execv(sys.executable, command)  # signals then reach the server itself
    return subprocess.run(command, check=False).returncode
