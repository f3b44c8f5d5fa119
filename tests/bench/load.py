"""python -m tests.bench load [typing] [first] [followers] [replicas] [soak]: how much a server holds before it breaks.

Each class of load has a fresh server (or the one at --url, or the replicas behind nginx), and this process makes the load. Prints a table; the
figures go into docs/load.json, from which the table in docs/operations.md is written.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from core.classroom.limits import room_for_followers
from tests.bench import load_first, load_soak, load_table, load_typing
from tests.bench.classroom import MOVES, one_class
from tests.conftest import launch

Server = tuple[str, list[int], Path | None]  # URL, processes, log; the last two where they are ours


@contextmanager
def server(given: str | None, replicas: bool = False) -> Iterator[Server]:
    """The server at a URL, or one of our own, or two replicas with nginx and Redis."""
    if given:
        yield given.rstrip("/"), [], None
        return
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        if replicas:
            from tests import replicas as several

            with several.replicas(Path(folder)) as made:
                yield made.url, [app.pid for app in made.apps], None
            return
        process, url = launch(log)
        try:
            yield url, [process.pid], log
        finally:
            process.terminate()
            process.wait(20)


async def followers(url: str, pids: Sequence[int], number: int) -> dict[str, Any]:
    """A class in one room, as `python -m tests.bench classroom` has it."""
    delays, last, kilobytes, per_move, share = await one_class(url, pids, number)
    return {
        "followers": number,
        "moves": MOVES,
        "deliveries": len(delays),
        "p50_ms": float(np.percentile(delays, 50)),
        "p95_ms": float(np.percentile(delays, 95)),
        "with_the_last_state": last,
        "kB_a_follower": kilobytes,
        "cpu_ms_a_move": per_move,
        "cpu_percent_of_a_core": share,
    }


def classes(asked: argparse.Namespace) -> dict[str, tuple[bool, Callable[[Server], Any]]]:
    """Each class: whether it is for replicas, and what it does with a server."""
    return {
        "typing": (False, lambda s: load_typing.typing(s[0], s[1], asked.sessions, 60 * asked.minutes)),
        "first": (False, lambda s: load_first.first(s[0], s[1])),
        "followers": (False, lambda s: followers(s[0], s[1], 500)),
        "replicas": (True, lambda s: followers(s[0], s[1], 1000)),
        "soak": (False, lambda s: load_soak.soak(s[0], s[1], 60 * asked.soak, s[2])),
    }


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpu = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")] if cpu.exists() else []
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "python": platform.python_version(),
        "streamlit": version("streamlit"),
    }


def plain(value: Any) -> Any:
    """A figure as JSON keeps it: four digits, and nothing where the system did not tell."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench load", description=__doc__.split("\n\n")[1])
    parser.add_argument(
        "classes", nargs="*", metavar="CLASS", help="typing, first, followers, replicas, soak; all of them if none is named"
    )
    parser.add_argument(
        "--url", help="a server that runs already: its memory, log and open files are not looked at, and nothing is written"
    )
    parser.add_argument("--sessions", type=int, default=200, help="tabs that type (200)")
    parser.add_argument("--minutes", type=float, default=10, help="of typing (10)")
    parser.add_argument("--soak", type=float, default=20, help="minutes of mixed load (20)")
    parser.add_argument("--dry", action="store_true", help="writes nothing")
    parser.add_argument("--table", action="store_true", help="measures nothing: writes the table of docs/load.json into docs/operations.md")
    asked = parser.parse_args(arguments)
    known = classes(asked)
    if unknown := [name for name in asked.classes if name not in known]:
        parser.error(f"CLASS: got {', '.join(unknown)}, wanted {', '.join(known)}")
    if asked.table:
        load_table.write()
        return
    room_for_followers()
    found = {}
    for name in asked.classes or known:
        replicas, work = known[name]
        if name == "soak" and asked.url:
            sys.exit("soak looks at the server's memory and files: it starts one of its own, without --url")
        busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        with server(asked.url, replicas) as one:
            found[name] = plain(asyncio.run(work(one)) | {"date": date.today().isoformat(), "load_before": busy})
        print(json.dumps({name: found[name]}, indent=1), file=sys.stderr, flush=True)
        if not (asked.dry or asked.url):
            load_table.keep(machine(), {name: found[name]})
    print("\n".join(load_table.rows(found)))
    if not (asked.dry or asked.url):
        load_table.write()
