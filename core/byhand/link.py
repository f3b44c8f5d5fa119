"""A whole sheet as a short text for an address: its numbers as they are written, compressed."""

import base64
import binascii
import json
import zlib

import numpy as np

from core.byhand.sheet import LOSSES, OPTIONS, Sheet

MOST = 40_000  # characters of a sheet before it is compressed
KINDS = tuple(OPTIONS)


def packed(sheet: Sheet) -> str:
    """The sheet as text of A–Z a–z 0–9 - _."""
    chosen = {name: value for name, value in sheet.options.items() if value != OPTIONS[sheet.kind][name][0]}
    tables = {name: [[None if np.isnan(v) else _short(float(v)) for v in row] for row in table] for name, table in sheet.tables.items()}
    told = [KINDS.index(sheet.kind), chosen, LOSSES.index(sheet.loss), int(sheet.two), _short(sheet.rate), tables]
    raw = zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else value


def unpacked(text: str) -> Sheet:
    """The sheet of such a text. ValueError for any other."""
    try:
        packer = zlib.decompressobj()
        raw = packer.decompress(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), MOST)
        if packer.unconsumed_tail or packer.unused_data or not packer.eof:
            raise ValueError("It is too long, or cut off.")
        kind, chosen, loss, two, rate, tables = json.loads(raw)
        if not (type(kind) is type(loss) is int and 0 <= kind < len(KINDS) and 0 <= loss < len(LOSSES) and isinstance(rate, int | float)):
            raise ValueError("It is no sheet.")
        held = {str(name): _table(rows) for name, rows in tables.items()}
        return Sheet(KINDS[kind], held, {str(k): str(v) for k, v in chosen.items()}, LOSSES[loss], two == 1, float(rate))
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError, zlib.error, binascii.Error) as error:
        raise ValueError(f"The link’s sheet cannot be read ({error}).") from None


def _table(rows: list[list[float | None]]) -> np.ndarray:
    values = [[np.nan if v is None else v for v in row] for row in rows]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for row in values for v in row):
        raise ValueError("a cell holds no number")
    return np.array(values, np.float64)
