"""Who may do how much: token buckets by address, key, voter and room. A class shares one address, so that an address alone never stops a vote.

Addresses stay in memory, here and nowhere else, and nothing of them is logged.
"""

import contextlib
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

REMEMBERED = 20_000  # buckets and pairs at a time, of every kind; the one unused longest goes first
MOST_FOLLOWERS = 2000  # event streams open on this server
MOST_FOLLOWERS_ROOM = 1000  # in one room
FILES = (
    5 * MOST_FOLLOWERS + 1000
)  # open at a time: a follower's stream, its tab's websocket, Streamlit's event loop for it (three); the rest
WAIT = 30  # seconds that someone waits whom such a limit turns away


class TooMany(Exception):
    """A limit is reached. wait: seconds until it is worth trying again."""

    def __init__(self, told: str, wait: float) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(frozen=True)
class Rate:
    """`burst` at once, `each` a second for long."""

    burst: float
    each: float
    told: str


LOOK = Rate(60, 1, "Too many codes that are no room's, or keys that are not the room's, came from your network.")
OPEN = Rate(60, 0.1, "Too many rooms were opened from your network.")
WRITE = Rate(60, 30, "The room is being moved too fast.")
VOTER = Rate(10, 2, "You are voting too often.")
ROOM = Rate(1000, 200, "Too many votes come in at once.")


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
            raise TooMany(self.rate.told, (1 - tokens) / self.rate.each)

    def take(self, who: Hashable) -> None:
        """Takes a token. Raises TooMany if there is none."""
        self.check(who)
        self._left[who] = self.left(who) - 1, self.clock()
        self._left.move_to_end(who)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


class Limits:
    """The limits of one server process. clock: seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._looks, self._opens, self._writes = Buckets(LOOK, clock), Buckets(OPEN, clock), Buckets(WRITE, clock)
        self._voters, self._rooms = Buckets(VOTER, clock), Buckets(ROOM, clock)
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
        """After a look-up or a key that failed."""
        self._looks.take(address)

    def open(self, address: str) -> None:
        self._opens.take(address)

    def write(self, code: str) -> None:
        """A teacher's write: there is one key a room."""
        self._writes.take(code)

    def vote(self, code: str, voter: bytes) -> None:
        """A voter's vote, whom the room's bucket keeps from being many."""
        self._voters.take((code, voter))
        self._rooms.take(code)

    def follow(self, here: int, everywhere: int) -> None:
        """One more follower in a room, and on the server, with that many."""
        if everywhere >= MOST_FOLLOWERS:
            raise TooMany(f"This server has {MOST_FOLLOWERS:,} followers, as many as it takes.", WAIT)
        if here >= MOST_FOLLOWERS_ROOM:
            raise TooMany(f"This room has {MOST_FOLLOWERS_ROOM:,} followers, as many as it takes.", WAIT)


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
