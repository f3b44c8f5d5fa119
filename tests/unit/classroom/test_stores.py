"""Rooms without a server: what every store must do, codes and keys, what is taken of a body, the limits."""

import csv
import io
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from queue import Queue

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from core.classroom import bounds, codes, limits, results
from core.classroom.file import folder
from core.classroom.limits import Limits, TooMany, network
from core.classroom.models import Question, Slider, State, Vote, fault
from core.classroom.sqlite import SQLite
from core.classroom.store import Asked, Closed, Event, Full, Store, Taken, Unknown
from tests.conftest import ROOT
from tests.rooms import KEY, THREE, VIEW, Clock


@pytest.fixture
def rooms(rooms) -> Store:
    """A store with one room."""
    rooms.open("BCDFGH", KEY, "<b>Room</b>")
    return rooms


# what every store does


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


# of the store in SQLite


def test_the_file_is_in_wal_mode_and_holds_no_secret(tmp_path):
    rooms, path = SQLite(tmp_path / "rooms.sqlite3"), tmp_path / "rooms.sqlite3"
    rooms.open("BCDFGH", codes.digest("the-key"), "")
    rooms.ask("BCDFGH", THREE, 3)
    rooms.vote("BCDFGH", 1, codes.digest("the-voter"), 1)
    rooms.close()
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
    assert b"the-key" not in path.read_bytes()
    assert b"the-voter" not in path.read_bytes()


def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "rooms.sqlite3"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(sqlite3.DatabaseError, match="newer Gatescope"):
        SQLite(path)


def test_the_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GATESCOPE_DATA", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.delenv("GATESCOPE_DATA")
    assert folder().name == "gatescope"


# codes and keys


def test_codes_have_no_letter_to_mistake_and_come_by_chance():
    many = [codes.new_code() for _ in range(500)]
    assert all(re.fullmatch(r"[A-Z]{6}", code) and not set(code) & set("AEIOULY01") for code in many)
    assert len(set(many)) > 490
    assert set("".join(many)) == set(codes.ALPHABET)
    assert codes.CODES > 40_000_000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bcdfgh", "BCDFGH"),
        ("BCDFGH", "BCDFGH"),
        ("BCDFG", None),
        ("BCDFGHJ", None),
        ("BCDFGA", None),
        ("", None),
        ("ß" * 6, None),
        ("BCDFG\n", None),
        ("ＢＣＤＦＧＨ", None),
        ("%00%00", None),
        ("B" * 10_000_000, None),
        ("BCDFG\u212a", None),
        ("BCDFG\u017f", None),
    ],
)
def test_what_a_code_can_be(typed, code):
    assert codes.code_of(typed) == code


def test_keys_have_128_bits_and_are_compared_as_digests():
    key = codes.new_key()
    assert len(bytes.fromhex(key)) == 16
    assert key != codes.new_key()
    assert codes.same(codes.digest(key), key)
    for wrong in ("", key[:-1], key + " ", key.upper() + "A", "é", "\udc80"):
        assert not codes.same(codes.digest(key), wrong)


# what is taken of a body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page", "//evil.example"),
        ("page", "javascript:alert(1)"),
        ("page", "../x"),
        ("page", "a" * 62),
        ("page", None),
        ("page", "lstm\n"),
        ("text", "x" * 4001),
        ("text", 7),
        ("step", "1"),
        ("step", -1),
        ("step", True),
        ("step", 1.5),
        ("step", 10**30),
        ("unit", None),
        ("model", "m" * 81),
        ("array", ["f"]),
        ("edits", [{"name": "f"}]),
        ("edits", {}),
        ("edits", "x" * 1001),
        ("stop", -1),
        ("edits", [{"name": "f", "value": 1, "deep": 1}]),
        ("edits", [{"name": "f", "value": 0}] * 25),
        ("lesson", 3),
        ("script", "x"),
    ],
)
def test_a_bad_state_is_refused_with_the_fields_name(field, value):
    with pytest.raises(ValidationError) as error:
        State.model_validate(VIEW | {field: value})
    name, told = fault(error.value)
    assert name == field
    assert "evil" not in told


@pytest.mark.parametrize("field", list(VIEW))
def test_a_state_is_whole(field):
    with pytest.raises(ValidationError) as error:
        State.model_validate({name: value for name, value in VIEW.items() if name != field})
    assert fault(error.value)[0] == field


def test_a_state_is_kept_as_it_was_sent():
    for more in ({}, {"edits": "f=0.1@2", "lesson": "start-here", "stop": 3}, {"edits": [{"name": "f", "value": 0.5, "units": [1, 2]}]}):
        assert State.model_validate(VIEW | more).model_dump(exclude_unset=True) == VIEW | more


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "?"}, "choices"),
        ({"text": "?", "choices": ["a"]}, "choices"),
        ({"text": "?", "choices": ["a", ""]}, "choices"),
        ({"text": "", "choices": ["a", "b"]}, "text"),
        ({"text": "?", "choices": ["a"] * 13}, "choices"),
        ({"choices": ["a", "b"]}, "text"),
        ({"text": "?", "slider": {"min": 1, "max": 0, "step": 1}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1, "step": 0}}, "slider"),
        ({"text": "?", "slider": {"min": 0, "max": 1, "step": 1e-300}}, "slider"),
        ({"text": "?", "choices": ["a", "b"], "slider": {"min": 0, "max": 1, "step": 1}}, "choices"),
        ({"text": "?", "choices": 3}, "choices"),
    ],
)
def test_a_bad_question_is_refused_with_the_fields_name(body, field):
    with pytest.raises(ValidationError) as error:
        Question.model_validate(body)
    assert fault(error.value)[0] == field


@given(low=some.integers(-50, 50), places=some.integers(2, 1001), step=some.sampled_from([0.01, 0.05, 0.1, 0.25, 1.0, 7.0]))
def test_each_place_of_a_slider_is_an_answer_and_nothing_between(low, places, step):
    question = Question(text="?", slider=Slider(min=low * step, max=low * step + (places - 1) * step, step=step))
    assert len(question.labels) == places
    assert [question.place(value) for value in question.labels] == list(range(places))
    for beside in (question.labels[0] - step, question.labels[-1] + step, question.labels[0] + step / 2):
        with pytest.raises(ValueError, match="wants"):
            question.place(beside)


def test_a_choice_is_an_index():
    question = Question.model_validate(THREE)
    assert [question.place(Vote(voter="v", choice=k).choice) for k in (0, 1, 2)] == [0, 1, 2]
    for wrong in (-1, 3, 0.5):
        with pytest.raises(ValueError, match="0 to 2"):
            question.place(wrong)


@pytest.mark.parametrize("vote", ['{"voter":"v","choice":true}', '{"voter":"v","choice":NaN}', '{"voter":"v","choice":"0"}'])
def test_a_vote_is_a_number(vote):
    with pytest.raises(ValidationError) as error:
        Vote.model_validate_json(vote)
    assert fault(error.value)[0] in ("choice", "body")


# the results


def test_the_results_are_text_to_a_spreadsheet():
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", 'a,b\n"c"', "<b>σ</b>"]
    asked = [
        Asked(1, {"text": "=cmd|' /C calc'!A0", "choices": evil}, 0.0, 60.0, 1, tuple(range(10))),
        Asked(2, {"text": "f?", "slider": {"min": -0.5, "max": 0.5, "step": 0.5}}, 0.0, None, None, (1, 0, 2)),
    ]
    text = results.table(asked)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [r["votes"] for r in rows] == [*map(str, range(10)), "1", "0", "2"]
    assert [r["answer"].lstrip("'") for r in rows[:10]] == evil
    assert not [c for r in rows[:10] for c in r.values() if c.lstrip(" ").startswith(results.FORMULA)]
    assert [r["answer"] for r in rows[10:]] == ["-0.5", "0", "0.5"]
    assert [r["right"] for r in rows] == ["no", "yes", *["no"] * 8, "", "", ""]
    assert rows[0]["revealed (UTC)"] == "1970-01-01 00:01:00"
    assert rows[10]["revealed (UTC)"] == ""


# limits


def count(call, most: int = 10_000) -> int:
    """How often `call` goes before it is too much."""
    for k in range(most):
        try:
            call()
        except TooMany as many:
            assert many.wait > 0
            return k
    return most


def test_a_class_votes_from_one_address_and_one_voter_does_not_flood():
    clock = Clock()
    limit = Limits(clock)
    for _ in range(20):  # seconds with 100 votes each
        for voter in range(100):
            limit.vote("BCDFGH", b"%d" % voter)
        clock.now += 1
    assert count(lambda: limit.vote("BCDFGH", b"one")) == limits.VOTER.burst
    clock.now += 1
    assert count(lambda: limit.vote("BCDFGH", b"one")) == limits.VOTER.each


def test_invented_voters_are_stopped_by_their_room_and_disturb_no_other():
    limit, number = Limits(Clock()), iter(range(10**6))
    assert count(lambda: limit.vote("BCDFGH", b"%d" % next(number))) == limits.ROOM.burst
    limit.vote("CCCCCC", b"v")


def test_codes_cannot_be_guessed_at_speed_and_the_class_goes_on():
    clock = Clock()
    limit = Limits(clock)
    limit.found("10.0.0.1", "BCDFGH")

    def guess() -> None:
        limit.look("10.0.0.1", "ZZZZZZ")
        limit.missed("10.0.0.1")

    assert count(guess) == limits.LOOK.burst
    with pytest.raises(TooMany):
        limit.look("10.0.0.1", "CCCCCC")  # a hit would not be told either
    limit.look("10.0.0.1", "BCDFGH")
    limit.look("10.0.0.2", "CCCCCC")
    clock.now += 10
    assert count(guess) == 10 * limits.LOOK.each
    day = limits.LOOK.burst + 86_400 * limits.LOOK.each
    assert day * bounds.MOST_ROOMS / codes.CODES < 2  # rooms that a network finds in a day of guessing at a server that is full


def test_followers_and_writes_have_limits():
    limit = Limits(Clock())
    limit.follow(limits.MOST_FOLLOWERS_ROOM - 1, limits.MOST_FOLLOWERS - 1)
    with pytest.raises(TooMany, match="2,000 followers"):
        limit.follow(0, limits.MOST_FOLLOWERS)
    with pytest.raises(TooMany, match="1,000 followers"):
        limit.follow(limits.MOST_FOLLOWERS_ROOM, limits.MOST_FOLLOWERS_ROOM)
    assert count(lambda: limit.write("BCDFGH")) == limits.WRITE.burst
    assert count(lambda: limit.open("10.0.0.1")) == limits.OPEN.burst


def test_what_the_limits_remember_has_a_bound(monkeypatch):
    monkeypatch.setattr(limits, "REMEMBERED", 5)
    limit = Limits(Clock())
    for k in range(50):
        limit.missed(f"10.0.0.{k}")
        limit.found(f"10.0.0.{k}", "BCDFGH")
        limit.vote("BCDFGH", b"%d" % k)
    kept = [limit._looks._left, limit._voters._left, limit._been]
    assert [len(k) for k in kept] == [5, 5, 5]
    assert "10.0.0.49" in limit._looks._left


def test_a_low_limit_of_open_files_is_raised():
    resource = pytest.importorskip("resource")
    program = "import resource as r; from core.classroom import routes; routes(''); print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    lower = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 3000))  # noqa: E731
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, preexec_fn=lower, capture_output=True, text=True, check=True)
    assert int(done.stdout) == 3000


@pytest.mark.parametrize(
    ("host", "seen"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_an_address_is_a_network(host, seen):
    assert network(host) == seen
