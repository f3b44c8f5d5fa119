"""A class in one room on the real server: a teacher and students in tabs of one browser."""

import json
import re
import signal
from urllib.parse import urlparse

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.cells import Edit
from core.models import load
from tests.axe import serious
from tests.browser.classroom import TEXT, WORDS, Class, answered, room, told
from tests.browser.conftest import READY, number
from tests.conftest import launch

OWN = {
    "version": 1,
    "name": "own",
    "title": "<i>Mine</i>",
    "stops": [
        {"title": "<b>One</b> **x**", "text": "See {c:.2f} <img src=x onerror=alert(1)>", "note": "secret note", "model": "mini-lstm", "input": "the film was not bad", "level": "unit", "step": 2, "unit": 1, "array": "i", "question": {"kind": "choices", "text": "Does <i> matter?", "choices": ["it does", "not"], "right": 1}},
        {"title": "Two", "model": "mini-lstm", "input": "the film was bad", "level": "unit", "step": 3, "unit": 0, "array": "c", "edits": [{"name": "f", "value": 1}]},
        {"title": "Three", "model": "mini-lstm", "input": "the film was not bad", "other": "the film was bad", "level": "all", "step": 4, "unit": 0, "array": "c"},
    ],
}  # fmt: skip
HOSTILE = "<b>8a</b> **x** <img src=x onerror=alert(1)>"


def test_students_follow_step_unit_array_level_and_text(lesson):
    one, two = lesson.student(), lesson.student(width=360, height=800)
    for student in (one, two):
        student.at(step=2, steps=len(WORDS.tokens))
    expect(room(lesson.teacher, "there")).to_have_text("2 here")
    reruns = [tab.frames.count("out") for tab in (one, two)]
    page = lesson.teacher.page
    lesson.teacher.part("next").click()
    lesson.teacher.part("panel-i").click(position={"x": 5, "y": 5})
    there = lesson.teacher.stepper.evaluate("e => ({ step: e.dataset.step, unit: e.dataset.unit, array: e.dataset.array })")
    lesson.teacher.part("level-unit").click()
    for student in (one, two):
        student.at(**there, level="unit")
    assert [tab.frames.count("out") for tab in (one, two)] == reruns  # a move costs no rerun
    lesson.teacher.type("a great film")
    page.get_by_role("radio", name="GRU", exact=True).click()
    for student in (one, two):
        student.at(steps=3, level="unit")
        student.page.wait_for_selector("[data-testid=stepper-panel-z]", state="attached")
        assert student.page.locator("[data-testid=stException]").count() == 0
    assert two.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 360


def test_the_last_of_many_moves_arrives(lesson):
    student = lesson.student()
    student.at(step=2)
    puts: list[str] = []
    lesson.teacher.on("request", lambda r: puts.append(r.url) if r.method == "PUT" else None)
    lesson.teacher.part("first").click()
    for _ in range(60):
        lesson.teacher.page.keyboard.press("ArrowRight")
    lesson.teacher.page.keyboard.press("Home")
    lesson.teacher.page.keyboard.press("ArrowRight")
    student.at(step=1)
    assert 1 <= len(puts) < 60
    assert lesson.api()["state"]["step"] == 1


def test_students_follow_to_other_pages_with_edits(lesson):
    student = lesson.student()
    student.at(step=2)
    page = lesson.teacher.page
    page.locator("[data-testid=stSidebarNavLink]", has_text="What if").click()
    student.page.wait_for_url("**/what_if?**")
    student.at(steps=len(WORDS.tokens))
    page.get_by_role("button", name="Never forget").click()
    student.page.get_by_text(re.compile("^f = 1 at")).first.wait_for()
    assert "set=f_1_" in student.href("set=")
    page.locator("[data-testid=stSidebarNavLink]", has_text="Glossary").click()  # no stepper there
    student.page.wait_for_url("**/glossary?**")
    page.locator("[data-testid=stSidebarNavLink]", has_text="Teach").click()
    student.page.wait_for_url("**/room?**")
    student.at(steps=lesson.teacher.at().stepper.get_attribute("data-steps"))


def test_students_follow_a_lesson(lesson):
    student = lesson.student()
    page = lesson.teacher.page
    page.locator("[data-testid=stSidebarNavLink]", has_text="Start").first.click()
    page.get_by_role("button", name="Start here").click()
    student.page.get_by_text("· 1 of 8").wait_for()
    page.get_by_role("button", name="Go on").click()
    student.page.get_by_text("· 2 of 8").wait_for()
    lesson.teacher.at(level="story", step=3)
    student.at(level="story", step=3)


def walk_own(page: Page) -> None:
    page.locator("[data-testid=stSidebarNavLink]", has_text="Make a lesson").click()
    page.get_by_role("button", name="Load a file").click()
    file = {"name": "own.json", "mimeType": "application/json", "buffer": json.dumps(OWN).encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Walk it").click()


def test_a_lesson_of_one_s_own_is_walked_by_the_class(lesson):
    """Its texts, its two texts together, what is set by hand; its question is asked as the room's. Note and answer stay with the teacher."""
    student, page = lesson.student(), lesson.teacher.page
    walk_own(page)
    student.page.locator(".gs-prose", has_text="<b>One</b> **x** · 1 of 3. See {c:.2f}").wait_for()
    student.at(level="unit", step=2, unit=1, array="i")
    expect(page.locator("[data-testid=stSelectbox] input")).to_have_value("1 · <b>One</b> **x**")  # in the list of stops
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-lesson").click()
    expect(room(student, "question")).to_have_text("Does <i> matter?")
    room(student, "choice-1").click()
    expect(room(lesson.teacher, "votes")).to_have_text("1 vote of 1")
    assert not any("secret note" in each for each in student.asked)
    assert lesson.api()["state"]["made"].keys().isdisjoint({"question", "note"})
    room(lesson.teacher, "reveal").click()
    answered(student, "The answer is not. You said not.")
    page.get_by_role("button", name="Go on").click()
    student.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
    c = load("mini-lstm").run("the film was bad", [Edit("f", 1.0)]).trace.c
    student.at(step=3, unit=0, array="c")
    assert number(student.value_of("c")) == pytest.approx(c[3, 0], abs=0.005)
    page.get_by_role("button", name="Go on").click()
    student.at(array="this-c", step=4)
    student.page.wait_for_selector("[data-testid=stepper-panel-other-c]", state="attached")
    lesson.teacher.part("first").click()
    student.at(step=0)
    assert student.page.locator("[data-testid=stException], .gs-prose img").count() == 0


def test_a_lesson_of_one_s_own_outlives_the_server(tabs, tmp_path):
    """The session is gone, the teacher's browser has it."""
    process, url = launch(tmp_path / "log.txt")
    try:
        lesson = Class(tabs, at=url)
        student, page = lesson.student(), lesson.teacher.page
        walk_own(page)
        page.get_by_role("button", name="Go on").click()
        for tab in (student, lesson.teacher):
            tab.page.locator(".gs-prose", has_text="Two · 2 of 3").wait_for()
        process.kill()
        process.wait()
        expect(room(student, "link")).to_have_text("Connection lost: trying again …")
        process, _ = launch(tmp_path / "log.txt", port=urlparse(url).port)
        page.wait_for_selector("[data-testid=room][data-connection=open][data-leading=true]")
        page.get_by_role("button", name="Go on").click()
        for tab in (student, lesson.teacher):
            tab.page.locator(".gs-prose", has_text="Three · 3 of 3").wait_for()
        assert not page.get_by_label("Your lesson").is_visible()  # the field that keeps it
        for tab in (student, lesson.teacher):
            tab.forgive()
    finally:
        process.kill()
        process.wait()


def test_letting_go_and_coming_back(lesson):
    student = lesson.student()
    student.at(step=2)
    room(student, "way").click()
    expect(room(student, "link")).to_have_text("You are on your own.")
    student.part("last").click()
    lesson.teacher.part("next").click()
    lesson.teacher.type("a great film")
    lesson.teacher.at(steps=3)
    lesson.teacher.part("first").click()
    expect(student.stepper).to_have_attribute("data-step", str(len(WORDS.tokens) - 1))
    room(student, "way").click()
    student.at(steps=3, step=0)
    student.page.locator("[data-testid=stSidebarNavLink]", has_text="LSTM").first.click()  # going elsewhere lets go too
    expect(room(student, "link")).to_have_text("You are on your own.")
    student.page.reload()
    expect(room(student, "link")).to_have_text("You are on your own.")
    room(student, "way").click()
    student.page.wait_for_url("**/room?**")
    student.at(steps=3, step=0)


def test_who_types_is_on_their_own(lesson):
    student = lesson.student()
    student.at(step=2)
    lesson.teacher.page.locator("[data-testid=stSidebarNavLink]", has_text="Sentiment").click()
    student.page.wait_for_url("**/sentiment?**")
    student.at(steps=len(WORDS.tokens))
    student.type("my own words")
    expect(room(student, "link")).to_have_text("You are on your own.")
    student.at(steps=3)


def test_a_vote_may_change_until_the_reveal_and_counts_are_hidden_till_then(lesson):
    one, two = lesson.student(), lesson.student()
    for student in (one, two):
        student.at(step=2)
    gate = WORDS.trace.f[3, int(lesson.teacher.stepper.get_attribute("data-unit"))]
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-gate").click()
    for student in (one, two):
        expect(room(student, "question")).to_contain_text(f"“{WORDS.tokens[3]}” (t = 4)")
        room(student, "choice-1").click()
        answered(student, re.compile("You said Closed.* You can change it until the reveal."))
    room(two, "choice-0").click()
    answered(two, re.compile("You said Open"))
    expect(room(lesson.teacher, "votes")).to_have_text("2 votes of 2")
    bars = room(lesson.teacher, "bars").first.locator("tr")
    expect(bars.nth(0)).to_contain_text(re.compile(r"Open.*1$"))
    expect(bars.nth(1)).to_contain_text(re.compile(r"Closed.*1$"))
    for student in (one, two):
        assert room(student, "bars").count() == 0
        assert student.page.evaluate("code => fetch(`/api/rooms/${code}/questions/1`).then(r => r.status)", lesson.code) == 403
        assert student.faults.pop().startswith("403")
    assert "counts" not in json.dumps(lesson.api()["question"]) or lesson.api()["question"]["counts"] is None
    assert lesson.api()["state"]["step"] == 2
    room(lesson.teacher, "reveal").click()
    right = "Open: 0.5 or more" if gate >= 0.5 else "Closed: below 0.5"
    for student, said in ((one, "Closed: below 0.5"), (two, "Open: 0.5 or more")):
        answered(student, f"The answer is {right}. You said {said}.")
        expect(room(student, "bars").locator(".gs-right")).to_contain_text(right)
        student.at(step=3)  # then the stepper shows it
    with lesson.teacher.page.expect_download() as download:
        room(lesson.teacher, "results").click()
    rows = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [row.rsplit(",", 2)[1] for row in rows[1:]] == ["1", "1"]
    assert sum(row.endswith("yes") for row in rows) == 1


def test_right_answers_are_those_of_the_trace(lesson):
    """The gate and the number at the next token, the token that stays, the verdict: beside NumPy, for LSTM and GRU."""
    page = lesson.teacher.page
    for cell in ("lstm", "gru"):
        page.get_by_role("radio", name=cell.upper(), exact=True).click()
        array = "f" if cell == "lstm" else "z"
        page.wait_for_selector(f"[data-testid=stepper-panel-{array}]", state="attached")
        reading = load(f"sentiment-{cell}").run(TEXT)
        lesson.teacher.at(steps=len(reading.tokens))
        lesson.teacher.part("token-2").click()
        lesson.teacher.at(step=2)
        found = page.evaluate(
            """async (array) => {
              const { state } = document.querySelector('[data-testid=stepper]').stepper;
              const from = performance.getEntriesByType('resource').map(r => r.name).find(n => n.endsWith('/questions.js'));
              const { kinds } = await import(from);
              return Array.from({ length: state.units() }, (_, unit) => { state.choose({ unit, array }); return kinds(state); });
            }""",
            array,
        )
        assert len(found) == reading.model.cell.hidden_size
        for unit, kinds in enumerate(found):
            by = {kind["id"]: kind for kind in kinds}
            value = getattr(reading.trace, array)[3, unit]
            assert by["gate"]["answer"] == (0 if value >= 0.5 else 1)
            assert by["number"]["answer"] == pytest.approx(value, abs=6e-4)
            choices = by["memory"]["question"]["choices"]
            left = np.abs(written(reading, unit))
            assert choices[by["memory"]["answer"]].startswith(f"{int(left.argmax()) + 1} · ")
            assert by["verdict"]["answer"] == (0 if reading.outputs[-1, 1] > 0.5 else 1)


def written(reading, unit: int) -> np.ndarray:
    """What each token left in a unit's memory at the end, by leaving its own write out and subtracting: a second way than memory.js goes."""
    t, T = reading.trace, len(reading.tokens)
    write, keep = (t.i * t.g, t.f) if hasattr(t, "f") else ((1 - t.z) * t.n, t.z)

    def end(without: int | None) -> float:
        memory = 0.0
        for k in range(T):
            memory = keep[k, unit] * memory + (0.0 if k == without else write[k, unit])
        return memory

    return np.array([end(None) - end(k) for k in range(T)])


def test_a_number_on_a_slider_and_a_question_of_ones_own(lesson):
    student = lesson.student()
    student.at(step=2)
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "ask-number").click()
    slide = room(student, "slide")
    slide.focus()
    slide.press("End")
    room(student, "send").click()
    answered(student, re.compile("^You said 1. You can change it"))
    expect(room(lesson.teacher, "votes")).to_have_text("1 vote of 1")
    room(lesson.teacher, "reveal").click()
    answered(student, re.compile(r"^The answer is 0\.\d+\. You said 1\.$"))
    student.at(step=3)
    room(lesson.teacher, "ask").click()
    page = lesson.teacher.page
    page.get_by_label("Your question").fill(HOSTILE)
    page.get_by_label("Choices, one a line").fill("<i>one</i>\n* :red[two]\n\n=three()")
    room(lesson.teacher, "ask-own").click()
    expect(room(student, "question")).to_have_text(HOSTILE)
    expect(room(student, "choice-0")).to_have_text("<i>one</i>")
    room(student, "choice-2").click()
    room(lesson.teacher, "reveal").click()
    answered(student, "The answer is :red[two]. You said =three().")
    assert student.page.locator(".gs-class :is(img, i, script)").count() == 0


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
    expect(lesson.teacher.page.locator("[data-testid=stSidebar]")).to_have_attribute("data-collapsed", "true")
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


def test_killed_and_started_again_the_class_is_back_on_its_stop(tabs, tmp_path):
    """kill -9 in mid-lesson: everyone is back at the same place, the votes too, and a vote given meanwhile arrives."""
    process, url = launch(tmp_path / "log.txt")
    try:
        lesson = Class(tabs, at=url)
        lesson.teacher.type(TEXT)
        lesson.teacher.at(steps=len(WORDS.tokens))
        lesson.teacher.part("token-2").click()
        one, two = lesson.student(), lesson.student()
        for student in (one, two):
            student.at(step=2, steps=len(WORDS.tokens))
        room(lesson.teacher, "ask").click()
        room(lesson.teacher, "ask-verdict").click()
        room(one, "choice-0").click()
        answered(one, re.compile("You can change it"))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for tab in (one, two, lesson.teacher):
            expect(room(tab, "link")).to_have_text("Connection lost: trying again …")
        room(two, "choice-1").click()
        answered(two, "No connection: your answer is sent when it is back.")
        process, _ = launch(tmp_path / "log.txt", port=urlparse(url).port)
        for tab in (one, two, lesson.teacher):
            tab.page.wait_for_selector("[data-testid=room][data-connection=open]")
            tab.at(step=2, steps=len(WORDS.tokens))
        answered(two, re.compile("You said Negative. You can change it"))
        expect(room(lesson.teacher, "votes")).to_have_text("2 votes of 2")
        lesson.teacher.type("a great film")
        for student in (one, two):
            student.at(steps=3)
        assert lesson.api("/questions/1", key=True)["counts"] == [1, 1]
        for tab in (one, two, lesson.teacher):
            tab.forgive()
    finally:
        process.kill()
        process.wait()


def test_killed_in_a_lesson_the_class_is_back_on_its_stop(tabs, tmp_path):
    process, url = launch(tmp_path / "log.txt")
    try:
        lesson = Class(tabs, at=url)
        student = lesson.student()
        page = lesson.teacher.page
        page.locator("[data-testid=stSidebarNavLink]", has_text="Start").first.click()
        page.get_by_role("button", name="Start here").click()
        for stop in (2, 3, 4):
            page.get_by_text(f"· {stop - 1} of 8").wait_for()
            page.get_by_role("button", name="Go on").click()
        student.page.get_by_text("· 4 of 8").wait_for()
        lesson.teacher.at(level="unit").part("first").click()
        student.at(level="unit", step=0)
        lesson.teacher.href("step=0")
        process.send_signal(signal.SIGKILL)
        process.wait()
        expect(room(student, "link")).to_have_text("Connection lost: trying again …")
        process, _ = launch(tmp_path / "log.txt", port=urlparse(url).port)
        for tab in (student, lesson.teacher):
            tab.page.wait_for_selector("[data-testid=room][data-connection=open]")
        lesson.teacher.part("next").click()
        student.at(level="unit", step=1)
        student.page.get_by_text("· 4 of 8").wait_for()
        page.wait_for_selector("[data-testid=room][data-leading=true]")
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("· 5 of 8").wait_for()
        student.page.get_by_text("· 5 of 8").wait_for()
        for tab in (student, lesson.teacher):
            tab.forgive()
    finally:
        process.kill()
        process.wait()
