"""What every store of rooms must do for experiments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.classroom import bounds, codes
from core.classroom.store import Closed, Full, Store, Unknown
from tests.rooms import KEY, THREE, VIEW

CODE = "BCDFGH"
SETUP = {"task": "words"}


@pytest.fixture
def rooms(rooms) -> Store:
    """A store with one room, in which an experiment is going on."""
    rooms.open(CODE, KEY, "")
    rooms.ask(CODE, SETUP, 0)
    return rooms


def test_it_is_told_as_an_experiment_and_is_no_question(rooms):
    assert [(event.kind, event.data) for event in rooms.missed(CODE, None)[1]] == [("experiment", {"id": 1, **SETUP})]
    assert rooms.experiment(CODE, 1).body == SETUP
    with pytest.raises(Unknown, match="no such question"):
        rooms.vote(CODE, 1, b"a", 0)
    with pytest.raises(Unknown, match="no such question"):
        rooms.question(CODE, 1)
    rooms.ask(CODE, THREE, 3)
    for call in (
        lambda: rooms.experiment(CODE, 2),
        lambda: rooms.seat(CODE, 2, b"a"),
        lambda: rooms.report(CODE, 2, b"a", {}),
        lambda: rooms.place(CODE, 2, b"a"),
        lambda: rooms.reports(CODE, 2),
        lambda: rooms.seat(CODE, 3, b"a"),
        lambda: rooms.seat("ZZZZZZ", 1, b"a"),
        lambda: rooms.reports("ZZZZZZ", 1),
    ):
        with pytest.raises(Unknown):
            call()


def test_a_question_meanwhile_takes_nothing_from_it(rooms):
    """Who comes late gets both; the room's question is the latest question, whatever was sent after it."""
    rooms.ask(CODE, THREE, 3)
    rooms.move(CODE, VIEW)
    rooms.ask(CODE, SETUP, 0)
    rooms.ask(CODE, SETUP, 0)
    room = rooms.room(CODE)
    assert (room.question.id, room.experiment) == (2, 4)
    assert [(event.kind, event.data["id"]) for event in rooms.missed(CODE, None)[1]] == [
        ("question", 2),
        ("experiment", 3),
        ("experiment", 4),
    ]
    rooms.ask(CODE, THREE, 3)
    assert [(event.kind, event.data["id"]) for event in rooms.missed(CODE, None)[1]] == [("experiment", 4), ("question", 5)]


def test_every_student_has_a_seat_and_counts_once(rooms):
    """Whatever students do in whatever order: places count up from 0, and each has the last figures that its student sent."""

    @settings(deadline=None)
    @given(acts=some.lists(some.tuples(some.integers(0, 5), some.none() | some.floats(0, 1)), max_size=30))
    def holds(acts: list[tuple[int, float | None]]) -> None:
        rooms.open(code := codes.new_code(), KEY, "")
        rooms.ask(code, SETUP, 0)
        places: dict[int, int] = {}
        last: dict[int, dict[str, list[float]]] = {}
        for student, score in acts:
            voter = b"%d" % student
            if score is None:
                assert rooms.seat(code, 1, voter) == places.setdefault(student, len(places))
            elif student in places:
                last[places[student]] = {"first": [score]}
                rooms.report(code, 1, voter, {"first": [score]})
                assert rooms.place(code, 1, voter) == places[student]
            else:
                with pytest.raises(Unknown, match="no such seat"):
                    rooms.report(code, 1, voter, {"first": [score]})
                with pytest.raises(Unknown, match="no such seat"):
                    rooms.place(code, 1, voter)
        assert rooms.reports(code, 1) == [last.get(place) for place in range(len(places))]

    holds()


def test_after_the_end_nothing_is_taken(rooms):
    rooms.seat(CODE, 1, b"a")
    rooms.report(CODE, 1, b"a", {"first": [1]})
    event = rooms.reveal(CODE, 1, None)
    assert (event.kind, event.data) == ("reveal", {"id": 1, "counts": [], "answer": None})
    for call in (lambda: rooms.seat(CODE, 1, b"b"), lambda: rooms.seat(CODE, 1, b"a"), lambda: rooms.report(CODE, 1, b"a", {})):
        with pytest.raises(Closed, match="experiment has been ended"):
            call()
    assert rooms.reports(CODE, 1) == [{"first": [1]}]
    assert [e.kind for e in rooms.missed(CODE, None)[1]] == ["experiment", "reveal"]


def test_a_restart_loses_nothing(bed, rooms):
    for student in (b"a", b"b", b"c"):
        rooms.seat(CODE, 1, student)
    rooms.report(CODE, 1, b"b", {"first": [0.5, None, None]})
    again = bed.again()
    assert again.reports(CODE, 1) == [None, {"first": [0.5, None, None]}, None]
    assert (again.seat(CODE, 1, b"c"), again.seat(CODE, 1, b"d")) == (2, 3)
    assert again.missed(CODE, None) == rooms.missed(CODE, None)


def test_seats_have_the_limits_of_votes(rooms, monkeypatch):
    """A seat counts as two votes, for a report stands beside it."""
    monkeypatch.setattr(bounds, "MOST_VOTERS", 2)
    for student in (b"a", b"b"):
        rooms.seat(CODE, 1, student)
    with pytest.raises(Full, match="experiment already has 2 students"):
        rooms.seat(CODE, 1, b"c")
    assert rooms.seat(CODE, 1, b"a") == 0  # who has one keeps it
    monkeypatch.setattr(bounds, "MOST_VOTES", 4)
    rooms.ask(CODE, THREE, 3)
    with pytest.raises(Full, match="already has 4 votes"):
        rooms.vote(CODE, 2, b"a", 0)
    monkeypatch.setattr(bounds, "MOST_VOTES", 5)
    rooms.vote(CODE, 2, b"a", 0)


def test_nothing_but_json_is_kept(rooms):
    rooms.seat(CODE, 1, b"a")
    with pytest.raises(ValueError, match="JSON"):
        rooms.report(CODE, 1, b"a", {"first": [float("nan")]})
    assert rooms.reports(CODE, 1) == [None]
