"""Every page, run as Streamlit runs it, without a browser."""

import subprocess
import sys

import numpy as np
import pytest

from core.families import FAMILIES
from core.models import load
from tests.app import NASTY, ROOT, SITE, array, drawn, opened, panel, standing, stepper

REVIEWS = FAMILIES["sentiment"].examples

PAGES = ["start", "lstm", "gru", "side_by_side", "numpy_torch"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_a_reading(page):
    at = opened(page)
    assert not at.exception
    sent = stepper(at)
    assert sent["tokens"] == [*load("sentiment-lstm").run(REVIEWS[0][1]).tokens]
    assert sent["layers"][0]["panels"]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("page", PAGES)
def test_any_text_may_be_typed(page, text):
    at = standing(page)
    at.text_input(key="text").set_value(text).run()
    assert not at.exception
    assert stepper(at)["tokens"] == [*load("sentiment-lstm").run(text).tokens]


def test_what_is_sent_is_what_the_core_computed():
    at = opened("start")
    trace = load("sentiment-lstm").run(REVIEWS[0][1]).trace
    sent = stepper(at)
    for name in "figoch":
        np.testing.assert_array_equal(panel(sent, name), getattr(trace, name))


def test_a_long_text_says_where_it_was_cut():
    at = opened("start")
    at.text_input(key="text").set_value("word " * 600).run()
    assert "Only the first 500 words" in at.info[0].value
    assert "character 2,501" in at.info[0].value


def test_ten_words_refuse_others_and_keep_the_last_text():
    at = opened("start", model="mini-gru", text="the film was good")
    assert stepper(at)["tokens"] == ["the", "film", "was", "good"]
    at.text_input(key="text").set_value("the film was *splendid*").run()
    assert "splendid" in at.warning[0].value
    assert stepper(at)["tokens"] == ["the", "film", "was", "good"]
    at.button(key="word_clear").click().run()
    at.button(key="word_bad").click().run()
    assert stepper(at)["tokens"] == ["bad"]
    assert not at.warning
    at.button(key="word_back").click().run()
    assert stepper(at)["tokens"] == []


def test_a_link_gives_text_and_model():
    at = opened("start", model="sentiment-gru", text="hello there")
    sent = stepper(at)
    assert sent["tokens"] == ["hello", "there"]
    assert [p["name"] for p in sent["layers"][0]["panels"]] == ["z", "r", "n", "h"]
    assert sent["link"] == {"text": "hello there", "model": "sentiment-gru", "lesson": None, "stop": None}


def test_a_bad_model_in_a_link_falls_back_with_a_notice():
    at = opened("start", model="<b>no</b>", text="hello")
    assert "is not here" in at.warning[0].value
    assert stepper(at)["tokens"] == ["hello"]


def test_text_and_model_stay_from_page_to_page():
    at = opened("start")
    at.text_input(key="text").set_value("kept").run()
    at.segmented_control(key="cell").set_value("gru").run()
    at.query_params.clear()  # a link of the navigation has none
    at.switch_page("side_by_side.py").run()
    assert stepper(at)["tokens"] == ["kept"]  # and not the text that Compare opens on
    at.switch_page("start.py").run()
    assert stepper(at)["link"]["model"] == "sentiment-gru"


@pytest.mark.parametrize("page", ["lstm", "gru"])
def test_every_part_is_explained_and_moves_the_stepper(page):
    at = opened(page)
    control = at.segmented_control(key=f"part_{page}")
    assert len(control.options) == {"lstm": 5, "gru": 4}[page]
    seen = set()
    for title in control.options:
        at.segmented_control(key=f"part_{page}").set_value(title).run()
        equations = next(sent for sent in drawn(at) if isinstance(sent, list))
        assert "".join(equations).count("<math") == at.code[0].value.count("=")
        at.button(key="look").click().run()
        goto = stepper(at)["goto"]
        seen.add(goto["array"])
        assert 0 <= goto["step"] < len(stepper(at)["tokens"])
        assert not at.exception
    assert len(seen) == len(control.options)


def test_side_by_side_reads_one_text_thrice():
    sent = stepper(opened("side_by_side"))
    assert [layer["name"] for layer in sent["layers"]] == ["sentiment-rnn", "sentiment-lstm", "sentiment-gru"]
    np.testing.assert_array_equal(panel(sent, "z", 2), load("sentiment-gru").run(REVIEWS[0][1]).trace.z)


def test_compare_opens_on_a_text_that_the_gated_cells_alone_read_right():
    """It is praise, with a turn and a negation, of 8 to 14 words; each cell's verdict is a clear one."""
    sent = stepper(opened("side_by_side"))
    ends = {layer["cell"]: array(layer["positive"])[-1] for layer in sent["layers"]}
    assert min(ends["lstm"], ends["gru"]) > 0.9
    assert ends["rnn"] < 0.2
    words = [token for token in sent["tokens"] if token.isalpha()]
    assert 8 <= len(words) <= 14
    assert {"but", "not"} <= set(words)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numpy_and_torch_are_shown_apart(dtype):
    at = opened("numpy_torch")
    at.segmented_control(key="dtype").set_value(dtype).run()
    assert not at.exception
    sent = stepper(at)
    assert [layer["name"] for layer in sent["layers"]] == ["numpy", "torch"]
    np.testing.assert_allclose(panel(sent, "c", 0), panel(sent, "c", 1), atol=5e-6)
    assert array(sent["agreement"]).max() <= {"float32": 5e-6, "float64": 1e-13}[dtype]
    assert "a_f" in at.code[0].value
    assert "sigma" in at.code[1].value
    at.button[-1].click().run()
    assert len(at.table) == 1


def test_a_server_under_a_base_path_names_its_files_there():
    code = f"""
import json, streamlit as st
st._config.set_option("server.baseUrlPath", "class/a")
from streamlit.testing.v1 import AppTest
at = AppTest.from_file({str(SITE)!r}, default_timeout=60).run()
print(next(d["assets"] for c in at.get("bidi_component") if "assets" in (d := json.loads(c.proto.json))))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("/class/a/assets/")


def test_a_missing_package_is_named():
    code = "import sys, runpy; sys.modules['regex'] = None; import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'regex' else f(n, *a); runpy.run_path('app.py')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Gatescope needs regex" in done.stderr
    assert "pip install -r requirements.txt" in done.stderr
