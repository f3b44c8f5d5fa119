"""By which clock rooms grow idle: one that no jump of the machine's moves."""

from dataclasses import dataclass

import redis

from core.classroom import bounds
from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from tests.rooms import KEY, THREE
from tests.unit.classroom.stores import there


@dataclass
class Wall:
    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_clock_that_jumps_and_a_server_that_was_down_close_no_room(tmp_path):
    wall = Wall()
    path = tmp_path / "rooms.sqlite3"
    rooms = SQLite(path, wall=wall)
    rooms.open("BBBBBB", KEY, "")
    for jump in (3 * bounds.IDLE, -1e9, 1e9):
        wall.now += jump
        assert rooms.purge() == []
        assert there(rooms, "B") == "B"
    rooms.close()
    wall.now += 1e9
    rooms = SQLite(path, wall=wall)
    assert there(rooms, "B") == "B"
    for _ in range(int(bounds.IDLE // 60) + 1):  # minute by minute it does grow idle
        wall.now += 60
        rooms.rooms()
    assert rooms.purge() == ["BBBBBB"]
    rooms.close()


def test_what_is_idle_goes_on_growing_idle_over_restarts(tmp_path):
    wall, path, left = Wall(), tmp_path / "rooms.sqlite3", []
    SQLite(path, wall=wall).open("BBBBBB", KEY, "")
    while not left:
        rooms = SQLite(path, wall=wall)
        for _ in range(30):
            wall.now += 60
            rooms.beat()
        left = rooms.purge()
        rooms.close()
    assert bounds.IDLE - 1800 <= wall.now - 1_700_000_000 <= bounds.IDLE + 3600


def test_the_times_of_questions_are_the_walls(tmp_path):
    wall = Wall()
    rooms = SQLite(tmp_path / "rooms.sqlite3", wall=wall)
    rooms.open("BBBBBB", KEY, "")
    wall.now += 5 * bounds.IDLE
    rooms.ask("BBBBBB", THREE, 3)
    assert rooms.asked("BBBBBB", 1).asked == wall.now
    rooms.close()


def test_replicas_have_redis_s_time_and_a_clock_that_jumps_closes_no_room(redis_url, monkeypatch):
    def own() -> float:
        raise AssertionError("a replica's own clock was asked")

    one = Redis(redis_url, prefix="jump:")
    monkeypatch.setattr("time.time", own)
    one.open("BBBBBB", KEY, "")
    one.ask("BBBBBB", THREE, 3)
    one.followers("BBBBBB", 1)
    with redis.Redis.from_url(redis_url) as client:
        seconds, _ = client.time()
        assert abs(one.room("BBBBBB").opened - seconds) < 60
        for jump in (3 * bounds.IDLE, -3 * bounds.IDLE, 3 * bounds.IDLE):  # Redis's time now, against when it was last looked at
            client.hset("jump:clock", "seen", float(client.hget("jump:clock", "seen")) - jump)
            assert one.purge() == []
            assert there(one, "B") == "B"
        idle = float(client.hget("jump:clock", "now")) - bounds.IDLE
        client.zadd("jump:rooms", {"BBBBBB": idle})
        client.hset("jump:room:BBBBBB", "touched", idle)
    assert one.rooms() == 0
    assert one.purge() == ["BBBBBB"]
    one.close()
