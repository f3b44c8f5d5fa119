"""Slow and idle connections to the server itself, without nginx: each is ended after a while, and nobody else notices them."""

import contextlib
import resource
import socket
import time

from tests.attacks.conftest import Figure, Victim
from tests.conftest import answered, until

SLOW, IDLE, FILES = 40, 400, 300
PATIENCE = 25  # seconds, well above the server's deadlines
BEGUN = {
    "with headers that never end": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
    "with bodies that drip": b"POST /api/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{",
    "with uploads that drip": b"PUT /_stcore/upload_file/x/y HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n",
    "with nothing": b"",
}


def connected(victim: Victim) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", int(victim.url.rsplit(":", 1)[1])), timeout=5)
    connection.setblocking(False)
    return connection


def ended(connection: socket.socket) -> bool:
    """Whether the server has closed it. What it answered is read and dropped."""
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def test_slow_connections_are_ended(victim: Victim, figure: Figure):
    """The deadlines, ten seconds and more, are the subject: all kinds wait for theirs side by side."""
    before = victim.files
    slow = [(what, connected(victim)) for what in BEGUN for _ in range(SLOW)]
    for what, connection in slow:
        connection.sendall(BEGUN[what])
    end = time.monotonic() + PATIENCE
    while slow and time.monotonic() < end:
        for what, connection in list(slow):
            with contextlib.suppress(OSError):
                connection.send(b"a" if BEGUN[what] else b"")
            if ended(connection):
                connection.close()
                slow.remove((what, connection))
        time.sleep(0.5)  # the attack's pace
    for what in BEGUN:
        figure(f"of {SLOW} connections {what}, open after {PATIENCE} s", sum(kind == what for kind, _ in slow))
    for _, connection in slow:
        connection.close()
    assert not slow
    until(lambda: victim.files <= before + 2, "the server holds files of connections that are gone")


def test_idle_connections_shut_no_door(victim: Victim, figure: Figure):
    resource.prlimit(victim.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    idle = []
    for _ in range(IDLE):
        with contextlib.suppress(OSError):
            idle.append(connected(victim))
    figure(
        f"requests answered, of 5, beside {IDLE} idle connections at {FILES} files",
        sum(answered(victim.url + "/api/health") for _ in "12345"),
    )
    there = answered(victim.url + "/api/health")
    for connection in idle:
        connection.close()
    until(lambda: answered(victim.url + "/api/health"), "the server does not come back")
    assert there


def test_endless_headers_take_no_memory(victim: Victim, figure: Figure):
    victim.forget_peak()
    before = victim.memory
    connection = connected(victim)
    connection.settimeout(5)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    sent = 0
    with contextlib.suppress(OSError):
        for number in range(800):
            connection.sendall(b"X-%d: " % number + b"a" * 125_000 + b"\r\n")
            sent += 125_000
    connection.close()
    figure("headers sent in one request, MB of 100", sent / 1e6)
    figure("memory at their peak, MB more than before", victim.peak - before)
    assert victim.peak - before < 20
    assert answered(victim.url + "/_stcore/health")
