"""A tab that watches itself: no console error, no exception, no request to another host in any browser test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlparse

import pytest
from playwright.sync_api import Locator, Page

READY = "[data-testid=stepper][data-ready=true]"


@dataclass
class Tab:
    """A page of the app and what happened behind it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)

    def open(self, path: str = "/", **query: object) -> "Tab":
        """Opens a page; Start on the review model if nothing is asked, for a bare address opens the lesson."""
        if path == "/" and not query:
            query = {"model": "sentiment-lstm"}
        self.page.goto(self.url + path + ("?" + urlencode(query) if query else ""))
        self.page.wait_for_selector(READY)
        return self

    def visit(self, path: str) -> "Tab":
        """Opens a page that need not have a stepper, and waits until it stands: its script has run, its stepper is drawn."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_selector("h2, h3, .gs-prose")
        self.page.wait_for_function("[...document.querySelectorAll('.gs-root')].every(e => e.querySelector('[data-ready=true]'))")
        return self

    @property
    def stepper(self) -> Locator:
        return self.page.locator("[data-testid=stepper]")

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-testid=stepper-{name}]")

    def at(self, **wanted: object) -> "Tab":
        """Waits until the stepper stands there: at(step=3, array="f")."""
        self.page.wait_for_selector(READY + "".join(f"[data-{name}='{value}']" for name, value in wanted.items()))
        return self

    def value_of(self, name: str) -> str:
        """The number that stands beside an array's line or heatmap."""
        return self.part(f"panel-{name}").locator("xpath=../following-sibling::*[1]").inner_text()

    def type(self, text: str) -> None:
        box = self.page.locator("[data-testid=stTextInput] input").first
        box.fill(text)
        box.press("Enter")

    def href(self, holds: str) -> str:
        """The address once it holds `holds`."""
        self.page.wait_for_function("part => location.href.includes(part)", arg=holds)
        return self.page.evaluate("location.href")


def number(text: str) -> float:
    """A number as the stepper writes it."""
    return float(text.replace("−", "-"))


@pytest.fixture
def tabs(chromium, server) -> Iterator[Callable[..., Tab]]:
    """Makes tabs: tabs(width=360, dark=True, server=URL). At the end none of them may have had a fault."""
    made: list[Tab] = []

    def make(width: int = 1400, height: int = 900, dark: bool = False, at: str = server, **options: object) -> Tab:
        scheme = "dark" if dark else "light"
        page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        page.set_default_timeout(20_000)
        tab = Tab(page, at)
        made.append(tab)
        page.on(
            "console", lambda m: tab.faults.append(f"console: {m.text}") if m.type == "error" and "Failed to load" not in m.text else None
        )
        # Streamlit looks for its own server below a deep link first: /lstm/_stcore/… answers 404, /_stcore/… then 200.
        page.on("response", lambda r: tab.faults.append(f"{r.status} {r.url}") if r.status >= 400 and "/_stcore/" not in r.url else None)
        page.on("pageerror", lambda e: tab.faults.append(f"exception: {e}"))
        page.on(
            "request", lambda r: tab.faults.append(f"other host: {r.url}") if urlparse(r.url).hostname not in (None, "127.0.0.1") else None
        )
        page.on(
            "websocket",
            lambda w: (w.on("framesent", lambda _: tab.frames.append("out")), w.on("framereceived", lambda _: tab.frames.append("in"))),
        )
        return tab

    yield make
    faults = [fault for tab in made for fault in tab.faults]
    for tab in made:
        tab.page.close()
    assert not faults


@pytest.fixture
def tab(tabs) -> Tab:
    return tabs()
