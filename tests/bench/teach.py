"""A class in Chromium: from the teacher's key to the followers' paint, beside what a move costs the server otherwise: a rerun of each student's page."""

import tempfile
import time
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import Page, sync_playwright

from tests.__main__ import browser as chromium_path
from tests.bench.browser import READY, quantiles
from tests.conftest import FLAGS, launch

FOLLOWERS, MOVES = 12, 40
# All pages read one clock of the machine. A step's time is that of the task after the frame that shows it.
KEYS = """() => { window.keys = []; document.addEventListener('keydown', (e) => keys.push(performance.timeOrigin + e.timeStamp), true); }"""
PAINTS = """() => { window.painted = {}; const stepper = document.querySelector('[data-testid=stepper]');
  new MutationObserver(() => { const step = stepper.dataset.step; requestAnimationFrame(() => { const c = new MessageChannel();
    c.port1.onmessage = () => { painted[step] ??= performance.timeOrigin + performance.now(); }; c.port2.postMessage(0); }); })
    .observe(stepper, { attributes: true, attributeFilter: ['data-step'] }); }"""


def opened(page: Page, url: str) -> str:
    """A room that stands at the first of many tokens; its code."""
    page.goto(url + "/teach")
    page.locator("[data-testid=room-open]").click()
    code = page.locator("[data-testid=room-code]").inner_text()
    page.wait_for_selector(READY)
    box = page.locator("[data-testid=stTextInput] input").first
    box.fill("the film was long and dull and then good " * 6)
    box.press("Enter")
    page.wait_for_selector(READY + "[data-steps='54']")
    page.locator("[data-testid=stepper-first]").click()
    page.wait_for_selector(READY + "[data-step='0']")
    return code


def report() -> None:
    print(f"\nA class: teacher's key to followers' paint, {FOLLOWERS} pages of Chromium on this machine")
    log = Path(tempfile.mkdtemp()) / "teach.txt"
    server, url = launch(log)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        teacher = chromium.new_page()
        code = opened(teacher, url)
        students, frames = [chromium.new_page() for _ in range(FOLLOWERS)], []
        for page in students:
            page.on("websocket", lambda w: w.on("framesent", lambda _: frames.append(1)))
            start = time.perf_counter()
            page.goto(f"{url}/room?code={code}")
            page.wait_for_selector(READY + "[data-step='0'][data-steps='54']")
            came = 1000 * (time.perf_counter() - start)
            page.evaluate(PAINTS)
        teacher.evaluate(KEYS)
        before = len(frames)
        for k in range(MOVES):
            teacher.keyboard.press("ArrowRight")
            for page in students:
                page.wait_for_function("k => window.painted[k]", arg=k + 1)
        keys = teacher.evaluate("keys")
        took = [painted[str(k + 1)] - keys[k] for page in students for painted in [page.evaluate("painted")] for k in range(MOVES)]
        print(f"a move, key to paint (p95 ≤ 250):                            {quantiles(took)}   reruns asked for {len(frames) - before}")
        print(f"the last student's way in, from the link to the painted step: {came:6.0f} ms")
        box = teacher.locator("[data-testid=stTextInput] input").first
        texts = []
        for k in range(5):
            start = time.perf_counter()
            box.fill("good " * (k + 3))
            box.press("Enter")
            for page in students:
                page.wait_for_selector(READY + f"[data-steps='{k + 3}']")
                texts.append(1000 * (time.perf_counter() - start))
        print(f"another text, typed to drawn by each, a rerun of each page:  {quantiles(texts)}")
        for _ in range(30):
            teacher.keyboard.press("Home")
            teacher.keyboard.press("End")
        for page in students:
            page.wait_for_selector(READY + "[data-step='6']")
        print(f"60 moves as fast as they come: {FOLLOWERS} of {FOLLOWERS} stand at the last")
        server.kill()
        server.wait()
        for page in (teacher, *students):
            page.wait_for_selector("[data-testid=room][data-connection=lost]")
        start = time.perf_counter()
        server, _ = launch(log, port=urlparse(url).port)
        up = time.perf_counter()
        for page in students:
            page.wait_for_selector("[data-testid=room][data-connection=open]")
            page.wait_for_selector(READY + "[data-step='6'][data-steps='7']")
        back = time.perf_counter()
        teacher.wait_for_selector("[data-testid=room][data-connection=open]")
        teacher.keyboard.press("ArrowLeft")
        for page in students:
            page.wait_for_selector(READY + "[data-step='5'][data-steps='7']")
        print(
            f"kill -9: the server took {up - start:.1f} s to start; all followers were back {back - up:.1f} s later on the right place (≤ 5), "
            f"and all had the next move {time.perf_counter() - back:.1f} s after that"
        )
        chromium.close()
    server.kill()
    server.wait()
