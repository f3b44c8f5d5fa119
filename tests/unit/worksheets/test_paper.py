"""Worksheets and exam questions: every answer once more by torch or by hand formulas; the paper holds what it should, and the key only with the key."""

import io
import itertools
import math
import re
from functools import cache

import numpy as np
import pytest
import torch
from pypdf import PdfReader

from core.insight.heroes import keeping_unit
from core.lessons import lessons
from core.lessons.custom import from_stops, work_out
from core.models import load
from core.worksheets.exam import KINDS, LARGEST_SEED, exam
from core.worksheets.html import page
from core.worksheets.paper import Choices, Table
from core.worksheets.pdf import pdf
from core.worksheets.sheet import STEPS, of_exam, of_lesson
from tests.unit.worksheets.oracles import ORACLES

SEEDS = [0, 1, 7, 123, LARGEST_SEED]
MANY = range(40)
made = cache(exam)  # its twelve questions are made together


@pytest.mark.parametrize("k", range(12), ids=[make.__name__ for make in KINDS])
def test_an_answer_is_what_torch_or_the_formula_says(k):
    for seed in MANY:
        exercise = made(seed)[k]
        for name, value in ORACLES[k](exercise.given, exercise.values).items():
            assert exercise.values[name] == pytest.approx(value, rel=1e-6, abs=1e-9), (seed, name)


@pytest.mark.parametrize("k", range(12), ids=[make.__name__ for make in KINDS])
def test_the_written_answer_is_the_computed_one_and_no_wrong_option_equals_it(k):
    for seed in MANY:
        e = made(seed)[k]
        assert e.kind == KINDS[k].__name__
        digits = [
            float(x)
            for x in re.findall(
                r"-?\d+(?:\.\d+)?(?:e-\d+)?", e.answer.replace("−", "-").replace(",", "") if k == 2 else e.answer.replace("−", "-")
            )
        ]
        values = list(e.values.values())
        for shown in digits:
            assert shown == -1 or any(abs(shown - v) <= 0.00501 + 0.005 * abs(v) for v in values), (e.answer, e.values)
        if e.options:
            assert e.options[e.right] == e.answer
            assert 3 <= len(e.options) == len(set(e.options))
            if k == 4:  # as numbers they are apart too
                numbers = sorted(float(o) for o in e.options)
                assert all(b - a > 1e-3 * b for a, b in itertools.pairwise(numbers))
        assert e.worked


def test_a_wrong_row_order_would_be_seen():
    """The row question's oracle against torch itself: the update gate of torch's GRU is moved by the rows that are called z."""
    for seed in MANY:
        e = made(seed)[7]
        H, kind = e.given["H"], e.given["kind"]
        cell = (torch.nn.LSTM if kind == "lstm" else torch.nn.GRU)(1, H)
        for p in cell.parameters():
            p.data.zero_()
        rows = slice(int(e.values["first"]), int(e.values["last"]) + 1)
        x, state = torch.ones(1, 1, 1), torch.full((1, 1, H), 0.5)
        start = (state, state) if kind == "lstm" else state
        cell.bias_ih_l0.data[rows] = 50.0  # a gate fully open, a candidate at 1
        out, last = cell(x, start)
        h, c = out[0, 0], (last[1][0, 0] if kind == "lstm" else None)
        if kind == "gru":  # σ(0) = ½: h = ½·0.5 + ½·n
            wanted = {"z": 0.5, "n": 0.75, "r": 0.25}[e.given["gate"]]
            assert torch.allclose(h, torch.full((H,), wanted), atol=1e-5)
        else:  # c = ½·0.5 + ½·0
            wanted = {"f": 0.5, "g": 0.75, "i": 0.25, "o": 0.25}[e.given["gate"]]
            assert torch.allclose(c, torch.full((H,), wanted), atol=1e-5)
            shown = 1.0 if e.given["gate"] == "o" else 0.5
            assert torch.allclose(h, shown * torch.tanh(c), atol=1e-5)


def test_a_seed_is_the_same_for_ever_and_others_differ():
    first = exam(1)
    assert [e.text for e in first] == [e.text for e in exam(1)]
    assert first[0].given["x"] != exam(2)[0].given["x"]
    assert exam(5)[0].text.startswith("An LSTM with one unit reads")
    for bad in (-1, LARGEST_SEED + 1):
        with pytest.raises(ValueError, match="seed: got"):
            exam(bad)


def tables(sheet):
    return [block for block in sheet.front if isinstance(block, Table)]


@pytest.mark.parametrize("name", list(lessons()))
def test_a_step_table_can_be_filled_by_hand(name):
    """From the printed three decimals alone, rounding at every step, each blank comes out within 0.01 of the key."""
    found = tables(of_lesson(lessons()[name]))
    assert found
    for table, told in zip(found, (b.text for b in of_lesson(lessons()[name]).front if getattr(b, "style", "") == "small"), strict=True):
        rows = {row[0].text.split()[-1]: [float(c.text.replace("−", "-")) for c in row[1:]] for row in table.rows[2:]}
        assert len(table.rows[0]) <= STEPS + 1
        blanks = [row[0].text.split()[-1] for row in table.rows if any(c.blank for c in row)]
        state = float(told.split("=")[-1].strip(". ").replace("−", "-")) if "Before" in told else 0.0
        for k in range(len(table.rows[0]) - 1):
            if "f" in rows:
                assert blanks == ["c", "h"]
                state = round(rows["f"][k] * state + rows["i"][k] * rows["g"][k], 3)
                assert abs(state - rows["c"][k]) <= 0.01
                h = rows["o"][k] * math.tanh(state)
            elif "z" in rows:
                h = state = round(rows["z"][k] * state + (1 - rows["z"][k]) * rows["n"][k], 3)
            else:
                h = math.tanh(rows["a"][k])
            assert abs(h - rows["h"][k]) <= 0.01


def text_of(data):
    return [p.extract_text().replace("\xa0", " ") for p in PdfReader(io.BytesIO(data)).pages]


@pytest.mark.parametrize("name", list(lessons()))
def test_a_lesson_is_one_page_and_its_key_another(name):
    sheet = of_lesson(lessons()[name])
    bare, full = text_of(pdf(sheet, False)), text_of(pdf(sheet, True))
    assert (len(bare), len(full)) == (1, 2)
    assert sheet.title in bare[0]
    assert any(sign in bare[0] for sign in ("⊙", "tanh aₜ"))
    assert "fill in the empty cells" in bare[0]
    solved = [c.text for table in tables(sheet) for row in table.rows for c in row if c.blank]
    for value in solved:
        assert value in full[1]
    assert not any(
        row.split()[2:] for row in bare[0].splitlines() if row.startswith(("cell state c", "hidden state h")) and len(row.split()) > 3
    )
    assert "Answers" in full[1]
    assert "Answers" not in bare[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exam_on_paper(seed):
    sheet = of_exam(seed)
    bare, full = "\n".join(text_of(pdf(sheet, False))), "\n".join(text_of(pdf(sheet, True)))
    for k, e in enumerate(exam(seed), 1):
        assert f"{k}. {e.text[:30]}" in bare.replace("\n", " ")
        assert f"{k}. {e.answer[:20]}" in full
        assert f"\n{k}. {e.answer}\n" not in bare
    assert "☒" not in bare + full.split("Answers:")[0]
    assert len(text_of(pdf(sheet, False))) <= 3


def test_the_pdf_is_a4_and_carries_its_font():
    reader = PdfReader(io.BytesIO(pdf(of_exam(1), True)))
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    fonts = {f["/BaseFont"] for p in reader.pages for f in (o.get_object() for o in p["/Resources"]["/Font"].values())}
    assert all("DejaVu" in font for font in fonts)
    assert "∂h₂/∂h₀" in "".join(text_of(pdf(of_exam(1), False)))


def test_the_key_is_in_the_html_only_when_asked_for():
    sheet = of_exam(4)
    bare, full = page(sheet, False), page(sheet, True)
    assert 'class="key"' not in bare
    assert bare.count("☐") == sum(len(e.options) for e in exam(4))
    assert full.count('class="key"') == 1
    for e in exam(4):
        assert e.worked[-1].split("=")[-1].strip() in full
    for text in (bare, full):
        assert "<script" not in text
        assert not re.search(r"https?://", text)
        assert "@page { size: A4" in text


def test_markup_and_odd_signs_stay_literal_on_paper():
    title = "<b>Größe</b> 🎬 עברית"
    stop = {"title": title, "text": "<script>alert(1)</script>", "model": "sentiment-lstm", "input": "<img src=x> 🎬 film " + "x" * 300,
            "question": {"text": "<i>?</i>", "choices": ["<u>a</u>", "b" * 80], "right": 0}}  # fmt: skip
    lesson = from_stops(title, [stop])
    assert work_out(lesson, 0).literal
    sheet = of_lesson(lesson)
    made_page = page(sheet, True)
    for tag in ("<b>", "<script", "<img", "<i>", "<u>"):
        assert tag not in made_page
    found = "".join(text_of(pdf(sheet, True)))
    assert "<b>Größe</b>" in found
    assert "[U+1F3AC]" in found
    assert "<u>a</u>" in found


def test_the_least_kept_is_the_least():
    sheet = of_lesson(lessons()["start-here"])
    reading = load("mini-lstm").run("good the film was the film was bad")
    f = reading.trace.f[1:, keeping_unit(reading)]
    assert any(f"t = {int(np.argmin(f)) + 2} (“bad”): f = {f.min():.3f}" in getattr(b, "text", "") for b in sheet.key)


def test_choices_on_paper_have_their_boxes():
    blocks = [b for b in of_exam(2).front if isinstance(b, Choices)]
    assert len(blocks) == len(KINDS)
    assert all(b.options or b.lines for b in blocks)
