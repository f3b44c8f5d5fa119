"""The lesson that is being made: what is added to it on any page is kept, told, and comes back."""

from playwright.sync_api import expect

from tests.conftest import until


def copied(tab):
    """The page Make a lesson with a shipped lesson's stops and a title of one's own."""
    tab.visit("/make_lesson")
    tab.page.get_by_role("button", name="Start from one of our lessons").click()
    tab.page.get_by_role("button", name="Why “not bad” works").or_(
        tab.page.locator("[class*=st-key-make_copy_not-bad] button")
    ).first.click()
    title = tab.page.get_by_label("Title of the lesson")
    title.fill("Mine, not lost")
    title.press("Enter")
    tab.page.wait_for_function("sessionStorage.getItem('gatescope-draft')?.includes('Mine, not lost')")


def test_a_reload_keeps_the_draft_of_a_lesson(tab):
    copied(tab)
    stops = tab.page.locator("[data-testid=stExpander]").count()
    tab.page.reload()
    expect(tab.page.get_by_label("Title of the lesson")).to_have_value("Mine, not lost")
    expect(tab.page.locator("[data-testid=stExpander]")).to_have_count(stops)


def test_a_reload_elsewhere_keeps_it_too_and_what_is_added_goes_to_its_end(tab):
    copied(tab)
    stops = tab.page.locator("[data-testid=stExpander]").count()
    tab.open("/gru", text="a good film")
    tab.part("add").click()
    expect(tab.page.get_by_text(f"Stop {stops + 1} of your lesson")).to_be_visible()


def test_what_is_added_before_the_draft_is_heard_goes_to_its_end_too(tabs):
    """A page that is slow has its stepper before the session has what the tab keeps."""
    tab = tabs(fresh=True)
    copied(tab)
    stops, late = tab.page.locator("[data-testid=stExpander]").count(), True
    held = tab.hold(lambda message: late and (held or b"gatescope_kept" in message))
    tab.open("/gru", text="a good film")
    until(lambda: held, "the page does not ask for the draft")
    tab.part("add").click()
    late = False
    for message in held:
        message()
    expect(tab.page.get_by_text(f"Stop {stops + 1} of your lesson")).to_be_visible()


def test_that_a_stop_is_added_is_told_once_the_tab_has_it(tab):
    """Who reads it may open another address at once."""
    came: list[bytes] = []

    def comes(message: bytes) -> None:
        came.append(message)

    tab.on("websocket", lambda w: w.on("framereceived", comes))
    tab.open("/gru", text="a good film")
    tab.part("add").click()
    expect(tab.page.get_by_text("Stop 1 of your lesson")).to_be_visible()
    told = next(k for k, message in enumerate(came) if b"stop 1 of your lesson" in message)
    assert any(b"gatescope_kept" in message and b"stops" in message for message in came[:told])


def test_a_draft_without_stops_comes_back_no_more(tab):
    tab.open("/gru", text="a good film")
    tab.part("add").click()
    expect(tab.page.get_by_text("Stop 1 of your lesson")).to_be_visible()
    tab.page.locator("a[href$='/make_lesson']").first.click()
    tab.page.locator("[class*=_drop] button").click()
    tab.page.get_by_text("There are no stops yet").wait_for()
    tab.page.wait_for_function("sessionStorage.getItem('gatescope-draft') === null")
    tab.visit("/make_lesson")
    tab.page.get_by_text("There are no stops yet").wait_for()


def test_what_is_added_keeps_what_was_shown(tab):
    """Three networks under one cursor, a shipped recording, days of a share; then the lesson is walked."""
    wanted = []
    for path, query in (
        ("/side_by_side", {"text": "not a bad film", "level": "unit"}),
        ("/speech", {"model": "speech-gru", "clip": "8"}),
        ("/stocks", {"model": "stocks-lstm", "share": "IBM", "from": "2008-09-02", "to": "2008-12-30"}),
    ):
        tab.open(path, **query)
        tab.part("first").click()
        tab.at(step=0)
        wanted.append([tab.stepper.get_attribute("data-steps"), tab.page.locator("[data-testid^=stepper-panel-]").count()])
        tab.part("add").click()
        expect(tab.page.get_by_text(f"Stop {len(wanted)} of your lesson")).to_be_visible()
    tab.page.locator("a[href$='/make_lesson']").first.click()
    tab.page.get_by_role("button", name="Start the lesson").click()
    for k, (steps, panels) in enumerate(wanted):
        tab.page.locator(".gs-prose", has_text=f"{k + 1} of 3").wait_for()
        tab.at(step=0, steps=steps)
        expect(tab.page.locator("[data-testid^=stepper-panel-]")).to_have_count(panels)
        tab.page.keyboard.press("PageDown")


def test_figures_that_stay_behind_are_told(tab):
    tab.open("/gradients", model="sentiment-lstm", text="not a bad film", seen=1)
    tab.part("add").click()
    expect(tab.page.get_by_text("The stop holds what the stepper shows; the figures stay on this page.")).to_be_visible()
