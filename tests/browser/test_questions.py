"""What a class is asked in a room, on the real server: votes, counts, right answers."""

import json
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.models import load
from tests.browser.classroom import HOSTILE, TEXT, WORDS, answered, room


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
    bars = lesson.teacher.page.locator(".gs-bars tr")
    expect(bars).to_have_count(0)  # the class sees the teacher's screen
    lesson.teacher.page.get_by_role("button", name="Show the bars").click()
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
        expect(student.page.get_by_role("button", name="Close", exact=True)).to_have_count(0)
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
