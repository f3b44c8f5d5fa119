"""The files that the app is shipped with, read so that a damaged one is named: what is missing, cut off or changed is Damaged, and nothing else."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path


class Damaged(Exception):
    """A file of the installation that cannot be used. `name`: the file's, without its folder; `what`: "is missing", "has changed" …"""

    def __init__(self, name: str, what: str):
        super().__init__(f"{name} {what}")
        self.name, self.what = name, what


@contextmanager
def intact(path: Path) -> Iterator[None]:
    """Around what reads a shipped file, as a block or as a decorator: raises Damaged for whatever goes wrong in it."""
    try:
        yield
    except Damaged:
        raise
    except FileNotFoundError:
        raise Damaged(path.name, "is missing") from None
    except Exception as error:  # the file was read without a fault before it was shipped
        raise Damaged(path.name, "cannot be read") from error


def whole(path: Path, sums: Mapping[str, str]) -> bytes:
    """A file's bytes. Raises Damaged unless their SHA-256 is that in `sums`, by the file's name."""
    with intact(path):
        raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sums.get(path.name):
        raise Damaged(path.name, "has changed" if path.name in sums else "has no checksum on its card")
    return raw


def fault(path: Path, digest: str) -> str:
    """What is wrong with a file, "" if nothing is. It is read only if its time or its size has changed since it was asked for."""
    try:
        seen = path.stat()
        return _fault(path, digest, seen.st_mtime_ns, seen.st_size)
    except OSError:
        return f"{path.name} is missing"


@lru_cache(maxsize=512)
def _fault(path: Path, digest: str, _time: int, _size: int) -> str:
    try:
        whole(path, {path.name: digest})
    except Damaged as error:
        return str(error)
    return ""
