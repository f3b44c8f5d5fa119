"""The first minute: what is painted before any script runs, the sentence that plays, the doors, and the way around."""

import re

import pytest
from playwright.sync_api import expect

from core.insight.heroes import hero
from core.lessons import lessons
from core.models import load
from core.views.site import home, outline, texts

STOPS = len(lessons()["start-here"].stops)


def test_something_is_said_before_any_script_runs(tabs):
    """Scripts are held back: name, sentence, and each word with its verdict are there all the same."""
    tab = tabs()
    tab.page.route(re.compile(r".*/static/js/.*"), lambda route: route.abort())
    tab.page.goto(tab.url, wait_until="commit")
    expect(tab.page.locator("#gs-first h1")).to_have_text("Gatescope")
    expect(tab.page.locator("#gs-first .gs-name p")).to_have_text(texts.of("start").opening)
    expect(tab.page.locator("#gs-first .gs-still b").first).to_have_text(home.sentence().split()[0])
    expect(tab.page.locator("#gs-first .gs-still i").last).to_have_text(re.compile(r"^\d+ %$"))
    tab.faults.clear()  # of the scripts that did not come


def test_the_first_document_gives_way_to_the_page(tab):
    tab.visit("/")
    assert tab.page.locator("#gs-first").count() == 0
    expect(tab.page.locator("h1")).to_have_text("Gatescope")


def test_the_sentence_plays_once(tabs):
    tab = tabs()
    tab.page.emulate_media(reduced_motion="no-preference")
    tab.page.goto(tab.url)
    tab.at(step=1, level="story")
    expect(tab.page.locator(".gs-live")).to_be_empty()  # a screen reader is not told the last word's verdict before it is read
    last = int(tab.stepper.get_attribute("data-steps")) - 1
    tab.page.wait_for_selector(f"[data-testid=stepper][data-step='{last}']")
    expect(tab.page.locator(".gs-live")).to_contain_text(f"Token {last + 1} of {last + 1}")
    expect(tab.part("play")).to_have_attribute("aria-label", re.compile("^Play"))  # and rests there


def test_nothing_plays_where_things_are_to_keep_still(tabs):
    tab = tabs()
    tab.page.emulate_media(reduced_motion="reduce")
    tab.page.goto(tab.url)
    tab.at(level="story")
    expect(tab.part("play")).to_have_attribute("aria-label", re.compile("^Play"))
    assert tab.stepper.get_attribute("data-step") == str(int(tab.stepper.get_attribute("data-steps")) - 1)


def test_the_four_doors(tab):
    tab.visit("/")
    expect(tab.page.locator(".gs-doors a")).to_have_count(4)
    tab.page.locator(".gs-doors a", has_text="Try your own text").click()
    assert tab.page.evaluate("document.activeElement.matches('[data-testid=stTextInput] input')")
    tab.page.locator(".gs-doors a", has_text=f"Take the tour: {STOPS} steps").click()
    tab.page.locator(".gs-prose", has_text=f"1 of {STOPS}").wait_for()
    expect(tab.page.locator(".gs-nav a[aria-current=page]")).to_have_text("Lessons")
    tab.page.get_by_role("link", name="Home").click()  # also from a lesson, which stands at the same address
    tab.page.locator(".gs-doors a", has_text="Why do plain RNNs forget?").click()
    tab.page.locator(".gs-prose", has_text="1 of 15").wait_for()
    tab.page.get_by_role("link", name="Home").click()
    tab.page.locator(".gs-doors a", has_text="Teach a class").click()
    expect(tab.page.locator("h1")).to_have_text(outline.name("teach"))


def test_the_tour_ends_with_doors(tab):
    tab.page.goto(f"{tab.url}/?lesson=start-here&stop={STOPS}")
    tab.page.get_by_role("heading", name="Where next?").wait_for()
    tab.page.locator(".gs-doors a", has_text="LSTM").first.click()
    expect(tab.page.locator("h1")).to_have_text("LSTM")


def test_every_page_is_reached_without_loading_the_app_anew(tab):
    tab.visit("/")
    tab.page.evaluate("window.same = true")
    for page in [*outline.ORDER, outline.HOME]:
        tab.page.get_by_role("navigation", name="Pages").get_by_role("link", name=outline.name(page), exact=True).click()
        tab.page.locator("h1", has_text=outline.heading(page)).wait_for()
        expect(tab.page.locator(".gs-nav a[aria-current=page]")).to_have_text(outline.name(page))
        assert tab.page.title().startswith(outline.heading(page))
        assert tab.page.evaluate("location.pathname") == f"/{outline.path(page)}"
        tab.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")  # what a page plays is fetched last
    assert tab.page.evaluate("window.same")


def test_a_page_leads_on_by_the_keyboard_alone(tab):
    tab.visit("/gru")
    link = tab.page.get_by_role("navigation", name="From here").get_by_role("link", name=outline.name(outline.following("gru")))
    link.focus()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("h1")).to_have_text(outline.name("side_by_side"))


def test_a_link_opens_in_another_tab_as_links_do(tab):
    tab.visit("/glossary")
    with tab.page.context.expect_page() as opened:
        tab.page.locator(".gs-nav a", has_text="Gradients").click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url("**/gradients")
    opened.value.close()
    expect(tab.page.locator("h1")).to_have_text("Glossary")


def test_on_a_phone_the_navigation_gives_way_to_the_page(tabs):
    tab = tabs(width=360, height=740, has_touch=True)
    tab.visit("/")
    tab.page.get_by_test_id("stExpandSidebarButton").click()
    tab.page.locator(".gs-nav a", has_text="Glossary").click()
    expect(tab.page.locator("h1")).to_have_text("Glossary")
    expect(tab.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


def test_on_a_phone_nothing_covers_the_story_s_sentence(tabs):
    tab = tabs(width=360, height=740, has_touch=True)
    tab.open(level="story")
    expect(tab.page.get_by_test_id("stepper-value")).to_be_hidden()
    sentence = tab.page.locator(".gs-sentence")
    box = sentence.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 740
    seen = "(e, [x, y]) => e.contains(document.elementFromPoint(x, y))"
    assert all(sentence.evaluate(seen, [box["x"] + 40, y]) for y in (box["y"] + 5, box["y"] + box["height"] - 5))


def test_on_a_phone_the_tour_begins_at_its_top(tabs):
    tab = tabs(width=360, height=740, has_touch=True)
    tab.visit("/")
    tab.page.locator(".gs-doors a").first.click()  # far down on Home
    tab.page.wait_for_url("**lesson=start-here**")
    expect(tab.page.locator("h1")).to_be_in_viewport()
    expect(tab.page.get_by_role("button", name="Next", exact=True)).to_be_in_viewport()
    assert not tab.page.locator("[data-testid^=stBaseButton] kbd:visible").count()


def test_a_story_is_about_the_unit_that_tells_most_of_the_text(tab):
    tab.open(level="story")
    for text in ("not bad", "I did not like it"):
        tab.type(text)
        place = hero(load("sentiment-lstm").run(text))
        tab.at(steps=len(text.split()), unit=place.unit)
        expect(tab.page.locator(".gs-parts")).to_contain_text(f"In unit {place.unit}, for example")


def test_what_is_not_known_gets_no_verdict(tab):
    tab.open(level="story")
    tab.type("asdf")
    expect(tab.page.locator(".gs-sentence")).to_contain_text("too few for a verdict")
    expect(tab.page.locator(".gs-line + .gs-value").first).to_have_text("–")


@pytest.mark.parametrize("path", ["/", "/lstm"])
def test_the_navigation_is_read_as_lists_under_headings(tab, path):
    tab.visit(path)
    shape = tab.page.evaluate("[...document.querySelectorAll('.gs-nav > *')].map(e => e.tagName).join(' ')")
    assert shape == "P UL" + " H2 UL" * len(outline.GROUPS)
