"""Files that visitors brought, as long as their session lives and there is room for them: the oldest go first."""

import threading
import weakref

from core.upload import ModelFile

BYTES = 256 * 2**20  # of all files together, as they were uploaded
_lock = threading.Lock()


class Kept:
    """A file that was read. file: None once it had to make room. Held by its session alone: it goes with that."""

    def __init__(self, file: ModelFile, size: int) -> None:
        self.file: ModelFile | None = file
        self.size = size


_all: list["weakref.ref[Kept]"] = []


def keep(file: ModelFile, size: int) -> Kept:
    """Holds a file of so many bytes. Where all together are more than BYTES, the oldest are dropped."""
    made = Kept(file, size)
    with _lock:
        alive = [(ref, kept) for ref in _all if (kept := ref()) is not None and kept.file is not None]
        while alive and sum(kept.size for _, kept in alive) + size > BYTES:
            alive.pop(0)[1].file = None
        _all[:] = [*(ref for ref, _ in alive), weakref.ref(made)]
    return made
