"""Lessons from a file that anybody may have written: refused by field or shown as they stand; questions answered by the numbers."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.lessons import CustomLesson, lessons, show, work_out
from core.lessons.custom import LARGEST, Refused, check, copied, from_stops, plain, read, slug, to_json, viewed
from core.lessons.questions import asked
from core.models import load

STOP = {"title": "A stop", "model": "mini-lstm", "input": "the film was not bad"}


def raw(*stops, **more):
    return json.dumps({"version": 1, "name": "mine", "title": "Mine", "stops": [STOP | s for s in stops], **more}).encode()


def faults(data):
    with pytest.raises(Refused) as refused:
        read(data)
    assert all(len(fault) < 800 for fault in refused.value.faults)
    return refused.value.faults


@pytest.mark.parametrize(
    ("data", "field", "why"),
    [
        (b"", "file", "Invalid JSON"),
        (b"\xff\xfe\x00junk", "file", "Invalid JSON"),
        (b"[" * 50_000, "file", "recursion"),
        (b"x" * (LARGEST + 1), "file", "at most 200,000"),
        (b"[1, 2]", "file", "object"),
        (raw({}, version=2), "version", "got 2"),
        (raw({}, name="Not a name!"), "name", "pattern"),
        (raw({}, title=""), "title", "at least 1 character"),
        (raw({}, colour="red"), "colour", "not permitted"),
        (raw(*[{}] * 51), "stops", "at most 50"),
        (raw({}, {"level": "deep"}), "stops, 2, level", "'inside'"),
        (raw({"text": "x" * 1201}), "stops, 1, text", "1200"),
        (raw({"step": 1.5}), "stops, 1, step", "integer"),
        (raw({"model": "gpt"}), "stops, 1: model", "wanted one of"),
        (raw({"input": "a masterpiece"}), "stops, 1: text", "'masterpiece'"),
        (raw({"input": ""}), "stops, 1: ", "no token"),
        (raw({"step": 9}), "stops, 1: ", "got step 9"),
        (raw({"unit": 4}), "stops, 1: ", "unit 4"),
        (raw({"array": "__doc__"}), "stops, 1: ", "array __doc__"),
        (raw({"unit": "keeper", "input": "good"}), "stops, 1: ", "keeper"),
        (raw({"unit": "turner"}), "stops, 1: ", "turner"),
        (raw({"other": "great film"}), "stops, 1: other", "end alike"),
        (raw({"model": "adding-lstm", "input": "0.5* 0.1", "other": "0.1"}), "stops, 1: other", "verdict"),
        (raw({"model": "adding-lstm", "input": "0.5* 0.1", "level": "story"}), "stops, 1: level", "story"),
        (raw({"claims": [["f", ">", 0]]}), "stops, 1: claims", "wanted none"),
        (raw({"evidence": ["cards"]}), "stops, 1: claims, evidence", "wanted none"),
        (raw({"edits": [{"name": "q", "value": 1}]}), "stops, 1: edits[0].name", "wanted one of"),
        (raw({"edits": [{"name": "f", "value": "high"}]}), "stops, 1, edits, 1, value", "number"),
        (raw({"edits": [{"name": "f", "value": 1, "steps": 77}]}), "stops, 1: edits[0].steps", "0..4"),
        (raw({"question": "why"}), "stops, 1, question", "'predict'"),
        (raw({"question": {"text": "?"}}), "stops, 1, question", "two to eight"),
        (raw({"question": {"text": "?", "choices": ["a", "a"]}}), "stops, 1, question", "different"),
        (raw({"question": {"text": "?", "choices": ["a", "b"], "right": 2}}), "stops, 1, question", "right"),
        (raw({"question": {"kind": "gate", "choices": ["a", "b"]}}), "stops, 1, question", "come from the numbers"),
        (raw({"question": {"kind": "gate"}}), "stops, 1: ", "next token"),
        (raw({"question": {"kind": "verdict"}, "model": "adding-gru", "input": "1* 2*"}), "stops, 1: ", "verdict"),
        (raw({"question": {"kind": "token"}, "model": "mini-rnn"}), "stops, 1: question", "LSTM or a GRU"),
    ],
)
def test_what_is_wrong_is_told_by_field(data, field, why):
    found = faults(data)
    assert any(fault.startswith(field) and why in fault for fault in found), found


def test_every_faulty_stop_is_told():
    found = faults(raw({}, {"step": 9}, {}, {"model": "gpt"}))
    assert [fault.split(":")[0] for fault in found] == ["stops, 2", "stops, 4"]


def test_not_a_number_is_none():
    assert faults(
        b'{"version": 1, "name": "x", "title": "x", "stops": [{"title": "a", "model": "mini-lstm", "input": "the", "edits": [{"name": "f", "value": NaN}]}]}'
    )


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [*STOP, "step", "unit", "array", "level", "question", "edits", "other", "stops", "version", "name", "kind", "choices"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_junk_is_refused_and_nothing_else_happens(junk):
    for data in (
        junk,
        {"version": 1, "name": "x", "title": "x", "stops": [junk]},
        {"version": 1, "name": "x", "title": "x", "stops": [STOP | (junk if isinstance(junk, dict) else {})]},
    ):
        try:
            lesson = read(json.dumps(data).encode())
        except Refused:
            continue
        assert not check(lesson)


@pytest.mark.parametrize(
    "text",
    ["{verdict.__class__.__mro__}", "{c:9999999999}", "{", "[[no such term]]", "<script>alert(1)</script> **b** `c`", "{x!r}", "סרט 🎬"],
)
def test_a_made_text_stays_what_it_is(text):
    lesson = read(raw({"text": text, "title": text[:80]}))
    shown = work_out(lesson, 0)
    assert isinstance(lesson, CustomLesson)
    assert shown.literal
    assert shown.text == text
    assert viewed(shown).text == text


def test_version_one_still_reads_and_grows():
    old = {
        "title": "Old",
        "text": "Said.",
        "model": "mini-lstm",
        "input": "the film",
        "level": "story",
        "step": 0,
        "unit": 0,
        "array": "c",
        "question": "predict",
    }
    lesson = read(json.dumps({"version": 1, "name": "old", "title": "Old", "stops": [old]}).encode())
    assert lesson.stops[0].question == "predict"
    new = read(raw({"level": "inside", "note": "ask first", "text": "", "question": {"kind": "gate"}, "step": 2}))
    assert (new.stops[0].level, new.stops[0].note) == ("inside", "ask first")


@pytest.mark.parametrize("name", list(lessons()))
def test_a_shipped_lesson_copied_saved_and_loaded(name):
    """As a draft it has the places and the numbers it was shown with, and no markup; its file reads back to the same."""
    lesson = lessons()[name]
    mine = from_stops("Größe & <b>", copied(lesson))
    assert mine.name == "große-b".replace("ß", "")  # what has no letter of a-z falls away
    back = read(to_json(mine).encode())
    assert back == mine
    for k, stop in enumerate(lesson.stops):
        was, now = show(stop), work_out(back, k)
        assert now.place == was.place
        assert now.text == plain(was.text)
        np.testing.assert_array_equal(now.reading.trace.h, was.reading.trace.h)


def test_a_byte_order_mark_is_no_fault():
    assert read(b"\xef\xbb\xbf" + raw({})).title == "Mine"


def test_names_from_titles():
    assert slug("Why *RNNs* forget!") == "why-rnns-forget"
    assert slug("סרט") == "lesson"
    assert len(slug("long " * 40)) <= 40


def question(**more):
    stop = {
        "title": "A stop",
        "model": "mini-lstm",
        "input": "good the film was the film was bad",
        "step": 6,
        "unit": 0,
        "array": "f",
    } | more
    return asked(work_out(from_stops("x", [stop]), 0))


def test_a_gate_rises_or_falls():
    f = load("mini-lstm").run("good the film was the film was bad").trace.f[:, 0]
    for step in range(7):
        found = question(step=step, question={"kind": "gate"})
        assert found.choices[found.right] == ("It rises" if f[step + 1] > f[step] else "It falls")
        assert found.then == step + 1
        assert found.body() == {"text": found.text, "choices": ["It rises", "It falls"]}


@pytest.mark.parametrize(("array", "ends"), [("f", (0, 1)), ("g", (-1, 1)), ("h", (-1, 1))])
def test_a_number_on_a_slider(array, ends):
    found = question(array=array, question={"kind": "number", "text": "How much?"})
    right = float(getattr(load("mini-lstm").run("good the film was the film was bad").trace, array)[7, 0])
    assert found.right == pytest.approx(right)
    assert found.body() == {"text": "How much?", "slider": {"min": ends[0], "max": ends[1], "step": 0.05}}
    wide = question(array="c", question={"kind": "number"})
    assert wide.slider[1] == load("mini-lstm").card.c_range == -wide.slider[0]


def test_a_verdict():
    for text, right in (("the film was bad", "Negative"), ("the film was not bad", "Positive")):
        found = question(input=text, step=0, question={"kind": "verdict"})
        assert found.choices[found.right] == right
        assert found.then == len(text.split()) - 1


@pytest.mark.parametrize("model", ["mini-lstm", "mini-gru"])
@pytest.mark.parametrize("unit", [0, 1, 2, 3])
def test_which_token_is_remembered(model, unit):
    """By taking each write away: with i = 0 (or the candidate 0) at a step, the last memory changes by that step's part."""
    from core.cells import Edit

    text = "good the film was but not bad"
    found = question(model=model, input=text, unit=unit, step=0, array="h", question={"kind": "token"})
    run = load(model)
    state, write = ("c", "i") if model == "mini-lstm" else ("h", "n")
    plain_ = run.run(text)
    t, parts = plain_.trace, []
    keep = t.f if model == "mini-lstm" else t.z
    for k in range(len(plain_.tokens)):
        # the gates held as they were: only the write at k goes
        held = [Edit(n, getattr(t, n)) for n in (("f", "i", "g") if model == "mini-lstm" else ("z", "n"))]
        gone = run.run(text, [*held, Edit(write, 0.0, k)])
        parts.append(abs(getattr(t, state)[-1, unit] - getattr(gone.trace, state)[-1, unit]))
    assert keep.shape[0] == len(parts)
    assert found.choices[found.right] == plain_.tokens[int(np.argmax(parts))]
    assert len(set(found.choices)) == len(found.choices) <= 4


def test_free_choices_may_have_no_right_one():
    open_ = question(question={"text": "What do you think?", "choices": ["this", "that"]})
    assert open_.right is None
    assert question(question={"text": "?", "choices": ["this", "that"], "right": 1}).right == 1
    assert question(question="predict") is None
    assert question() is None
