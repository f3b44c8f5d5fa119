"""What a page that fails tells its visitor and the log: neither code, nor a path, nor what was typed."""

import asyncio

import pytest

from tests.attacks.conftest import Figure
from tests.bench.load_session import Dropped, opened
from tests.conftest import ROOT, serving

APP = """
import streamlit as st
from contextlib import asynccontextmanager
from pathlib import Path
from core import server

@asynccontextmanager
async def span(_):
    yield

guard = server.Guard("")
app = st.App(Path(__file__).with_name("page.py"), lifespan=guard.lifespan(span), middleware=guard.middleware)
"""
PAGE = """
import streamlit as st

text = st.text_input("Text", key="text")
if text:
    {}[text]
"""


def test_a_page_that_fails_discloses_nothing(tmp_path, figure: Figure):
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "page.py").write_text(PAGE)

    async def visit(url: str) -> str:
        async with await opened(url, page="", query={}) as tab:
            with pytest.raises(Dropped) as failed:
                await tab.type("a secret xylophone")
            return str(failed.value)

    with serving(tmp_path / "log.txt", app=str(tmp_path / "app.py"), env={"PYTHONPATH": str(ROOT)}) as url:
        shown = asyncio.run(visit(url))
    log = (tmp_path / "log.txt").read_text()
    secrets = ("xylophone", "KeyError", "{}[text]", "page.py", str(tmp_path))
    figure("of typed text, type, code and path, shown on the page", sum(secret in shown for secret in secrets))
    figure("of typed text, code and path, in the log", sum(secret in log for secret in secrets if secret != "KeyError"))
    assert shown.startswith("the page shows ")
    assert not [secret for secret in secrets if secret in shown], shown
    assert "Uncaught app execution: KeyError at page:6" in log
    assert not [secret for secret in secrets if secret in log and secret != "KeyError"], log
