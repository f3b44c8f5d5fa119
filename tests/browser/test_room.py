"""A room on the real server: its title, keys and ids, what a teacher hides, presenter mode, several tabs."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.axe import serious
from tests.browser.classroom import HOSTILE, WORDS, Class, answered, room, told
from tests.browser.conftest import READY


def test_markup_in_title_and_text_is_shown_literally(tabs):
    lesson = Class(tabs, title=HOSTILE)
    lesson.teacher.type("<b>bold</b> **x** [a](b)")
    student = lesson.student()
    expect(room(student, "title")).to_have_text(HOSTILE)
    student.page.wait_for_function("document.querySelector('[data-testid=stepper-token-1]')?.textContent === 'b'")
    assert student.page.locator(".gs-class :is(img, b b), .gs-tokens b").count() == 0


def test_the_key_stays_in_the_teachers_tab(lesson):
    student = lesson.student()
    student.at(step=2)
    page, code, key = lesson.teacher.page, lesson.code, lesson.key
    assert re.fullmatch("[0-9a-f]{32}", key)
    assert key not in page.url
    assert key not in page.content()
    carrying = [line for line in lesson.told if key in line]
    assert carrying
    for line in carrying:  # the room's routes alone, and there the header alone
        assert "/api/rooms/" in line.split()[1]
        assert line.count(key) == json.dumps(line).count(f"Bearer {key}") == 1
    assert key not in student.page.content()
    assert not [line for line in student.asked if key in line or "authorization" in line.lower()]
    assert student.page.evaluate("Object.values({ ...sessionStorage, ...localStorage }).join()").find(key) == -1
    # the link opens the room for the same teacher elsewhere, and the address forgets the key before anything else is loaded
    other = lesson.tabs(fresh=True)  # without a history of another test's
    sent = told(other)
    seen: list[str] = []
    other.on("framenavigated", lambda frame: seen.append(frame.url))
    other.page.goto(f"{other.url}/lead?room={code}#{key}")
    other.page.wait_for_selector("[data-testid=room][data-role=lead][data-connection=open]")
    other.at(step=2, steps=len(WORDS.tokens))  # where the class stands
    assert key not in other.page.url
    assert [url for url in seen if key in url] == [f"{other.url}/lead?room={code}#{key}"]
    assert not [line for line in sent if key in line and "/api/rooms/" not in line.split()[1]]
    other.part("next").click()
    student.at(step=3)
    assert "/teach" in other.page.url
    # A page that sends no referrer hides its address there (null).
    assert not [url for url in other.page.evaluate("navigation.entries().map((e) => e.url ?? '')") if key in url]
    # a key in the fragment of any page is taken as well
    third = lesson.tabs()
    third.page.goto(f"{third.url}/teach?room={code}#{key}")
    third.page.wait_for_selector("[data-testid=room][data-role=lead][data-connection=open]")
    assert key not in third.page.url


def test_a_teacher_whose_stepper_loads_slowly_comes_to_where_the_class_stands(lesson):
    student = lesson.student()
    student.at(step=2)
    other = lesson.tabs(fresh=True)
    held: list[Route] = []
    other.page.route("**/assets/**/main.js", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks the function
    other.page.goto(f"{other.url}/lead?room={lesson.code}#{lesson.key}")
    other.page.wait_for_selector("[data-testid=room][data-role=lead][data-connection=open][data-leading=false]")
    other.href("text=It+was")  # the page is drawn for the room before its stepper comes
    other.page.evaluate("() => new Promise((done) => setTimeout(done, 2000))")  # longer than a page without a stepper is waited for
    held[0].continue_()
    other.at(step=2, steps=len(WORDS.tokens))
    other.part("next").click()
    student.at(step=3, steps=len(WORDS.tokens))


def test_a_student_keeps_one_random_id_and_no_cookie_of_ours(lesson):
    student = lesson.student()
    names = {cookie["name"] for cookie in student.page.context.cookies()}
    assert not [name for name in names if "gatescope" in name or "room" in name]
    assert {name for name in names if not name.startswith(("_streamlit", "_xsrf"))} == set()


def test_controls_that_the_teacher_hides_are_hidden_for_the_class(lesson):
    student = lesson.student()
    student.at(step=2)
    expect(student.page.locator(".gs-levels")).to_be_visible()
    lesson.teacher.page.get_by_text("Hide", exact=True).click()
    room(lesson.teacher, "hide-levels").check()
    room(lesson.teacher, "hide-foot").check()
    for tab in (student, lesson.teacher):
        expect(tab.page.locator(".gs-levels")).to_be_hidden()
        expect(tab.page.locator(".gs-foot")).to_be_hidden()
    room(student, "way").click()  # on their own students have them all
    expect(student.page.locator(".gs-levels")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_presenter_mode_is_large_and_clear(tabs, dark):
    lesson = Class(tabs, dark=dark, width=1920, height=1080)
    lesson.teacher.part("level-all").click()
    scale = "e => getComputedStyle(e).backgroundImage"
    before = lesson.teacher.page.locator(".gs-key").first.evaluate(scale)
    room(lesson.teacher, "present").click()
    strong = lesson.teacher.page.locator(".gs-key").first.evaluate(scale)
    expect(lesson.teacher.page.locator("[data-testid=stSidebar]")).to_be_hidden()
    lightness = [sum(map(int, re.findall(r"rgb\((\d+), (\d+), (\d+)\)", gradient)[-1])) for gradient in (before, strong)]
    assert lightness[0] < lightness[1] - 60 if dark else lightness[1] < lightness[0] - 60  # scales end nearer to the text's colour
    room(lesson.teacher, "ask").click()
    for level in ("story", "unit", "all", "inside"):
        lesson.teacher.part(f"level-{level}").click()
        lesson.teacher.at(level=level)
        small = lesson.teacher.page.evaluate(
            """() => [...document.querySelectorAll('.gs *')].filter((e) => e.checkVisibility() && !e.closest('svg, .gs-live, .gs-origin, [popover]')
              && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 20)
              .map((e) => `${e.className} ${getComputedStyle(e).fontSize}`)"""
        )
        assert small == [], level
        lesson.teacher.fits()
    assert not serious(lesson.teacher.page)
    room(lesson.teacher, "present").click()
    assert lesson.teacher.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_a_question_is_accessible_and_fits(tabs):
    lesson = Class(tabs, width=1400, height=800, title="A title " * 9)
    student = lesson.student(width=360)
    lesson.teacher.part("first").click()
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-memory").click()
    student.page.locator("[data-testid=room-choice-0]").focus()
    student.page.keyboard.press("Enter")
    answered(student, re.compile("^You said"))
    assert student.page.evaluate("document.activeElement.dataset.testid") == "room-choice-0"  # the focus stays
    for tab in (student, lesson.teacher):
        for dark in (False, True):
            for width in (360, 1400):
                tab.show(dark, width)
                tab.fits()
            assert not serious(tab.page)


def test_a_code_that_is_no_rooms_is_told(tabs):
    tab = tabs()
    tab.page.goto(f"{tab.url}/room?code=BBBBBB")
    tab.page.get_by_text("There is no such room here.").wait_for()
    assert [fault for fault in tab.faults if "/api/rooms/BBBBBB" in fault]
    tab.faults[:] = [fault for fault in tab.faults if "/api/rooms/BBBBBB" not in fault]
    tab.page.locator("[data-testid=room-leave]").click()
    tab.page.get_by_text("Join a class").wait_for()


def test_eight_tabs_of_one_profile(lesson, chromium):
    """A browser allows six connections a host: a hidden tab gives its own back and takes it up when it is shown."""
    context = chromium.new_context()
    context.add_init_script(
        """let hidden = false; Object.defineProperty(document, 'hidden', { get: () => hidden });
        window.turn = (is) => { hidden = is; document.dispatchEvent(new Event('visibilitychange')); };"""
    )
    pages = []
    for k in range(8):
        page = context.new_page()
        page.goto(f"{lesson.teacher.url}/room?code={lesson.code}")
        page.wait_for_selector(READY + "[data-step='2']")
        if k < 7:
            page.evaluate("turn(true)")
        pages.append(page)
    expect(room(lesson.teacher, "there")).to_have_text("1 here")
    lesson.teacher.part("next").click()
    pages[7].wait_for_selector(READY + "[data-step='3']")
    assert [page.locator("[data-testid=stepper]").get_attribute("data-step") for page in pages[:7]] == ["2"] * 7
    pages[7].evaluate("turn(true)")
    for page in pages[:3]:
        page.evaluate("turn(false)")
        page.wait_for_selector(READY + "[data-step='3']")
    expect(room(lesson.teacher, "there")).to_have_text("3 here")
    context.close()
