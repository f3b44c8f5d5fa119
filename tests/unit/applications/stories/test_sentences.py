"""Typed sentences: what is understood, what is refused, and what would be."""

import pytest

from core.applications.stories.sentences import (
    SENTENCES,
    StoryText,
    nearest,
    pieces,
    understood,
)
from core.models import UnknownWords, load

SAME = {
    "Mary went to the kitchen": [
        "mary walked back to the KITCHEN!",
        "Mary moved to the kitchen.",
        "Mary is in the kitchen",
        "Then Mary ran into the kitchen",
    ],
    "John took the apple": ["John picked up the apple", "john GOT the apple.", "John grabbed the apple"],
    "Tom dropped the key": ["Tom put the key down", "Tom discarded the key"],
    "Where is Mary?": ["where is mary", "Where’s Mary?", "Where was Mary?"],
    "Where is the key?": ["where is the key now?"],
    "How many things does Mary carry?": ["How many objects is Mary carrying?", "how many items does Mary have"],
    "Is John in the attic?": ["is john in the attic", "Was John in the attic?"],
}
STRANGE = [
    "Mary did not go to the kitchen",
    "Mary is not in the kitchen",
    "Peter went to the kitchen",
    "Mary ate the apple",
    "Mary went from the kitchen",
    "Mary went to the kitchen and took the apple",
    "Where was the apple before the kitchen?",
    "Mary took the kitchen",
    "she went to the kitchen",
    "👩‍👩‍👧 ❤️",
    "סרט טוב مرحبا",
    "<script>alert(1)</script>",
    "**bold** $x$ :red[no]",
    "x" * 20_000,
    "Mary " * 5_000,
    "a\u200bb\u202ec\x07\x00d",
]


@pytest.mark.parametrize("sentence", [str(s) for s in SENTENCES])
def test_every_sentence_of_the_grammar_is_understood(sentence):
    assert str(understood(sentence)) == sentence
    assert str(understood(sentence.upper() + "!!")) == sentence


@pytest.mark.parametrize(("sentence", "typed"), [(s, t) for s, typed in SAME.items() for t in typed])
def test_other_words_for_the_same(sentence, typed):
    assert str(understood(typed)) == sentence
    assert load("stories-last-lstm").run(typed).ids.tolist() == [[str(s) for s in SENTENCES].index(sentence)]


@pytest.mark.parametrize("text", STRANGE)
def test_what_says_more_or_other_is_not_understood(text):
    assert understood(text) is None
    told = StoryText.of(f"Mary went to the attic. {text}\nTom went to the cellar", 400)
    assert [str(s) for s in told.facts] == ["Mary went to the attic", "Tom went to the cellar"]
    assert "".join("".join(t.text for t in told.strange).split()) == "".join(text.split())
    with pytest.raises(UnknownWords):
        load("stories-last-lstm").run(text)


def test_what_would_be_understood_is_near():
    assert str(nearest("Marry went to the kichen")[0]) == "Mary went to the kitchen"
    assert str(nearest("Mary did not go to the kitchen.")[0]) == "Mary went to the kitchen"
    assert str(nearest("How mny things does John hold?")[0]) == "How many things does John carry?"
    assert {str(s) for s in nearest("Mary went to the kitchen and took the apple")} >= {"Mary went to the kitchen", "Mary took the apple"}
    assert nearest("xyzzy") == nearest("") == ()
    assert all(understood(str(s)) == s for text in STRANGE for s in nearest(text))


def test_pieces_hold_the_whole_text_in_order():
    text = "  Mary went to the attic.\n\nWhere is Mary?!  …\tJohn; x"
    found = pieces(text)
    assert [t.text for t in found][:2] == ["Mary went to the attic.", "Where is Mary?!"]
    assert all(text[t.start : t.start + len(t.text)] == t.text for t in found)
    assert len(pieces("a. " * 1000, 7)) == 7
    assert pieces("") == pieces(" \n . ?!") == []
