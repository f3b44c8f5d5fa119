"""The stepper's place in the address: kept, restored, and told where it is a bad one."""

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.classroom import ALONE, room
from tests.browser.conftest import CONTRAST, FIFTY
from tests.conftest import until


def test_the_address_restores_the_view(tabs):
    one = tabs().open(text=CONTRAST, model="sentiment-gru")
    one.part("panel-z").click(position={"x": 100, "y": 20})
    step, unit = (one.stepper.get_attribute(f"data-{n}") for n in ("step", "unit"))
    address = one.href(f"step={step}&unit={unit}&array=z")
    other = tabs()
    other.page.goto(address)
    other.at(step=step, unit=unit, array="z", steps=25)
    assert other.part("value").inner_text() == one.part("value").inner_text()
    other.page.reload()
    other.at(step=step, unit=unit, array="z", steps=25)


def test_the_last_of_many_quick_changes_is_written(tab):
    tab.open(text=FIFTY, step=0)
    tab.part("scrub").focus()
    for _ in range(45):
        tab.page.keyboard.press("ArrowRight")
    tab.href("step=45")


def test_a_bad_address_falls_back_with_a_notice(tab):
    tab.open(text="just three words", step="99", unit="-1", array="<b>x</b>", model="sentiment-lstm")
    tab.at(step=2, array="f")
    notice = tab.page.locator(".gs-notice").inner_text()
    for part in ("step=99", "unit=-1", "array=<b>x</b>"):
        assert part in notice


def test_back_and_forward(tab):
    tab.open(text="the first text", step=1)
    tab.page.get_by_role("link", name="Compare").click()
    tab.at(array="sentiment-rnn-h", steps=3)
    tab.href("side_by_side?text=the+first+text")
    tab.page.go_back()
    tab.at(steps=3, step=1, array="f")
    tab.page.go_forward()
    tab.at(steps=3, array="sentiment-rnn-h")


def test_new_text_opens_at_its_last_step_and_another_cell_keeps_the_step(tab):
    tab.open(text=CONTRAST, step=5)
    tab.page.get_by_role("radio", name="GRU").click()
    tab.part("panel-z").wait_for()
    tab.at(step=5)
    tab.type("only four words here")
    tab.at(steps=4, step=3)


@pytest.mark.parametrize(
    ("path", "array"), [("/lstm", "c"), ("/gru", "n"), ("/side_by_side", "sentiment-gru-r"), ("/numpy_torch", "torch-o")]
)
def test_a_link_to_any_page_restores_its_place(tab, path, array):
    tab.open(path, text=CONTRAST, step=3, unit=7, array=array, model="sentiment-gru" if path == "/gru" else "sentiment-lstm")
    tab.at(step=3, unit=7, array=array)


def test_the_unit_stays_while_one_types(tab):
    tab.open(text="a film", unit=12, array="c")
    tab.type("a film that")
    tab.at(steps=3, step=2, unit=12, array="c")


def test_a_bad_place_is_told_beside_an_unknown_word(tab):
    tab.open(text="a flumdiggity film", step=99)
    notice = tab.page.locator(".gs-notice").inner_text()
    assert "step=99" in notice
    assert "flumdiggity" in notice


def test_nothing_of_an_old_page_gets_into_the_next_ones_address(tab):
    tab.open(text=FIFTY, step=0)
    tab.page.get_by_label("Speed").select_option("20")
    tab.part("play").click()
    tab.page.get_by_role("link", name="Compare").click()
    tab.at(array="sentiment-rnn-h")
    tab.href("array=sentiment-rnn-h")
    assert tab.page.locator(".gs-notice").is_hidden()


def test_the_link_of_an_empty_text_is_a_good_one(tab):
    tab.open(text="word")
    tab.type("")
    tab.at(steps=0)
    tab.page.wait_for_function("!location.href.includes('step=')")
    tab.part("panel-f").click(position={"x": 5, "y": 5})
    tab.page.reload()
    tab.at(steps=0)
    assert tab.page.locator(".gs-notice").is_hidden()
    assert tab.part("parity").text_content() in ("", "check against torch")


def test_a_press_on_a_link_outlives_what_the_page_before_still_says(tabs):
    """The browser says something of the page that it still shows, which the server takes for the page to show; the link's page comes all the same."""
    tab = tabs(fresh=True)
    page, late = tab.page, False
    held = tab.hold(lambda message: late)
    page.goto(f"{tab.url}/gradients?seen=1")
    tab.at()
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    late = True
    page.locator(".gs-nav a", has_text="GRU").first.click()
    until(lambda: page.evaluate("0") or held, "the link's page does not come")
    page.get_by_role("slider").first.press("ArrowRight")
    count = len(held)
    until(lambda: page.evaluate("0") or len(held) > count + 20, "the page before is not drawn again")
    late = False
    for message in held:
        message()
    tab.stays("gru", "GRU")  # it comes, may go, and is there for good


def test_back_takes_a_press_on_a_link_back(tab):
    tab.open("/lstm")
    tab.page.locator(".gs-nav a", has_text="Gradients").first.click()
    tab.page.wait_for_function("location.pathname === '/gradients'")
    tab.page.go_back()
    tab.stays("lstm", "LSTM")


def ends(message: bytes) -> bool:
    """Whether a run of the app has ended that no other one follows."""
    said = ForwardMsg.FromString(message)
    return said.WhichOneof("type") == "script_finished" and said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def test_another_press_outdoes_a_link_whose_page_is_not_whole(lesson):
    """A student looks into the glossary and is called back to the teacher before the run of its page has ended."""
    student, late = lesson.student(fresh=True), False
    held = student.hold(lambda message: late and (held or ends(message)))
    student.page.reload()
    lesson.teacher.page.locator(".gs-nav a", has_text="Sentiment").click()
    student.stays("sentiment", "Sentiment")
    late = True
    student.page.locator(".gs-nav a", has_text="Glossary").click()
    expect(room(student, "link")).to_have_text(ALONE)
    until(lambda: student.page.evaluate("0") or held, "the glossary's run does not end")
    student.page.get_by_role("button", name="Back to the teacher").click()
    until(lambda: student.page.evaluate("0") or len(held) > 20, "the teacher's page does not come")
    late = False
    for message in held:
        message()
    student.stays("sentiment", "Sentiment")
