"""Nothing is lost: a reload keeps what was made, and Back goes through texts, models and stops."""

from playwright.sync_api import expect

from tests.browser.classroom import walk_own

PAUSE = 1600  # ms after which a change is a step of its own: link.js


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


def test_a_reload_keeps_the_lesson_that_is_walked(tab):
    tab.open()
    walk_own(tab.page)
    tab.page.get_by_role("button", name="Next Shortcut").click()
    tab.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
    tab.href("stop=2")
    tab.page.reload()
    tab.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
    assert "lesson=own" in tab.href("stop=2")
    tab.page.get_by_role("button", name="Next Shortcut").click()
    tab.page.locator(".gs-prose", has_text="Three · 3 of 3").wait_for()


def test_a_link_to_another_s_own_lesson_says_that_it_is_not_here(tab):
    tab.page.goto(f"{tab.url}/?lesson=own")
    expect(tab.page.get_by_text("asks for a lesson that is not here")).to_be_visible()
    tab.at()


def field(tab):
    return tab.page.locator("[data-testid=stTextInput] input").first


def entries(tab):
    return tab.page.evaluate("history.length")


def test_back_goes_through_the_texts(tabs):
    """A text has an entry once the typing pauses; keys that follow each other share one. Back and Forward bring text and place."""
    tab = tabs(fresh=True).open(model="sentiment-lstm", text="one", level="unit")
    tab.href("step=0")
    before = entries(tab)
    field(tab).press("End")
    field(tab).press_sequentially(" two", delay=30)
    tab.at(steps=2)
    tab.href("text=one+two&")  # before that only a part of what is typed was read
    tab.part("first").click()
    tab.at(step=0)
    assert "text=one+two&" in tab.href("step=0")
    assert entries(tab) == before + 1
    tab.page.wait_for_timeout(PAUSE)
    field(tab).press("End")
    field(tab).press_sequentially(" three", delay=30)
    tab.at(steps=3, step=2)
    tab.href("text=one+two+three")
    assert entries(tab) == before + 2
    for steps, text, step in ((2, "one two", 0), (1, "one", 0)):
        tab.page.go_back()
        tab.at(steps=steps, step=step)
        expect(field(tab)).to_have_value(text)
    for steps, step in ((2, 0), (3, 2)):
        tab.page.go_forward()
        tab.at(steps=steps, step=step)
    assert entries(tab) == before + 2
    tab.type("four")
    tab.at(steps=1)
    tab.href("text=four")


def test_back_goes_through_the_models(tabs):
    tab = tabs(fresh=True).open(model="sentiment-lstm", text="not bad", level="unit")
    tab.href("step=1")
    for cell, array in (("GRU", "z"), ("RNN", "h")):
        tab.page.get_by_role("radio", name=cell, exact=True).click()
        tab.at(array=array)
        tab.href(f"model=sentiment-{cell.lower()}")
    tab.page.go_back()
    tab.at(array="z")
    assert "model=sentiment-gru" in tab.href("text=not+bad")
    tab.page.go_back()
    tab.at(array="f")


def test_back_goes_through_the_stops_of_a_lesson(tabs):
    tab = tabs(fresh=True)
    tab.page.goto(f"{tab.url}/?lesson=not-bad")
    prose = tab.page.locator(".gs-prose")
    prose.filter(has_text="· 1 of").wait_for()
    tab.href("stop=1")
    for stop in (2, 3):
        tab.page.get_by_role("button", name="Next Shortcut").click()
        prose.filter(has_text=f"· {stop} of").wait_for()
        tab.href(f"stop={stop}")
    for stop in (2, 1):
        tab.page.go_back()
        prose.filter(has_text=f"· {stop} of").wait_for()
        tab.href(f"lesson=not-bad&stop={stop}&")
    tab.page.go_forward()
    prose.filter(has_text="· 2 of").wait_for()


def test_the_presets_of_what_if_keep_the_text(tab):
    """What this text does not have is offered on an example, by a button that says so."""
    text = "i did not like it at all"
    tab.open("/what_if", model="sentiment-lstm", text=text)
    presets = tab.page.locator("[class*=st-key-what_lesson_] button:enabled")
    for k in range(presets.count()):
        presets.nth(k).click()
        tab.href("set=")
        expect(tab.page.get_by_text("The verdict after the last word goes from")).to_be_visible()
        expect(field(tab)).to_have_value(text)
    assert tab.page.get_by_role("button", name="Forget everything at but", exact=True).is_disabled()
    tab.page.get_by_role("button", name="On an example").click()
    tab.page.get_by_role("menuitem", name="Forget everything at but").click()
    expect(field(tab)).to_have_value("It was a dull film, but it lasts two hours.")
    tab.page.go_back()
    expect(field(tab)).to_have_value(text)


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
