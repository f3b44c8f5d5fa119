"""Jane Austen's six novels, to train and to measure the character models on. Nothing of them is shipped but weights; `fetch` gets them.

Debian's r-cran-janeaustenr 1.0.0-1 holds Project Gutenberg's texts as an R database: one zlib block a novel, in it one string a line.
The texts are in the public domain, the package is under the MIT licence.
"""

import io
import re
import struct
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.tasks import debian

PACKAGE = "r-cran-janeaustenr_1.0.0-1_all.deb"
DATABASE = "./usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
TITLES = ("Emma", "Mansfield Park", "Northanger Abbey", "Persuasion", "Pride and Prejudice", "Sense and Sensibility")  # as they stand there
SHARE = 0.05  # of each novel: its end is the test, as much before it the validation


def fetch(folder: Path) -> None:
    """Downloads the package into `folder` with apt, without installing it. Raises OSError or CalledProcessError where apt is not at hand."""
    if absent(folder):
        subprocess.run(["apt-get", "download", "-qq", "r-cran-janeaustenr=1.0.0-1"], cwd=folder, check=True)


def absent(folder: Path) -> list[str]:
    """The package, if it is not in `folder`."""
    return [] if (folder / PACKAGE).exists() else [PACKAGE]


def texts(folder: Path) -> dict[str, str]:
    """Each novel by its title: one line a paragraph, single spaces."""
    with tarfile.open(fileobj=io.BytesIO(debian.member(folder / PACKAGE, "data.tar"))) as archive:
        database = debian.content(archive, DATABASE)
    found = [paragraphs(strings(block)) for block in blocks(database)]
    return dict(zip(TITLES, found, strict=True))


def splits(folder: Path) -> dict[str, tuple[str, ...]]:
    """train, validation and test, six texts each: the first 90 % of every novel, the next 5 % and its end."""
    named: dict[str, list[str]] = {"train": [], "validation": [], "test": []}
    for text in texts(folder).values():
        part = int(SHARE * len(text))
        for name, piece in zip(named, (text[: -2 * part], text[-2 * part : -part], text[-part:]), strict=True):
            named[name].append(piece)
    return {name: tuple(pieces) for name, pieces in named.items()}


def passages(folder: Path, count: int = 60, length: int = 250) -> list[str]:
    """`count` beginnings of paragraphs, spread evenly over the novels' test parts, each `length` characters and to the end of a word."""
    found = []
    for text in splits(folder)["test"]:
        long = [part for part in text.split("\n")[1:] if len(part) >= length + 50]
        chosen = np.linspace(0, len(long) - 1, count // len(TITLES)).round().astype(int)
        found += [long[k][: long[k].index(" ", length)] for k in chosen]
    return found


def paragraphs(lines: list[str]) -> str:
    """Lines of print as text: those of a paragraph, which ends at an empty line, are joined by spaces."""
    whole = ("\n".join(line.strip() for line in lines)).split("\n\n")
    return "\n".join(joined for part in whole if (joined := re.sub(r"\s+", " ", part).strip())) + "\n"


def blocks(database: bytes) -> Iterator[bytes]:
    """The blocks of an R database: four bytes of length, then a zlib stream."""
    while database:
        stream = zlib.decompressobj()
        block = stream.decompress(database[4:])
        if len(block) != struct.unpack(">I", database[:4])[0]:
            raise ValueError(f"database: got a block of {len(block)} bytes, wanted {struct.unpack('>I', database[:4])[0]}")
        yield block
        database = stream.unused_data


def strings(block: bytes) -> list[str]:
    """The strings of a character vector as R writes it (XDR, version 3). ValueError for anything else."""
    form, version, _, _, name = struct.unpack(">2s4I", block[:18])
    at = 18 + name
    kind, count = struct.unpack(">2I", block[at : at + 8])
    if form != b"X\n" or version != 3 or kind & 0xFF != 16:
        raise ValueError(f"block: got {form!r}, version {version}, type {kind & 0xFF}, wanted b'X\\n', 3 and 16 (strings)")
    at, found = at + 8, []
    for _ in range(count):
        size = struct.unpack(">I", block[at + 4 : at + 8])[0]
        found.append(block[at + 8 : at + 8 + size].decode("utf-8"))
        at += 8 + size
    return found
