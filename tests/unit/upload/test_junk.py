"""What is no model is refused in a sentence: no trace, no path of ours, no memory, no code."""

import re
import subprocess
import sys

import pytest

from core.upload import Refused, opened
from tests.conftest import ROOT
from tests.unit.upload.junk import CASES, REFUSED

OURS = re.compile(r"Traceback|site-packages|/work|/root|/tmp|/usr|core/|\.py\b|<[a-z]+ object|Error\b")


def told(text: str) -> None:
    """That a text is a sentence for whoever uploaded the file."""
    assert not OURS.search(text), text
    assert 20 < len(text) < 500
    assert text[0].isupper()
    assert text.endswith(".")


@pytest.mark.parametrize("what", CASES)
def test_no_model(what):
    name, data, words = CASES[what]
    with pytest.raises(Refused, match=words) as caught:
        opened(data, name)
    told(str(caught.value))


@pytest.mark.parametrize("what", REFUSED)
def test_no_network(what):
    """The file is read, and what it holds is refused by name."""
    name, data, words = REFUSED[what]
    for one in opened(data, name).found:
        assert re.search(words, one.refused), one.refused
        told(one.refused)
        with pytest.raises(Refused, match=re.escape(one.refused)):
            opened(data, name).network(one.name)


WATCHED = """
import resource
from pathlib import Path

import h5py, onnx, onnx.reference, torch
from core.upload import Refused, opened
from tests.unit.upload.files import valid
from tests.unit.upload.junk import CASES, REFUSED

def peak():
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0])  # KB

resource.setrlimit(resource.RLIMIT_CPU, (300, 300))  # an endless file ends here
for name, data in valid().items():
    opened(data, name)
for what, (name, data, _) in (CASES | REFUSED).items():
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = peak()
    try:
        opened(data, name)
    except Refused:
        pass
    print(what, peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux tells it")
def test_no_file_takes_memory():
    """What each file above takes at most stays below three times the largest file that is read."""
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    taken = {what: int(size) for what, size in (line.split() for line in done.stdout.splitlines())}
    assert set(taken) == set(CASES) | set(REFUSED)
    assert max(taken.values()) < 3 * 25 * 1024, taken
