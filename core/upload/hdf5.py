"""What an HDF5 file holds, as .keras and .h5 do: read by a process of its own, see `hdf5_process`."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.cells.arrays import Array
from core.upload import arrays
from core.upload.refused import MB, Refused
from core.upload.zipped import DAMAGED

MISSING = (
    "The package h5py, which reads the files of Keras and comes with it, is not installed here: export the model to .onnx, "
    "or save the weights of its layers as .npz."
)
PROGRAM = Path(__file__).with_name("hdf5_process.py")
SECONDS, MEMORY = 3, 2**31  # of the process, beside what it may read
ONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads take address space, which is bounded


class Store:
    """A file's groups and tables by path."""

    def __init__(self, tables: dict[str, Array], told: dict[str, Any], most: int) -> None:
        self._tables, self._most = tables, most
        self._groups: dict[str, dict[str, Any]] = told["groups"]
        self._elsewhere, self._large = (tuple(told[name]) for name in ("elsewhere", "large"))

    def names(self, path: str) -> list[str]:
        """What a group holds. KeyError where there is none."""
        start = f"{path.strip('/')}/"
        self._there(start.strip("/"), self._groups)
        held = (*self._groups, *self._tables, *self._elsewhere, *self._large)
        return [name.removeprefix(start) for name in held if name.startswith(start) and "/" not in name[len(start) :]]

    def attribute(self, path: str, name: str) -> Any:
        """A text or a list of texts beside a group; None where there is none."""
        return self._groups.get(path.strip("/"), {}).get(name)

    def numbers(self, path: str) -> Array:
        """The table at a path. Refused for one that is in another file or too large, KeyError where there is none."""
        return self._tables[self._there(path.strip("/"), self._tables)]

    def _there(self, path: str, held: dict[str, Any]) -> str:
        if any(f"{path}/".startswith(f"{name}/") for name in self._elsewhere):
            raise Refused("The file has its numbers in another file: save the model again, in one file.")
        if self._large and path not in held:
            raise Refused(f"The file speaks of more than {self._most // MB} MB of numbers: save the recurrent layers alone.")
        if path not in held:
            raise KeyError(path)
        return path


def opened(data: bytes, most: int) -> Store:
    """What is in `data`. most: bytes of its tables. Refused where h5py is not installed, and for what it does not read in time."""
    if find_spec("h5py") is None:
        raise Refused(MISSING)
    command = [sys.executable, "-I", str(PROGRAM), str(most), str(SECONDS), str(MEMORY + 4 * most)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=4 * SECONDS, check=True, env=os.environ | ONE)
        found = arrays.npz(done.stdout, 2 * most)
        told = json.loads(found.pop("/").tobytes())
    except (subprocess.SubprocessError, ValueError, KeyError) as error:
        raise Refused(DAMAGED) from error
    return Store({name.removeprefix("/"): table for name, table in found.items()}, told, most)
