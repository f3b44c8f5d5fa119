"""python -m tests [--all] [pytest's own arguments]: finds or installs a browser, Redis and nginx, then runs ruff and every test.

--all adds what is heavy: the cards against their data, and load. --shuffle SEED runs the tests in another order. Exits with pytest's status.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import node

ROOT = Path(__file__).parents[1]
# The headless shell is the same engine without the windows: a page costs a quarter less.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    if given := os.environ.get("GATESCOPE_CHROMIUM"):
        return given
    if found := next(filter(None, map(shutil.which, NAMES)), None):
        return found
    for path in ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", r"C:\Program Files\Google\Chrome\Application\chrome.exe"):
        if Path(path).exists():
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install() -> None:
    """Playwright's own Chromium, or Debian's where that cannot be downloaded."""
    print("no Chromium here: installing one", flush=True)
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600).returncode == 0 and browser():
        return
    if not (apt("chromium-headless-shell", "fonts-dejavu-core") or apt("chromium", "fonts-dejavu-core")):
        sys.exit("No Chromium or Chrome was found and none could be installed: install one and try again.")


def apt(*packages: str) -> bool:
    """Installs Debian's packages. Whether that worked."""
    if shutil.which("apt-get") is None:
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    commands = (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *packages])
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(subprocess.run([*root, *command], env=quiet, check=False).returncode == 0 for command in commands)


def servers() -> None:
    """Redis and nginx for the tests of replicas. Where they cannot be installed, those tests say so themselves."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    if missing := [name for name in ("redis-server", "nginx", "openssl") if shutil.which(name, path=path) is None]:
        print(f"no {', '.join(missing)} here: installing", flush=True)
        apt(*missing)


def main() -> int:
    arguments = sys.argv[1:]
    everything = "--all" in arguments
    arguments = [a for a in arguments if a != "--all"]
    if browser() is None:
        install()
    os.environ["GATESCOPE_CHROMIUM"] = browser() or sys.exit("No Chromium was found after installing one.")
    servers()
    node.install()
    marks = [] if everything else ["-m", "not heavy"]
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n",
            os.environ.get("GATESCOPE_WORKERS", "2"),
            "--dist",
            "worksteal",
            "--durations=12",
            *marks,
            *arguments,
        ],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
