"""How much one voter, one room and one network may do at once, and in the long run."""

import subprocess
import sys

import pytest

from core.classroom import bounds, codes, limits, settings
from core.classroom.limits import Limits, TooMany, network
from tests.conftest import ROOT
from tests.rooms import Clock


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
    """Only the newest networks and voters are remembered: whoever is forgotten begins anew."""
    monkeypatch.setattr(limits, "REMEMBERED", 5)
    limit = Limits(Clock())
    limit.found("10.0.0.1", "BCDFGH")
    assert count(lambda: limit.missed("10.0.0.1")) == limits.LOOK.burst
    assert count(lambda: limit.vote("BCDFGH", b"one")) == limits.VOTER.burst
    for k in range(4):
        limit.found(f"10.0.1.{k}", "BCDFGH")
        limit.missed(f"10.0.1.{k}")
        limit.vote("BCDFGH", b"%d" % k)
    limit.look("10.0.0.1", "BCDFGH")  # its class is known
    for remembered in (lambda: limit.look("10.0.0.1", "CCCCCC"), lambda: limit.vote("BCDFGH", b"one")):
        with pytest.raises(TooMany):
            remembered()
    limit.found("10.0.1.4", "BCDFGH")
    with pytest.raises(TooMany):
        limit.look("10.0.0.1", "BCDFGH")
    limit.missed("10.0.1.4")
    limit.vote("BCDFGH", b"4")
    assert count(lambda: limit.missed("10.0.0.1")) == limits.LOOK.burst
    assert count(lambda: limit.vote("BCDFGH", b"one")) == limits.VOTER.burst


def test_a_low_limit_of_open_files_is_raised():
    pytest.importorskip("resource")
    lower = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (256, 3000))"  # there: before, a fork beside JAX’s threads would warn
    program = f"{lower}; from core.classroom import routes; routes(''); print(r.getrlimit(r.RLIMIT_NOFILE)[0])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
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
