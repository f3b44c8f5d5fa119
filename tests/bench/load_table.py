"""The figures of the load bench as a table, and where both are kept."""

import json
from collections.abc import Callable
from typing import Any

from tests.conftest import ROOT

FIGURES, PAGE = ROOT / "docs" / "load.json", ROOT / "docs" / "operations.md"
MARK = "<!-- load: written by python -m tests.bench load -->", "<!-- /load -->"
MOST = 70  # % of a core: a process runs Python on one
Row = tuple[str, str, str, bool]  # what, measured, target, whether it is reached


def _typing(f: dict[str, Any]) -> list[Row]:
    tabs = f"{f['sessions']} tabs, each with a new text every 8 s, torch {'loaded' if f['torch'] else 'not loaded'}"
    return [
        (
            f"{tabs}: from the text to the end of the run",
            f"p50 {f['p50_ms']:.0f} ms, p95 {f['p95_ms']:.0f} ms",
            "p95 ≤ 150 ms",
            f["p95_ms"] <= 150,
        ),
        (
            f"… tabs lost in {f['minutes']:g} minutes; runs that showed another text",
            f"{f['lost']}; {f['wrong']} of {f['runs']:,}",
            "none",
            not (f["lost"] or f["wrong"]),
        ),
        ("… resident memory a tab", _told(f["kB_a_session"], "kB"), "", True),
        ("… the server’s memory, with all of them", _told(f["MB_server"], "MB"), "", True),
        (
            "… the server’s work a run; in all",
            f"{_told(f['cpu_ms_a_run'], 'ms')}; {_told(f['cpu_percent_of_a_core'], '% of a core')}",
            "",
            True,
        ),
    ]


def _first(f: dict[str, Any]) -> list[Row]:
    chromium = ", ".join(f"{ms / 1000:.1f} s" for ms in f["chromium_ms"])
    many = f"{f['browsers']} empty browsers within {f['within_s']:g} s, the first page"
    return [
        (f"{many}: all {f['requests']} files and the stepper’s data", f"p50 {f['p50_ms'] / 1000:.2f} s, p95 {f['p95_ms'] / 1000:.2f} s", "p50 ≤ 1.5 s", f["p50_ms"] <= 1500 and not f["lost"]),
        (f"… {len(f['chromium_ms'])} of them Chromium itself, which draws on the same cores; one alone", f"{chromium}; {f['chromium_alone_ms'] / 1000:.1f} s", "", True),
        ("… sent to a browser; the server’s work for it", f"{f['kB'] / 1024:.1f} MB; {_told(f['cpu_ms_a_browser'], 'ms')}", "", True),
    ]  # fmt: skip


def _followers(target: int, where: str) -> Callable[[dict[str, Any]], list[Row]]:
    def rows(f: dict[str, Any]) -> list[Row]:
        last = f["with_the_last_state"]
        return [
            (f"{f['followers']:,} followers of a room on {where}: from the teacher’s move to the follower", f"p50 {f['p50_ms']:.0f} ms, p95 {f['p95_ms']:.0f} ms", f"p95 ≤ {target} ms", f["p95_ms"] <= target),
            ("… on an old state at the end", f"{f['followers'] - last}", "none", last == f["followers"]),
            ("… memory a follower; the server’s work a move", f"{_told(f['kB_a_follower'], 'kB')}; {_told(f['cpu_ms_a_move'], 'ms')}", "", True),
        ]  # fmt: skip

    return rows


def _soak(f: dict[str, Any]) -> list[Row]:
    lost, counts = f["lost"] + f["wrong"], f["counts"]
    load = f"{counts['tabs']:,} tabs, {f['runs']:,} texts, {counts['moves']:,} moves, {counts['votes']:,} votes, {counts['reconnects']:,} reconnects"
    return [
        (f"{f['minutes']:g} minutes of mixed load ({load}): tabs lost or shown another text", f"{lost}", "none", not lost),
        (f"… memory, off what it was after {f['warm_minutes']:g} minutes", f"{f['off_percent']:.1f} % at most, {f['end_percent']:+.1f} % at the end", "≤ 5 %", f["off_percent"] <= 5),
        ("… errors and warnings in the log", f"{len(f['log'])}", "none", not f["log"]),
        ("… open files before, during, after", f"{f['handles_before']}, {f['handles_during']}, {f['handles_after']}", "after = before", f["handles_after"] <= f["handles_before"]),
    ]  # fmt: skip


ROWS = {"typing": _typing, "first": _first, "followers": _followers(500, "one server"), "replicas": _followers(700, "two replicas with Redis"), "soak": _soak}  # fmt: skip


def _told(value: float | None, unit: str) -> str:
    return "not known" if value is None else f"{value:,.0f} {unit}"


def rows(found: dict[str, dict[str, Any]]) -> list[str]:
    """The table in Markdown."""
    told = [row for name, tell in ROWS.items() if name in found for row in tell(found[name])]
    lines = [f"| {what} | {measured} | {target}{'' if reached else ' (**not reached**)'} |" for what, measured, target, reached in told]
    return ["| load | measured | target |", "|---|---|---|", *lines]


def kept() -> dict[str, Any]:
    """{"machine", "classes"} as last measured."""
    return json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {"machine": {}, "classes": {}}


def keep(machine: dict[str, Any], found: dict[str, Any]) -> None:
    """Puts measured classes in the place of older ones."""
    figures = kept()
    figures |= {"machine": machine, "classes": figures["classes"] | found}
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def sizing(typing: dict[str, Any]) -> str:
    """What follows from the tabs that type, for a process of another size. Empty where the system did not tell."""
    if typing["MB_server"] is None:
        return ""
    each, tabs = typing["kB_a_session"] / 1024, typing["sessions"]
    most = int(tabs * MOST / typing["cpu_percent_of_a_core"] // 10 * 10)
    return (
        f"So a process with torch takes {typing['MB_server'] - tabs * each:.0f} MB and {each:.2f} MB a tab, and has {MOST} % of its core to do, "
        f"beyond which people begin to wait, with {most:,} tabs that type at that pace."
    )


def block() -> str:
    """What stands between the marks: the table, on what and when it was measured, and what follows for other sizes."""
    figures = kept()
    on, days = figures["machine"], sorted({f["date"] for f in figures["classes"].values()})
    when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "never"
    where = f"Measured {when} on {on.get('cores')} cores ({on.get('cpu')}), Python {on.get('python')}, Streamlit {on.get('streamlit')}."
    shared = "Server, nginx, Redis and the load generator (a process of its own) share these cores."
    typing = figures["classes"].get("typing")
    return "\n".join([*rows(figures["classes"]), "", " ".join(filter(None, (where, shared, sizing(typing) if typing else "")))])


def write() -> None:
    """Writes the table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    head, rest = text.split(MARK[0])
    tail = rest.split(MARK[1])[1]
    PAGE.write_text(f"{head}{MARK[0]}\n{block()}\n{MARK[1]}{tail}", encoding="utf-8")
