"""*Train* in headless Chromium: frames while it trains at full speed, messages to the server, memory, and the time to learn ten words."""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.__main__ import browser as chromium_path
from tests.conftest import FLAGS, serving

READY = "[data-testid=trainer][data-ready=true]"
FRAMES = """(seconds) => new Promise((done) => {
  const from = performance.now(); let last = from, count = 0, longest = 0;
  requestAnimationFrame(function frame(now) {
    count += 1; longest = Math.max(longest, now - last); last = now;
    if (now - from > 1000 * seconds) done([count / seconds, longest]); else requestAnimationFrame(frame);
  });
})"""
LEARNED = f"() => document.querySelector('{READY}').dataset.accuracy >= 0.99"
MINUTES = (1, 5, 10)


def opened(chromium: Browser, url: str, **query: str | int) -> Page:
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{url}/train?" + "&".join(f"{name}={value}" for name, value in query.items()))
    page.wait_for_selector(READY)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return page


def press(page: Page, name: str) -> None:
    page.locator(f"[data-testid=trainer-{name}]").click()


def frames(chromium: Browser, url: str, seconds: int, **query: str | int) -> str:
    """Frames a second at full speed, and as a measure of the machine those before Start."""
    page = opened(chromium, url, **query)
    page.wait_for_timeout(2000)
    still, _ = page.evaluate(FRAMES, 3)
    press(page, "start")
    rate, longest = page.evaluate(FRAMES, seconds)
    updates = int(page.locator(READY).get_attribute("data-updates") or 0)
    page.close()
    return f"{rate:5.1f} frames/s, the longest {longest:.0f} ms; before Start {still:.1f}; {updates / seconds:,.0f} updates/s"


def messages(chromium: Browser, url: str, seconds: int) -> int:
    """Websocket messages in either direction while it trains."""
    page, found = chromium.new_page(), []
    page.on("websocket", lambda w: (w.on("framesent", lambda _: found.append(1)), w.on("framereceived", lambda _: found.append(1))))
    page.goto(f"{url}/train")
    page.wait_for_selector(READY)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(3000)
    before = len(found)
    press(page, "start")
    page.wait_for_timeout(1000 * seconds)
    page.close()
    return len(found) - before


def heap(session: CDPSession) -> tuple[float, float]:
    """MB of the page's JavaScript heap, and how many nodes it has, after a forced collection."""
    session.send("HeapProfiler.collectGarbage")
    found = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return found["JSHeapUsedSize"] / 1e6, found["Nodes"]


def memory(chromium: Browser, url: str, minutes: tuple[int, ...]) -> str:
    page = opened(chromium, url)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    press(page, "start")
    start, told, sizes = time.monotonic(), [], []
    for minute in minutes:
        page.wait_for_timeout(1000 * (60 * minute - (time.monotonic() - start)))
        size, nodes = heap(session)
        sizes.append(size)
        told.append(f"{size:.1f} MB and {nodes:,.0f} nodes at {minute} min")
    page.close()
    return f"{', '.join(told)}: {'flat' if sizes[-1] < 1.1 * sizes[0] else 'it grows'}"


def learned(chromium: Browser, url: str, seeds: int) -> list[float]:
    """Seconds from Start to 99 % on held-out sentences of ten words, length 30, by an LSTM of 4 units, a seed each."""
    took = []
    for seed in range(1, seeds + 1):
        page = opened(chromium, url, seed=seed)
        start = time.monotonic()
        press(page, "start")
        page.wait_for_function(LEARNED, timeout=120_000)
        took.append(time.monotonic() - start)
        page.close()
    return took


def report() -> None:
    with sync_playwright() as playwright, serving(Path(tempfile.mkdtemp()) / "app.txt") as url:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        print("\nTrain, in the browser")
        for units in (4, 32):
            print(f"full speed, LSTM, {units:2} units, ten words (≥ 50 frames/s): {frames(chromium, url, 10, units=units)}")
        print(f"websocket messages in 30 s of training (0): {messages(chromium, url, 30)}")
        took = learned(chromium, url, 9)
        each = ", ".join(f"{seconds:.1f}" for seconds in sorted(took))
        print(f"ten words, LSTM, 4 units, to 99 % at length 30 (median ≤ 15 s): median {statistics.median(took):.1f} s of {each}")
        print(f"memory over 10 minutes: {memory(chromium, url, MINUTES)}", flush=True)
        chromium.close()
