"""A test's id is the same in every run: two workers collect on their own, and must find the same."""

import os
import re
import subprocess
import sys

from tests.conftest import ROOT

SHORT = re.compile(r"[A-Za-z0-9_]+(-+[A-Za-z0-9_]+)*")
MOVED = "import time; now = time.time; time.time = lambda: now() + 34_567_890"  # run as Python starts; what is written in C reads a later second


def test_every_id_is_short_words(request):
    for item in request.session.items:
        if found := re.fullmatch(r"[^\[]+\[(.*)\]", item.name, re.DOTALL):
            assert SHORT.fullmatch(found[1]), item.nodeid
            assert len(found[1]) <= 80, item.nodeid


def test_a_second_collection_finds_the_same(request, tmp_path):
    """Collects once more, which takes as long as importing every library here: with another clock, another seed of Python's hashes, another folder for temporary files and another home; its assertions are not rewritten, a fifth of the time."""
    (tmp_path / "sitecustomize.py").write_text(MOVED, encoding="utf-8")
    files = sorted({str(item.path) for item in request.session.items})
    changed = {"PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "42", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | changed
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider", "--assert", "plain", *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    found = {line for line in done.stdout.splitlines() if "::" in line}
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert {item.nodeid for item in request.session.items} - found == set()
