"""Files that are small to send and large to read: sounds, prices and lessons, each read in a process of its own, whose peak is measured."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

CEILING = 100  # MB above what the process had before
READ = """
import io, json, resource, sys, time
import numpy as np, soundfile, soxr
{imports}

def sound(kind, channels, rate, seconds):
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, channels, format=kind) as out:
        for _ in range(seconds):
            out.write(np.zeros((rate, channels), "float32"))
    return file.getvalue()

def peak():
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))) / 1024

raw = {raw}
open("/proc/self/clear_refs", "w").write("5")
before, started, told = peak(), time.process_time(), ""
try:
    {task}
except ValueError as error:
    told = str(error)
print(json.dumps([len(raw), peak() - before, time.process_time() - started, told[:300]]))
"""
KINDS = {
    "sound": ("from core.applications.speech.recording import decode", "decode(raw)"),
    "prices": ("from core.applications.stocks.prices import parse", "parse(raw)"),
    "lesson": ("from core.lessons.custom import read", "read(raw)"),
}
HEAD = 'b\'{"version": 1, "name": "a", "title": "a", "stops": [\''
STOP = 'b\'{"title": "a", "model": "mini-lstm", "input": "good", \''
ATTACKS = {
    "flac-8-channels-384-khz": ("sound", 'sound("FLAC", 8, 384_000, 60)', "384,000 samples per second"),
    "ogg-255-channels": ("sound", 'sound("OGG", 255, 8000, 20)', "255 channels"),
    "flac-8-channels-192-khz": ("sound", 'sound("FLAC", 8, 192_000, 60)', ""),
    "flac-an-hour": ("sound", 'sound("FLAC", 1, 48_000, 3600)', ""),
    "prices-of-short-lines": ("prices", 'b"1\\n" * 2_500_000', "lines; wanted at most"),
    "prices-of-columns": ("prices", 'b"a," * 2_500_000', "characters in a line"),
    "prices-without-a-header": ("prices", 'b"a,b\\n" * 1_250_000', "no column date"),
    "prices-of-10-mb": ("prices", 'b"a,b\\n" * 2_500_000', "wanted at most 5 MB"),
    "lesson-of-brackets": ("lesson", 'b"[" * 199_000', "recursion limit"),
    "lesson-of-empty-stops": ("lesson", HEAD + ' + b"{}," * 66_000 + b"{}]}"', "wanted at most 50"),
    "lesson-of-empty-edits": ("lesson", HEAD + " + " + STOP + ' + b\'"edits": [\' + b"{}," * 65_000 + b"{}]}]}"', "wanted at most 20"),
    "lesson-of-10-mb": ("lesson", 'b"[" * 10_000_000', "wanted at most 200,000"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_file_that_grows(name, figure):
    kind, raw, told = ATTACKS[name]
    imports, task = KINDS[kind]
    code = READ.format(imports=imports, raw=raw, task=task)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert not done.returncode, done.stderr[-1000:]
    size, more, seconds, answer = json.loads(done.stdout)
    figure(f"{name}: file, kB", size / 1000)
    figure(f"{name}: memory, MB", more)
    figure(f"{name}: CPU, s", seconds)
    assert told in answer
    assert more <= CEILING


HAND_OUT = """
import json
from core.lessons import CustomLesson
from core.views.lessons import handout
letters = "abcdefghijklmnopqrstuvwxyz"
stops = [{"title": "a", "model": "austen-lstm", "input": letters[k] + "abcdefghij klmno" * 31} for k in range(20)]
made = CustomLesson.model_validate({"version": 1, "name": "x", "title": "x", "stops": stops})

def peak():
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))) / 1024

handout.of_lesson(CustomLesson.model_validate({"version": 1, "name": "x", "title": "x", "stops": stops[:1]}))  # what any hand-out takes
before, size, told = peak(), 0, ""
try:
    size = len(handout.of_lesson(made))
except ValueError as error:
    told = str(error)
print(json.dumps([len(made.model_dump_json(exclude_defaults=True)), size, peak() - before, told]))
"""


def test_a_hand_out_that_grows(figure):
    done = subprocess.run([sys.executable, "-c", HAND_OUT], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert not done.returncode, done.stderr[-1000:]
    lesson, size, more, told = json.loads(done.stdout.splitlines()[-1])
    figure("lesson, kB", lesson / 1000)
    figure("hand-out, MB", size / 1e6)
    figure("memory, MB", more)
    assert "steps times units" in told
    assert more <= CEILING
