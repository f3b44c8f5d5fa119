"""Nothing is lost: a reload keeps what was typed and walked, and Back goes through texts, models and stops."""

from playwright.sync_api import expect

from tests.browser.classroom import walk_own

PAUSE = 1600  # ms after which a change is a step of its own: link.js


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


def shown_at(tab, name):
    """Opens a page by the navigation, and returns its field."""
    tab.page.locator(".gs-nav a", has_text=name).first.click()
    tab.page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
    return tab.field


def test_a_reload_of_a_page_without_a_text_keeps_what_was_typed(tabs):
    """Of every family, and the model; in this tab alone, and not for an address that says another text."""
    tab = tabs(fresh=True).open("/gru", text="one of the reviews", model="sentiment-gru")
    tab.page.get_by_role("radio", name="Ten words").click()
    expect(tab.field).not_to_have_value("one of the reviews")
    tab.type("the film was not bad")
    tab.at(steps=5)
    expect(shown_at(tab, "Glossary")).to_have_value("")
    tab.page.wait_for_function("sessionStorage.getItem('gatescope-typed')?.includes('not bad')")
    tab.page.reload()
    tab.page.wait_for_function("!document.getElementById('gs-first')")
    expect(shown_at(tab, "GRU")).to_have_value("the film was not bad")
    tab.page.get_by_role("radio", name="Film reviews").click()
    expect(tab.field).to_have_value("one of the reviews")
    other = tab.page.context.new_page()
    other.goto(f"{tab.url}/gru")
    other.wait_for_selector("[data-testid=stepper][data-ready=true]")
    assert other.locator("[data-testid=stTextInput] input").first.input_value() not in ("one of the reviews", "the film was not bad")
    tab.open("/gru", text="as the link says", model="sentiment-gru")
    expect(tab.field).to_have_value("as the link says")


def test_a_reload_keeps_a_text_that_is_too_long_for_an_address(tabs):
    text = "not bad " * 300
    tab = tabs(fresh=True).open("/lstm")
    tab.type(text)
    tab.at(steps=500)
    tab.page.wait_for_function("!location.href.includes('text=') && sessionStorage.getItem('gatescope-typed')?.includes('not bad not')")
    tab.page.reload()
    expect(tab.field).to_have_value(text)
    tab.at(steps=500)


def entries(tab):
    return tab.page.evaluate("history.length")


def test_back_goes_through_the_texts(tabs):
    """A text has an entry once the typing pauses; keys that follow each other share one. Back and Forward bring text and place."""
    tab = tabs(fresh=True).open(model="sentiment-lstm", text="one", level="unit")
    tab.href("step=0")
    before = entries(tab)
    tab.field.press("End")
    tab.field.press_sequentially(" two", delay=30)
    tab.at(steps=2)
    tab.href("text=one+two&")  # before that only a part of what is typed was read
    tab.part("first").click()
    tab.at(step=0)
    assert "text=one+two&" in tab.href("step=0")
    assert entries(tab) == before + 1
    tab.page.wait_for_timeout(PAUSE)
    tab.field.press("End")
    tab.field.press_sequentially(" three", delay=30)
    tab.at(steps=3, step=2)
    tab.href("text=one+two+three")
    assert entries(tab) == before + 2
    for steps, text, step in ((2, "one two", 0), (1, "one", 0)):
        tab.page.go_back()
        tab.at(steps=steps, step=step)
        expect(tab.field).to_have_value(text)
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


# Once, when a page that was loaded again is there and the app's first run has not begun.
EARLY = """(() => {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload" || sessionStorage.getItem("early")) return;
  const look = () => {
    if (!document.querySelector("[data-testid=stApp][data-test-script-state=initial]")) return setTimeout(look, 1);
    sessionStorage.setItem("early", "1");
    history.back();
  };
  look();
})()"""


def test_back_while_a_reload_is_under_way_goes_to_the_stop_before(tabs):
    tab = tabs(fresh=True)
    tab.page.goto(f"{tab.url}/?lesson=not-bad")
    prose = tab.page.locator(".gs-prose")
    for stop in (1, 2, 3):
        prose.filter(has_text=f"· {stop} of").wait_for()
        tab.href(f"stop={stop}&")
        if stop < 3:
            tab.page.get_by_role("button", name="Next Shortcut").click()
    tab.page.add_init_script(EARLY)
    tab.page.reload(wait_until="commit")
    tab.page.wait_for_function("sessionStorage.getItem('early')")
    prose.filter(has_text="· 2 of").wait_for()
    tab.at()
    assert "stop=2&" in tab.href("step=")
    tab.page.go_back()
    prose.filter(has_text="· 1 of").wait_for()


def test_the_presets_of_what_if_keep_the_text(tab):
    """What this text does not have is offered on an example, by a button that says so."""
    text = "i did not like it at all"
    tab.open("/what_if", model="sentiment-lstm", text=text)
    presets = tab.page.locator("[class*=st-key-what_lesson_] button:enabled")
    for k in range(presets.count()):
        presets.nth(k).click()
        tab.href("set=")
        expect(tab.page.get_by_text("The verdict after the last word goes from")).to_have_count(1)  # while a run ends, the last one's too
        expect(tab.field).to_have_value(text)
    assert tab.page.get_by_role("button", name="Forget everything at but", exact=True).is_disabled()
    tab.page.get_by_role("button", name="On an example").click()
    tab.page.get_by_role("menuitem", name="Forget everything at but").click()
    expect(tab.field).to_have_value("It was a dull film, but it lasts two hours.")
    tab.page.go_back()
    expect(tab.field).to_have_value(text)
