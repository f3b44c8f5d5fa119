"""What a network, a room and a store take at most, and what is kept of it: the same of every store."""

import pytest
import redis

from core.classroom import bounds
from core.classroom.redis import Redis
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
    with pytest.raises(Full, match="Your network already has 2 open rooms"):
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
    with pytest.raises(Full, match="already has 3 votes"):
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
    with pytest.raises(Full, match="maximum number of votes"):
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
    with pytest.raises(Full, match="kB together"):
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
