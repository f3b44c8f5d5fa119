"""A number of a sheet asked of a class, on the real server: typed by students, collected, the commonest mistakes named on the teacher's screen."""

from playwright.sync_api import expect

from tests.axe import serious
from tests.browser.classroom import Class, room


def on_sheet(tabs, **options):
    """A room whose teacher stands on By hand."""
    lesson = Class(tabs, **options)
    lesson.teacher.page.locator(".gs-nav a", has_text="By hand").click()
    lesson.teacher.page.locator("[data-line='a_f 1 1']").wait_for()
    return lesson


def ask(lesson, key):
    room(lesson.teacher, "ask").click()
    room(lesson.teacher, "line").select_option(key)
    room(lesson.teacher, "ask-line").click()


def give(student, said):
    room(student, "number-field").fill(said)
    room(student, "number-field").press("Enter")


def test_a_class_types_a_number_and_its_mistakes_are_named(tabs):
    lesson = on_sheet(tabs)
    one, two = lesson.student(), lesson.student(width=360)
    for tab in (one, two):
        tab.page.locator("[data-line='a_f 1 1']").wait_for()
    ask(lesson, "a_f 1 1")  # 0.7 · 1 + 0.45 · 2 + 0.1 · 0 + 0.15 = 1.75
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "number-text")).to_have_text("What is a(f)₁?")
        expect(tab.page.locator("[data-line='a_f 1 1']")).to_be_hidden()  # else it could be read there
        expect(tab.page.get_by_text("Weights W, U and bias b")).to_be_visible()  # and the sheet itself stays
    give(one, "abc")
    expect(room(one, "number-said")).to_have_text("“abc” is not a number.")
    give(one, "1,60")
    expect(room(one, "number-said")).to_have_text("You said 1,60. You can change it until the reveal.")
    expect(room(lesson.teacher, "given")).to_have_text("1 answer of 2")
    give(two, "1.60")
    expect(room(lesson.teacher, "given")).to_have_text("2 answers of 2")
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "tally")).to_have_count(0)
    room(lesson.teacher, "number-show").click()
    expect(room(lesson.teacher, "mistakes").locator("li")).to_have_count(1)
    expect(room(lesson.teacher, "mistakes")).to_contain_text("2 students: 1,60, 1.60. It comes out if the bias is forgotten (1 of the")
    give(one, "1.75")
    expect(room(lesson.teacher, "tally")).to_have_text("1 of 2 right (1 to 3 digits); 1 wrong.")
    assert one.page.evaluate("code => fetch(`/api/rooms/${code}/numbers/1`).then(r => r.status)", lesson.code) == 403
    assert one.faults.pop().startswith("403")
    room(lesson.teacher, "number-reveal").click()
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "tally")).to_have_text("1 of 2 right (1 to 3 digits); 1 wrong.")
        expect(room(tab, "bars").locator("tr")).to_have_count(2)
        expect(tab.page.locator("[data-line='a_f 1 1']")).to_be_visible()
    expect(room(two, "number-said")).to_have_text("The answer is 1.7500. You said 1.60.")
    expect(room(one, "number-field")).to_have_count(0)
    for tab in (lesson.teacher, two):
        for dark in (False, True):
            tab.show(dark)
            tab.fits()
            assert not serious(tab.page)
    room(lesson.teacher, "number-close").click()
    for tab in (one, two, lesson.teacher):
        expect(room(tab, "number")).to_be_hidden()
    assert one.faults.pop().startswith("422")  # of what was no number


def test_who_comes_late_or_looks_elsewhere_has_the_sheet_and_what_was_said(tabs):
    """A gradient of a sheet that the link does not have by default; a student who reloads keeps the number."""
    lesson = on_sheet(tabs)
    lesson.teacher.page.get_by_role("radio", name="Backward", exact=True).click()
    lesson.teacher.page.locator("[data-line='d_c 1 1']").wait_for()
    ask(lesson, "d_c 1 1")
    late = lesson.student()
    expect(room(late, "number-text")).to_have_text("What is ∂L/∂c₁?")
    late.page.locator(".gs-nav a", has_text="Glossary").click()
    late.page.wait_for_url("**/glossary**")
    give(late, "-0.5")
    expect(room(late, "number-said")).to_contain_text("You said -0.5.")
    room(late, "number").get_by_role("link", name="Open the sheet").click()
    late.page.wait_for_url("**/by_hand**")
    expect(room(late, "number-field")).to_have_value("-0.5")
    expect(late.page.locator("[data-line]").first).to_be_hidden()
    expect(room(lesson.teacher, "given")).to_have_text("1 answer of 1")
    lesson.teacher.page.reload()
    expect(room(lesson.teacher, "given")).to_have_text("1 answer of 1")
    room(lesson.teacher, "number-reveal").click()
    expect(room(late, "tally")).to_have_text("None of 1 right; 1 wrong.")
