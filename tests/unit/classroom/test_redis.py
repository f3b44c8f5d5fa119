"""The store in Redis beyond what every store does: several processes, a Redis that goes away, and SQLite's store as a second implementation."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette

from core.classroom import bounds, codes, routes
from core.classroom.desk import Desk, chosen
from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from core.classroom.store import Away, Closed, Event, Full, Store, Taken, Unknown
from tests.conftest import free_ports
from tests.replicas import redis_at
from tests.rooms import CHOICES, KEY, VIEW
from tests.unit.classroom.stores import in_redis


@pytest.fixture
def own(tmp_path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A Redis of the test's own: its URL, kills it, starts it again."""
    [port] = free_ports(1)
    running = [redis_at(tmp_path, port)]

    def kill() -> None:
        running[-1].kill()
        running[-1].wait()

    yield f"redis://127.0.0.1:{port}/0", kill, lambda: running.append(redis_at(tmp_path, port))
    kill()


# several processes


def test_what_one_process_does_the_other_hears_in_order(shared):
    one, two = shared.again(), shared.again()
    heard = Queue(), Queue()
    for each, queue in zip((one, two), heard, strict=True):
        each.listen(lambda code, event, queue=queue: queue.put((code, event)))
    one.open("BCDFGH", KEY, "")
    with ThreadPoolExecutor(2) as both:
        told = [event for events in both.map(lambda each: [each.move("BCDFGH", VIEW) for _ in range(50)], (one, two)) for event in events]
    assert sorted(event.id for event in told) == list(range(1, 101))
    told.sort(key=lambda event: event.id)
    assert [event.data["version"] for event in told] == list(range(1, 101))
    for queue in heard:
        assert [queue.get(timeout=10) for _ in told] == [("BCDFGH", event) for event in told]


def test_votes_through_both_at_once_count_once_each(shared):
    one, two = shared.again(), shared.again()
    one.open("BCDFGH", KEY, "")
    two.ask("BCDFGH", CHOICES, 2)

    def vote(k: int) -> None:
        for through in (one, two):  # a browser that got no answer sends its vote again, perhaps to the other
            through.vote("BCDFGH", 1, b"%d" % (k % 100), k % 2)

    with ThreadPoolExecutor(8) as class_:
        list(class_.map(vote, range(200)))
    assert one.asked("BCDFGH", 1) == two.asked("BCDFGH", 1)
    assert one.asked("BCDFGH", 1).counts == (50, 50)


def test_a_question_is_revealed_once(shared):
    one, two = shared.again(), shared.again()
    heard = Queue()
    one.open("BCDFGH", KEY, "")
    one.ask("BCDFGH", CHOICES, 2)
    two.listen(lambda _, event: heard.put(event))
    with ThreadPoolExecutor(8) as many:
        events = list(many.map(lambda k: (one, two)[k % 2].reveal("BCDFGH", 1, k), range(8)))
    assert len({json.dumps(event.data) for event in events}) == 1
    assert {event.id for event in events} == {2}
    assert one.move("BCDFGH", VIEW).id == 3
    assert [heard.get(timeout=10).kind for _ in range(2)] == ["reveal", "state"]


def test_followers_of_all_processes_are_counted_until_one_is_gone(shared):
    one, two = shared.again(), shared.again()
    one.open("BCDFGH", KEY, "")
    assert one.followers("BCDFGH", 3) == 3
    assert two.followers("BCDFGH", 2) == 5
    assert one.followers("BCDFGH", 1) == 3
    shared.clock.now += bounds.HERE / 2
    assert two.followers("BCDFGH", 2) == 3
    shared.clock.now += bounds.HERE / 2
    assert two.followers("BCDFGH", 2) == 2  # the first has said nothing any more
    assert two.followers("BCDFGH", 0) == 0


def test_who_only_asks_how_many_follow_writes_nothing(redis_url, shared):
    one, two = shared.again(), shared.again()
    one.open("BCDFGH", KEY, "")
    with redis.Redis.from_url(redis_url) as client:

        def written(each: Redis, here: int) -> int:
            before = client.info("persistence")["rdb_changes_since_last_save"]
            each.followers("BCDFGH", here)
            return client.info("persistence")["rdb_changes_since_last_save"] - before

        assert written(two, 0) == 0
        assert written(one, 3) > 0
        assert [written(one, 3), written(two, 0)] == [0, 0]
        assert written(one, 2) > 0
        shared.clock.now += bounds.HERE / 2
        assert written(one, 2) > 0  # it would run out


def test_a_question_with_as_many_answers_as_there_can_be(shared):
    one = shared.again()
    one.open("BCDFGH", KEY, "")
    one.ask("BCDFGH", CHOICES, bounds.MOST_ANSWERS)
    for voter in range(3):
        one.vote("BCDFGH", 1, b"%d" % voter, bounds.MOST_ANSWERS - 1)
    assert one.asked("BCDFGH", 1).counts == (0,) * (bounds.MOST_ANSWERS - 1) + (3,)
    assert len(one.reveal("BCDFGH", 1, None).data["counts"]) == bounds.MOST_ANSWERS


def test_a_room_expires_by_itself_and_keeps_no_secret(redis_url, shared):
    one = shared.again()
    one.open("BCDFGH", codes.digest("the-key"), "")
    one.ask("BCDFGH", CHOICES, 2)
    one.vote("BCDFGH", 1, codes.digest("the-voter"), 1)
    with redis.Redis.from_url(redis_url) as client:
        assert bounds.IDLE < client.ttl(f"{shared.prefix}room:BCDFGH") <= 14 * bounds.IDLE  # whoever comes back purges it sooner
        assert len(client.keys(shared.prefix + "*")) == 3  # the room, the list of rooms, how many voters each has
        kept = repr(client.hgetall(f"{shared.prefix}room:BCDFGH"))
    assert "the-key" not in kept
    assert "the-voter" not in kept
    assert codes.digest("the-voter").hex() in kept


# SQLite's store as the oracle

CODES = some.sampled_from(["BCDFGH", "CCCCCC", "DDDDDD"])
NUMBER = some.integers(0, 3)
CALLS = some.one_of(
    some.tuples(some.just("open"), CODES, some.just(KEY), some.text(max_size=5)),
    some.tuples(some.just("move"), CODES, some.fixed_dictionaries({"text": some.text(max_size=5), "x": some.none() | some.floats(-1, 1)})),
    some.tuples(some.just("ask"), CODES, some.just({}) | some.just(CHOICES), some.integers(1, 3)),
    some.tuples(some.just("vote"), CODES, NUMBER, some.binary(max_size=1), some.just(0)),
    some.tuples(some.just("reveal"), CODES, NUMBER, some.none() | some.integers(0, 2) | some.sampled_from([0.5, -0.25])),
    some.tuples(some.just("tell"), CODES, some.just("presence"), some.just({"followers": 1})),
    some.tuples(some.just("missed"), CODES, some.none() | some.integers(0, 12)),
    some.tuples(some.sampled_from(["room", "questions"]), CODES),
    some.tuples(some.just("asked"), CODES, NUMBER),
    some.tuples(some.just("purge")),
    some.tuples(some.just("rooms")),
    some.tuples(some.just("later"), some.sampled_from([1.0, bounds.IDLE / 2, bounds.IDLE])),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls=some.lists(CALLS, min_size=5, max_size=40))
def test_it_does_what_the_store_in_sqlite_does(redis_url, calls):
    def did(rooms: Store, name: str, *arguments: Any) -> Any:
        try:
            found = getattr(rooms, name)(*arguments)
        except (Unknown, Taken, Closed, Full) as error:
            return type(error), str(error)
        return sorted(found) if name == "purge" else found

    with TemporaryDirectory() as folder, in_redis(redis_url) as bed:
        both = bed.again(), SQLite(Path(folder) / "rooms.sqlite3", bed.clock)
        try:
            for call in [("open", "BCDFGH", KEY, ""), ("ask", "BCDFGH", CHOICES, 2), *calls]:
                if call[0] == "later":
                    bed.clock.now += call[1]
                # an expired code is free again once it is purged: when exactly before that is each store's own
                ours, theirs = (did(rooms, *(("purge",) if call[0] == "later" else call)) for rooms in both)
                assert ours == theirs, call
        finally:
            both[1].close()


# a Redis that goes away


def test_what_was_acknowledged_is_there_after_a_kill(own):
    url, kill, start = own
    back, heard = Queue(), Queue()
    with in_redis(url) as bed:
        one = bed.again()
        one.open("BCDFGH", KEY, "")
        one.listen(lambda _, event: heard.put(event), lambda: back.put(one.room("BCDFGH").event))
        one.ask("BCDFGH", CHOICES, 2)
        for k in range(20):
            one.vote("BCDFGH", 1, b"%d" % k, k % 2)
        last = one.move("BCDFGH", VIEW)
        before = one.room("BCDFGH")
        kill()
        with pytest.raises(Away):
            one.room("BCDFGH")
        start()
        assert one.room("BCDFGH") == before
        assert before.question.counts == (10, 10)
        assert back.get(timeout=20) == last.id
        assert one.move("BCDFGH", VIEW).id == last.id + 1
        assert [heard.get(timeout=10).kind for _ in range(3)] == ["question", "state", "state"]


def test_a_redis_that_does_not_answer_holds_nobody_up(own, monkeypatch):
    url, _, _ = own
    monkeypatch.setattr("core.classroom.redis.ANSWER", 0.3)
    monkeypatch.setattr("core.classroom.redis.PAUSE", 60)
    with in_redis(url) as bed:
        one = bed.again()
        with redis.Redis.from_url(url) as client:
            client.execute_command("CLIENT", "PAUSE", "1000", "ALL")
        with pytest.raises(Away, match="TimeoutError"):
            one.rooms()
        with pytest.raises(Away, match="did not answer"):  # at once: it is not asked again for a while
            one.rooms()


@pytest.mark.parametrize("url", ["nonsense", "redis://127.0.0.1:1/0", "redis://127.0.0.1:x/0", "redis://127.0.0.1:1/0?socket_timeout=x"])
def test_a_url_that_leads_nowhere_is_told(monkeypatch, caplog, url):
    monkeypatch.setenv("REDIS_URL", url)
    desk = Desk()

    async def ask() -> None:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(Starlette(routes=routes("", desk))), base_url="http://x") as client:
            for method, path in (("POST", "/api/rooms"), ("GET", "/api/health")):
                failed = await client.request(method, path)
                assert (failed.status_code, set(failed.json())) == (503, {"error"})
                assert failed.headers["retry-after"] == "2"

    asyncio.run(ask())
    desk.close()
    assert "Redis failed" in caplog.text or "REDIS_URL cannot be read" in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_which_store(monkeypatch, tmp_path, redis_url):
    monkeypatch.setenv("GATESCOPE_DATA", str(tmp_path))
    for url, name in ((redis_url, "redis"), ("", "sqlite"), (None, "sqlite")):
        monkeypatch.delenv("REDIS_URL") if url is None else monkeypatch.setenv("REDIS_URL", url)
        made = chosen()
        assert made.name == name
        made.close()


def test_an_event_is_heard_as_it_was_told(shared):
    one, heard = shared.again(), Queue()
    one.open("BCDFGH", KEY, "")
    one.listen(lambda _, event: heard.put(event))
    odd = {"text": "a b  c\r\n😀 שלום \u2028 \x00 <b>", "x": 1e-300, "none": None, "list": []}
    told = one.move("BCDFGH", odd)
    assert heard.get(timeout=10) == told == Event(1, "state", {"version": 1, "state": odd})
    assert one.room("BCDFGH").state == odd
