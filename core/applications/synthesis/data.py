"""One voice to learn to speak from: the prompts of the Asterisk telephone exchange, read by Allison Smith; `fetch` gets them.

Debian's asterisk-core-sounds-en-wav 1.6.1-1 holds 558 prompts, 24.6 minutes at 8 kHz, CC BY-SA 3.0. The package has no list of what is said;
assets/data/synthesis.prompts.txt has it for 490 of them (19 minutes): as in Asterisk's own list of its English sounds, core-sounds-en.txt, and by the
file name where that has none. What is said in the others is not known for certain; six of the 490 do not fit what is heard (the alignment finds them).
"""

import io
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import numpy as np

from core.applications.synthesis.vocoder import read_wav
from core.tasks import debian

PACKAGE, VERSION = "asterisk-core-sounds-en-wav_1.6.1-1_all.deb", "1.6.1-1"
FOLDER = "./usr/share/asterisk/sounds/en_US_f_Allison/"
TEXTS = Path(__file__).parents[3] / "assets" / "data" / "synthesis.prompts.txt"
PAUSE = ","


def fetch(folder: Path) -> None:
    """Downloads the package into `folder` with apt, without installing it. Raises OSError or CalledProcessError where apt is not at hand."""
    if absent(folder):
        subprocess.run(["apt-get", "download", "-qq", f"asterisk-core-sounds-en-wav={VERSION}"], cwd=folder, check=True)


def absent(folder: Path) -> list[str]:
    """The package, if it is not in `folder`."""
    return [] if (folder / PACKAGE).exists() else [PACKAGE]


@cache
def texts() -> dict[str, tuple[str, ...]]:
    """What is said in each prompt: words as the vocabulary writes them (letters of the alphabet in upper case), "," where a pause is likely."""
    found = {}
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        name, _, text = line.partition("\t")
        found[name] = tuple(text.replace(",", " ,").split())
    return found


@cache
def prompts(folder: Path) -> dict[str, np.ndarray]:
    """The sound (N,) between -1 and 1 of each prompt of which the words are known, by its name ("digits/7")."""
    with tarfile.open(fileobj=io.BytesIO(debian.member(folder / PACKAGE, "data.tar"))) as archive:
        return {name: read_wav(debian.content(archive, f"{FOLDER}{name}.wav")) for name in texts()}
