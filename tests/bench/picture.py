"""python -m tests.bench.picture: writes the README's moving picture, a sentence being read, from the app itself in headless Chromium."""

import io
import tempfile
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.__main__ import browser as chromium_path
from tests.conftest import FLAGS, ROOT, serving

TARGET = ROOT / "assets" / "readme" / "reading.gif"
TEXT = "It was long and dull at first, and then wonderful."
WIDTH, HEIGHT = 800, 410
STEP_MS, LAST_MS = 650, 1800  # how long a word is shown, and the last one
COLOURS = 96
READY = "[data-testid=stepper][data-ready=true]"


def frames(page: Page, url: str) -> list[Image.Image]:
    """The stepper at each word, from the first to the last."""
    page.goto(f"{url}/?model=sentiment-lstm&level=story&unit=22&array=i&step=0&text={quote(TEXT)}")
    page.wait_for_selector(READY)
    box = page.locator("[data-testid=stepper]").bounding_box()
    assert box is not None
    clip = {"x": box["x"], "y": box["y"], "width": min(WIDTH, box["width"]), "height": HEIGHT}
    taken = []
    while True:
        page.mouse.move(0, 0)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))")  # what moves has come to rest
        taken.append(Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled"))).convert("RGB"))
        step = page.locator(READY).get_attribute("data-step")
        page.keyboard.press("ArrowRight")
        if page.locator(READY).get_attribute("data-step") == step:
            return taken


def write(taken: list[Image.Image], target: Path) -> None:
    """One GIF that begins again after the last word; all frames share the last one's colours."""
    palette = taken[-1].quantize(COLOURS)
    shown = [frame.quantize(COLOURS, palette=palette, dither=Image.Dither.NONE) for frame in taken]
    times = [STEP_MS] * (len(shown) - 1) + [LAST_MS]
    shown[0].save(target, save_all=True, append_images=shown[1:], duration=times, loop=0, optimize=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as home, serving(Path(home) / "log.txt") as url, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = chromium.new_page(viewport={"width": 1190, "height": 1200}, color_scheme="light", reduced_motion="reduce")
        write(frames(page, url), TARGET)
        chromium.close()
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
