"""Making a lesson and printing, without a browser: copy, word, order, save, load, walk; sheets and their links; views from any page's stepper."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.cells import Edit
from core.insight.whatif import Clamp
from core.lessons import lessons, work_out
from core.lessons.custom import from_stops, read
from core.models import load
from core.tasks import adding
from core.views import state
from core.views.lessons import draft
from core.views.lessons.draft import stop_of
from core.views.state import Custom, Draft, key
from core.views.stepper.beside import aligned
from core.views.stepper.layers import Layer
from tests.app import opened, stepper

STOPS = len(lessons()["start-here"].stops)  # an expander each
WHERE = {"step": 3, "unit": 2, "array": "f", "level": "unit"}


def copied(name="start-here"):
    at = opened("make_lesson")
    at.button(key=f"make_copy_{name}").click().run()
    assert not at.exception
    return at


def walking(at):
    at.button(key="make_walk").click().run()
    assert not at.exception
    return at.switch_page("start.py").run()  # as the browser does then


def test_an_empty_page_says_how_to_begin():
    at = opened("make_lesson")
    assert not at.exception
    assert "There are no stops yet" in at.info[0].value


def test_copy_word_order_and_walk():
    at = copied()
    assert len(at.expander) == STOPS
    assert at.text_input(key="make_1_title").value == "One word at a time"
    at.text_input(key="make_1_title").set_value("<b>Mine</b> **too**").run()
    at.text_area(key="make_1_text").set_value("first [[token]] {c:.2f}\n<script>alert(1)</script>").run()
    at.text_area(key="make_1_note").set_value("for *me*").run()
    at.button(key="make_1_down").click().run()
    at.button(key="make_3_drop").click().run()
    assert not at.exception
    at = walking(at)
    assert stepper(at)["link"] == {"text": None, "model": None, "lesson": "own", "stop": "1"}
    at.button(key="lesson_next").click().run()
    said = at.get("html")[1].proto.body
    assert "<b>&lt;b&gt;Mine&lt;/b&gt; **too**</b> · 2 of 8. first [[token]] {c:.2f}" in said
    assert "&lt;script&gt;" in said
    assert at.text[0].value == "for *me*"
    for _ in range(6):
        at.button(key="lesson_next").click().run()
        assert not at.exception
    at.button(key="lesson_leave").click().run()
    assert not at.exception
    assert stepper(at)["link"]["lesson"] is None


@pytest.mark.parametrize(
    ("kind", "says"), [("gate", "rise or fall"), ("token", "largest part"), ("verdict", "positive or negative"), ("number", "be?")]
)
def test_questions_of_the_numbers(kind, says):
    at = copied()
    at.selectbox(key="make_3_kind").set_value(kind).run()
    assert not at.exception
    assert not at.error
    told = [c.value for c in at.caption if c.value.startswith("It asks")]
    assert len(told) == 1
    assert says in told[0]


def test_free_choices_are_told_until_they_are_whole():
    at = copied()
    at.selectbox(key="make_1_kind").set_value("choices").run()
    assert "wanted the question" in at.error[0].value
    assert "make_walk" not in [b.key for b in at.button]
    at.text_input(key="make_1_ask").set_value("Which *one*?").run()
    at.text_area(key="make_1_choices").set_value("a\n* <b>b</b>\n").run()
    assert not at.error
    at = walking(at)
    assert at.radio[0].options == ["a", "\\<b\\>b\\</b\\>"]
    at.radio[0].set_value(1).run()
    at.toggle[0].set_value(True).run()
    assert any("Right" in m.value for m in at.markdown)
    assert not at.exception


def test_a_gate_question_moves_the_stepper_when_it_is_answered():
    at = copied()
    at.selectbox(key="make_1_kind").set_value("gate").run()
    at = walking(at)
    assert stepper(at)["goto"]["step"] == 0
    at.toggle[0].set_value(True).run()
    assert stepper(at)["goto"]["step"] == 1


def test_a_bad_text_is_told_and_nothing_is_lost():
    at = copied()
    at.selectbox(key="make_new_model").set_value("mini-lstm").run()
    at.text_input(key="make_new_text").set_value("a <b>masterpiece</b>").run()
    at.button(key="make_new").click().run()
    assert not at.exception
    assert "masterpiece" in at.error[0].value
    assert len(at.expander) == STOPS
    at.text_input(key="make_new_text").set_value("the film").run()
    at.button(key="make_new").click().run()
    assert len(at.expander) == STOPS + 1


def test_another_lesson_and_back():
    at = copied()
    at.button(key="make_copy_not-bad").click().run()
    assert len(at.expander) == len(lessons()["not-bad"].stops)
    at.button(key="make_undo").click().run()
    assert len(at.expander) == STOPS
    assert not at.exception


def test_loading_a_file_and_junk():
    """The upload itself is in the browser tests; here what is done with what came."""
    good = from_stops("Another", [{"title": "One", "model": "mini-gru", "input": "the film"}])
    at = copied()
    for data, stops, faults in ((b"junk", STOPS, 2), (good.model_dump_json().encode(), 1, 0)):
        at = _loaded(at, data)
        assert len(at.expander) == stops
        assert len(at.error) == faults


def _loaded(at, data):
    """Runs what the uploader's callback runs."""
    from core.lessons.custom import Refused

    try:
        lesson = read(data)
    except Refused as refused:
        at.session_state[key(Draft)] = replace(at.session_state[key(Draft)], faults=("file: not loaded", *refused.faults))
    else:
        stops = tuple(s.model_dump(mode="json", exclude_defaults=True) | {"id": 100} for s in lesson.stops)
        at.session_state[key(Draft)] = Draft(lesson.title, stops, count=100)
    return at.run()


def test_a_link_to_a_lesson_of_one_s_own_is_told_to_others():
    at = opened("start", lesson="own", stop="2")
    assert not at.exception
    assert "being fetched" in at.caption[0].value
    at.session_state[key(Custom)] = Custom(sought=True)  # the tab has none
    at.run()
    assert "not here" in at.warning[0].value


@pytest.mark.parametrize("name", ["not-bad", "gru-against-lstm", "why-plain-rnns-forget"])
def test_every_stop_of_a_shipped_lesson_plays(name):
    at = opened("start", lesson=name, stop="1")
    count = len(lessons()[name].stops)
    for k in range(count):
        assert not at.exception
        assert not at.warning
        assert stepper(at)["link"]["stop"] == str(k + 1)
        assert ("f set by hand" in stepper(at)["provenance"]) == bool(lessons()[name].stops[k].edits)
        assert stepper(at)["level"] == lessons()[name].stops[k].level
        if k < count - 1:
            at.button(key="lesson_next").click().run()
    at.button(key="lesson_leave").click().run()
    assert not at.exception
    assert stepper(at)["link"]["lesson"] is None


@pytest.mark.parametrize("sheet", ["exam", *lessons()])
def test_every_sheet_opens_by_its_link(sheet):
    at = opened("worksheets")
    assert not at.exception
    at.query_params["sheet"], at.query_params["key"] = sheet, "1"
    at.selectbox(key="sheet").set_value(sheet).run()
    at.toggle(key="sheet_key").set_value(True).run()
    assert not at.exception
    paper = at.get("html")[-1].proto.body
    assert 'class="key"' in paper
    assert at.query_params["sheet"] in (sheet, [sheet])


def test_a_seed_changes_the_questions():
    at = opened("worksheets")
    was = at.get("html")[-1].proto.body
    at.number_input[0].set_value(77).run()
    assert not at.exception
    assert "seed 77" in at.get("html")[-1].proto.body != was


# What a stepper's view becomes.


def views(reading, layers, **where):
    stop = stop_of(reading, layers, WHERE | where)
    return stop, work_out(from_stops("x", [stop]), 0)


def test_a_view_becomes_a_stop_that_shows_the_same_numbers():
    reading = load("sentiment-lstm").run("This film is not <b>bad</b>")
    stop, shown = views(reading, [Layer.of(reading)], array="o", level="inside")
    assert (shown.place.step, shown.place.unit, shown.place.array, shown.stop.level) == (3, 2, "o", "inside")
    np.testing.assert_array_equal(shown.reading.trace.o, reading.trace.o)
    assert stop["title"].startswith("“not”")


def test_of_several_models_the_one_whose_panel_is_chosen():
    readings = [load(f"mini-{cell}").run("the film was not bad") for cell in ("rnn", "lstm", "gru")]
    layers = [Layer.of(r, name=r.model.card.name) for r in readings]
    stop, shown = views(readings[0], layers, array="mini-gru-z")
    assert stop["model"] == "mini-gru"
    np.testing.assert_array_equal(shown.reading.trace.z, readings[2].trace.z)
    cells = [Layer.of(r, name=r.model.card.cell) for r in readings]
    assert views(readings[0], cells, array="lstm-f")[0]["model"] == "mini-lstm"


def test_values_set_by_hand_go_along():
    edits = [Clamp("f", 0.5, 1, 3, (2,)).edit, Edit("c", 1.5, 2)]
    reading = load("mini-lstm").run("the film was not bad", edits)
    stop, shown = views(reading, [Layer.of(reading)])
    assert json.dumps(stop)
    np.testing.assert_array_equal(shown.reading.trace.c, reading.trace.c)
    assert shown.reading.trace.f[2, 2] == 0.5


def test_a_row_of_numbers_to_the_last_digit():
    x, _ = adding.sequences(np.random.default_rng(3), 1, 100)
    reading = load("adding-gru").run_sequence(x[:, 0])
    _, shown = views(reading, [Layer.of(reading)], array="z", step=99)
    np.testing.assert_array_equal(shown.reading.trace.x, reading.trace.x)


def test_two_texts_are_one_stop():
    long, short = (load("mini-lstm").run(t) for t in ("the film was not good", "the film was good"))
    layers = [aligned(short, long, name="other", title=short.text), Layer.of(long, name="this", title=long.text)]
    stop, shown = views(long, layers, array="other-g")
    assert stop["other"] == short.text
    assert shown.other.tokens == short.tokens


def test_other_weights_are_refused():
    from dataclasses import replace

    reading = load("mini-gru").run("the film was not bad")
    other = replace(reading.model, cell=replace(reading.model.cell, keep="1-z")).run(reading.text)
    with pytest.raises(ValueError, match="computed in another way"):
        stop_of(other, [Layer.of(other)], WHERE | {"array": "z"})


@pytest.mark.parametrize(
    "view",
    [
        None,
        {},
        "x",
        {"step": "a"},
        {"step": 1, "unit": None, "array": "f", "level": "all"},
        WHERE | {"step": 99},
        WHERE | {"unit": -1},
        WHERE | {"level": "deep"},
    ],
)
def test_a_view_that_is_none_is_refused(view):
    reading = load("mini-lstm").run("the film was not bad")
    with pytest.raises(ValueError, match=r"view: got|computed in another way"):
        stop_of(reading, [Layer.of(reading)], view)


def test_a_lesson_has_an_end(monkeypatch):
    told = []
    monkeypatch.setattr(draft.st, "session_state", {})
    monkeypatch.setattr(draft.st, "toast", lambda text, icon: told.append(text))
    reading = load("mini-lstm").run("the film was not bad")
    for _ in range(draft.MOST + 1):
        draft.add(reading, [Layer.of(reading)], WHERE)
    stops = state.of(Draft).stops
    assert len(stops) == draft.MOST
    assert "already has 50 stops" in told[-1]
    assert len({s["id"] for s in stops}) == draft.MOST
