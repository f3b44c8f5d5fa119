"""The app inside another site's page, as learning platforms show it: where the setting allows that site, and nowhere else."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Frame, Page

from core.server import FRAMES
from tests.browser.conftest import READY, patient
from tests.conftest import serving


class Platform(BaseHTTPRequestHandler):
    """Frames the address that stands after its question mark."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        framed = self.path.partition("?")[2].replace('"', "")
        self.wfile.write(f'<h1>Course</h1><iframe name="app" width="1200" height="800" src="{framed}"></iframe>'.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def platform() -> Iterator[str]:
    """Another site: another host, so that cookies and storage are a third party's in the frame."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Platform) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://localhost:{served.server_port}"
        served.shutdown()


@pytest.fixture
def framed(chromium) -> Iterator[Callable[[str, str], tuple[Page, list[str]]]]:
    """Opens a page of the platform with an address in its frame; the page, and what its console says is wrong."""
    pages: list[Page] = []

    def show(platform: str, address: str) -> tuple[Page, list[str]]:
        page, errors = patient(chromium.new_page(viewport={"width": 1300, "height": 900})), []
        pages.append(page)
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" and "favicon" not in m.location["url"] else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(f"{platform}/?{address}")
        return page, errors

    yield show
    for page in pages:
        page.close()


def test_an_allowed_site_shows_the_app_in_a_frame(framed, platform, tmp_path):
    with serving(tmp_path / "log.txt", env={FRAMES: platform}) as url:
        page, errors = framed(platform, f"{url}/?embed=true&model=sentiment-lstm&text=not+a+bad+film")
        frame: Frame = page.frame("app")
        frame.wait_for_selector(READY)
        box = frame.locator("[data-testid=stTextInput] input").first
        box.fill("what a wonderful film")
        box.press("Enter")
        frame.wait_for_selector("[data-testid=stepper-token-3] >> text=film")
        assert frame.locator("[data-testid=stToolbar]").count() == 0
        assert not errors


def test_no_other_site_does(framed, platform, server):
    page, errors = framed(platform, f"{server}/?embed=true&model=sentiment-lstm")
    page.wait_for_function("() => document.querySelector('h1')")
    assert page.frame("app").locator("[data-testid=stApp]").count() == 0
    assert any("frame-ancestors" in error for error in errors), errors
