"""A class in one room: a teacher and students in tabs of one browser."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from core.models import load
from tests.browser.conftest import Tab

TEXT = "It was long and dull at first, and then wonderful."
WORDS = load("sentiment-lstm").run(TEXT)
ALONE = "You are looking around on your own."
HOSTILE = "<b>8a</b> **x** <img src=x onerror=alert(1)>"
OWN = {
    "version": 1,
    "name": "own",
    "title": "<i>Mine</i>",
    "stops": [
        {"title": "<b>One</b> **x**", "text": "See {c:.2f} <img src=x onerror=alert(1)>", "note": "secret note", "model": "mini-lstm", "input": "the film was not bad", "level": "unit", "step": 2, "unit": 1, "array": "i", "question": {"kind": "choices", "text": "Does <i> matter?", "choices": ["it does", "not"], "right": 1}},
        {"title": "Two", "model": "mini-lstm", "input": "the film was bad", "level": "unit", "step": 3, "unit": 0, "array": "c", "edits": [{"name": "f", "value": 1}]},
        {"title": "Three", "model": "mini-lstm", "input": "the film was not bad", "other": "the film was bad", "level": "all", "step": 4, "unit": 0, "array": "c"},
    ],
}  # fmt: skip


PARITY = "/train?task=parity&length={length}&units=3&second=1&cell=rnn&cell_2=lstm&units_2=3&rate=0.03&rate_2=0.03&seed=40"


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


def with_experiment(tabs: Callable[..., Tab], updates: int = 250, length: int = 4, **options: object) -> Class:
    """A room whose teacher has sent an experiment from Train, which is soon done unless it is made longer."""
    lesson = Class(tabs, **options)
    page = lesson.teacher.page
    expect(room(lesson.teacher, "send-setup")).to_be_hidden()
    page.evaluate("code => sessionStorage.setItem(`gatescope-new-${code}`, '1')", lesson.code)  # leads from where this tab stands
    page.goto(f"{lesson.teacher.url}{PARITY.format(length=length)}&room={lesson.code}")
    page.wait_for_selector("[data-testid=trainer][data-ready=true]")
    page.wait_for_selector("[data-testid=room][data-role=lead][data-connection=open]")
    room(lesson.teacher, "updates").select_option(str(updates))
    room(lesson.teacher, "send-setup").click()
    expect(room(lesson.teacher, "experiment")).to_be_visible()
    return lesson


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


def walk_own(page: Page) -> None:
    """The teacher loads OWN from a file and walks it."""
    page.locator(".gs-nav a", has_text="Make a lesson").click()
    page.get_by_role("button", name="Load a file").click()
    file = {"name": "own.json", "mimeType": "application/json", "buffer": json.dumps(OWN).encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Start the lesson").click()
