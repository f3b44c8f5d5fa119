"""Making a lesson in a browser: views from pages, a file of one's own, bad files, walking it; the sheets as PDF, HTML and in print."""

import io
import json
import re
import unicodedata

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from core.lessons import lessons
from core.models import load
from core.worksheets.exam import exam

PAGES = [("/", {"model": "sentiment-lstm"}), ("/gru", {}), ("/side_by_side", {}), ("/short_term", {}), ("/counting", {}), ("/what_if", {})]
BAD = {
    "junk.json": b"\x00\xffjunk",
    "large.json": b" " * 200_001,
    "faulty.json": json.dumps(
        {"version": 1, "name": "x", "title": "x", "stops": [{"title": "a", "model": "gpt", "input": "x", "level": "deep"}]}
    ).encode(),
}
MINE = {
    "version": 1,
    "name": "mine",
    "title": "<i>Mine</i>",
    "stops": [
        {"title": "<b>One</b> **x**", "text": "See [[token]] {c:.2f} <img src=x onerror=alert(1)>", "model": "mini-lstm", "input": "the film was not bad", "level": "unit", "step": 2, "unit": 1, "array": "i", "question": {"kind": "gate"}},
        {"title": "Two", "text": "", "note": "ask *first*", "model": "sentiment-gru", "input": "סרט 🎬 film", "level": "inside", "step": 0, "unit": 3, "array": "z"},
    ],
}  # fmt: skip


def upload(tab, name, data):
    tab.page.get_by_role("button", name="Load a file").click()
    tab.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/json", "buffer": data})


def test_views_from_pages_become_a_lesson(tab):
    """On each page the button below the stepper; then the lesson is walked to those places."""
    wanted = []
    tab.open(model="sentiment-lstm", text="a good film", step=1, unit=4, array="o", level="unit")
    for k, (path, _) in enumerate(PAGES):
        if k:
            tab.page.locator(f"a[href$='{path}']").first.click()
            tab.page.wait_for_url(lambda url, path=path: path in url)
            tab.at()
        tab.part("first").first.click()
        tab.at(step=0)
        tab.part("add").first.click()
        expect(tab.page.get_by_text(f"Stop {k + 1} of your lesson")).to_be_visible()
        root = tab.stepper.first
        wanted.append({name: root.get_attribute(f"data-{name}") for name in ("unit", "array", "level")})
    tab.page.locator("a[href$='/make_lesson']").click()
    tab.page.get_by_role("button", name="Start the lesson").click()
    for k, place in enumerate(wanted):
        tab.page.locator(".gs-prose", has_text=f"{k + 1} of {len(PAGES)}").wait_for()
        tab.at(step=0, unit=place["unit"], level=place["level"])
        shown, added = tab.stepper.get_attribute("data-array"), place["array"]
        assert shown.endswith(added) or added.endswith(shown)  # together as on the page, or alone
        tab.page.keyboard.press("PageDown")


def test_a_lesson_made_by_hand_is_loaded_and_walked(tab):
    tab.visit("/make_lesson")
    upload(tab, "mine.json", json.dumps(MINE).encode())
    expect(tab.page.get_by_label("Title of the lesson")).to_have_value("<i>Mine</i>")
    with tab.page.expect_download() as kept:
        tab.page.get_by_role("button", name="Save as JSON").click()
    saved = json.loads(kept.value.path().read_text(encoding="utf-8"))
    assert [s["title"] for s in saved["stops"]] == [s["title"] for s in MINE["stops"]]
    assert kept.value.suggested_filename == "i-mine-i.json"
    tab.page.get_by_role("button", name="Start the lesson").click()
    tab.at(step=2, unit=1, array="i", level="unit")
    said = tab.page.locator(".gs-prose").inner_text()
    assert "<b>One</b> **x** · 1 of 2. See [[token]] {c:.2f} <img src=x onerror=alert(1)>" in said
    assert tab.page.locator(".gs-prose img, .gs-prose button").count() == 0
    i = load("mini-lstm").run("the film was not bad").trace.i[:, 1]
    tab.page.get_by_text("It rises", exact=True).click()
    tab.page.get_by_text("Show the answer").click()
    tab.at(step=3)
    expect(tab.page.get_by_text("Right." if i[3] > i[2] else "Your answer was different")).to_be_visible()
    tab.page.get_by_role("button", name="Next Shortcut").click()
    tab.at(step=0, unit=3, array="z", level="inside")
    tab.page.get_by_role("button", name="Note for the teacher").click()
    expect(tab.page.get_by_test_id("stText").get_by_text("ask *first*")).to_be_visible()
    assert "lesson=own" in tab.href("stop=2")


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_file_is_told_and_the_lesson_stays(tab, name):
    tab.visit("/make_lesson")
    upload(tab, "mine.json", json.dumps(MINE).encode())
    expect(tab.page.get_by_label("Title of the lesson")).to_have_value("<i>Mine</i>")
    tab.page.keyboard.press("Escape")
    upload(tab, name, BAD[name])
    expect(tab.page.get_by_text("could not be loaded; your lesson is unchanged")).to_be_visible()
    told = {"junk.json": "Invalid JSON", "large.json": "wanted at most 200,000", "faulty.json": "stops, 1, level"}[name]
    expect(tab.page.get_by_text(told)).to_be_visible()
    expect(tab.page.get_by_label("Title of the lesson")).to_have_value("<i>Mine</i>")


def test_lessons_are_offered_as_cards(tab):
    tab.visit("/lessons")
    for lesson in lessons().values():
        expect(tab.page.locator(".gs-doors a", has_text=lesson.title)).to_contain_text(f"{len(lesson.stops)} stops")
    tab.page.locator(".gs-doors a", has_text="Why plain RNNs forget").click()
    tab.page.locator(".gs-prose", has_text="1 of 15").wait_for()
    assert "lesson=why-plain-rnns-forget" in tab.href("stop=1")


@pytest.mark.parametrize("name", ["not-bad", "gru-against-lstm", "why-plain-rnns-forget"])
def test_a_lesson_by_keyboard(tab, name):
    """Each stop stands where it says, to the end."""
    from core.lessons import show

    tab.page.goto(f"{tab.url}/?lesson={name}")
    stops = lessons()[name].stops
    for k, one in enumerate(stops):
        shown = show(one)
        tab.page.locator(".gs-prose", has_text=f"{k + 1} of {len(stops)}").wait_for()
        array = shown.place.array if shown.other is None else f"this-{shown.place.array}"
        tab.at(step=shown.place.step, unit=shown.place.unit, array=array, level=one.level)
        tab.page.keyboard.press("PageDown")


def pdf_of(tab):
    with tab.page.expect_download() as got:
        tab.page.get_by_role("button", name="PDF").click()
    data = got.value.path().read_bytes()
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages), got.value.suggested_filename


def test_the_pdf_of_an_exam_holds_its_questions(tab):
    tab.visit("/worksheets?sheet=exam&seed=31")
    text, name = pdf_of(tab)
    assert name == "exam-31.pdf"
    flat = text.replace("\n", " ")
    for k, e in enumerate(exam(31), 1):
        assert f"{k}. {e.text[:40]}" in flat
    assert "Answers" not in text
    tab.page.get_by_text("With the answers").click()
    tab.page.locator(".paper .key").wait_for()
    text, name = pdf_of(tab)
    assert name == "exam-31-answers.pdf"
    for k, e in enumerate(exam(31), 1):
        assert f"{k}. {e.answer}" in text
    assert "key=1" in tab.href("seed=31")


def test_the_html_stands_alone(tab, tabs, tmp_path):
    tab.visit("/worksheets?sheet=not-bad&key=1")
    with tab.page.expect_download() as got:
        tab.page.get_by_role("button", name="HTML").click()
    file = tmp_path / "sheet.html"
    file.write_bytes(got.value.path().read_bytes())
    other = tabs()
    other.page.goto(file.as_uri())
    assert other.page.locator("h1").first.inner_text() == lessons()["not-bad"].title
    other.page.emulate_media(media="print")
    assert other.page.locator("nav, button, input, script").count() == 0
    printed = PdfReader(io.BytesIO(other.page.pdf(format="A4")))
    assert len(printed.pages) == 2
    assert "Answers" in printed.pages[1].extract_text()
    assert "Answers" not in printed.pages[0].extract_text()


def test_printing_the_page_prints_the_sheet_alone(tab):
    tab.visit("/worksheets?sheet=gru-against-lstm")
    tab.page.locator(".paper table").first.wait_for()
    link = tab.page.get_by_role("link", name="Glossary")
    assert link.is_visible()
    tab.page.emulate_media(media="print")
    expect(link).to_be_hidden()
    for gone in (tab.page.locator("header"), tab.page.get_by_role("button", name="PDF"), tab.page.locator("h3")):
        for k in range(gone.count()):
            expect(gone.nth(k)).to_be_hidden()
    expect(tab.page.locator(".paper h1")).to_be_visible()
    text = [p.extract_text() for p in PdfReader(io.BytesIO(tab.page.pdf(prefer_css_page_size=True))).pages]
    assert len(text) == 1, [t[:80] for t in text]
    assert "fill in the empty cells" in unicodedata.normalize("NFKC", text[0])  # Chromium prints a ligature
    assert not re.search(r"Glossary|Compare", text[0])


def test_a_bad_link_to_a_sheet_is_told(tab):
    tab.visit("/worksheets?sheet=%3Cb%3Enothing&seed=-4")
    expect(tab.page.get_by_text("<b>nothing")).to_be_visible()
    expect(tab.page.get_by_text("from 0 to 999,999")).to_be_visible()
    tab.page.locator(".paper").wait_for()
