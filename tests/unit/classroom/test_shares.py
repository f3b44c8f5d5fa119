"""What a network, a room and a store take at most, and by which clock rooms grow idle: the same of every store."""

import contextlib
import logging
import sqlite3
from dataclasses import dataclass

import pytest
import redis

from core.classroom import bounds, file, limits, settings
from core.classroom.limits import Limits, TooMany
from core.classroom.redis import Redis
from core.classroom.sqlite import SQLite
from core.classroom.store import Full, compact, parsed
from tests.rooms import KEY, THREE, VIEW, Clock
from tests.unit.classroom.stores import there


@pytest.fixture
def most(rooms, monkeypatch):
    """Sets limits: most(MOST_ROOMS=2, NETWORK_ROOMS=1)."""

    def set_(**values: int) -> None:
        for name, value in values.items():
            monkeypatch.setattr(f"core.classroom.{'settings' if name == 'NETWORK_ROOMS' else 'bounds'}.{name}", value)

    return set_


# rooms


def test_a_network_has_a_share_of_the_rooms_and_others_are_not_touched(rooms, most):
    most(NETWORK_ROOMS=2)
    for letter in "BC":
        assert rooms.open(6 * letter, KEY, "", "one") == []
    with pytest.raises(Full, match="Your network has 2 open rooms"):
        rooms.open("DDDDDD", KEY, "", "one")
    rooms.open("DDDDDD", KEY, "", "two")
    rooms.open("FFFFFF", KEY, "")  # nobody's
    assert there(rooms, "BCDF") == "BCDF"


def test_a_room_that_was_never_led_makes_place_in_its_networks_share(bed, rooms, most):
    most(NETWORK_ROOMS=4)
    for letter in "BCDF":
        rooms.open(6 * letter, KEY, "", "one")
        bed.clock.now += 1
    rooms.open("GGGGGG", KEY, "", "two")
    rooms.move("BBBBBB", VIEW)
    rooms.ask("CCCCCC", THREE, 3)
    bed.clock.now += bounds.UNLED - 4  # the first two have been led, the third is not idle for so long
    with pytest.raises(Full):
        rooms.open("HHHHHH", KEY, "", "one")
    bed.clock.now += 4
    assert rooms.open("HHHHHH", KEY, "", "one") == ["DDDDDD"]  # only as many as must go, the longest idle first
    assert there(rooms, "BCDFGH") == "BCFGH"
    assert rooms.open("JJJJJJ", KEY, "", "one") == ["FFFFFF"]
    with pytest.raises(Full):
        rooms.open("KKKKKK", KEY, "", "one")  # the other network's is not taken for it


def test_a_full_store_lets_rooms_go_that_were_never_led(bed, rooms, most):
    most(MOST_ROOMS=3)
    for letter in "BCD":
        rooms.open(6 * letter, KEY, "", letter)
    rooms.move("BBBBBB", VIEW)
    with pytest.raises(Full, match="3 open rooms"):
        rooms.open("FFFFFF", KEY, "", "two")
    bed.clock.now += bounds.UNLED
    rooms.move("CCCCCC", VIEW)  # led at last
    assert rooms.open("FFFFFF", KEY, "", "two") == ["DDDDDD"]
    with pytest.raises(Full):
        rooms.open("GGGGGG", KEY, "", "two")
    bed.clock.now += bounds.IDLE - bounds.UNLED
    assert rooms.open("GGGGGG", KEY, "", "two") == ["BBBBBB"]  # expired
    assert there(rooms, "BCDFG") == "CFG"


def test_a_room_that_has_place_stays_though_it_was_never_led(bed, rooms):
    rooms.open("BBBBBB", KEY, "", "one")
    bed.clock.now += bounds.IDLE - 1
    rooms.open("CCCCCC", KEY, "", "one")
    assert there(rooms, "BC") == "BC"


# votes and questions


def test_votes_of_a_room_have_a_bound(rooms, most):
    most(MOST_VOTES=3)
    rooms.open("BBBBBB", KEY, "")
    for _ in range(2):
        rooms.ask("BBBBBB", THREE, 3)
    for question, voter in ((1, b"a"), (1, b"b"), (2, b"a")):
        rooms.vote("BBBBBB", question, voter, 0)
    with pytest.raises(Full, match="takes 3 votes"):
        rooms.vote("BBBBBB", 2, b"b", 0)
    rooms.vote("BBBBBB", 2, b"a", 1)  # who has voted may still change
    assert rooms.asked("BBBBBB", 2).counts == (0, 1, 0)


def test_votes_of_a_store_have_a_bound_and_every_room_some_of_its_own(bed, rooms, most):
    most(MANY_VOTES=4, FAIR_VOTES=2)
    for letter in "BC":
        rooms.open(6 * letter, KEY, "")
        rooms.ask(6 * letter, THREE, 3)
    for voter in range(4):
        rooms.vote("BBBBBB", 1, b"%d" % voter, 0)
    with pytest.raises(Full, match="as many votes as it takes"):
        rooms.vote("BBBBBB", 1, b"x", 0)
    for voter in range(2):
        rooms.vote("CCCCCC", 1, b"%d" % voter, 0)
    with pytest.raises(Full, match="fewer than 2"):
        rooms.vote("CCCCCC", 1, b"x", 0)
    bed.clock.now += bounds.IDLE / 2
    rooms.move("CCCCCC", VIEW)
    bed.clock.now += bounds.IDLE / 2  # the first room's votes are gone with it
    rooms.vote("CCCCCC", 1, b"x", 0)
    assert rooms.asked("CCCCCC", 1).counts == (3, 0, 0)


def test_questions_of_a_room_have_a_bound_in_bytes(rooms, most):
    body = {"text": "😀" * 10, "choices": ["a", "b"]}
    size = len(compact(body).encode())
    most(MOST_TEXT=2 * size)
    rooms.open("BBBBBB", KEY, "")
    for _ in range(2):
        rooms.ask("BBBBBB", body, 2)
    event = rooms.room("BBBBBB").event
    with pytest.raises(Full, match="kB of questions"):
        rooms.ask("BBBBBB", {"text": "a", "choices": ["a", "b"]}, 2)
    assert rooms.room("BBBBBB").event == event
    assert len(rooms.questions("BBBBBB")) == 2


def test_a_vote_that_is_changed_often_leaves_nothing_behind(redis_url):
    """Each answer that was ever given had a count of its own, which stayed at 0: one voter could fill a room with them."""
    one = Redis(redis_url, Clock(), "changed:")
    one.open("BBBBBB", KEY, "")
    one.ask("BBBBBB", {"text": "?"}, bounds.MOST_ANSWERS)
    one.vote("BBBBBB", 1, b"a", 0)
    with redis.Redis.from_url(redis_url) as client:
        before = client.hlen("changed:room:BBBBBB")
        for answer in range(50):
            one.vote("BBBBBB", 1, b"a", answer)
        assert client.hlen("changed:room:BBBBBB") == before
    assert one.asked("BBBBBB", 1).counts[48:51] == (0, 1, 0)
    one.close()


# the clock


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


# what is kept and what is sent


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")], ids=["nan", "inf", "minus"])
def test_nothing_but_json_is_kept(rooms, value):
    rooms.open("BBBBBB", KEY, "")
    for call in (lambda: rooms.move("BBBBBB", {"made": {"x": value}}), lambda: rooms.ask("BBBBBB", {"text": value}, 2)):
        with pytest.raises(ValueError, match="JSON"):
            call()
    assert rooms.room("BBBBBB").event == 0


def test_what_another_version_has_kept_is_read_as_json():
    odd = '{"a": NaN, "b": [1e400, -1e400, Infinity], "c": 1.5, "d": 7, "e": ' + "9" * 5000 + "}"
    assert parsed(odd) == {"a": None, "b": [None] * 3, "c": 1.5, "d": 7, "e": None}


# the file


def test_a_file_of_the_version_before_is_brought_to_this_one(tmp_path):
    path = tmp_path / "rooms.sqlite3"
    db = sqlite3.connect(path)
    db.executescript(f"{file.SCHEMA}; PRAGMA user_version = 1")
    db.execute("INSERT INTO rooms VALUES ('BBBBBB', ?, 'old', 5, 5, 3, 1, '{\"a\":1}')", (KEY,))
    db.execute("INSERT INTO questions VALUES ('BBBBBB', 1, 2, '{\"text\":\"é\"}', 2, 5, NULL, NULL, NULL)")
    db.executemany("INSERT INTO votes VALUES ('BBBBBB', 1, ?, 1)", [(b"a",), (b"b",)])
    db.commit()
    db.close()
    rooms = SQLite(path)
    assert rooms.asked("BBBBBB", 1).counts == (0, 2)
    rooms.close()
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT whose, votes, bytes FROM rooms").fetchone() == ("", 2, len('{"text":"é"}'.encode()))


@pytest.mark.parametrize("damage", ["no database", "a page", "cut"])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path, caplog, damage):
    path = tmp_path / "rooms.sqlite3"
    for number, code in ((1, "BBBBBB"), (2, "CCCCCC")):
        rooms = SQLite(path)
        rooms.open(code, KEY, "")
        for _ in range(50):
            rooms.ask(code, {"text": "x" * 500}, 2)
        rooms.close()
        whole = path.read_bytes()
        assert len(whole) > 20_000
        spoilt = {"no database": b"x" * len(whole), "cut": whole[:9000], "a page": whole[:4096] + b"\xff" * 8192 + whole[12_288:]}[damage]
        path.write_bytes(spoilt)
        caplog.clear()
        rooms = SQLite(path)
        assert rooms.rooms() == 0
        rooms.open("DDDDDD" if number == 1 else "FFFFFF", KEY, "")
        rooms.close()
        assert (tmp_path / f"rooms.sqlite3.corrupt-{number}").read_bytes() == spoilt
        [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        assert f"rooms.sqlite3.corrupt-{number}" in line
        assert str(tmp_path) not in line


def test_a_folder_is_one_servers_until_it_ends(tmp_path):
    first = file.claim(tmp_path)
    with pytest.raises(SystemExit, match="GATESCOPE_DATA") as refused:
        file.claim(tmp_path, 0.2)
    assert "REDIS_URL" in str(refused.value)
    first.close()
    file.claim(tmp_path, 0).close()


def test_a_folder_that_cannot_be_written_to_stops_no_server(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert file.claim(tmp_path / "file") is None


# networks


def test_a_store_knows_a_network_by_a_digest_that_replicas_share(monkeypatch):
    monkeypatch.delenv("STREAMLIT_SERVER_COOKIE_SECRET", raising=False)
    alone = [Limits().whose("203.0.113.7") for _ in range(2)]
    assert alone[0] != alone[1]  # each process has a secret of its own
    monkeypatch.setenv("STREAMLIT_SERVER_COOKIE_SECRET", "long")
    one, two = Limits(), Limits()
    assert one.whose("203.0.113.7") == two.whose("203.0.113.7") != one.whose("203.0.113.8")
    assert len(one.whose("203.0.113.7")) == 16


def test_a_network_has_a_share_of_the_streams_and_a_school_has_room_in_it():
    limit = Limits(Clock())
    assert settings.NETWORK_STREAMS >= 12 * 31
    assert settings.NETWORK_STREAMS <= limits.MOST_FOLLOWERS / 3
    assert settings.NETWORK_ROOMS <= bounds.MOST_ROOMS / 10
    for k in range(settings.NETWORK_STREAMS):
        limit.follow(0, k, "10.0.0.1", k)
    with pytest.raises(TooMany, match="600 followers"):
        limit.follow(0, settings.NETWORK_STREAMS, "10.0.0.1", settings.NETWORK_STREAMS)
    limit.follow(0, settings.NETWORK_STREAMS, "10.0.0.2", 0)


def test_a_class_of_a_school_comes_back_at_once_and_replays_have_a_pace():
    clock = Clock()
    limit = Limits(clock)
    for k in range(settings.NETWORK_STREAMS):  # all of a school, after a restart, each with a question and a reveal that it has missed
        limit.follow(0, k, "10.0.0.1", k)
        limit.replay("10.0.0.1", 2)
    replays = 0
    with pytest.raises(TooMany, match="missed events"):
        while replays < 10_000:
            limit.follow(0, 0, "10.0.0.1", 0)
            limit.replay("10.0.0.1", 400)
            replays += 1
    assert replays <= limits.REPLAY.burst / 400
    limit.follow(0, 0, "10.0.0.2", 0)
    clock.now += 400 / limits.REPLAY.each
    limit.follow(0, 0, "10.0.0.1", 0)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "9" * 20, "٣"], ids=["zero", "negative", "fraction", "word", "long", "arabic"])
def test_a_setting_that_cannot_be_read_is_told_by_its_name(monkeypatch, text):
    monkeypatch.setenv("GATESCOPE_NETWORK_ROOMS", text)
    with pytest.raises(ValueError, match="GATESCOPE_NETWORK_ROOMS: got"):
        settings.whole("GATESCOPE_NETWORK_ROOMS", 100, 1, 1000)
    monkeypatch.setenv("GATESCOPE_NETWORK_ROOMS", " 7 ")
    assert settings.whole("GATESCOPE_NETWORK_ROOMS", 100, 1, 1000) == 7
