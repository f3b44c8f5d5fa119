"""What every store of rooms must do."""

from collections import Counter
from queue import Queue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.classroom import bounds, codes
from core.classroom.store import Closed, Event, Full, Store, Taken, Unknown
from tests.rooms import KEY, THREE, VIEW


@pytest.fixture
def rooms(rooms) -> Store:
    """A store with one room."""
    rooms.open("BCDFGH", KEY, "<b>Room</b>")
    return rooms


def test_a_new_room_is_empty_and_its_code_taken(rooms):
    room = rooms.room("BCDFGH")
    assert (room.key, room.title, room.version, room.state, room.question) == (KEY, "<b>Room</b>", 0, None, None)
    with pytest.raises(Taken):
        rooms.open("BCDFGH", KEY, "")
    with pytest.raises(Unknown):
        rooms.room("ZZZZZZ")


def test_nothing_can_be_done_in_a_room_that_is_not(rooms):
    for call in (
        lambda: rooms.move("ZZZZZZ", VIEW),
        lambda: rooms.ask("ZZZZZZ", THREE, 3),
        lambda: rooms.vote("ZZZZZZ", 1, b"v", 0),
        lambda: rooms.reveal("ZZZZZZ", 1, None),
        lambda: rooms.questions("ZZZZZZ"),
        lambda: rooms.asked("BCDFGH", 1),
        lambda: rooms.vote("BCDFGH", 1, b"v", 0),
        lambda: rooms.reveal("BCDFGH", 1, None),
        lambda: rooms.tell("ZZZZZZ", "presence", {}),
        lambda: rooms.missed("ZZZZZZ", None),
    ):
        with pytest.raises(Unknown):
            call()
    assert rooms.room("BCDFGH").event == 0


def test_a_move_is_the_state_as_it_was_sent(rooms):
    assert rooms.move("BCDFGH", VIEW).data == {"version": 1, "state": VIEW}
    assert rooms.move("BCDFGH", VIEW | {"step": 2}).data["version"] == 2
    assert rooms.room("BCDFGH").state == VIEW | {"step": 2}


def test_everyone_hears_every_event_in_order_and_ids_rise(rooms):
    heard = Queue()
    rooms.listen(lambda code, event: heard.put((code, event.id, event.kind)))
    rooms.open("CCCCCC", KEY, "")
    rooms.move("BCDFGH", VIEW)
    rooms.ask("BCDFGH", THREE, 3)
    rooms.move("CCCCCC", VIEW)
    rooms.vote("BCDFGH", 1, b"v", 0)
    rooms.tell("BCDFGH", "counts", {})
    rooms.reveal("BCDFGH", 1, 0)
    assert [heard.get(timeout=10) for _ in range(5)] == [
        ("BCDFGH", 1, "state"),
        ("BCDFGH", 2, "question"),
        ("CCCCCC", 1, "state"),
        ("BCDFGH", 3, "counts"),
        ("BCDFGH", 4, "reveal"),
    ]
    assert heard.empty()


def test_the_last_vote_of_each_voter_counts_once(rooms):
    @settings(deadline=None)
    @given(votes=some.lists(some.tuples(some.integers(0, 5), some.integers(0, 2)), max_size=30))
    def counts(votes: list[tuple[int, int]]) -> None:
        rooms.open(code := codes.new_code(), KEY, "")
        rooms.ask(code, THREE, 3)
        for voter, choice in votes:
            rooms.vote(code, 1, b"%d" % voter, choice)
        tally = Counter(dict(votes).values())
        assert rooms.asked(code, 1).counts == tuple(tally[k] for k in range(3))

    counts()


def test_after_the_reveal_the_votes_are_closed(rooms):
    rooms.ask("BCDFGH", THREE, 3)
    rooms.vote("BCDFGH", 1, b"a", 0)
    rooms.vote("BCDFGH", 1, b"b", 2)
    first = rooms.reveal("BCDFGH", 1, 2)
    assert first.data == {"id": 1, "counts": [1, 0, 1], "answer": 2}
    for voter in (b"a", b"c"):
        with pytest.raises(Closed):
            rooms.vote("BCDFGH", 1, voter, 1)
    assert rooms.reveal("BCDFGH", 1, 0) == first
    assert rooms.room("BCDFGH").event == first.id
    assert rooms.asked("BCDFGH", 1).answer == 2


def test_a_restart_loses_nothing(bed, rooms):
    rooms.move("BCDFGH", VIEW)
    rooms.ask("BCDFGH", THREE, 3)
    rooms.vote("BCDFGH", 1, b"a", 1)
    rooms.tell("BCDFGH", "presence", {"followers": 3})
    before = rooms.room("BCDFGH")
    again = bed.again()
    assert again.room("BCDFGH") == before
    again.vote("BCDFGH", 1, b"a", 2)
    again.vote("BCDFGH", 1, b"b", 2)
    assert again.asked("BCDFGH", 1).counts == (0, 0, 2)
    assert again.move("BCDFGH", VIEW) == Event(before.event + 1, "state", {"version": 2, "state": VIEW})


def test_who_comes_gets_the_present_state_and_the_latest_question(rooms):
    assert rooms.missed("BCDFGH", None) == (Event(0, "state", {"version": 0, "state": None}), [])
    rooms.ask("BCDFGH", THREE, 3)
    rooms.reveal("BCDFGH", 1, None)
    rooms.ask("BCDFGH", THREE, 3)
    rooms.move("BCDFGH", VIEW)
    state, events = rooms.missed("BCDFGH", None)
    assert state.data == {"version": 1, "state": VIEW}
    assert [(e.id, e.kind, e.data["id"]) for e in events] == [(3, "question", 2)]
    rooms.reveal("BCDFGH", 2, None)
    assert [e.kind for e in rooms.missed("BCDFGH", None)[1]] == ["question", "reveal"]
    assert rooms.missed("BCDFGH", 10**15) == rooms.missed("BCDFGH", None)  # an id of another room, or of a store that is gone


def test_who_comes_back_gets_the_present_state_and_what_was_missed(rooms):
    kinds = []
    for question in (1, 2, 3):
        told = rooms.move("BCDFGH", VIEW), rooms.ask("BCDFGH", THREE, 3), rooms.tell("BCDFGH", "presence", {})
        kinds += [event.kind for event in (*told, rooms.reveal("BCDFGH", question, None))]
    kept = [(k, kind) for k, kind in enumerate(kinds, 1) if kind in ("question", "reveal")]
    for last in range(len(kinds) + 1):
        state, events = rooms.missed("BCDFGH", last)
        assert (state.kind, state.data["version"]) == ("state", 3)
        assert [(e.id, e.kind) for e in events] == [pair for pair in kept if pair[0] > last]
        ids = [state.id, *(e.id for e in events)]
        assert ids == sorted(set(ids))
        for cut in ids:  # the connection is lost again after any of them: the rest is missed then
            assert rooms.missed("BCDFGH", cut)[1] == [e for e in events if e.id > cut]


def test_rooms_expire_when_nothing_happens_in_them(bed, rooms):
    rooms.open("CCCCCC", KEY, "")
    rooms.ask("CCCCCC", THREE, 3)
    rooms.vote("CCCCCC", 1, b"v", 1)
    bed.clock.now += bounds.IDLE - 1
    rooms.move("BCDFGH", VIEW)
    rooms.tell("CCCCCC", "presence", {})  # who only watches keeps no room open
    bed.clock.now += 1
    with pytest.raises(Unknown):
        rooms.room("CCCCCC")
    with pytest.raises(Unknown):
        rooms.vote("CCCCCC", 1, b"v", 1)
    assert rooms.room("BCDFGH").version == 1
    assert rooms.purge() == ["CCCCCC"]
    assert rooms.purge() == []
    rooms.open("CCCCCC", KEY, "")
    assert rooms.room("CCCCCC").question is None


def test_the_limits_of_a_store(bed, rooms, monkeypatch):
    for name, most in (("MOST_ROOMS", 2), ("MOST_QUESTIONS", 2), ("MOST_VOTERS", 2)):
        monkeypatch.setattr(f"core.classroom.bounds.{name}", most)
    rooms.open("CCCCCC", KEY, "")
    with pytest.raises(Full, match="2 open rooms"):
        rooms.open("DDDDDD", KEY, "")
    bed.clock.now += bounds.IDLE / 2
    rooms.move("CCCCCC", VIEW)
    bed.clock.now += bounds.IDLE / 2
    rooms.open("DDDDDD", KEY, "")  # an expired room is none
    rooms.ask("CCCCCC", THREE, 3)
    rooms.ask("CCCCCC", THREE, 3)
    before = rooms.room("CCCCCC").event
    with pytest.raises(Full, match="2 questions"):
        rooms.ask("CCCCCC", THREE, 3)
    assert rooms.room("CCCCCC").event == before
    rooms.vote("CCCCCC", 1, b"a", 0)
    rooms.vote("CCCCCC", 1, b"b", 0)
    with pytest.raises(Full, match="2 voters"):
        rooms.vote("CCCCCC", 1, b"c", 0)
    rooms.vote("CCCCCC", 1, b"a", 1)  # who has voted may still change
    rooms.vote("CCCCCC", 2, b"c", 0)
    assert rooms.asked("CCCCCC", 1).counts == (1, 1, 0)


def test_rooms_are_counted_while_they_are_open(bed, rooms):
    rooms.open("CCCCCC", KEY, "")
    assert rooms.rooms() == 2
    bed.clock.now += bounds.IDLE - 1
    rooms.move("CCCCCC", VIEW)
    bed.clock.now += 1
    assert rooms.rooms() == 1


def test_followers_are_counted(rooms):
    assert [rooms.followers("BCDFGH", here) for here in (0, 3, 2)] == [0, 3, 2]
    with pytest.raises(Unknown):
        rooms.followers("ZZZZZZ", 1)
