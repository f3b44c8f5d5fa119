"""Gradients, Word contributions, What if and Find a unit, as Streamlit runs them, without a browser."""

from functools import cache

import numpy as np
import pytest

from core.families import FAMILIES
from core.insight import contributions, corpora, gradients, properties
from core.insight.whatif import LACKS, TITLES, lessons
from core.models import load
from core.numerals import printed, raised
from core.views.widgets.escape import literal
from tests.app import NASTY, figures, opened, panel, said, standing, stepper

REVIEWS = FAMILIES["sentiment"].examples

PAGES = ["gradients", "left_behind", "what_if", "find_a_unit"]
TEXT = REVIEWS[0][1]


@pytest.mark.parametrize("model", ["sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "mini-rnn"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_every_model(page, model):
    at = opened(page, model=model, seen="1")
    assert not at.exception
    assert stepper(at)["tokens"] == [*load(model).run(at.text_input(key="text").value).tokens]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("page", PAGES)
def test_any_text_may_be_typed(page, text):
    at = standing(page, model="sentiment-lstm", seen="1", set="f_1_0-0_all", word="replace_0_<b>x")
    at.text_input(key="text").set_value(text).run()
    assert not at.exception


@pytest.mark.parametrize("page", ["gradients", "left_behind"])
def test_a_question_comes_before_the_figure(page):
    at = opened(page, model="sentiment-lstm")
    assert "Predict first." in said(at)
    assert not figures(at)
    at.button(key=f"answer_{page}_0").click().run()
    assert not at.exception
    assert figures(at)
    assert stepper(at)["link"]["seen"] == "1"
    if page == "gradients":
        ends = {}
        for cell, state in (("rnn", "h"), ("gru", "h"), ("lstm", "c")):
            norms = gradients.by_lag(gradients.double(load(f"sentiment-{cell}")).run(TEXT))[state]
            ends[cell] = norms[-1] / norms[0]
        best = max(ends, key=ends.get)
        assert printed(f"It is the {best.upper()}, with {ends[best]:.2g} of the gradient at the last word.") in said(at)
    at.button(key=f"again_{page}").click().run()
    assert not figures(at)


def test_the_gradients_on_the_page_are_the_cores():
    at = opened("gradients", model="sentiment-gru", seen="1", sigma="1.5", clip="0.1", bias="3")
    model = gradients.double(load("sentiment-rnn"))
    x = model.run(TEXT).trace.x
    cell = gradients.scaled(model.cell, 1.5)
    measured = gradients.sizes(gradients.jacobians(cell, cell.run(x)))[0]
    shown = said(at)
    back = len(x) - 1
    assert (
        printed(f"at most 1.5{raised(back)} = **{1.5**back:.2g}**: explosion is possible, not proved. Measured: **{measured:.2g}**")
        in shown
    )
    length = gradients.of_weights(model, cell, x)
    assert printed(f"length **{length:.2g}** and is cut to 0.1: every entry is multiplied by {0.1 / length:.2g}") in shown
    assert "half is left after **14.3 steps**" in shown  # MISCONCEPTIONS 11: b = 3
    sent = stepper(at)["link"]
    assert (sent["sigma"], sent["clip"], sent["bias"]) == ("1.5", "0.1", "3")
    at = opened("gradients", model="sentiment-lstm", seen="1", sigma="0.5", weights="random")
    assert "vanishing is certain" in said(at)
    assert "random (seed 0)" in said(at)
    at = opened("gradients", model="sentiment-lstm", sigma="<b>9</b>", cell="<b>gru</b>")
    assert not at.exception
    assert "which is not here" in said(at)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_gated_cell_s_weights_are_scaled_and_its_gradient_clipped(cell):
    at = opened("gradients", model="sentiment-rnn", seen="1", cell=cell, sigma="4", clip="0.1")
    model = gradients.double(load(f"sentiment-{cell}"))
    x, larger = model.run(TEXT).trace.x, gradients.scaled(model.cell, 4)
    measured = gradients.sizes(gradients.jacobians(larger, larger.run(x)))[::-1]
    shown, matrices = said(at), {"lstm": 4, "gru": 3}[cell]
    assert f"Each of the {matrices} recurrent matrices U is scaled to σₘₐₓ = 4" in shown
    assert printed(f"multiply a gradient by at most **{measured[-1]:.2g}**") in shown
    grown = measured.max() > 1
    assert (printed(f"The largest factor is **{measured.max():.2g}**") + f", at lag {measured.argmax()}" in shown) == grown
    assert ("here nothing grows" in shown) == (not grown)
    length = gradients.of_weights(model, larger, x)
    assert printed(f"length **{length:.2g}** and is cut to 0.1") in shown
    assert "tanh’s slope is at most 1" not in shown  # the bound is the RNN's
    assert stepper(at)["link"]["cell"] == cell
    choice = at.segmented_control(key="gradient_cell")
    assert choice.options == ["RNN", "LSTM", "GRU"]
    choice.set_value("rnn").run()
    assert "tanh’s slope is at most 1" in said(at)
    assert stepper(at)["link"]["cell"] is None


def test_what_was_left_is_the_cores():
    at = opened("left_behind", model="sentiment-lstm", seen="1", of="4", at="9")
    reading = load("sentiment-lstm").run(TEXT)
    parts = contributions.of_unit(reading.model.cell, reading.trace, 4)[1:, 8]
    most = int(np.abs(parts).argmax())
    assert printed(f"unit 4 holds c = **{reading.trace.c[8, 4]:+.3f}**") in said(at)
    assert printed(f"**{reading.tokens[most]}** (t = {most + 1}): {parts[most]:+.3f}") in said(at)
    assert (stepper(at)["link"]["of"], stepper(at)["link"]["at"]) == ("4", "9")
    at = opened("left_behind", model="sentiment-gru", seen="1")
    reading = load("sentiment-gru").run(TEXT)
    last = len(reading.tokens) - 1
    whole = contributions.towards(reading.model.cell, reading.trace, reading.model.readout_weight[0])[1:, -1]
    total = whole.sum() + reading.model.readout_bias[0]
    assert printed(f"the sum before σ is **{total:+.2f}**, {reading.outputs[-1, 1]:.0%} positive") in said(at)
    heavy, steep = contributions.apart(whole, contributions.leaning(reading, last).size)
    for k in (heavy, steep):
        assert f"**{literal(reading.tokens[k])}** (t = {k + 1}) contributes {printed(f'{whole[k]:+.2f}')}" in said(at)
        assert printed(f"the sum changes by {contributions.left_out(reading, last, k):+.2f}.") in said(at)
    assert "is not a sum of contributions from the words" in said(opened("left_behind", model="sentiment-rnn"))


@pytest.mark.parametrize("model", ["sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "mini-rnn"])
def test_every_lesson_is_as_expected_and_can_be_undone(model):
    at = opened("what_if", model=model)
    for name in [n for n in TITLES if n not in LACKS[load(model).card.cell]]:
        if name not in lessons(load(model).run(at.text_input(key="text").value)):
            assert at.button(key=f"what_lesson_{name}").disabled
            at.session_state["text"] = FAMILIES[load(model).card.task].what_if.get(name, FAMILIES[load(model).card.task].examples[0][1])
            at.run()
        before = at.text_input(key="text").value
        at.button(key=f"what_lesson_{name}").click().run()
        assert not at.exception
        assert at.text_input(key="text").value == before
        reading = load(model).run(at.text_input(key="text").value)
        lesson = lessons(reading)[name]
        edited = load(model).run(reading.text, [clamp.edit for clamp in lesson.clamps])
        assert lesson.says in said(at)
        assert printed(f"from **{reading.outputs[-1, 1]:.1%}** to **{edited.outputs[-1, 1]:.1%}** positive. **As expected.**") in said(at)
        if lesson.predicted is not None:
            assert f"Expected: **{printed(f'{edited.outputs[-1, 1]:.1%}')}**" in said(at)
        sent = stepper(at)
        assert [layer["name"] for layer in sent["layers"]] == ["original", "edited"]
        np.testing.assert_array_equal(panel(sent, "h", 0), reading.trace.h)
        np.testing.assert_allclose(panel(sent, "h", 1), edited.trace.h, atol=1e-6)
        assert sent["agreement"] is None
        assert "set by hand" in sent["provenance"]
    at.button(key="what_undo").click().run()
    assert len(stepper(at)["layers"]) == 1
    assert stepper(at)["link"]["set"] is None


def test_values_and_words_are_set_by_hand_and_stand_in_the_link():
    at = opened("what_if", model="sentiment-lstm", text="not a bad film at all")
    at.segmented_control(key="what_array_lstm").set_value("i").run()
    at.slider(key="what_value_i").set_value(0.25).run()
    at.number_input(key="what_first_6").set_value(3).run()
    at.multiselect(key="what_units_48").set_value([5, 2]).run()
    at.button(key="what_set").click().run()
    assert stepper(at)["link"]["set"] == "i_0.25_2-5_2.5"
    assert "i = 0.25 at t = 3 to 6 (bad … all), units 2, 5" in said(at)
    at.selectbox[0].set_value(0).run()
    at.button(key="what_word_delete").click().run()
    sent = stepper(at)
    assert sent["link"]["word"] == "delete_0"
    assert sent["tokens"] == ["not ✕", "a", "bad", "film", "at", "all"]
    assert np.isnan(panel(sent, "h", 1)[0]).all()
    assert "which" not in said(at) and "no such place: i = 0.25" in said(at)  # one word less: step 6 is gone
    shared = opened("what_if", model="sentiment-lstm", text="not a bad film at all", set="i_0.25_2-4_2.5", word="swap_1")
    sent, other = stepper(shared), load("sentiment-lstm")
    from core.cells import Edit

    expected = other.run("not bad a film at all", [Edit("i", 0.25, slice(2, 5), [2, 5])]).trace.h
    np.testing.assert_array_equal(panel(sent, "h", 1), expected)
    assert sent["tokens"] == ["not", "a → bad", "bad → a", "film", "at", "all"]
    shared.button(key="what_drop_0").click().run()
    shared.button(key="what_back").click().run()
    assert len(stepper(shared)["layers"]) == 1


def test_what_a_link_asks_in_vain_is_told():
    at = opened("what_if", model="mini-lstm", text="the film was good", set="nonsense~f_1_0-99_all", word="<b>x</b>")
    assert not at.exception
    assert "which cannot be read" in said(at)
    assert "no such place" in said(at)
    assert len(stepper(at)["layers"]) == 1
    at = opened("what_if", model="mini-lstm", text="the film was good", word="replace_0_zebra")
    assert not at.exception
    assert "zebra" in said(at)


@cache
def corpus_of(model: str, array: str) -> corpora.Corpus:
    return corpora.read(load(model), [array])


TRACKED = [
    (model, kind)
    for model in ("sentiment-lstm", "mini-gru", "sentiment-rnn", "austen-gru", "brackets-lstm")
    for kind in corpora.of(model.split("-")[0]).properties
]


@pytest.mark.parametrize(("model", "kind"), TRACKED)
def test_a_unit_is_found_and_shown(model, kind):
    chosen = {"austen": "e", "brackets": "("}.get(model.split("-")[0], "not")
    at = opened("find_a_unit", model=model, track=kind, on="h", words=chosen)
    assert not at.exception
    corpus = corpus_of(model, "h")
    target = corpus.target(kind, [chosen])
    if model == "mini-gru" and kind == "start":  # its texts are one sentence each
        assert target.sum() == corpora.TEXTS
    ranking = properties.rank(corpus.states["h"], target, corpus.held)
    best = int(ranking.order[0])
    assert f"is **unit {best}**" in said(at)
    assert f"|r| = **{ranking.held_r[best]:.2f}**" in said(at)
    assert (ranking.auc is None) == (kind in ("position", "depth", "inword"))
    if ranking.auc is not None:
        assert f"AUC = **{ranking.held_auc[best]:.2f}**" in said(at)
    assert at.table[0].value.iloc[:, 0].astype(int).tolist() == ranking.order[:5].tolist()
    sent = stepper(at)
    assert (sent["goto"]["unit"], sent["goto"]["array"]) == (best, "h")
    assert (sent["link"]["track"], sent["link"]["on"], sent["link"]["words"]) == (kind, "h", chosen if kind == "words" else None)


def test_a_stretch_is_marked_and_nonsense_is_told():
    at = opened("find_a_unit", model="sentiment-lstm", track="stretch", on="c", span="3-10")
    values = load("sentiment-lstm").run(TEXT).trace.c
    scores, chance = properties.stretch(values, 3, 10)
    assert f"**Unit {stepper(at)['goto']['unit']}** is" in said(at)
    assert f"AUC **{np.maximum(scores, 1 - scores).max():.2f}**" in said(at)
    assert f"reaches {chance:.2f} on average" in said(at)
    corpus = corpus_of("sentiment-lstm", "c")
    alike = properties.alike(values, 3, 10, corpus, "c")
    assert f"hold together at **{len(alike.places):,}** places" in said(at)
    first, last = alike.places[0]
    at.button(key="unit_open_0").click().run()  # the place opens in the stepper, marked
    assert stepper(at)["tokens"] == [*load("sentiment-lstm").run(corpus.texts[corpus.text[first]]).tokens]
    assert stepper(at)["link"]["span"] == f"{corpus.place(first)}-{corpus.place(last)}"
    at = opened("find_a_unit", model="sentiment-lstm", track="stretch", on="c", span="3-10")
    at.number_input(key=f"unit_last_{len(values)}").set_value(1).run()
    assert "Mark a part of the text" in said(at)
    at = opened("find_a_unit", model="sentiment-lstm", track="words", words="zebra <b>")
    assert not at.exception
    assert "None of these occurs" in said(at)
    at = opened("find_a_unit", model="sentiment-lstm", track="<i>")
    assert "which is not here" in said(at)


def test_a_long_text_is_worked_on_once(monkeypatch):
    """What a slider does not change is not computed again."""
    worked = []
    monkeypatch.setattr(gradients, "jacobians", lambda *args, jacobians=gradients.jacobians: (worked.append(args), jacobians(*args))[1])
    at = opened("gradients", model="sentiment-lstm", seen="1", text="the film was good but very long " * 20)
    assert not at.exception
    once = len(worked)
    assert once >= 3
    at.slider(key="gradient_bias").set_value(2.0).run()
    assert not at.exception
    assert len(worked) == once


def test_a_bound_without_bounds_is_infinite():
    at = opened("gradients", model="sentiment-lstm", seen="1", sigma="5", text="good " * 500)
    assert not at.exception
    assert "5⁴⁹⁹ = **over 10³⁰⁸**" in said(at)


def test_a_picture_is_saved_as_one_likes():
    at = opened("gradients", model="mini-lstm", seen="1")

    def saved() -> set[str]:
        return {chart["config"]["toImageButtonOptions"]["format"] for chart in figures(at)}

    assert saved() == {"svg"}
    at.button(key="picture_by-lag").click().run()
    assert saved() == {"png"}
