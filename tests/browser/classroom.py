"""A class in one room: a teacher and students in tabs of one browser."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from core.models import load
from tests.browser.conftest import Tab

TEXT = "It was long and dull at first, and then wonderful."
WORDS = load("sentiment-lstm").run(TEXT)


class Class:
    """A room that has been opened on the page Teach."""

    def __init__(self, tabs: Callable[..., Tab], title: str = "", **options: object) -> None:
        self.tabs, self.options = tabs, options
        self.teacher = tabs(**options)
        page = self.teacher.visit("/teach").page
        self.told = told(self.teacher)
        page.get_by_label("Title of the room").fill(title)
        page.locator("[data-testid=room-open]").click()
        self.code = page.locator("[data-testid=room-code]").inner_text()
        self.teacher.at()
        self.key = page.evaluate("code => sessionStorage.getItem(`gatescope-key-${code}`)", self.code)
        page.wait_for_selector("[data-testid=room][data-connection=open]")

    def student(self, **options: object) -> Tab:
        tab = self.tabs(**{**self.options, **options})
        tab.asked = told(tab)
        tab.page.goto(f"{tab.url}/room?code={self.code}")
        tab.page.wait_for_selector("[data-testid=room][data-role=follow][data-connection=open]")
        return tab

    def api(self, path: str = "", key: bool = False) -> dict:
        headers = {"Authorization": f"Bearer {self.key}"} if key else {}
        return self.teacher.page.request.get(f"{self.teacher.url}/api/rooms/{self.code}{path}", headers=headers).json()


def told(tab: Tab) -> list[str]:
    """All that leaves a tab: addresses, bodies, headers, websocket messages."""
    sent: list[str] = []
    tab.on("request", lambda r: sent.append(f"{r.method} {r.url} {r.post_data or ''} {json.dumps(r.headers)}"))
    tab.on("websocket", lambda w: w.on("framesent", lambda data: sent.append(f"frame {w.url} {data!r}")))
    return sent


def room(tab: Tab, name: str) -> Locator:
    return tab.page.locator(f"[data-testid=room-{name}]")


def answered(tab: Tab, text: str | re.Pattern) -> None:
    expect(room(tab, "voted")).to_have_text(text)
