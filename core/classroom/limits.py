"""Who may do how much: token buckets by address, key, voter and room. A class shares one address, so that an address alone never stops a vote.

Addresses stay in memory, here and nowhere else, and nothing of them is logged. A store knows a network by a digest that only its servers can make.
"""

import contextlib
import hashlib
import ipaddress
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from core.classroom import settings

REMEMBERED = 20_000  # buckets and pairs at a time, of every kind; the one unused longest goes first
MOST_FOLLOWERS = 2000  # event streams open on this server
MOST_FOLLOWERS_ROOM = 1000  # in one room
FILES = (
    5 * MOST_FOLLOWERS + 1000
)  # open at a time: a follower's stream, its tab's websocket, Streamlit's event loop for it (three); the rest
WAIT = 30  # seconds that someone waits whom such a limit turns away


class TooMany(Exception):
    """A limit is reached. wait: seconds until it is worth trying again."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True)
class Rate:
    """`burst` at once, `each` a second for long."""

    burst: float
    each: float
    message: str


LOOK = Rate(60, 1, "Too many wrong room codes came from your network.")
KEY = Rate(60, 1, "Too many wrong room keys came from your network.")
REPLAY = Rate(4000, 100, "Your network asked for too many missed events.")  # a token an event that is sent again, and one a stream
OPEN = Rate(60, 0.1, "Too many rooms were opened from your network.")
WRITE = Rate(60, 30, "The room is being changed too fast.")
VOTER = Rate(10, 2, "You are voting too often.")
ROOM = Rate(1000, 200, "Too many votes are coming in at once.")


class Buckets:
    """A bucket for everyone whom a rate holds for; a full one need not be remembered."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self.rate, self.clock = rate, clock
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def left(self, who: Hashable) -> float:
        """The tokens that are in it now."""
        tokens, then = self._left.get(who, (self.rate.burst, 0.0))
        return min(self.rate.burst, tokens + (self.clock() - then) * self.rate.each)

    def check(self, who: Hashable) -> None:
        """Raises TooMany if there is no token in it; takes none."""
        if (tokens := self.left(who)) < 1:
            raise TooMany(self.rate.message, (1 - tokens) / self.rate.each)

    def take(self, who: Hashable, many: int = 1) -> None:
        """Takes that many tokens. Raises TooMany if there is none; what is missing of them is owed."""
        self.check(who)
        self._left[who] = self.left(who) - many, self.clock()
        self._left.move_to_end(who)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


class Limits:
    """The limits of one server process. clock: seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._looks, self._keys, self._opens = Buckets(LOOK, clock), Buckets(KEY, clock), Buckets(OPEN, clock)
        self._writes, self._voters, self._rooms = Buckets(WRITE, clock), Buckets(VOTER, clock), Buckets(ROOM, clock)
        self._replays = Buckets(REPLAY, clock)
        secret = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET")  # replicas have the same, so that they know a network by the same digest
        self._secret = hashlib.sha256(secret.encode()).digest() if secret else secrets.token_bytes(32)
        self._been: OrderedDict[tuple[str, str], None] = OrderedDict()

    def look(self, address: str, code: str | None) -> None:
        """Before a room is looked up. A network whose failed look-ups are used up may only look where it has been: its class goes on."""
        if (address, code) not in self._been:
            self._looks.check(address)

    def found(self, address: str, code: str) -> None:
        """After it was found."""
        self._been[address, code] = None
        self._been.move_to_end((address, code))
        if len(self._been) > REMEMBERED:
            self._been.popitem(last=False)

    def missed(self, address: str) -> None:
        """After a look-up that failed."""
        self._looks.take(address)

    def wrong(self, address: str) -> None:
        """After a key that was not the room's: codes that are no room's are counted apart, so that neither shuts out who has the other."""
        self._keys.take(address)

    def whose(self, address: str) -> str:
        """What a store knows a network by."""
        return hashlib.blake2b(address.encode(), key=self._secret, digest_size=8).hexdigest()

    def open(self, address: str) -> None:
        self._opens.take(address)

    def write(self, code: str) -> None:
        """A teacher's write: there is one key a room."""
        self._writes.take(code)

    def vote(self, code: str, voter: bytes) -> None:
        """A voter's vote, whom the room's bucket keeps from being many."""
        self._voters.take((code, voter))
        self._rooms.take(code)

    def follow(self, here: int, everywhere: int, address: str = "", share: int = 0) -> None:
        """One more follower: in a room, on the server, and of a network, with that many."""
        if everywhere >= MOST_FOLLOWERS:
            raise TooMany(f"This server already has {MOST_FOLLOWERS:,} followers, the maximum.", WAIT)
        if here >= MOST_FOLLOWERS_ROOM:
            raise TooMany(f"This room already has {MOST_FOLLOWERS_ROOM:,} followers, the maximum.", WAIT)
        if share >= settings.NETWORK_STREAMS:
            raise TooMany(f"Your network already has {share:,} followers here, the maximum for one network.", WAIT)
        self._replays.take(address)

    def replay(self, address: str, events: int) -> None:
        """That many events are sent again to one who has come (back). What is more than the network has left is owed: it waits for its next stream."""
        with contextlib.suppress(TooMany):
            self._replays.take(address, events)


def room_for_followers() -> None:
    """Lets this process open a file a follower, where the system keeps it lower (often at 1,024) and allows it more."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, which has no such limit

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def network(host: str | None) -> str:
    """The network that a request comes from: an IPv4 address, or the first half of an IPv6 one, which is what one connection gets."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
