"""What is said of a reading: experiments set by hand, units on a corpus, stretches; against libraries and second computations."""

import numpy as np
import pytest

from core.applications.sentiment import corpus as films
from core.cells import Edit
from core.families import FAMILIES
from core.insight import contributions, corpora, properties
from core.insight.whatif import TITLES, Change, Clamp, align, lessons, spread
from core.models import load
from core.models.text import tokenise
from core.tasks import austen

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples

TEXT = dict(REVIEWS)["Contrast"]


MODELS = ["sentiment-lstm", "sentiment-gru", "sentiment-rnn", "mini-lstm", "mini-gru", "mini-rnn"]


@pytest.mark.parametrize("name", MODELS)
def test_every_lesson_ends_as_it_says_on_every_example(name):
    model, seen = load(name), set()
    for _, text in REVIEWS if name.startswith("sent") else MINI:
        reading = model.run(text)
        for lesson in lessons(reading).values():
            edited = model.run(text, [clamp.edit for clamp in lesson.clamps])
            was, now = float(reading.outputs[-1, 1]), float(edited.outputs[-1, 1])
            assert lesson.holds(was, now), (text, lesson.name, was, now)
            assert not lesson.holds(was, was) or lesson.predicted is not None
            seen.add(lesson.name)
            state = "c" if name.endswith("lstm") else "h"
            if lesson.name == "nothing":
                assert not getattr(edited.trace, state).any()
            if lesson.name == "mute":
                np.testing.assert_allclose(
                    edited.trace.c, reading.trace.c, rtol=1e-5, atol=1e-5
                )  # rounding: the edited run adds in another order
            if lesson.name == "keep" and state == "c":
                np.testing.assert_allclose(edited.trace.c[-1], (edited.trace.i * edited.trace.g).sum(axis=0), rtol=1e-4, atol=1e-5)
            if lesson.name == "but" and state == "c":
                at = lesson.clamps[0].first
                for unit in range(model.cell.hidden_size):
                    assert not contributions.of_unit(model.cell, edited.trace, unit)[: 1 + at, -1].any()
    assert seen >= {"sentiment-lstm": {*TITLES}, "sentiment-rnn": {"but", "flip"}}.get(name, {"flip"})


def test_how_many_units_turn_the_verdict_is_counted_right():
    model = load("mini-lstm")
    reading = model.run("not the film was bad")
    says = lessons(reading)["flip"].says
    assert "Changing this one unit moves the verdict to the other side." in says
    turned = model.run(reading.text, [clamp.edit for clamp in lessons(reading)["flip"].clamps]).outputs[-1, 1]
    assert (turned > 0.5) != (reading.outputs[-1, 1] > 0.5)
    reading = load("sentiment-lstm").run(TEXT)
    count = int(lessons(reading)["flip"].says.split(" of the 48 units")[0].split()[-1])
    push = reading.model.readout_weight[0] * reading.trace.h[-1]
    order = np.argsort(-push if reading.outputs[-1, 1] > 0.5 else push)
    for units, turns in ((order[: count - 1], False), (order[:count], True)):
        edit = Edit("c", -reading.trace.c[-1, units], steps=24, units=units)
        assert ((reading.model.run(TEXT, [edit]).outputs[-1, 1] > 0.5) != (reading.outputs[-1, 1] > 0.5)) == turns


def test_clamps_and_changes_are_read_back_from_their_text():
    for clamp in (Clamp("f", 0, 4, 9, (3, 7)), Clamp("c", -1.25, 0, 0), Clamp("h", 1e-05, 2, 2, (0,)), Clamp("o", 0.1 + 0.2, 0, 499)):
        back = Clamp.read(str(clamp))
        assert (back.array, back.first, back.last, back.units) == (clamp.array, clamp.first, clamp.last, clamp.units)
        assert back.value == pytest.approx(clamp.value, rel=1e-8)
    for change in (Change("delete", 4), Change("swap", 0), Change("replace", 3, "so_called <b>")):
        assert Change.read(str(change)) == change
    for bad in ("", "f_1", "f_x_0-1_all", "f_1_0-1_", "f_nan_0-1_all", "f_1_0-1_3,4", "f_1_-1-2_all", "f_1_0-99999_all"):
        with pytest.raises(ValueError, match="wanted ARRAY_VALUE"):
            Clamp.read(bad)
    for bad in ("delete_x", "replace_3", "replace_3_", "swap_1_a", "eat_1"):
        with pytest.raises(ValueError, match="wanted delete_K"):
            Change.read(bad)
    assert not Clamp("f", 1, 3, 2).fits("ifgoch", 5, 4)
    assert not Clamp("f", 1, 0, 5).fits("ifgoch", 5, 4)
    assert not Clamp("f", 1, 0, 4, (4,)).fits("ifgoch", 5, 4)
    assert not Clamp("z", 1, 0, 4).fits("ifgoch", 5, 4)
    assert Clamp("f", 1, 0, 4, (3,)).fits("ifgoch", 5, 4)
    assert not Change("swap", 4).fits(5)


@pytest.mark.parametrize("text", ["not a bad,bad film at all", "a👩\u200d👩\u200d👧b it's  x", "one two"])
def test_a_changed_word_leaves_the_others_as_they_are(text):
    tokens = [t.text for t in tokenise(text)]
    for k in range(len(tokens)):
        assert [t.text for t in tokenise(Change("delete", k).apply(text))] == tokens[:k] + tokens[k + 1 :]
        assert [t.text for t in tokenise(Change("replace", k, "two words").apply(text))] == [*tokens[:k], "two", "words", *tokens[k + 1 :]]
        if k + 1 < len(tokens):
            swapped = [*tokens[:k], tokens[k + 1], tokens[k], *tokens[k + 2 :]]
            assert [t.text for t in tokenise(Change("swap", k).apply(text))] == swapped


def test_two_texts_on_one_axis():
    rng = np.random.default_rng(6)
    for _ in range(200):
        first, second = (list(rng.choice(list("abc"), rng.integers(0, 7))) for _ in range(2))
        one, two = align(first, second)
        assert len(one) == len(two) <= len(first) + len(second)
        assert [first[k] for k in one if k >= 0] == first
        assert [second[k] for k in two if k >= 0] == second
        assert not ((one < 0) & (two < 0)).any()
    one, two = align(["a", "b", "c", "d"], ["a", "c", "d"])
    assert (one.tolist(), two.tolist()) == ([0, 1, 2, 3], [0, -1, 1, 2])
    rows = spread(np.arange(6.0).reshape(3, 2), two)
    np.testing.assert_array_equal(rows, [[0, 1], [np.nan, np.nan], [2, 3], [4, 5]])


def test_auc_and_r_are_the_libraries():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(7)
    values = np.round(rng.normal(size=(300, 6)), 1)  # with ties
    target = (rng.uniform(size=300) < 0.3).astype(float)
    values[:, 0] += target
    expected = [roc_auc_score(target, column) for column in values.T]
    np.testing.assert_allclose(properties.auc(values, target), expected, atol=1e-12)
    expected = [np.corrcoef(column, target)[0, 1] for column in values.T]
    np.testing.assert_allclose(properties.correlation(values, target), expected, atol=1e-12)
    assert properties.correlation(np.ones((300, 1)), target) == 0
    with pytest.raises(ValueError, match="got 0 of 300 tokens inside"):
        properties.auc(values, np.zeros(300))


def test_a_units_figure_is_that_of_the_half_which_did_not_choose_it():
    rng = np.random.default_rng(8)
    target, held = (rng.uniform(size=4000) < 0.5).astype(float), np.arange(4000) % 2 == 1
    values = rng.normal(size=(4000, 5))
    values[:, 2] -= 3 * target  # goes down with it, in both halves
    values[:, 4] += np.where(held, -3, 5) * target  # turns round in the held-out half
    found = properties.rank(values, np.where(np.arange(4000) < 100, np.nan, target), held)
    assert found.order[:2].tolist() == [4, 2]
    assert found.sign[[2, 4]].tolist() == [-1, 1]
    assert found.held_auc[2] > 0.95 and found.held_r[2] > 0.7
    assert found.held_auc[4] < 0.05 and found.held_r[4] < -0.7
    assert found.held_tokens == 1950
    assert properties.rank(values, np.arange(4000.0), held).auc is None
    with pytest.raises(ValueError, match="the same at every token of a half"):
        properties.rank(values, np.where(held, 0.0, target), held)


def test_the_corpus_knows_its_truth():
    for words, truth in corpora.made("sentiment")[:100]:
        last, turned = None, False
        for word, said in zip(words, truth["sentiment"], strict=True):
            if word in films.GOOD + films.BAD:
                last, turned = float((word in films.GOOD) != turned), False
            turned = turned or word == "not"
            assert (np.isnan(said) and last is None) or said == last
    model = load("sentiment-gru")
    corpus = corpora.read(model, ["h"])
    assert len(corpus.tokens) == len(corpus.states["h"]) == len(corpus.held)
    assert all(model.vocabulary.known(token) for token in set(corpus.tokens))
    starts = [t for t, s in zip(corpus.tokens, corpus.target("start"), strict=True) if s]
    assert all(t[0].isupper() for t in starts)
    np.testing.assert_array_equal(corpus.states["h"][corpus.text == 0], model.run(" ".join(corpora.made("sentiment")[0][0])).trace.h)


def test_prose_and_brackets_know_their_truth():
    text = """He said: "I don't know." She left.\n"Well, "\nthe end"""
    truth = austen.truths(text)
    assert "".join(ch for ch, q in zip(text, truth["quotes"], strict=True) if q) == """"I don't know."Well, """
    assert "".join(ch for ch, s in zip(text, truth["start"], strict=True) if s) == "HsIdkSlWte"
    assert [int(n) for n in truth["inword"]][10:16] == [1, 0, 1, 2, 3, 4]
    for tokens, truth in corpora.made("brackets")[:40]:
        open_now: list[str] = []
        for k, token in enumerate(tokens):
            open_now.append(token) if token in "([" else open_now.pop()
            assert truth["depth"][k] == len(open_now)
            assert np.isnan(truth["round"][k]) if not open_now else truth["round"][k] == (open_now[-1] == "(")
    passages = austen.passages()
    assert len(passages) == len(set(passages)) == 60
    assert all(250 <= len(text) < 300 and "\n" not in text for text in passages)
    corpus = corpora.read(load("austen-gru"), ["h"])
    assert corpus.place(int(np.flatnonzero(corpus.text == 3)[7])) == 7
    assert corpus.target("words", ["E", "␣"]).sum() == sum(text.lower().count("e") + text.count(" ") for text in passages)


def test_alike_is_where_all_the_units_do_the_same():
    """Against a plain loop: a unit is on at a token if it is on the stretch's side of the middle between its means inside and outside."""
    model = load("brackets-lstm")
    corpus, values, first, last = corpora.read(model, ["c"]), model.run("[()()()()]()[]").trace.c, 1, 8
    found = properties.alike(values, first, last, corpus, "c", 2)
    scores, _ = properties.stretch(values, first, last)
    assert sorted(np.maximum(scores, 1 - scores)[found.units])[0] == sorted(np.maximum(scores, 1 - scores))[-2]
    on = []
    for row in corpus.states["c"]:
        sides = []
        for u in found.units:
            inside, outside = (
                values[first : last + 1, u].mean(dtype=float),
                np.delete(values[:, u], range(first, last + 1)).mean(dtype=float),
            )
            sides.append(row[u] > (inside + outside) / 2 if inside > outside else row[u] < (inside + outside) / 2)
        on.append(all(sides))
    runs = {k for first, last in found.places for k in range(first, last + 1)}
    assert runs == {k for k, is_on in enumerate(on) if is_on}
    assert found.share == pytest.approx(np.mean(on))
    for first, last in found.places:
        assert len(set(corpus.text[first : last + 1])) == 1
        assert first == 0 or not on[first - 1] or corpus.text[first - 1] != corpus.text[first]


def test_a_stretch_is_compared_with_any_other_as_long():
    rng = np.random.default_rng(9)
    values = rng.normal(size=(20, 4))
    values[5:9, 1] += 10
    found, chance = properties.stretch(values, 5, 8)
    assert found[1] == 1
    best = []
    for k in range(20):
        inside = np.isin(np.arange(20), (np.arange(4) + k) % 20).astype(float)
        scores = properties.auc(values, inside)
        best.append(np.maximum(scores, 1 - scores).max())
    assert chance == pytest.approx(np.mean(best))
    with pytest.raises(ValueError, match="got 20 of 20"):
        properties.stretch(values, 0, 19)
