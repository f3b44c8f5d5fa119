"""True or false? in the browser: by keyboard alone, on a phone, by link."""

import re

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.lessons.quiz import decide, items
from tests.browser.conftest import READY

PATH = "/true_or_false"
NAMES = list(items())


def statement(tab, name):
    """Waits until the statement stands there and nothing else does."""
    tab.page.get_by_role("heading", name=items()[name].statement, exact=True).wait_for()


def test_three_items_by_keyboard_alone(tab):
    """T and F commit, PageDown goes on; each stepper stands at its place and shows the number that the sentence names."""
    page = tab.page
    page.goto(tab.url + PATH)
    good = 0
    for k, name in enumerate(NAMES[:3]):
        statement(tab, name)
        page.get_by_role("button", name="False").wait_for()
        assert page.locator("[data-testid=stepper]").count() == 0
        key = "tft"[k]
        page.keyboard.press(key)
        item = items()[name]
        shown = decide(item)
        place = shown.place
        tab.at(step=place.step, unit=place.unit, array=place.array, level=item.stop.level)
        answer = key == "t"
        good += answer == item.answer
        page.get_by_text(f"You said {str(answer).lower()}. It is {str(item.answer).lower()}.").wait_for()
        page.get_by_text(f"{good} of {k + 1} right").wait_for()
        number = float(getattr(shown.reading.trace, place.array)[place.step, place.unit])
        value = re.search(r"= ([-−]?\d+\.\d+)", tab.part("value").inner_text())[1].replace("−", "-")
        assert float(value) == pytest.approx(number, abs=0.0051)
        if name == "forget-one":
            assert f"f = {number:.2f}" in page.locator(".gs-prose").first.inner_text()
        page.keyboard.press("ArrowLeft")  # the stepper's own keys still step
        tab.at(step=place.step - 1)
        page.keyboard.press("PageDown")
    statement(tab, NAMES[3])
    assert "said=TFT" in tab.href(f"q={NAMES[3]}")
    page.keyboard.press("PageUp")
    place = decide(items()[NAMES[2]]).place
    tab.at(step=place.step, unit=place.unit)


def test_a_copied_link_opens_with_the_same_score(tabs):
    tab = tabs()
    tab.page.goto(f"{tab.url}{PATH}?q={NAMES[3]}&said=FT")
    statement(tab, NAMES[3])
    tab.page.get_by_text("2 of 2 right").wait_for()
    tab.page.get_by_role("button", name="False").click()
    place = decide(items()[NAMES[3]]).place
    tab.at(step=place.step, array=place.array)
    tab.part("first").click()
    link = tab.href("step=0")
    assert "said=FT-F" in link
    other = tabs()
    other.page.goto(link)
    other.at(step=0, array=place.array, unit=place.unit)
    statement(other, NAMES[3])
    other.page.get_by_text("3 of 3 right").wait_for()


def test_the_back_button_goes_back_and_takes_no_answer_back(tab):
    tab.page.goto(f"{tab.url}{PATH}")
    tab.page.get_by_role("button", name="False").wait_for()
    tab.page.keyboard.press("f")
    tab.page.wait_for_selector(READY)
    tab.page.keyboard.press("PageDown")
    statement(tab, NAMES[1])
    tab.page.keyboard.press("t")
    tab.page.get_by_text("of 2 right").wait_for()
    tab.page.go_back()  # an answer has an entry of its own
    tab.page.go_back()
    statement(tab, NAMES[0])
    tab.page.get_by_text("of 2 right").wait_for()
    tab.page.wait_for_selector(READY)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_phone(tabs, dark):
    tab = tabs(width=360, height=740, dark=dark)
    tab.page.goto(f"{tab.url}{PATH}?q={NAMES[3]}")
    statement(tab, NAMES[3])
    for label in ("True", "False", "Next"):
        box = tab.page.get_by_role("button", name=re.compile(f"^{label}")).bounding_box()
        assert box["y"] + box["height"] <= 740, label
    tab.page.get_by_role("button", name=re.compile("^False")).click()
    tab.page.wait_for_selector(READY)
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360


def test_a_stepper_on_its_way_out_leaves_the_address_alone(tabs):
    """Streamlit keeps what a run no longer draws until that run ends: where it stands is not the next statement's."""
    tab = tabs(fresh=True)
    page, late = tab.page, False
    held = tab.hold(lambda message: late and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished")
    page.goto(f"{tab.url}{PATH}?q={NAMES[0]}&said=F")
    tab.at()
    late = True
    page.get_by_role("button", name="Next").first.click()
    statement(tab, NAMES[1])
    tab.part("first").dispatch_event("click")  # hidden, but what was to be written before is written now
    page.wait_for_selector("[data-testid=stepper][data-step='0']", state="attached")
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")  # a write is due 250 ms after a move, at most
    for end in held:
        end()
    page.wait_for_function("document.querySelector('[data-testid=stepper]') === null")
    assert "step=" not in tab.href(f"q={NAMES[1]}")
