"""A tab that watches itself: no console error, no exception, no request to another host in any browser test."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlparse

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from core.families import FAMILIES
from tests.conftest import PATIENCE, until

expect.set_options(timeout=1000 * PATIENCE)
CONTRAST = dict(FAMILIES["sentiment"].examples)["Contrast"]
FIFTY = " ".join(["not a bad film at all and then it was"] * 5)
READY = "[data-testid=stepper][data-ready=true]"
WIDE = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
SETTLED = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
    done(document.getAnimations().every((a) => a.playState !== "running" || a.effect.getComputedTiming().endTime === Infinity)))))"""


@dataclass
class Tab:
    """A page of the app and what happened behind it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    watched: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        """As `page.on`, until the test ends: the page may be used again."""
        self.page.on(event, handler)
        self.watched.append((event, handler))

    def watch(self) -> None:
        """Notes every fault from now on, and every websocket frame."""
        # Streamlit looks for its own server below a deep link first: /lstm/_stcore/… answers 404, /_stcore/… then 200.
        self.on("console", lambda m: self.fault(f"console: {m.text}") if m.type == "error" and "Failed to load" not in m.text else None)
        self.on("response", lambda r: self.fault(f"{r.status} {r.url}") if r.status >= 400 and "/_stcore/" not in r.url else None)
        self.on("pageerror", lambda e: self.fault(f"exception: {e}"))
        self.on("request", lambda r: self.fault(f"other host: {r.url}") if urlparse(r.url).hostname not in (None, "127.0.0.1") else None)
        self.on(
            "websocket",
            lambda w: (w.on("framesent", lambda _: self.frames.append("out")), w.on("framereceived", lambda _: self.frames.append("in"))),
        )

    def fault(self, text: str) -> None:
        self.faults.append(text)

    def forgive(self) -> None:
        """What browsers say of a server that was away is no fault."""
        lost = ("ERR_", "WebSocket", "ECONN", "fetch", "Client Error", "not responding", "when disconnected")
        self.faults[:] = [fault for fault in self.faults if not any(word in fault for word in lost)]

    def open(self, path: str = "/", **query: object) -> "Tab":
        """Opens a page; Home with every unit in view if nothing is asked: bare, it plays."""
        if path == "/" and not query:
            query = {"model": "sentiment-lstm"}
        self.page.goto(self.url + path + ("?" + urlencode(query) if query else ""))
        self.page.wait_for_selector(READY)
        return self

    def visit(self, path: str) -> "Tab":
        """Opens a page that need not have a stepper, and waits until it stands: its script has run, its stepper is drawn."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_function("!document.getElementById('gs-first')")
        self.page.wait_for_function("[...document.querySelectorAll('.gs-root')].every(e => e.querySelector('[data-ready=true]'))")
        return self

    @property
    def stepper(self) -> Locator:
        return self.page.locator("[data-testid=stepper]")

    @property
    def field(self) -> Locator:
        """The page's first field of text."""
        return self.page.locator("[data-testid=stTextInput] input").first

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-testid=stepper-{name}]")

    def at(self, **wanted: object) -> "Tab":
        """Waits until the stepper stands there: at(step=3, array="f")."""
        self.page.wait_for_selector(READY + "".join(f"[data-{name}='{value}']" for name, value in wanted.items()))
        return self

    def value_of(self, name: str) -> str:
        """The number that stands beside an array's line or heatmap."""
        return self.part(f"panel-{name}").locator("xpath=../following-sibling::*[1]").inner_text()

    @property
    def ground(self) -> str:
        """The colour of the page's ground, `rgb(…)`."""
        return self.page.evaluate(GROUND)

    def show(self, dark: bool | None = None, width: int | None = None) -> None:
        """Another theme or width; waits until the page has it and nothing moves any more."""
        if dark is not None:
            self.page.emulate_media(color_scheme="dark" if dark else "light")
            until(lambda: (sum(map(int, re.findall(r"\d+", self.ground)[:3])) < 384) == dark, "the page keeps its theme")
        if width is not None:
            self.page.set_viewport_size({"width": width, "height": 800})
        until(lambda: self.page.evaluate(SETTLED), "something moves on and on")

    def fits(self) -> None:
        """Waits until nothing sticks out of the page to the right."""
        until(lambda: self.page.evaluate(WIDE) <= 1, lambda: f"{self.page.evaluate(WIDE)} px too wide")

    def type(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def bring(self, name: str, raw: bytes) -> None:
        """A file for the page's field of files."""
        self.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "audio/wav", "buffer": raw})

    def hold(self, holds: Callable[[bytes], object]) -> list[Callable[[], None]]:
        """Keeps back of what the server sends what `holds` is true of; each sends one message. For a fresh tab: a page keeps its routes."""
        held: list[Callable[[], None]] = []

        def route(browser: WebSocketRoute) -> None:
            def answer(message: bytes) -> None:
                held.append(lambda: browser.send(message)) if holds(message) else browser.send(message)

            browser.connect_to_server().on_message(answer)

        self.page.route_web_socket("**/_stcore/stream", route)
        return held

    def stays(self, path: str, name: str) -> None:
        """Waits until a page has been there, whole, for two seconds."""
        self.page.wait_for_function(
            """([path, name]) => {
                const whole = document.querySelector("[data-test-script-state=notRunning] h1")?.textContent === name;
                window.since = whole && location.pathname === path ? (window.since ?? performance.now()) : undefined;
                return performance.now() - window.since > 2000;
            }""",
            arg=[f"/{path}", name],
        )

    def href(self, holds: str) -> str:
        """The address once it holds `holds`."""
        self.page.wait_for_function("part => location.href.includes(part)", arg=holds)
        return self.page.evaluate("location.href")


def patient(page: Page) -> Page:
    """The page, which waits as long as all tests do."""
    page.set_default_timeout(1000 * PATIENCE)
    return page


def number(text: str) -> float:
    """A number as the stepper writes it."""
    return float(text.replace("−", "-"))


class Pages:
    """Pages of the shared server that serve one test after another: each has a profile of its own, of which only the HTTP cache is kept.

    A new profile loads and compiles Streamlit's scripts anew, 1 s of CPU; that is most of what a short test costs.
    """

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser, self.server, self.free = browser, server, []

    def fresh(self, **options: object) -> Page:
        """A page of a new profile; as Playwright's `new_context`."""
        return patient(self.browser.new_context(**options).new_page())

    def take(self) -> Page:
        return self.free.pop() if self.free else self.fresh()

    def give(self, page: Page) -> None:
        """Takes a page back that a test has used: without cookies, storage, routes and emulation."""
        page.unroute_all()
        page.emulate_media(media="null", reduced_motion="null")
        page.goto(self.server + "/_stcore/health")  # leaves the app; a page of the same origin, without scripts
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()
        self.free.append(page)


@pytest.fixture(scope="session")
def pages(chromium, server) -> Pages:
    return Pages(chromium, server)


@pytest.fixture
def tabs(pages) -> Iterator[Callable[..., Tab]]:
    """Makes tabs: tabs(width=360, dark=True, at=URL). Each is a browser of its own. At the end none of them may have had a fault.

    fresh=True, another server and Playwright's own options get a page that no test has used before or will use again: it may route websockets.
    """
    made: list[tuple[Tab, bool]] = []

    def make(
        width: int = 1400, height: int = 900, dark: bool = False, at: str = pages.server, fresh: bool = False, **options: object
    ) -> Tab:
        keep = not (fresh or options or at != pages.server)
        page = pages.take() if keep else pages.fresh(**options)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        tab = Tab(page, at)
        made.append((tab, keep))
        tab.watch()
        return tab

    yield make
    faults = [fault for tab, _ in made for fault in tab.faults]
    for tab, keep in made:
        for event, handler in tab.watched:
            tab.page.remove_listener(event, handler)
        if keep and not faults:
            pages.give(tab.page)
        else:
            tab.page.context.close()
    assert not faults


@pytest.fixture
def tab(tabs) -> Tab:
    return tabs()


@pytest.fixture
def lesson(tabs) -> Any:
    """A room that stands at the third word of TEXT."""
    from tests.browser.classroom import TEXT, WORDS, Class

    made = Class(tabs)
    made.teacher.type(TEXT)
    made.teacher.at(steps=len(WORDS.tokens))
    made.teacher.part("token-2").click()
    return made


@pytest.fixture
def opened(chromium, tmp_path):
    """Opens a file's text as a file:// page, offline: opened(text, "?stop=2", width=360, dark=True). No fault, no request beside the file and its blobs."""
    made = []

    def open_(text, query="", width=1400, height=900, dark=False, ready=True):
        context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
        context.set_offline(True)
        page = patient(context.new_page())
        tab = Tab(page, "")
        made.append((context, tab))
        page.on("console", lambda m: tab.faults.append(f"console: {m.text}"))
        page.on("pageerror", lambda e: tab.faults.append(f"exception: {e}"))
        page.on("request", lambda r: tab.faults.append(f"request: {r.url}") if not r.url.startswith(("file:", "blob:")) else None)
        path = tmp_path / f"lesson {len(made)}.html"
        path.write_bytes(text.encode())
        page.goto(path.as_uri() + query)
        if ready:
            page.wait_for_selector(READY)
        return tab

    yield open_
    faults = [fault for _, tab in made for fault in tab.faults]
    for context, _ in made:
        context.close()
    assert not faults
