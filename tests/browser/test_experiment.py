"""A class as an experiment, on the real server: the teacher sends the set-up of Train, each student trains a seed, the screen fills."""

from playwright.sync_api import Route, expect

from tests.axe import serious
from tests.browser.classroom import room, with_experiment
from tests.conftest import until


def trained(student, seed):
    """One press, until the figures have been sent."""
    expect(room(student, "train")).to_contain_text(f"with seed {seed}")
    room(student, "train").click()
    expect(room(student, "trial-said")).to_have_text("Your result has been sent.")


def test_each_student_trains_a_seed_and_the_teachers_screen_fills(tabs):
    lesson = with_experiment(tabs)
    one = lesson.student()
    expect(room(one, "experiment")).to_contain_text("Parity of bits, length 4")
    expect(room(one, "experiment")).to_contain_text("(RNN, 3 units; LSTM, 3 units) with a seed of its own, 250 updates each")
    expect(room(one, "train")).to_have_text("Train with seed 40")
    two = lesson.student(width=360)
    teacher = room(lesson.teacher, "seeds")
    expect(teacher).to_have_text("0 seeds of the RNN, 0 of the LSTM. 2 students have a seed.")
    trained(one, 40)
    expect(teacher).to_have_text("1 seed of the RNN, 1 of the LSTM. 2 students have a seed.")
    trained(two, 41)
    expect(teacher).to_have_text("2 seeds of the RNN, 2 of the LSTM. 2 students have a seed.")
    shown = lesson.api("/experiments/1", key=True)
    assert [each["seed"] for each in shown["seeds"]] == [40, 41]
    for each in shown["seeds"]:
        for score, needed, stopped in each["networks"].values():
            assert 0.3 < score <= 1
            assert stopped is None
            assert needed is None or needed <= 250
    expect(room(one, "train")).to_have_text("Train again with seed 40")
    trained(one, 40)  # the same figures, in their place
    assert lesson.api("/experiments/1", key=True)["seeds"] == shown["seeds"]
    expect(room(lesson.teacher, "distribution-first")).to_contain_text("of 2 seeds reached the goal")
    expect(lesson.teacher.page.locator(".gs-strip")).to_have_count(4)
    room(lesson.teacher, "table").locator("summary").click()
    expect(room(lesson.teacher, "table").locator("tr").nth(1)).to_contain_text("%")
    assert one.page.evaluate("code => fetch(`/api/rooms/${code}/experiments/1`).then(r => r.status)", lesson.code) == 403
    assert one.faults.pop().startswith("403")
    expect(room(one, "distribution-first")).to_be_hidden()
    room(lesson.teacher, "end").click()
    for tab in (one, two):
        expect(room(tab, "trial-said")).to_have_text("The experiment has ended.")
        expect(room(tab, "seeds")).to_have_text("2 seeds of the RNN, 2 of the LSTM. 2 students have a seed.")
        expect(room(tab, "train")).to_be_hidden()
    with lesson.teacher.page.expect_download() as download:
        room(lesson.teacher, "save-seeds").click()
    rows = download.value.path().read_text(encoding="utf-8").splitlines()
    assert [row.rsplit(",", 3)[0] for row in rows[1:]] == ["40,first,rnn", "40,second,lstm", "41,first,rnn", "41,second,lstm"]
    for tab in (lesson.teacher, two):
        for dark in (False, True):
            tab.show(dark)
            tab.fits()
            assert not serious(tab.page)
    room(lesson.teacher, "done").click()
    for tab in (lesson.teacher, one, two):
        expect(room(tab, "experiment")).to_be_hidden()
    late = lesson.student()
    late.page.wait_for_selector("[data-testid=trainer][data-ready=true]")
    expect(room(late, "experiment")).to_be_hidden()
    expect(late.page.get_by_text("You have the teacher’s settings. Press Start: this device then trains")).to_be_visible()


def test_a_students_reports_come_one_after_the_other(tabs):
    """Else one that was held up could take the place of a newer one, or its failure be told after the newer one's success."""
    lesson = with_experiment(tabs)
    student = lesson.student()
    held: list[Route] = []
    student.page.route("**/reports", lambda route: held.append(route))  # noqa: PLW0108  Playwright marks the function
    room(student, "train").click()
    expect(room(student, "train")).to_contain_text("Train again")
    assert [list(route.request.post_data_json["networks"]) for route in held] == [["first"]]
    expect(room(student, "trial-said")).to_have_text("Sending …")
    held[0].abort()
    expect(room(student, "trial-said")).to_contain_text("No connection")
    until(lambda: student.page.evaluate("0") or len(held) == 2, "it is not sent again")
    held[1].continue_()
    expect(room(student, "trial-said")).to_have_text("Your result has been sent.")
    assert [list(each["networks"]) for each in lesson.api("/experiments/1", key=True)["seeds"]] == [["first", "second"]]
    student.forgive()


def test_without_a_room_nothing_is_sent(tab):
    tab.open("/train")
    tab.page.wait_for_selector("[data-testid=trainer][data-ready=true]")
    expect(tab.page.get_by_text("Send to the class")).to_have_count(0)
    expect(room(tab, "experiment")).to_have_count(0)


def test_a_student_stops_and_goes_on_while_the_teacher_is_elsewhere(tabs):
    """The training is the tab's, not the page's; Stop forgets what was not done."""
    lesson = with_experiment(tabs, updates=5000, length=200)
    student = lesson.student()
    room(student, "train").click()
    expect(room(student, "trial-at")).to_contain_text("RNN, 3 units: update")
    lesson.teacher.page.locator(".gs-nav a", has_text="Glossary").click()
    student.page.wait_for_url("**/glossary**")
    expect(room(student, "trial-at")).to_be_visible()
    expect(room(lesson.teacher, "experiment")).to_be_visible()
    expect(room(lesson.teacher, "send-setup")).to_be_hidden()
    room(student, "train").focus()
    student.page.keyboard.press("Enter")
    expect(room(student, "train")).to_contain_text("with seed 40")
    expect(room(student, "trial-at")).to_be_hidden()
    assert student.page.evaluate("document.activeElement.dataset.testid") == "room-train"
