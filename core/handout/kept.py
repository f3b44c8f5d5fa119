"""Files that were made, kept for the next who asks: at most so many bytes in all, the longest unasked-for goes first."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Kept:
    """A cache bounded by the bytes of what it holds. One file is made at a time, so that several at once do not add up their memory."""

    def __init__(self, most: int):
        self.most, self.held = most, 0
        self._files: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file that belongs to `name`, made if it is not here. A file larger than all that may be held is given and not kept."""
        key = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            if key not in self._files:
                made = make()
                if len(made) > self.most:
                    return made
                self._files[key] = made
                self.held += len(made)
                while self.held > self.most:
                    self.held -= len(self._files.popitem(last=False)[1])
            self._files.move_to_end(key)
            return self._files[key]
