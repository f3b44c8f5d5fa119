"""A stop that trains, in a hand-out opened from a disk with the network off: Start, Pause, one update, Reset, curves, the stepper."""

import pytest
from playwright.sync_api import expect

from core.lessons import CustomLesson
from core.views.lessons import handout
from tests.axe import axe
from tests.conftest import until as waited

READY = "[data-testid=trainer][data-ready=true]"
SEEN = {"title": "Seen", "model": "mini-lstm", "input": "good film", "step": 0}
LESSON = CustomLesson.model_validate(
    {
        "version": 1,
        "name": "made",
        "title": "Made",
        "stops": [
            {"title": "Train it", "text": "Press Start.", "train": {"cell": "lstm", "units": "4", "probe": "not bad"}},
            SEEN,
            {"title": "Two", "train": {"second": "1", "cell": "rnn"}},
        ],
    }
)


def part(tab, name):
    return tab.page.locator(f"[data-testid=trainer-{name}]")


def until(tab, **wanted):
    """Waits until the trainer's attributes are so. Its policy lets the page evaluate no text, which wait_for_function would."""

    def holds():
        found = tab.page.locator(READY).evaluate("e => ({ ...e.dataset })")
        return all(check(float(found[name])) if callable(check) else found[name] == str(check) for name, check in wanted.items())

    waited(holds, str(wanted), 60)


@pytest.fixture
def trained(opened):
    def open_(**how):
        tab = opened(handout.of_lesson(LESSON), ready=False, **how)
        tab.page.wait_for_selector(READY)
        return tab

    return open_


def test_it_trains_without_a_server(trained):
    """Ten words, to 99 %, with no request and no fault (`opened` sees to that); the stepper shows the present weights."""
    tab = trained()
    tab.at(steps=2)
    curve = tab.page.locator(".gt-chart path").first
    part(tab, "step").click()
    until(tab, updates=1)
    before = tab.part("value").inner_text()
    part(tab, "start").click()
    until(tab, accuracy=lambda share: share >= 0.99)
    part(tab, "pause").click()
    until(tab, running="false")
    expect(tab.part("value")).not_to_have_text(before)
    assert curve.get_attribute("d").count("L") > 3
    part(tab, "probe").fill("not good film")
    tab.at(steps=3)
    part(tab, "reset").click()
    until(tab, updates=0)
    for name in ("lengths", "gates", "gradients", "weights"):
        part(tab, name).locator("summary").click()
    expect(part(tab, "weights").locator("canvas").first).to_be_visible()
    expect(part(tab, "lengths").locator("rect").first).to_be_visible()
    with tab.page.expect_download() as kept:
        part(tab, "weights-1").click()
    assert kept.value.suggested_filename == "gatescope-words-lstm.safetensors"


def test_turning_on_ends_the_training(trained):
    tab = trained()
    part(tab, "start").click()
    until(tab, updates=lambda count: count > 3)
    tab.part("last").click()
    tab.page.keyboard.press("PageDown")
    tab.at(steps=2, step=0)
    assert tab.page.locator(READY).count() == 0
    tab.page.locator("[data-testid=handout-text]").fill("bad film was good")
    tab.at(steps=4)
    tab.part("scrub").press("ArrowLeft")
    tab.at(step=2)
    tab.page.keyboard.press("PageDown")
    until(tab, updates=0, running="false")
    tab.part("scrub").press("Home")
    tab.part("scrub").press("ArrowRight")
    tab.at(step=1)
    expect(part(tab, "status")).to_contain_text("RNN, 4 units: ")
    expect(tab.page.locator("[data-testid=handout-text]")).to_be_hidden()


@pytest.mark.parametrize(("width", "dark"), [(1400, True), (360, False)], ids=["dark", "phone"])
def test_it_fits_and_axe_finds_nothing(trained, width, dark):
    tab = trained(width=width, height=800, dark=dark)
    part(tab, "step").click()
    until(tab, updates=1)
    assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert not axe(tab.page)
