"""The members of a zip (.npz, .pt, .keras), within bounds that hold before anything is unpacked."""

import zipfile
import zlib
from io import BytesIO

from core.upload.refused import MB, MOST_NAMES, Refused

CUT = "the file is cut short or damaged, so save it again and use the whole file."
DAMAGED = "The file is cut short or damaged: save it again, and use the whole file."
ENTRY = b"PK\x01\x02"  # before each entry of a zip's directory


def members(data: bytes, most: int) -> dict[str, bytes]:
    """Each member's bytes by name. most: bytes of all together.

    Raises Refused for a damaged zip, more than `most` bytes, too many members, two of one name, encryption and other methods than deflate.
    """
    if data.count(ENTRY) > MOST_NAMES:
        raise Refused(f"The file holds more than {MOST_NAMES:,} parts: save the weights of one model only.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries, most)
            return {entry.filename: _read(archive, entry) for entry in entries}
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(DAMAGED) from error


def _check(entries: list[zipfile.ZipInfo], most: int) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("The file holds two parts of one name: save it again.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("The file is encrypted: save it without a password.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("The file is compressed in a way that is not read here: save it again without compression.")
    if (total := sum(entry.file_size for entry in entries)) > most:
        raise Refused(f"The file unpacks to {total // MB:,} MB, and at most {most // MB} MB are read: save only the layers to be shown.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as member:
        found = member.read(entry.file_size)  # `read()` would unpack more than the directory says
        if len(found) < entry.file_size or member.read(1):
            raise Refused(DAMAGED)
    return found
