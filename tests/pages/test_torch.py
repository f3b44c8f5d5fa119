"""No page imports torch, Keras or ONNX, and every stepper shows the gap to torch once torch is there."""

import json
import subprocess
import sys

from tests.conftest import PAGES, ROOT

LINKS: dict[str, dict[str, str]] = {page: {} for page in PAGES if page != "numpy_torch"} | {  # that one is there to load torch
    "start": {"model": "sentiment-lstm"},
    "short_term": {"seen": "1"},
    "gradients": {"seen": "1"},
    "after_lstm": {"seen": "1"},
    "layers": {"seen": "1"},
    "left_behind": {"seen": "1"},
    "what_if": {"set": "f_1_0-20_all"},
    "next_character": {"seen": "1"},
    "counting": {"model": "reber-lstm-1997", "seen": "1"},
    "stocks": {"seen": "1"},
    "speech": {"model": "speech-lstm", "seen": "1"},
    "synthesis": {"seen": "1"},
    "stories": {"model": "stories-last-lstm", "seen": "1"},
    "true_or_false": {"said": "T"},
    "bridge": {"model": "sentiment-gru"},
}
MEASURED = {"start", "lstm", "gru", "counting", "stocks", "speech", "stories", "sentiment"}
CODE = """
import json, sys
import numpy as np
from tests.app import array, opened, stepper
links, measured = json.loads(sys.argv[1])
pages = {page: opened(page, **link) for page, link in links.items()}
broken = [page for page, at in pages.items() if at.exception]
early = sorted({"torch", "keras", "onnx", "onnxruntime"} & set(sys.modules))
import torch
gaps = {page: float(array(stepper(pages[page].run())["agreement"]).max()) for page in measured}
print(json.dumps([broken, early, gaps]))
"""


def test_no_page_imports_torch_and_all_measure_against_it():
    """In a process of its own, for the tests import them. What a page shows is run before and after."""
    command = [sys.executable, "-c", CODE, json.dumps([LINKS, sorted(MEASURED)])]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    broken, early, gaps = json.loads(done.stdout.splitlines()[-1])
    assert not broken
    assert not early
    assert set(gaps) == MEASURED
    assert max(gaps.values()) < 5e-6
