"""A room on a site of its own, and the stores of both kinds."""

from collections.abc import AsyncIterator, Iterator

import pytest

from core.classroom.sqlite import SQLite
from core.classroom.store import Store
from tests.rooms import Clock, Room, inside
from tests.unit.classroom.stores import Bed, in_redis, in_sqlite


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def room(tmp_path) -> AsyncIterator[Room]:
    clock = Clock()
    async with inside(lambda: SQLite(tmp_path / "rooms.sqlite3", clock), clock) as made:
        yield made


@pytest.fixture(params=["sqlite", "redis"])
def bed(request) -> Iterator[Bed]:
    """Each kind of store."""
    make, given = {"sqlite": (in_sqlite, "tmp_path"), "redis": (in_redis, "redis_url")}[request.param]
    with make(request.getfixturevalue(given)) as bed:
        yield bed


@pytest.fixture
def rooms(bed) -> Store:
    """A store without rooms."""
    return bed.again()


@pytest.fixture
def shared(redis_url) -> Iterator[Bed]:
    """What several processes share."""
    with in_redis(redis_url) as bed:
        yield bed
