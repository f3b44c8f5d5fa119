"""By hand: what the page shows of a sheet, what is pasted into it, and the way from an example to its numbers."""

import json

import numpy as np
import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state.session_state import WStates

from core.byhand.exercise import exercise
from core.byhand.kinds import AFTER
from core.byhand.link import packed, unpacked
from core.byhand.mistakes.diagnoses import Answer
from core.byhand.presets import presets
from core.byhand.resizing import resized
from core.byhand.sheet import OPTIONS
from core.byhand.solution import solution
from core.byhand.ways import solved
from core.server.states import guard
from core.views import state
from core.views.byhand import setup
from core.views.byhand.handout import of_sheet
from core.views.byhand.lines import told
from core.views.byhand.paper import paper
from core.views.byhand.steps import where
from core.views.state import ByHand
from core.worksheets.pdf import pdf
from tests.app import drawn, link, opened, panel, said, sent, stepper
from tests.attacks import states
from tests.unit.byhand.sheets import drawn as sheet_of


def rows(at):
    """The lines that the page shows, by key."""
    return {row["key"]: row for data in drawn(at) if isinstance(data.get("rows"), list) for row in data["rows"] if "key" in row}


def pasted(at, text, **chosen):
    at.text_area(key="hand_paste_text").set_value(text)
    for name, value in chosen.items():
        at.selectbox(key=f"hand_paste_{name}").set_value(value)
    return at.button(key="hand_paste_press").click().run()


def test_an_example_is_worked_out_and_compared():
    at = opened("by_hand")
    assert "= <b>0.5363</b>" in rows(at)["h 1 1"]["sum"]
    assert "h 2 1" not in rows(at)  # of the other step
    assert "A\\. Gomez" in said(at)
    assert np.allclose(panel(stepper(at), "h")[:, 0], [0.53631, 0.77198], atol=1e-5)
    at = at.segmented_control(key="hand_at").set_value(2).run()
    assert "= <b>0.7720</b>" in rows(at)["h 2 1"]["sum"]
    at = at.segmented_control(key="hand_show").set_value("update").run()
    assert "= <b>0.4527</b>" in rows(at)["W 3 1"]["sum"]
    assert link(at) == {"show": "update", "at": "2"}


@pytest.mark.parametrize("name", ["onnx-gru", "tflite-coupled", "onnx-rnn", "prachub-rnn"])
def test_every_kind_of_example_can_be_opened(name):
    sheet = presets()[name].sheet()
    at = opened("by_hand", hand=packed(sheet))
    assert not at.exception
    assert np.allclose(panel(stepper(at), "h"), solved(sheet)["h"], atol=1e-6)
    if sheet.loss != "none":
        at = at.segmented_control(key="hand_show").set_value("backward").run()
        assert not at.exception
        assert any(key.startswith("d_h ") for key in rows(at))


def test_pasted_numbers_take_their_place_and_junk_is_answered():
    at = pasted(opened("by_hand"), "W_f = [[0.5, 0.1]]\nb_f = 0,5".replace("0,5", "0.25"))
    assert "0.5 · 1 + 0.1 · 2 + 0.1 · 0 + 0.25" in rows(at)["a_f 1 1"]["sum"]
    assert "Read\\: W, b\\." in said(at)
    before = link(at)
    at = pasted(at, "W_f = [[0.5, abc]]")
    assert "W of f, row 1, column 2" in said(at).replace("\\", "")
    assert "“abc” is not a number" in said(at)
    assert link(at) == before  # nothing is lost
    assert at.text_area(key="hand_paste_text").value == "W_f = [[0.5, abc]]"


def edited(at, table, edits):
    """The page after a table's edits, as the browser sends them: {row: {column: text}}."""
    known = at._session_state._state._new_widget_state.widget_metadata
    key = next(key for key in known if f"hand_table_{table}_" in key)
    told = json.dumps({"edited_rows": edits, "added_rows": [], "deleted_rows": []})
    return at._run(WidgetStates(widgets=[states.state(key, "string_value", told)]))


def test_a_cell_is_changed_and_junk_stays_there():
    at = edited(opened("by_hand"), "weights", {"0": {"x₁": "0,5"}})
    assert "0.5 · 1 + 0.8 · 2" in rows(at)["a_i 1 1"]["sum"]
    assert "Commas were read as decimal points: 0,5" in said(at).replace("\\", "")
    at = edited(at, "weights", {"0": {"x₁": "1e999"}, "1": {"b": ""}, "2": {"x₂": "0.75"}})
    told = said(at).replace("\\", "")
    assert "Weights W, U and bias b, i₁, x₁: “1e999” is too large" in told
    assert "f₁, b: It is empty." in told
    assert "0.5 · 1 + 0.8 · 2" in rows(at)["a_i 1 1"]["sum"]  # the last that could be read


@pytest.mark.parametrize(
    "edits",
    [
        {"99": {"x₁": "1"}},
        {"0": {"nope": "1"}},
        {"-1": {"b": "1"}},
        {"x": {"b": "1"}},
        {"0": {"b": [1]}},
        {"0": 7},
        [1],
        {"0": {"b": {"a": 1}}},
    ],
    ids=["row", "column", "negative", "word", "list", "number", "rows", "object"],
)
def test_edits_that_no_table_sends_break_nothing(edits, monkeypatch):
    monkeypatch.setattr(WStates, "__getitem__", WStates.__getitem__)
    guard()  # as app.py's server is
    at = edited(opened("by_hand"), "weights", edits)
    assert not at.exception
    assert "h 1 1" in rows(at)


def test_keras_order_by_the_switch():
    at = pasted(opened("by_hand"), "[[1, 2, 3, 4], [5, 6, 7, 8]]", order="keras", into="W")
    assert unpacked(link(at)["hand"]).tables["weights"][:, :2].tolist() == [[1, 5], [2, 6], [3, 7], [4, 8]]


def test_a_sheet_grows_and_keeps_its_numbers():
    at = opened("by_hand").number_input(key="given_units").set_value(2).run()
    sheet = unpacked(link(at)["hand"])
    assert sheet.H == 2
    assert sheet.tables["weights"][0].tolist() == [0.95, 0.8, 0.8, 0, 0.65]
    at = at.number_input(key="given_units").set_value(1).run()
    assert "hand" not in link(at)  # the first example again


def test_hidden_results_are_not_sent():
    """Neither in the lines nor in the stepper, the table of the steps or the printed numbers; they come back."""
    at = opened("by_hand", hide="1", show="backward")
    assert "0.5363" not in str([*rows(at).values(), sent(at), at.table, at.caption])
    assert not any("layers" in data for data in sent(at) if isinstance(data, dict))
    assert {row["place"] for row in rows(at).values()} == {None}
    assert link(at)["hide"] == "1"
    at.toggle(key="hand_hide").set_value(False).run()
    assert any("layers" in data for data in sent(at) if isinstance(data, dict))
    assert len(at.table) == 2


def test_the_sheet_outlasts_another_page():
    at = opened("by_hand", hand=packed(exercise("gru", "hard", 3)))
    had = at.session_state[state.key(ByHand)].now
    at.switch_page("gru.py").run()
    at.query_params.clear()
    at = at.switch_page("by_hand.py").run()
    assert at.session_state[state.key(ByHand)].now is had


@pytest.mark.parametrize("name", ["gomez", "tflite-lstm"])
def test_a_worksheet_can_be_printed(name):
    sheet = presets()[name].sheet()
    made = paper(sheet, 4)
    assert pdf(made, True).startswith(b"%PDF")
    assert "h₁" in str(made.front)
    assert "0.5363" not in str(made.front)
    assert name != "gomez" or "= 0.5363" in str(made.key)


@pytest.mark.parametrize("loss", ["squared", "none"])
def test_what_the_html_file_has_not_is_said_and_is_in_the_pdf(loss):
    sheet = resized(presets()["gomez"].sheet(), loss=loss)
    captions = str([each.value for each in opened("by_hand", hand=packed(sheet)).caption])
    assert ("only; the loss, the backward pass and the update are in the PDF" in captions) == (loss != "none")
    html, key = of_sheet(sheet, 4), str(paper(sheet, 4).key)
    for name in ("L₁ =", "∂L/∂h₁ =", "∂L/∂W_f[1, 1] ="):
        assert name.removesuffix(" =") not in html
        assert (name in key) == (loss != "none")


def test_an_answer_without_a_cause_says_how_many_were_tried():
    assert told(Answer("wrong", tried=45)) == "Not right. None of the 45 mistakes tried gives your number."


@pytest.mark.parametrize("kind", OPTIONS)
def test_the_stepper_is_sent_the_way_back_with_the_pages_lines(kind):
    rng = np.random.default_rng(6)
    for loss in ("squared", "logistic", "given"):
        sheet = sheet_of(rng, kind=kind, loss=loss, H=2, D=3, T=3)
        at = opened("by_hand", hand=packed(sheet), digits="5")
        sheet = unpacked(packed(sheet))
        layer = stepper(at)["layers"][0]
        panels = {each["name"]: each for each in layer["panels"]}
        lines = [line for line in solution(sheet) if line.part in ("forward", "backward")]
        told = {each["key"]: each for each in (line for p in panels.values() for line in p.get("lines", ()))}
        for line in lines:
            place = where(sheet, line)
            units = panels[line.place].get("units", sheet.H)
            assert 0 <= place["step"] < sheet.T
            assert 0 <= line.unit < units
            if line.part == "backward":
                each = told[line.key]
                assert (each["numbers"], each["result"]) == (line.numbers(5), line.result(5))
                assert layer["back"]["formulas"][each["formula"]]["latex"] == line.formula
                assert (each["step"], each["unit"]) == (place["step"], line.unit)
        for name, rows in solved(sheet).items():
            if name in panels and name.startswith("d_"):
                assert np.allclose(panel(stepper(at), name), rows, atol=1e-5, rtol=1e-5), name
        assert {"d_h", "d_x"} < set(panels)


def test_a_newer_cell_stands_behind_the_older_ones():
    """It has no U, no second bias and no conventions; the first step back to an older cell brings them again."""
    at = opened("by_hand")
    assert at.segmented_control(key="given_cell").options == ["RNN", "LSTM", "GRU", "After the LSTM"]
    assert "from 0 on" not in said(at)
    at = at.segmented_control(key="given_cell").set_value("later").run()
    assert at.segmented_control(key="given_later").options == ["minGRU", "minLSTM"]
    sheet = unpacked(link(at)["hand"])
    assert (sheet.kind, sheet.tables["weights"].shape) == ("mingru", (2, 3))
    assert "from 0 on" in said(at)
    assert not [each for each in at.toggle if each.key == "given_two"]
    at = at.segmented_control(key="given_later").set_value("minlstm").run()
    assert unpacked(link(at)["hand"]).kind == "minlstm"
    assert "keep 1 1" in rows(at)
    assert "f′₁ = " in rows(at)["keep 1 1"]["sum"].replace("<i>", "").replace("</i>", "")
    at = at.segmented_control(key="given_cell").set_value("lstm").run()
    assert unpacked(link(at)["hand"]).kind == "lstm"
    assert at.toggle(key="given_two").value is False
    assert not at.exception


@pytest.mark.parametrize("kind", AFTER)
def test_a_link_opens_a_newer_cell_with_its_own_tables(kind):
    at = opened("by_hand", hand=packed(exercise(kind, "hard", 3)))
    assert (at.segmented_control(key="given_cell").value, at.segmented_control(key="given_later").value) == ("later", kind)
    assert "Weights W and bias b" in said(at)
    made = paper(exercise(kind, "hard", 3), 4)
    assert pdf(made, True).startswith(b"%PDF")
    assert "h₃" in str(made.front)
    assert "a + 0.5 from 0 on" in str(made.front)
    assert "h̃₁" in str(made.key)


def test_numbers_that_no_quotient_has_are_refused_and_the_last_stay():
    at = edited(opened("by_hand", hand=packed(exercise("minlstm", "easy", 1))), "weights", {"0": {"b": "-900"}, "1": {"b": "-900"}})
    assert "f and i of unit 1 are both almost 0" in said(at).replace("\\", "")
    assert "h 1 1" in rows(at)


@pytest.mark.parametrize("value", [-0.6, 0.6], ids=["below", "above"])
def test_a_state_below_0_is_drawn_with_its_sign(value):
    sheet = exercise("mingru", "easy", 3)
    sheet = sheet.changed(tables={**sheet.tables, "state": [[value]]})
    panels = {each["name"]: each for each in stepper(opened("by_hand", hand=packed(sheet)))["layers"][0]["panels"]}
    assert panels["h"]["kind"] == ("state" if value < 0 else "positive")
    assert panels["n"]["kind"] == "positive"


def test_a_sheet_without_a_loss_has_no_way_back():
    at = opened("by_hand", hand=packed(presets()["onnx-gru"].sheet()))
    assert stepper(at)["layers"][0]["back"] is None
    assert not [each for each in stepper(at)["layers"][0]["panels"] if each.get("back")]


def test_every_line_of_both_passes_opens_a_place():
    at = opened("by_hand", hand=packed(exercise("lstm", "medium", 2)))
    for part in ("forward", "backward"):
        at = at.segmented_control(key="hand_show").set_value(part).run()
        found = rows(at)
        assert all(row["place"]["array"] for row in found.values())
    assert found["d_a_f 1 1"]["place"] == {"step": 0, "unit": 0, "array": "d_a_f"}
    assert found["d_h0 1"]["place"] == {"step": 0, "unit": 0, "array": "d_h"}
    assert found["d_x 1 2"]["place"] == {"step": 0, "dim": 1, "array": "d_x"}
    at = at.segmented_control(key="hand_show").set_value("gradients").run()
    assert {row["place"] for row in rows(at).values()} == {None}  # sums over all steps


def test_controls_whose_run_was_cut_off_are_told_again(monkeypatch):
    """As in a class that the teacher leads on while the page is being made: the browser had shown the least of every size."""
    ask = setup.ask
    monkeypatch.setattr(setup, "ask", st.stop)
    at = opened("by_hand", hand=packed(presets()["cs231n-lstm"].sheet()))
    assert not at.number_input
    monkeypatch.setattr(setup, "ask", ask)
    units = at.run().number_input(key="given_units")
    assert (units.value, units.proto.set_value) == (5, True)
    assert not at.run().number_input(key="given_units").proto.set_value  # said once: what is typed meanwhile stays
