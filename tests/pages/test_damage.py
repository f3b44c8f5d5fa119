"""Every page of an installation with damaged files, in a process of its own: it says which file, and shows neither traceback nor path."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = """
import json, sys
from tests.app import opened
from tests.conftest import PAGES
found = {}
for page in PAGES:
    at = opened(page, **json.loads(sys.argv[1]))
    found[page] = [[part.value for part in at.error], [part.message + part.value for part in at.exception]]
print(json.dumps(found))
"""
DAMAGE = {  # file: what becomes of it
    "models/mini-lstm.safetensors": None,
    "models/sentiment-lstm.safetensors": b"\0" * 1000,
    "models/austen-lstm.safetensors": b"",
    "data/speech/7.wav": None,
    "data/synthesis.json": b"{",
    "data/synthesis.safetensors": None,
    "data/verdicts.json": b"{}",
    "data/lags.json": None,
    "data/activations.json": b"[",
    "data/stocks/prices.csv": None,
    "quiz.json": b"{}",
}


def installation(folder: Path, damage: dict[str, bytes | None]) -> Path:
    """The tree, by links, with some files of assets missing or holding something else."""
    for path in (*ROOT.iterdir(), *ROOT.glob("assets/*"), *ROOT.glob("assets/data/*"), *ROOT.glob("assets/models/*")):
        part = path.relative_to(ROOT)
        if str(part) in ("assets", "assets/data", "assets/models", "assets/data/speech", "assets/data/stocks"):
            (folder / part).mkdir(exist_ok=True)
            continue
        (folder / part).symlink_to(path)
    for path in (*ROOT.glob("assets/data/speech/*"), *ROOT.glob("assets/data/stocks/*")):
        (folder / path.relative_to(ROOT)).symlink_to(path)
    for name, raw in damage.items():
        path = folder / "assets" / name
        path.unlink()
        if raw is not None:
            path.write_bytes(raw)
    return folder


def visit(folder: Path, **link: str) -> dict[str, list[list[str]]]:
    """What each page says in boxes of errors and of exceptions."""
    command = [sys.executable, "-c", SCRIPT, json.dumps(link)]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> dict[str, list[list[str]]]:
    return visit(installation(tmp_path_factory.mktemp("damaged"), DAMAGE), text="good", model="mini-gru")


def test_no_page_shows_an_exception_or_a_path(pages):
    for page, (errors, exceptions) in pages.items():
        assert not exceptions, page
        assert not [text for text in errors if "/" in text or "Traceback" in text], page


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("lstm", "mini-lstm.safetensors of this installation is missing"),
        ("next_character", "austen-lstm.safetensors of this installation has changed"),
        ("speech", "7.wav of this installation is missing"),
        ("synthesis", "synthesis.safetensors of this installation is missing"),
        ("stocks", "prices.csv of this installation is missing"),
        ("true_or_false", "quiz.json of this installation cannot be read"),
        ("activations", "activations.json of this installation cannot be read"),
    ],
    ids=lambda text: text.split(".")[0],
)
def test_a_page_names_the_file_it_lacks(pages, page, name):
    assert [text for text in pages[page][0] if name in text]


def test_pages_that_need_nothing_damaged_work(pages):
    assert not pages["glossary"][0]
    assert not pages["teach"][0]


def test_where_a_card_is_damaged_every_page_that_reads_cards_says_so(tmp_path):
    found = visit(installation(tmp_path, {"models/mini-gru.json": b"{}"}))
    for page, (errors, exceptions) in found.items():
        assert not exceptions, page
        assert all("mini-gru.json of this installation cannot be read" in text for text in errors), page
    assert any(errors for errors, _ in found.values())
