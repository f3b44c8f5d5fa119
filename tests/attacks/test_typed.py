"""Texts of ten megabytes, and values of the wrong kind, typed into a real server."""

import asyncio
import contextlib

from tests.attacks.conftest import Figure, Victim
from tests.bench.load_session import Dropped, Session

TABS = 4
TEXT = "ж" * 5_000_000  # 10 MB on the wire


def test_texts_of_ten_megabytes(victim: Victim, figure: Figure):
    async def type_once() -> bool:
        """Whether the server took the text."""
        async with Session(victim.url) as tab:
            await tab.arrive()
            with contextlib.suppress(Dropped):
                await tab.type(TEXT)
                return True
        return False

    async def attack() -> int:
        async with Session(victim.url) as tab:
            await tab.arrive()
            before = victim.memory
            victim.forget_peak()
            taken = sum(await asyncio.gather(*(type_once() for _ in range(TABS))))
            figure("growth of the peak by four texts of 10 MB, MB", victim.peak - before)
            await tab.type("an honest text")
            assert tab.tokens == ["an", "honest", "text"]
            return taken

    taken = asyncio.run(attack())
    figure("texts of 10 MB taken", taken)
    assert taken == 0


def test_a_value_of_the_wrong_kind(victim: Victim, figure: Figure):
    async def attack() -> str:
        async with Session(victim.url) as tab:
            await tab.arrive()
            tab._widgets["text"].int_value = 7
            try:
                await tab._run(page_script_hash=tab._hash)
            except Dropped as shown:
                return str(shown)
            return "as if it had not been sent"

    answer = asyncio.run(attack())
    figure("a number for a text", answer)
    assert answer == "as if it had not been sent"
    assert "Traceback" not in victim.log.read_text()
