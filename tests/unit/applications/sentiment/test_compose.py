"""The composed sentences: the grammar is whole, its marks mean what they say, and no sentence of the contrast set is among them."""

import re

import numpy as np
import pytest

from core.applications.sentiment.compose import GRAMMAR, Composer, rules
from core.tasks import contrast

LEXICON = {
    ("adj", 1): {"good": 3.0, "awesome": 1.0},
    ("adj", -1): {"bad": 3.0, "dull": 1.0},
    ("noun", 1): {"joy": 1.0},
    ("noun", -1): {"mess": 1.0},
    ("nouns", 1): {"laughs": 1.0},
    ("nouns", -1): {"flaws": 1.0},
}
QUOTES = {0: [("in", "the", "city")], 1: [("full", "of", "wit")], -1: [("a", "long", "yawn")]}
SIGNS = {1.0: "+", 0.0: "-", 0.5: "0"}


def composer(grammar=None):
    made = Composer(LEXICON, QUOTES)
    if grammar is not None:
        made.rules = rules(grammar)
    return made


def told(composed):
    """The words with what is known after each: + good, - bad, 0 nothing yet, ? nobody can tell."""
    return " ".join(f"{word}{SIGNS.get(float(truth), '?')}" for word, truth in zip(composed.words, composed.truth, strict=True))


def both(grammar, seeds=60):
    """What a grammar says, once good and once bad."""
    made = composer(grammar)
    return {told(made.text(np.random.default_rng(seed))) for seed in range(seeds)}


def test_every_name_of_the_grammar_is_one():
    found = rules(GRAMMAR.read_text(encoding="utf-8"))
    named = {name for own in found.values() for _, _, symbols in own for symbol in symbols for name in re.findall(r"\{(\w+)", symbol)}
    assert named - set(found) == {"adj", "noun", "nouns", "quote"}
    assert set(found) - named == {"text"}
    for name, own in found.items():  # whatever the verdict, something can be said
        assert {0} <= {only for _, only, _ in own} or {1, -1} <= {only for _, only, _ in own}, name


def test_every_text_ends_in_a_verdict_and_has_its_words_once():
    made, rng = composer(), np.random.default_rng(0)
    texts = [made.text(rng) for _ in range(5000)]
    assert {float(text.truth[-1]) for text in texts} == {0.0, 1.0}
    assert 0.45 < np.mean([text.truth[-1] for text in texts]) < 0.55
    for text in texts:
        assert len(text.words) == len(text.truth) > 0
        assert not re.search(r"[{}\[\]^~|]", "".join(text.words))
    assert len({tuple(text.words) for text in texts}) > 4000


@pytest.mark.parametrize(
    ("grammar", "said"),
    [
        ("text: it is joy^", {"it0 is0 joy+", "it0 is0 joy-"}),
        ("text: not~ mess^ .", {"not? mess+ .+", "not? mess- .-"}),
        ("text: one^! , but two^", {"one- ,- but- two+", "one+ ,+ but+ two-"}),
        ("text: [ they say ] so^ !", {"they? say? so+ !+", "they? say? so- !-"}),
        ("text: {x!} then {x=}\nx: here^", {"here- then- here+", "here+ then+ here-"}),
        ("text: [ {x!} ]^\nx: here^", {"here+", "here-"}),
        ("text: +: yes^ | -: no^", {"yes+", "no-"}),
        ("# a remark\ntext:\n    {noun=}^", {"joy+", "mess-"}),
        ("text: {noun!}^", {"joy-", "mess+"}),
        ("text: a {adj=}^", {"a0 good+", "an0 awesome+", "a0 bad-", "a0 dull-"}),
        ("text: {quote} . {quote=}^", {"in0 the0 city0 .0 full0 of0 wit+", "in0 the0 city0 .0 a0 long0 yawn-"}),
    ],
)
def test_the_marks(grammar, said):
    assert both(grammar) == said


def test_weights_are_kept_to():
    made, rng = composer("text: 3 yes^ | no^"), np.random.default_rng(1)
    share = np.mean([made.text(rng).words == ["yes"] for _ in range(2000)])
    assert share == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / 2000) ** 0.5)


def test_a_symbol_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"symbol: got '\{x'"):
        composer("text: {x").text(np.random.default_rng(0))


def test_the_contrast_set_is_not_among_them():
    made, rng = composer(), np.random.default_rng(2)
    own = {tuple(made.text(rng).words) for _ in range(20_000)}
    tested, _ = contrast.texts("test")
    long = {tuple(words) for words in tested if len(words) > 4}
    assert len(long) > 300
    assert not own & long
