"""What both kinds of store are tested with."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from core.classroom.store import Store, Unknown
from tests.rooms import Clock


@dataclass
class Bed:
    """What a store has kept, and its clock. prefix: of its keys, in Redis; opened: all that will be closed with it."""

    make: Callable[[Clock], Store]
    prefix: str = ""
    clock: Clock = field(default_factory=Clock)
    opened: list[Store] = field(default_factory=list)

    def again(self) -> Store:
        """Opens what the last one has left, without closing that one: as after kill -9, or as another process."""
        self.opened.append(self.make(self.clock))
        return self.opened[-1]

    def __enter__(self) -> "Bed":
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self.opened:
            opened.close()


def in_redis(url: str) -> Bed:
    """In a Redis, beside others."""
    prefix = f"{uuid.uuid4().hex}:"
    return Bed(lambda clock: Redis(url, clock, prefix), prefix)


def in_sqlite(folder: Path) -> Bed:
    return Bed(lambda clock: SQLite(folder / "data" / "rooms.sqlite3", clock))


def there(rooms, codes: str) -> str:
    """Those of the rooms "B", "C" … that are open."""
    found = ""
    for letter in codes:
        try:
            rooms.room(6 * letter)
        except Unknown:
            continue
        found += letter
    return found
