"""The store in Redis, for several server processes: what one does, the followers of all hear.

Each change is one script (scripts.py), so that a vote counts once and ids rise whichever process asks. Events go out over one pub/sub channel,
by which a process hears its own too: there is one order for all. Redis has to keep what it acknowledges: see deploy/redis.conf.
"""

import errno
import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.classroom import bounds, scripts, settings
from core.classroom.experiments import scripts as of_experiments
from core.classroom.store import Asked, Away, Back, Closed, Event, Full, Heard, Json, Room, Store, Taken, Unknown, compact, parsed, present

log = logging.getLogger("gatescope.classroom")
Answer = TypeVar("Answer")
PREFIX = "gatescope:1:"  # of all keys; the number is that of the fields' layout
CONNECT, ANSWER = 1.0, 2.0  # seconds in which Redis has to take a connection, and to answer
PAUSE = 0.25  # seconds between two attempts to listen again, and for which nothing is tried after it did not answer
QUIET = 5.0  # seconds without an event after which the listening connection is tried


class Redis(Store):
    """Opens what `url` names, redis://[:password@]host:port/number. Raises Away if it cannot. clock: None for Redis's own, which all replicas share."""

    name, shared = "redis", True

    def __init__(self, url: str, clock: Callable[[], float] | None = None, prefix: str = PREFIX) -> None:
        self.clock, self.prefix = clock, prefix
        self._process, self._deaf_until = uuid.uuid4().hex, 0.0
        self._heard: list[tuple[Heard, Back | None]] = []
        self._closed, self._listens = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._channel: redis.client.PubSub | None = None
        options = {"socket_connect_timeout": CONNECT, "socket_timeout": ANSWER, "socket_keepalive": True, "protocol": 2}
        try:  # no retries: a script that was cut off may have run
            self._redis = redis.Redis.from_url(url, decode_responses=True, retry=Retry(NoBackoff(), 0), **options)
        except (ValueError, TypeError) as error:
            raise _away("REDIS_URL cannot be read, wanted redis://host:port/number") from error
        self._scripts = {
            name: self._redis.register_script(text)
            for name, text in (vars(scripts) | vars(of_experiments)).items()
            if name.isupper() and name[0] != "_"
        }
        self._safe(self._redis.ping)

    def _safe(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """What `work` gives. Raises Away if Redis fails, and for a moment after it did not answer: a class does not wait for one after the other."""
        if time.monotonic() < self._deaf_until:
            raise _away("Redis did not answer")
        try:
            return work(*arguments)
        except (redis.RedisError, OSError) as error:
            if isinstance(error, redis.TimeoutError):
                self._deaf_until = time.monotonic() + PAUSE
            raise _away(f"Redis failed: {type(error).__name__}") from error

    def _run(self, script: str, code: str, *arguments: object) -> Any:
        """What a script replies."""
        keys = [self.prefix + key for key in (f"room:{code}", "rooms", f"here:{code}", "voters", "clock")]
        now = "" if self.clock is None else repr(self.clock())
        return self._safe(self._scripts[script], keys, [now, int(bounds.IDLE), code, self.prefix, *arguments])

    def _do(self, script: str, code: str, *arguments: object, full: str = "") -> list[Any]:
        """What a room's script replies after "ok". Raises what it says is wrong; full: what Full tells of the script's first limit."""
        said, *found = self._run(script, code, *arguments)
        if said == "ok":
            return list(found)
        raise {
            "room": Unknown("no such room"),
            "question": Unknown("no such question"),
            "experiment": Unknown("no such experiment"),
            "seat": Unknown("no such seat"),
            "taken": Taken("that code is a room's already"),
            "closed": Closed(bounds.ENDED if script in vars(of_experiments) else bounds.CLOSED),
            "full": Full(full),
            "share": Full(bounds.FULL_NETWORK.format(settings.NETWORK_ROOMS)),
            "text": Full(bounds.FULL_TEXT.format(bounds.MOST_TEXT // 1024)),
            "votes": Full(bounds.FULL_VOTES.format(bounds.MOST_VOTES)),
            "store": Full(bounds.FULL_STORE.format(bounds.FAIR_VOTES)),
        }[said]

    def _event(self, script: str, kind: str, code: str, *arguments: object, full: str = "") -> Event:
        id_, data = self._do(script, code, *arguments, full=full)
        return Event(id_, kind, parsed(data))

    def open(self, code: str, key: bytes, title: str, whose: str = "") -> list[str]:
        most = bounds.MOST_ROOMS, settings.NETWORK_ROOMS, bounds.UNLED
        return self._do("OPEN", code, key.hex(), title, whose, *most, full=bounds.FULL_ROOMS.format(bounds.MOST_ROOMS))

    def room(self, code: str) -> Room:
        key, title, opened, event, version, state, latest, experiment = self._do("LOOK", code)
        question, number = _asked(latest) if latest else None, int(experiment) if experiment else None
        return Room(code, bytes.fromhex(key), title, float(opened), int(event), int(version), parsed(state), question, number)

    def rooms(self) -> int:
        return int(self._run("ROOMS", ""))

    def move(self, code: str, state: Json) -> Event:
        return self._event("MOVE", "state", code, compact(state))

    def ask(self, code: str, body: Json, answers: int) -> Event:
        text, full = compact(body), bounds.FULL_QUESTIONS.format(bounds.MOST_QUESTIONS)
        kind = "question" if answers else "experiment"
        return self._event("ASK", kind, code, text, answers, bounds.MOST_QUESTIONS, len(text.encode()), bounds.MOST_TEXT, full=full)

    def vote(self, code: str, question: int, voter: bytes, answer: int) -> None:
        self._take("VOTE", code, question, voter.hex(), answer, full=bounds.FULL_VOTERS)

    def _take(self, script: str, code: str, *arguments: object, full: str) -> list[Any]:
        """What a script replies that may keep one more voter."""
        most = bounds.MOST_VOTERS, bounds.MOST_VOTES, bounds.MANY_VOTES, bounds.FAIR_VOTES
        return self._do(script, code, *arguments, *most, full=full.format(bounds.MOST_VOTERS))

    def seat(self, code: str, question: int, voter: bytes) -> int:
        return int(self._take("SEAT", code, question, voter.hex(), "", full=bounds.FULL_SEATS)[0])

    def report(self, code: str, question: int, voter: bytes, figures: dict[str, Any]) -> None:
        self._do("REPORT", code, question, voter.hex(), compact(figures))

    def place(self, code: str, question: int, voter: bytes) -> int:
        return int(self._do("PLACE", code, question, voter.hex())[0])

    def reports(self, code: str, question: int) -> list[dict[str, Any] | None]:
        return [parsed(report) if report else None for report in self._do("REPORTS", code, question)]

    def reveal(self, code: str, question: int, answer: float | None) -> Event:
        return self._event("REVEAL", "reveal", code, question, compact(answer))

    def questions(self, code: str) -> list[Asked]:
        return [_asked(one) for one in self._do("QUESTIONS", code)]

    def asked(self, code: str, question: int) -> Asked:
        return _asked(self._do("ASKED", code, question)[0])

    def tell(self, code: str, kind: str, data: Json) -> Event:
        return self._event("TELL", kind, code, kind, compact(data))

    def missed(self, code: str, after: int | None) -> tuple[Event, list[Event]]:
        last, version, state, *missed = self._do("MISSED", code, "" if after is None else after)
        return present(last, int(version), parsed(state), [Event(id_, kind, parsed(data)) for id_, kind, data in missed])

    def followers(self, code: str, here: int) -> int:
        return int(self._do("FOLLOWERS", code, self._process, here, bounds.HERE)[0])

    def beat(self) -> None:
        self._safe(self._redis.set, self.prefix + "beat", "." * bounds.SAMPLE)

    def purge(self) -> list[str]:
        return list(self._run("PURGE", ""))

    def listen(self, heard: Heard, back: Back | None = None) -> None:
        self._heard.append((heard, back))
        if self._thread is None:
            self._thread = threading.Thread(target=self._listen, name="classroom-redis", daemon=True)
            self._thread.start()
        if not self._listens.wait(CONNECT + ANSWER):
            raise _away("Redis does not let this server listen")

    def _listen(self) -> None:
        """Hears the channel until the store is closed. After a time in which it could not, all is told that was missed, before anything new."""
        deaf = False
        while not self._closed.is_set():
            try:
                with self._redis.pubsub() as self._channel:
                    self._channel.subscribe(self.prefix + "events")
                    while not self._closed.is_set():
                        deaf = self._hear(self._channel, deaf)
            except (redis.RedisError, OSError):
                deaf = self._listens.is_set()
            except Exception as error:  # whatever a listener does: who does not hear again stays on an old state
                deaf = True
                if not self._closed.is_set():
                    log.error("a listener failed: %s", type(error).__name__)
            self._closed.wait(PAUSE)

    def _hear(self, channel: redis.client.PubSub, deaf: bool) -> bool:
        """The next message. deaf: whether events have been missed. Whether they still are; raises if the connection is dead."""
        message = channel.get_message(timeout=QUIET)
        if message is None:
            channel.ping()
            message = channel.get_message(timeout=ANSWER)
            if message is None:
                raise redis.TimeoutError("no answer")
        if message["type"] == "subscribe":
            for _, back in self._heard:
                if deaf and back is not None:
                    back()
            self._listens.set()
            return False
        if message["type"] == "message":
            code, id_, kind, data = message["data"].split(" ", 3)
            for heard, _ in self._heard:
                heard(code, Event(int(id_), kind, parsed(data)))
        return deaf

    def close(self) -> None:
        self._closed.set()
        if self._channel is not None and self._channel.connection is not None:
            self._channel.connection.disconnect()  # wakes the thread
        if self._thread is not None:
            self._thread.join(CONNECT + ANSWER)
        self._redis.close()


def _away(told: str) -> Away:
    return Away(errno.ENOTCONN, told)


def _asked(found: list[Any]) -> Asked:
    number, body, asked, revealed, answer, counts = found
    return Asked(int(number), parsed(body), float(asked), float(revealed) if revealed else None, parsed(answer), tuple(map(int, counts)))
