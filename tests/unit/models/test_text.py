"""Tokens, vocabulary, and readings of any text one may type."""

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import UnknownWords, load
from core.models.text import MAX_TOKENS, Vocabulary, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \t\n ", []),
        ("It's not bad, is it?", ["It's", "not", "bad", ",", "is", "it", "?"]),
        ("8.5 of 10", ["8.5", "of", "10"]),
        ("<b>bold</b>", ["<", "b", ">", "bold", "<", "/", "b", ">"]),
        ("סרט טוב", ["סרט", "טוב"]),
        ("हिन्दी", ["हिन्दी"]),
        ("👩‍👩‍👧 ❤️", ["👩‍👩‍👧", "❤️"]),
        ("a\u200bb\a", ["a", "U+200B", "b", "U+0007"]),
        ("\u202eevil", ["U+202E", "evil"]),
    ],
)
def test_tokens_as_shown(text, tokens):
    assert [token.shown for token in tokenise(text)] == tokens


@pytest.mark.parametrize(
    ("typed", "meant"), [("didnt", "didn't"), ("Isnt", "Isn't"), ("dont", "don't"), ("Im", "I'm"), ("WOULDNT", "WOULDN'T")]
)
def test_a_contraction_without_its_apostrophe_is_read_as_meant(typed, meant):
    model = load("sentiment-lstm")
    reading = model.run(f"I {typed} like it")
    assert reading.tokens[1] == meant
    assert all(reading.known)
    np.testing.assert_array_equal(reading.trace.h, model.run(f"I {meant} like it").trace.h)


@pytest.mark.parametrize("word", ["its", "were", "ill", "well", "wed", "lets", "id", "cantor"])
def test_what_is_a_word_of_its_own_stays(word):
    assert load("sentiment-lstm").run(word).tokens == (word,)


def test_training_data_is_read_as_it_stands():
    """The cards are of these ids: `--check` computes them anew."""
    vocabulary = load("sentiment-lstm").vocabulary
    assert vocabulary.ids(["didnt"])[0] == vocabulary.ids(["<unk>"])[0]
    assert [t.text for t in vocabulary.tokens("it didnt")] == ["it", "didnt"]
    assert load("austen-lstm").run("didnt").tokens == ("d", "i", "d", "n", "t")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("asdf", "The network knows 0 of this 1 word: too few for a verdict."),
        ("asdf qwer a", "The network knows 1 of these 3 words: too few for a verdict."),
        ("asdf film", ""),
        ("", ""),
    ],
)
def test_mostly_unknown_words_get_no_verdict(text, told):
    assert load("sentiment-gru").run(text).strange == told


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_nothing_but_white_space_is_dropped(text):
    tokens = tokenise(text)
    assert regex.sub(r"\s", "", "".join(t.text for t in tokens)) == regex.sub(r"\s", "", text)
    assert all(text[t.start : t.start + len(t.text)] == t.text for t in tokens)
    assert all(t.shown.strip() for t in tokens)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    reading = load("sentiment-lstm").run(text)
    steps = len(reading.tokens)
    assert reading.outputs.shape == (steps, 2)
    assert len(reading.known) == reading.trace.h.shape[0] == steps
    np.testing.assert_allclose(reading.outputs.sum(axis=1), 1, atol=1e-6)


def test_a_long_text_is_cut_and_says_where():
    reading = load("sentiment-gru").run("word " * 600)
    assert len(reading.tokens) == MAX_TOKENS
    assert (reading.cut.text, reading.cut.start) == ("word", 5 * MAX_TOKENS)
    assert load("sentiment-gru").run("word " * MAX_TOKENS).cut is None


def test_a_huge_text_costs_little_more_than_its_beginning():
    """Tokenising stops at the limit: a megabyte is not walked through."""
    seen = tokenise("word " * 200_000, MAX_TOKENS + 1)
    assert len(seen) == MAX_TOKENS + 1


def test_unknown_words_are_kept_and_marked():
    reading = load("sentiment-lstm").run("a flumdiggity film")
    assert reading.tokens == ("a", "flumdiggity", "film")
    assert reading.known == (True, False, True)
    assert reading.ids[1] == 0


def test_ten_words_refuse_others_by_name():
    with pytest.raises(UnknownWords, match="'excellent'") as caught:
        load("mini-lstm").run("the excellent film was EXCELLENT")
    assert caught.value.words == ["excellent", "EXCELLENT"]
    assert caught.value.vocabulary == load("mini-lstm").vocabulary.words


def test_capitals_and_curly_apostrophes_are_the_same_word():
    model = load("sentiment-rnn")
    np.testing.assert_array_equal(model.run("DON'T").ids, model.run("don’t").ids)


def test_most_common_orders_by_count_then_letter():
    words = Vocabulary.most_common([["b", "a", "c", "b"], ["a", "d"]], 4).words
    assert words == ("<unk>", "a", "b", "c")
