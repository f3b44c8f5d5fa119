"""Debian packages as data: what is in them is read without installing them."""

from pathlib import Path
from tarfile import TarFile, TarInfo


def member(package: Path, prefix: str) -> bytes:
    """The member of a .deb (an ar archive) whose name begins with `prefix`."""
    raw, at = package.read_bytes(), 8
    while at < len(raw):
        name, size = raw[at : at + 16].decode().strip(), int(raw[at + 48 : at + 58])
        if name.startswith(prefix):
            return raw[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    raise ValueError(f"package: got no member {prefix!r} in {package.name}")


def content(archive: TarFile, entry: TarInfo | str) -> bytes:
    """The bytes of a file in an archive. ValueError for what is no file."""
    file = archive.extractfile(entry)
    if file is None:
        raise ValueError(f"entry: got {entry}, wanted a file")
    return file.read()
