"""A protobuf message, gone through before it is read: two bytes of a file may become an object of a hundred."""

from collections.abc import Iterator
from typing import Any

from core.upload.refused import Refused
from core.upload.zipped import DAMAGED

FIELDS = 100_000  # of all messages within a file
PACKED = 2**20  # bytes of packed whole numbers, of which each may become eight
DEPTH = 30
MESSAGE, FLOATING, TEXT = 11, (1, 2), (9, 12)  # FieldDescriptor's types


def check(data: bytes, descriptor: Any) -> None:
    """Refused for what is no message of this kind, for more fields than a model has, and for tensors whose numbers are in another file."""
    left, packed = FIELDS, PACKED
    waiting = [(0, len(data), descriptor, 0)]
    while waiting:
        start, end, kind, depth = waiting.pop()
        if depth > DEPTH:
            raise Refused(DAMAGED)
        known = kind.fields_by_number
        for number, wire, first, last in _fields(data, start, end):
            left -= 1
            if left < 0:
                raise Refused(f"The file has more than {FIELDS:,} entries: export the recurrent layers alone.")
            field = known.get(number)
            if field is None:
                continue
            if kind.name == "TensorProto" and field.name == "external_data":
                raise Refused(
                    "The file has its weights in another file: save it whole, onnx.save(model, path, save_as_external_data=False)."
                )
            if wire == 2 and field.type == MESSAGE:
                waiting.append((first, last, field.message_type, depth + 1))
            elif wire == 2 and field.type not in (*FLOATING, *TEXT):
                packed -= last - first
                if packed < 0:
                    raise Refused("The file holds large tables of whole numbers: export the recurrent layers alone.")


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, and where the value begins and ends, of each field of a message."""
    while at < end:
        key, at = _whole(data, at, end)
        number, wire = key >> 3, key & 7
        if wire == 0:
            first, (_, last) = at, _whole(data, at, end)
        elif wire == 2:
            size, first = _whole(data, at, end)
            last = first + size
        elif wire in (1, 5):
            first, last = at, at + (8 if wire == 1 else 4)
        else:
            raise Refused(DAMAGED)
        if last > end or number == 0:
            raise Refused(DAMAGED)
        yield number, wire, first, last
        at = last


def _whole(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for k in range(10):
        if at + k >= end:
            break
        byte = data[at + k]
        value |= (byte & 127) << 7 * k
        if byte < 128:
            return value, at + k + 1
    raise Refused(DAMAGED)
