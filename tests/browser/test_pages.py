"""Every page as people open it: widths, themes, odd texts, a server under a path or gone for a while."""

import pytest
from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.conftest import Tab
from tests.browser.contrast import contrast, rgb
from tests.conftest import PAGES, serving, until

VISITS = {page.replace("_", "-"): f"/{page}" for page in PAGES if page != "start"} | {
    "home": "/",
    "start": "/?model=sentiment-lstm",
    "start-inside": "/?model=sentiment-lstm&level=inside&array=c&step=9",
    "start-mini": "/?model=mini-gru&level=inside&array=n&step=2",
    "conventions-coupled": "/conventions?model=mini-lstm&gates=coupled&peephole=1",
    "conventions-later": "/conventions?model=mini-lstm&later=minlstm&later_gates=own",
    "quiz-answered": "/true_or_false?said=T",
    "short-term-seen": "/short_term?seen=1",
    "gradients": "/gradients?model=sentiment-lstm",
    "layers-seen": "/layers?seen=1",
    "layers-two": "/layers?show=layers",
    "layers-two-seen": "/layers?seen=1&show=layers",
    "after-lstm-seen": "/after_lstm?seen=1&cell=slstm",
    "gradients-seen": "/gradients?model=sentiment-lstm&seen=1",
    "left-behind": "/left_behind?model=sentiment-gru&seen=1",
    "what-if": "/what_if?model=sentiment-lstm&set=f_0_13-13_all&word=delete_3",
    "find-a-unit": "/find_a_unit?model=sentiment-lstm",
    "find-a-unit-stretch": "/find_a_unit?model=sentiment-lstm&track=stretch&span=3-10",
    "next-character": "/next_character?seen=1",
    "sentiment": "/sentiment?model=sentiment-lstm",
    "counting": "/counting?seen=1",
    "counting-reber": "/counting?model=reber-lstm&seen=1&level=all&array=p",
    "stocks-seen": "/stocks?seen=1",
    "synthesis": "/synthesis?text=2024&seen=1",
    "stories": "/stories?seen=1",
    "speech": "/speech?model=speech-gru&clip=8&seen=1",
    "worksheets-key": "/worksheets?sheet=gru-against-lstm&key=1",
    "lesson": "/?lesson=why-plain-rnns-forget&stop=1",
}


COLOURS = """() => [".gs-letter", ".gs-note", ".gs-status", ".gs-number b"].flatMap((selector) =>
    [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => [selector, getComputedStyle(e).color]))"""
HIDDEN = """() => [...document.querySelectorAll(".gs *")].filter((e) =>
    !e.closest("svg, .gs-scroll, .gs-plot, .gs-overlay, .gs-live, .gs-flow, .gs-equation, [popover]")
    && e.getBoundingClientRect().width && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className)"""

PLAIN = """() => [...document.querySelectorAll(".gs-term")].filter((e) => getComputedStyle(e).borderTopStyle !== "none").map((e) => e.textContent)"""
FONT = """() => [...document.querySelectorAll("[data-testid=stMain] *")].flatMap((e) => e.shadowRoot ? [...e.shadowRoot.querySelectorAll("math")] : e.localName === "math" ? [e] : [])
    .filter((e) => e.checkVisibility() && !getComputedStyle(e).fontFamily.includes("STIX Two Math")).map((e) => e.textContent)"""


def fits(tab: Tab) -> None:
    """Nothing sticks out to the right, neither of the page nor of the stepper."""
    tab.fits()
    until(lambda: tab.page.evaluate(HIDDEN) == [], lambda: f"outside: {tab.page.evaluate(HIDDEN)}")


def readable(tab: Tab) -> None:
    """Letters and notes stand out from the page."""
    ground = tab.ground
    for selector, colour in tab.page.evaluate(COLOURS):
        assert not colour.startswith("rgb") or contrast(rgb(colour), rgb(ground)) >= 4.5, (selector, colour, ground)


@pytest.mark.parametrize("path", VISITS.values(), ids=VISITS)
def test_a_page_fits_its_screen(tabs, path):
    """One visit: wide and light, then dark, then on a phone. axe-core finds nothing serious in either theme."""
    tab = tabs().visit(path)
    tab.page.wait_for_function("[...document.querySelectorAll('.gs-chart-host')].every(e => e.querySelector('.main-svg'))")
    assert tab.page.locator("[data-testid=stException]").count() == 0
    assert tab.page.evaluate(PLAIN) == []  # a term of the glossary is a part of its sentence, also where no stepper brings its styles
    assert tab.page.evaluate(FONT) == []
    assert "[[" not in tab.page.locator("[data-testid=stMain]").inner_text()  # a term in a text that is not drawn as prose
    for dark in (False, True):
        tab.show(dark=dark)
        readable(tab)
        fits(tab)
        assert not serious(tab.page, colours=dark)
    tab.show(dark=False, width=360)
    fits(tab)
    readable(tab)
    assert tab.page.locator("[data-testid=stException]").count() == 0


def test_the_words_stay_in_place_when_the_theme_changes(tabs):
    """Also on a phone, where they hardly fit their columns: they are measured anew after the theme."""
    tab = tabs(width=360, height=780)
    tab.page.goto(tab.url)
    tab.at(level="story")
    tokens = tab.page.locator(".gs-tokens")
    before = tokens.get_attribute("class")
    tab.show(dark=True)
    expect(tokens).to_have_class(before)


def test_the_stepper_is_above_the_fold(tab):
    tab.open()
    box = tab.part("value").bounding_box()
    assert box["y"] + box["height"] <= 900


def test_a_phone_shows_words_and_a_first_array(tabs):
    tab = tabs(width=360, height=740, has_touch=True).open()
    assert tab.part("token-0").is_visible()
    for name in ("first", "prev", "play", "next", "last", "scrub", "panel-f"):
        box = tab.part(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    tab.part("token-2").tap()
    tab.at(step=2)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("<img src=x onerror=alert(1)> & <b>bold</b>", ["<", "img", "src"]),
        ("**bold** $x$ :red[no] [a](http://b.c)", ["*", "*", "bold"]),
        ("סרט טוב מאוד", ["סרט", "טוב", "מאוד"]),
        ("👩‍👩‍👧 a\u200bb", ["👩‍👩‍👧", "a", "U+200B"]),
    ],
)
def test_odd_texts_are_shown_literally(tab, text, tokens):
    tab.open()
    tab.type(text)
    tab.page.wait_for_function("t => document.querySelector('[data-testid=stepper-token-0]')?.textContent === t", arg=tokens[0])
    assert [tab.part(f"token-{k}").text_content() for k in range(3)] == tokens
    assert tab.page.locator(".gs img, .gs-tokens b, .gs script").count() == 0


def test_nothing_typed_is_no_fault(tab):
    tab.open()
    tab.type("")
    tab.at(steps=0)
    assert "Type a text" in tab.part("value").inner_text()
    assert tab.part("next").is_disabled()
    tab.type("again")
    tab.at(steps=1, step=0)


def test_unknown_words_are_marked(tab):
    tab.open(text="a flumdiggity film")
    assert "gs-unknown" in tab.part("token-1").get_attribute("class")
    assert "gs-unknown" not in tab.part("token-2").get_attribute("class")
    assert "flumdiggity" in tab.page.locator(".gs-notice").inner_text()


def test_mostly_unknown_words_get_a_sentence_instead_of_a_verdict(tab):
    tab.open(model="sentiment-lstm", text="asdf", level="story")
    expect(tab.part("sentence")).to_contain_text("The network knows 0 of this 1 word: too few for a verdict.")
    expect(tab.part("sentence")).not_to_contain_text("positive")
    expect(tab.part("sentence")).not_to_contain_text("one gate")


def test_didnt_is_shown_as_it_is_read(tab):
    tab.open(model="sentiment-lstm", text="i didnt like it")
    expect(tab.part("token-1")).to_have_text("didn't")


@pytest.mark.parametrize("path", ["/lstm", "/gru"])
def test_a_text_that_is_cut_is_shown_at_its_end(tab, path):
    """The notice moves the stepper to another place of the page; the address still has the old text's step."""
    tab.open(path, text="a film", step=0)
    tab.href("step=0")
    tab.type("the film was long " * 140)
    tab.page.get_by_text("Only the first 500 words are read").wait_for()
    tab.at(steps=500, step=499)


def test_no_equation_is_clipped_at_1280(tabs):
    tab = tabs(width=1280).open("/lstm", level="inside", array="c")
    tab.page.locator(".gs-equation").nth(5).wait_for()
    wide = "e => e.filter((x) => x.scrollWidth > x.clientWidth + 1).map((x) => x.textContent)"
    assert tab.page.locator(".gs-equation").evaluate_all(wide) == []


def test_a_memory_that_counts_is_not_kept(tab):
    """aⁿbⁿ, n = 98: c of the counting unit moves by about one with every symbol, and its scale holds it."""
    tab.open("/counting", model="counting-lstm", number=98, seen=1, level="story", step=90)
    expect(tab.part("sentence")).to_contain_text("memory goes from")


def test_five_hundred_tokens(tab):
    tab.open(text="the film was long " * 140)
    tab.at(steps=500, step=499)
    assert tab.page.get_by_text("Only the first 500 words").count() == 1
    tab.part("token-250").click()
    tab.at(step=250)


def test_ten_words_to_click(tab):
    tab.open(model="mini-lstm", text="the film was good")
    tab.page.get_by_role("button", name="bad", exact=True).click()
    tab.at(steps=5, step=4)
    tab.type("the film was excellent")
    tab.page.get_by_text("are not among them").or_(tab.page.get_by_text("is not among them")).wait_for()
    tab.at(steps=5)


def test_an_example_is_one_click_away(tab):
    tab.open()
    tab.page.get_by_role("button", name="Examples").click()
    tab.page.get_by_role("menuitem", name="Almost nothing").click()
    tab.at(steps=2)


@pytest.mark.parametrize(("path", "parts"), [("/lstm", 5), ("/gru", 4)])
def test_look_here_moves_the_stepper(tab, path, parts):
    tab.open(path)
    titles = tab.page.get_by_role("radiogroup", name="Part").get_by_role("radio")
    assert titles.count() == parts
    titles.nth(1).click()
    tab.at(array="i" if path == "/lstm" else "r")
    tab.part("first").click()
    tab.at(step=0)
    tab.page.get_by_role("button", name="Look here").click()
    tab.page.wait_for_function("document.querySelector('[data-testid=stepper]').dataset.step !== '0'")
    word, step = tab.page.locator("p", has_text="in unit").first.locator("strong").inner_text(), tab.stepper.get_attribute("data-step")
    assert tab.part(f"token-{step}").inner_text() == word


def test_one_cursor_over_three_models(tab):
    tab.open("/side_by_side", text="not a bad film")
    for name in ("sentiment-rnn-h", "sentiment-lstm-f", "sentiment-gru-z"):
        tab.part(f"panel-{name}").wait_for()
    assert tab.page.locator(".gs-cursor").count() == 1
    tab.part("panel-sentiment-gru-z").click(position={"x": 5, "y": 5})
    tab.at(step=0, array="sentiment-gru-z")


def test_numpy_and_torch_have_the_same_numbers(tab):
    tab.open("/numpy_torch", text="not a bad film", step=2, unit=4)
    values = tab.page.locator(".gs-stage + .gs-value").all_inner_texts()
    assert len(values) == 14  # x and the six arrays, twice
    assert values[:7] == values[7:]
    tab.page.get_by_role("button", name="Measure now").click()
    tab.page.get_by_text("µs per step").first.wait_for()


def test_under_a_base_path(tabs, tmp_path):
    with serving(tmp_path / "log.txt", "--server.baseUrlPath", "class/a", health="/class/a/_stcore/health") as url:
        tab = tabs(at=url + "/class/a").open(text="good film")
        tab.at(steps=2)
        tab.page.get_by_role("link", name="GRU").click()
        tab.at(array="z", steps=2)
        assert "/class/a/gru?" in tab.href("array=z")


def test_a_server_gone_and_back(tabs, tmp_path):
    """Without a server the stepper goes on; when it is back, what is typed then is read, and nothing is lost."""
    with serving(tmp_path / "first.txt") as url:
        tab = tabs(at=url).open(text="the first three")
        tab.at(steps=3)
    tab.part("first").click()
    tab.page.keyboard.press("ArrowRight")
    tab.at(step=1)
    with serving(tmp_path / "second.txt", port=int(url.rsplit(":", 1)[1])):
        tab.page.locator("input[type=text]:not([disabled])").first.wait_for()
        tab.type("now there are five words")
        tab.at(steps=5)
        assert tab.page.locator("input[type=text]").first.input_value() == "now there are five words"
    tab.forgive()


def test_typing_leaves_no_trail_in_the_history(tabs):
    tab = tabs(fresh=True)  # no browser keeps more than 50 entries
    tab.page.add_init_script(
        "const now = performance.now.bind(performance); performance.now = () => now() / 40;"
        "Object.defineProperty(Event.prototype, 'timeStamp', { get: () => performance.now() })"
    )  # a busy machine is no pause
    tab.open(text="one")
    before = tab.page.evaluate("history.length")
    for text in ("one two", "one two three"):
        tab.type(text)
        tab.at(steps=len(text.split()))
        tab.href("text=" + text.replace(" ", "+"))
    assert tab.page.evaluate("history.length") == before


def test_a_text_too_long_for_a_link_is_left_out_of_it(tab):
    tab.open()
    tab.type("word " * 450)
    tab.at(steps=450)
    tab.page.wait_for_function("location.href.includes('step=449') && !location.href.includes('text=')")
