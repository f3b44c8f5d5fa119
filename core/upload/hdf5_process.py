"""Run as a program of its own: reads an HDF5 file from its input and writes what it holds as an .npz to its output.

The HDF5 library is not made for hostile files: on some it never ends. Here it may, and its memory is bounded. Nothing of ours is imported.
"""

import io
import json
import sys
from typing import Any

import h5py
import numpy as np

OBJECTS, DEPTH, TEXT = 5_000, 12, 4 * 2**20  # that are looked at; groups within groups; characters of an attribute
ATTRIBUTES = ("name", "weight_names", "model_config")


def read(file: Any, most: int) -> dict[str, Any]:
    """Tables of floating-point numbers by path, and as "" the bytes of what else is told, in JSON. most: bytes of all tables."""
    tables: dict[str, Any] = {}
    told: dict[str, Any] = {"groups": {"": attributes(file)}, "elsewhere": [], "large": []}
    waiting, left = [("", file, 0)], OBJECTS
    while waiting:
        path, group, depth = waiting.pop()
        for name in group:
            left -= 1
            inner = f"{path}/{name}".lstrip("/")
            if left < 0 or depth > DEPTH:
                told["large"].append(inner)
                return tables | {"": note(told)}
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                told["elsewhere"].append(inner)
                continue
            found = group[name]
            if isinstance(found, h5py.Group):
                told["groups"][inner] = attributes(found)
                waiting.append((inner, found, depth + 1))
            elif isinstance(found, h5py.Dataset) and found.dtype.kind == "f":
                if found.external or found.is_virtual:
                    told["elsewhere"].append(inner)
                elif (size := found.size * found.dtype.itemsize) > most:
                    told["large"].append(inner)
                else:
                    most -= size
                    tables[inner] = np.asarray(found[()])
    return tables | {"": note(told)}


def attributes(group: Any) -> dict[str, Any]:
    """The texts beside a group that Keras writes: one, or a list."""
    found: dict[str, Any] = {}
    for name in ATTRIBUTES:
        value = group.attrs.get(name)
        if isinstance(value, str | bytes):
            found[name] = text(value)
        elif isinstance(value, np.ndarray) and value.ndim == 1:
            found[name] = [text(one) for one in value.tolist() if isinstance(one, str | bytes)]
    return found


def text(value: str | bytes) -> str:
    return (value.decode("utf-8", "replace") if isinstance(value, bytes) else value)[:TEXT]


def note(told: dict[str, Any]) -> Any:
    return np.frombuffer(json.dumps(told).encode(), np.uint8)


def main() -> None:
    most, seconds, memory = map(int, sys.argv[1:])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    except ImportError:  # not on Windows
        pass
    stream = io.BytesIO()
    with h5py.File(io.BytesIO(sys.stdin.buffer.read()), "r") as file:
        found = read(file, most)
    np.savez(stream, allow_pickle=False, **{f"/{path}": table for path, table in found.items()})
    sys.stdout.buffer.write(stream.getvalue())


if __name__ == "__main__":
    main()
