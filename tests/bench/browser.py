"""What a person waits for, in headless Chromium on the real server."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from core.views.site import outline
from tests.__main__ import browser as chromium_path
from tests.conftest import FLAGS, ROOT, serving

READY = "[data-testid=stepper][data-ready=true]"
# From the key's own time stamp to the task after the next frame: the frame that shows the step has then been handed over.
WATCH = """() => { window.took = []; document.addEventListener('keydown', (e) => { const from = e.timeStamp;
  requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => took.push(performance.now() - from); c.port2.postMessage(0); }); }, true); }"""


def quantiles(values: list[float]) -> str:
    ordered = sorted(values)
    return f"p50 {statistics.median(ordered):6.1f} ms   p95 {ordered[int(0.95 * (len(ordered) - 1))]:6.1f} ms   n {len(ordered)}"


def step_by_key(page: Page, url: str, steps: int, units: int, presses: int, level: str = "all") -> tuple[list[float], int]:
    """Milliseconds from key to paint, and how many websocket messages passed meanwhile."""
    frames: list[int] = []
    page.on("websocket", lambda w: (w.on("framesent", lambda _: frames.append(1)), w.on("framereceived", lambda _: frames.append(1))))
    page.goto(f"{url}/?case=stepper&steps={steps}&units={units}&level={level}")
    page.wait_for_selector(READY + f"[data-level={level}]")
    page.locator("[data-testid=stepper-first]").click()
    page.wait_for_function("location.href.includes('step=0')")
    page.evaluate(WATCH)
    before = len(frames)
    for k in range(presses):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("n => took.length === n", arg=k + 1)
    assert page.locator(READY).get_attribute("data-step") == str(presses)
    return page.evaluate("took"), len(frames) - before


def step_by_rerun(page: Page, url: str, presses: int) -> list[float]:
    """The same step by a rerun and six st.plotly_chart: from the click until the new step's text stands and the page is still."""
    page.goto(f"{url}/?case=rerun")
    page.get_by_text("step-0").wait_for()
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot .heatmaplayer image').length === 6")
    took = []
    for k in range(presses):
        page.evaluate("document.querySelectorAll('.js-plotly-plot .heatmaplayer image').forEach((i) => { i.dataset.old = 1; })")
        start = time.perf_counter()
        page.get_by_role("button", name="next").click()
        page.get_by_text(f"step-{k + 1}", exact=True).wait_for()
        page.wait_for_function(
            "[...document.querySelectorAll('.js-plotly-plot .heatmaplayer image')].filter((i) => !i.dataset.old).length === 6"
        )
        took.append(1000 * (time.perf_counter() - start))
    return took


def typed_to_painted(page: Page, url: str, times: int) -> list[float]:
    """From the last key of a typed text until its heatmaps are painted."""
    page.goto(url + "/?model=sentiment-lstm")
    page.wait_for_selector(READY)
    page.evaluate(
        """() => new MutationObserver(() => requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); })))
        .observe(document.querySelector('[data-testid=stepper]'), { attributes: true, attributeFilter: ['data-steps'] })"""
    )
    page.evaluate("document.addEventListener('input', () => { window.typed = performance.now(); window.painted = 0; }, true)")
    box, took = page.locator("[data-testid=stTextInput] input").first, []
    box.click()
    page.keyboard.press("End")
    for k in range(times):
        page.keyboard.type(" and" if k % 2 else " good")
        page.wait_for_function("window.painted > 0")
        took.append(page.evaluate("painted - typed"))
    return took


def first_paint(chromium: Browser, url: str, times: int, cached: bool) -> tuple[list[float], list[float]]:
    """From opening the bare address until the first words are painted, and until the stepper is; the server being warm.

    cached: a browser that has been here before; else an empty one each time.
    """
    words, whole, context = [], [], chromium.new_context(viewport={"width": 1400, "height": 900})
    for k in range(times + 2):
        if not cached:
            context = chromium.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        start = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.wait_for_selector(READY)
        if k >= 2:  # two to warm up
            whole.append(1000 * (time.perf_counter() - start))
            words.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        page.close()
    return words, whole


def opened_by_click(page: Page, url: str, titles: list[str], times: int = 3) -> dict[str, float]:
    """From the click on a page's name until its script has run and its stepper, if it has one, is painted; the best of some."""
    page.goto(url)
    page.wait_for_selector(READY)
    took: dict[str, list[float]] = {title: [] for title in titles}
    for k in range(times + 1):
        for title in titles:
            page.evaluate("document.querySelectorAll('.gs').forEach((e) => { e.dataset.old = 1; })")
            start = time.perf_counter()
            page.locator(".gs-nav").get_by_role("link", name=title, exact=True).click()
            page.locator("h1", has_text=title).wait_for()
            page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
            page.wait_for_function(
                "[...document.querySelectorAll('.gs-root')].every((e) => e.querySelector('[data-ready=true]:not([data-old])'))"
            )
            if k:
                took[title].append(1000 * (time.perf_counter() - start))
    return {title: min(each) for title, each in took.items()}


def fresh_process() -> str:
    """AppTest's first run of Start in a fresh process, and whether torch was imported."""
    code = """
import sys, time
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("pages/site.py", default_timeout=60)
start = time.perf_counter(); at.run()
print(f"{time.perf_counter() - start:.2f} s, torch imported: {'torch' in sys.modules}")
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() for _ in range(3)
    ]
    return min(runs)


def report() -> None:
    print(f"\nStart in a fresh process (AppTest, best of 3; ≤ 1.5 s): {fresh_process()}")
    folder = Path(tempfile.mkdtemp())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1400, "height": 900})
        print("\nIn the browser")
        with serving(folder / "bench.txt", app="tests/bench/app.py") as url:
            for steps, units in ((41, 32), (500, 128)):
                took, frames = step_by_key(page, url, steps, units, 40)
                print(f"one step, {steps} tokens × {units} units × 6 panels (≤ 20, ≤ 34): {quantiles(took)}   websocket messages {frames}")
            for level in ("story", "unit"):
                took, frames = step_by_key(page, url, 41, 32, 40, level)
                print(f"one step in the level {level}, 41 × 32 (≤ 20, ≤ 34):             {quantiles(took)}   websocket messages {frames}")
            for steps, units, reach in ((41, 32, 34), (500, 128, 50)):
                took, frames = step_by_key(page, url, steps, units, 40, "inside")
                print(
                    f"one step inside, diagram and arithmetic, {steps} × {units} (≤ 20, ≤ {reach}): {quantiles(took)}   websocket messages {frames}"
                )
            print(f"the same by st.plotly_chart and a rerun, 40 × 32 × 6:        {quantiles(step_by_rerun(page, url, 12))}")
        with serving(folder / "app.txt") as url:
            print(f"typed text to painted gates (p50 ≤ 300):                     {quantiles(typed_to_painted(page, url, 20))}")
            print("from a click to the whole page, best of 3 (median ≤ 250, each ≤ 500):")
            took = opened_by_click(page, url, [outline.name(name) for name in outline.ORDER])
            for title, least in took.items():
                print(f"    {title:57}  {least:6.0f} ms")
            print(f"    median {statistics.median(took.values()):.0f} ms")
            for cached in (True, False):
                words, whole = first_paint(chromium, url, 10, cached)
                name = "known" if cached else "empty"
                print(f"first words painted, {name} browser, warm server (≤ 500):      {quantiles(words)}")
                print(f"    and the live stepper (≤ 1000):                           {quantiles(whole)}")
        chromium.close()
