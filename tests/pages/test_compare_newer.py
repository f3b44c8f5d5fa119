"""Newer cells on Compare: one text, one cursor, networks of one comparison."""

import numpy as np
import pytest

from core.insight import after
from core.tasks.after_lstm import NETWORKS, after_lstm
from core.views.after import results
from core.views.after.beside import OLDER
from core.views.after.rows import NEWER
from tests import app
from tests.oracle.naive_later import of_shipped

TEXT = "the film was not good"


def compared(text=TEXT, **query):
    at = app.opened("side_by_side", model="mini-gru", text=text, **query)
    assert not at.exception
    return at


def names(at):
    return [layer["name"] for layer in app.stepper(at)["layers"]]


def test_the_three_stand_alone_until_a_newer_one_is_chosen():
    at = compared()
    assert names(at) == ["mini-rnn", "mini-lstm", "mini-gru"]
    at.pills(key="compare_newer").set_value(["slstm", "mingru"]).run()
    assert names(at) == [*OLDER, "mingru", "slstm"]
    assert app.link(at)["beside"] == "mingru~slstm"
    at.pills(key="compare_newer").set_value([]).run()
    assert names(at) == ["mini-rnn", "mini-lstm", "mini-gru"]
    assert "beside" not in app.link(at)


def test_all_of_them_read_the_same_words_with_the_numbers_of_a_naive_loop():
    at = compared(beside="~".join(NEWER))
    sent = app.stepper(at)
    assert names(at) == [*OLDER, "mingru", "mingru-2-layer1", "mingru-2-layer2", *NEWER[2:]]
    assert " ".join(sent["tokens"]) == TEXT
    for layer in sent["layers"]:
        if layer["name"] not in ("mingru", "minlstm", "slstm", "ssm"):
            continue
        shown, found = app.panels(layer), of_shipped(layer["name"], TEXT)
        for name in set(shown) & set(found):
            there = ~np.isnan(shown[name])
            wanted = np.array([np.ravel(row) for row in found[name]])
            np.testing.assert_allclose(shown[name][there], wanted[there], rtol=2e-4, atol=2e-4, err_msg=f"{layer['name']} {name}")
    verdicts = {layer["title"]: app.array(layer["positive"])[-1] for layer in sent["layers"] if layer["positive"]}
    wanted = {results.TITLES[name]: after.networks()[name].verdicts(after.ids_of(TEXT))[-1] for name in (*OLDER, *NEWER)}
    wanted[f"{results.TITLES['mingru-2']}, layer 2"] = wanted.pop(results.TITLES["mingru-2"])
    assert verdicts == pytest.approx(wanted)


def test_the_table_has_the_comparison_s_own_figures():
    rows = compared(beside="~".join(NEWER)).table[0].value
    wanted = results.table(after_lstm(), ["words"])
    title = after_lstm().tasks["words"].title
    right = {name: said.split(";")[0] for name, said in zip(wanted["network"], wanted[title], strict=True)}
    assert dict(zip(rows["network"], rows["sentences of 20 words, correct"], strict=True)) == right
    sizes = {results.TITLES[name]: after_lstm().of("words", name)[0].parameters for name in NETWORKS}
    assert {name: int(said.replace(",", "")) for name, said in zip(rows["network"], rows.iloc[:, 1], strict=True)} == sizes


def test_the_way_there_from_a_review():
    at = app.opened("side_by_side", text="not a bad film")
    assert not at.pills
    at.button(key="compare_offer").click().run()
    assert not at.exception
    assert names(at) == [*OLDER, "mingru", "slstm"]
    assert app.link(at) | {"text": ""} == {"text": "", "model": "mini-lstm", "beside": "mingru~slstm"}
    at.segmented_control(key="family").set_value("sentiment").run()
    assert names(at) == ["sentiment-rnn", "sentiment-lstm", "sentiment-gru"]


@pytest.mark.parametrize("text", ["", "NOT Good", "good " * 600], ids=["empty", "capitals", "long"])
def test_any_text_of_the_ten_words_is_read(text):
    at = compared(text, beside="mingru-2~attention~slstm")
    sent = app.stepper(at)
    assert len(sent["tokens"]) == min(len(text.split()), 500)
    assert all(len(app.array(layer["inside"]["x"])) == len(sent["tokens"]) * layer["inside"]["size"] for layer in sent["layers"])


def test_a_link_that_names_no_cell_is_told():
    at = compared(beside="mingru~rwkv")
    assert any("beside=mingru~rwkv" in each.value.replace("\\", "") for each in at.warning)
    assert names(at) == ["mini-rnn", "mini-lstm", "mini-gru"]
