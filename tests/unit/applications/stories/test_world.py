"""The world of the stories against a naive teller, and what is held out."""

import math

import numpy as np
import pytest

from core.applications.stories import data as stories
from core.applications.stories import insight
from core.applications.stories import train as training
from core.applications.stories.sentences import (
    QUESTIONS,
    SENTENCES,
    STATEMENTS,
    StoryText,
    understood,
)
from tests.unit.applications.stories.teller import naive


@pytest.mark.parametrize("legal", [True, False], ids=["drawn", "any-order"])
def test_the_world_is_what_a_naive_teller_says(legal):
    ids = stories.draw(np.random.default_rng(1), 60, 14) if legal else np.random.default_rng(2).integers(0, len(STATEMENTS), (60, 14))
    truth = stories.simulate(ids)
    seen = set()
    for row, told in zip(ids, truth, strict=True):
        for t in (0, 1, 6, 13):
            for k, question in enumerate(QUESTIONS):
                said = naive([str(STATEMENTS[s]) for s in row[: t + 1]], str(question))
                assert stories.LABELS[told[t, k]] == said
                seen.add(said)
    assert seen >= set(stories.LABELS) - {"3"}
    assert legal <= ("3" in seen)


def test_a_drawn_story_is_possible_and_the_same_seed_draws_it_again():
    ids = stories.draw(np.random.default_rng(3), 200, 20)
    assert all(stories.breaks(row) == [] for row in ids)
    assert np.array_equal(ids, stories.draw(np.random.default_rng(3), 200, 20))
    only = stories.draw(np.random.default_rng(3), 200, 20, moves=1.0)
    assert stories.GO[only].all()
    assert not stories.GO[ids].all()


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Mary went to the kitchen. Mary went to the kitchen.", [1]),
        ("Mary went to the kitchen. Mary took the key. John took the key.", [2]),
        ("Mary dropped the key.", [0]),
        ("Mary went to the attic. Mary took the key. Mary dropped the key. John went to the cellar. John took the key.", [4]),
        ("Mary went to the attic. Mary took the key. Mary dropped the key. John went to the attic. John took the key.", []),
    ],
)
def test_a_sentence_that_breaks_the_story_is_found(text, broken):
    assert stories.breaks(np.array([STATEMENTS.index(s) for s in StoryText.of(text, 99).facts])) == broken


def test_held_out_stories_begin_as_no_training_story_does():
    held, seen = (stories.draw(np.random.default_rng(4), 20_000, 2, held_out=which) for which in (True, False))
    begins = [{tuple(row) for row in ids.tolist()} for ids in (held, seen)]
    assert not begins[0] & begins[1]
    assert 0.15 < len(begins[0]) / len(begins[0] | begins[1]) < 0.35
    ids, question, truth = training.held_out(7, "two facts", 10, 300)
    assert stories.HELD[ids[:, 0], ids[:, 1]].all()
    assert np.array_equal(stories.simulate(ids)[np.arange(len(ids)), -1, question], truth)


@pytest.mark.parametrize("plan", [training.First, training.Last])
def test_what_training_draws_is_true_and_not_held_out(plan):
    plan = plan()
    plan.done = plan.updates  # the longest stories
    random = np.random.default_rng(6)
    for _ in range(5):
        read, said = plan.draw(random)
        for row, answers in zip(read[:20], said[:20], strict=True):
            facts: list[str] = []
            question = str(SENTENCES[row[0]]) if plan.first else None
            for k, answer in zip(row, answers, strict=True):
                if k < len(STATEMENTS):
                    facts.append(str(STATEMENTS[k]))
                asked = question if plan.first and facts else str(SENTENCES[k]) if k >= len(STATEMENTS) and not plan.first else None
                assert (answer >= 0) == (asked is not None)
                assert asked is None or stories.LABELS[answer] == naive(facts, asked)
            first = [k for k in row if k < len(STATEMENTS)][:2]
            assert len(first) < 2 or not stories.HELD[tuple(first)]


def test_questions_of_a_kind_are_answered_by_the_story():
    truth = stories.simulate(stories.draw(np.random.default_rng(8), 400, 10))[:, -1]
    for kind, (verb, about) in stories.KINDS.items():
        question = stories.asked(np.random.default_rng(9), truth, kind)
        for row, k in zip(truth, question, strict=True):
            if k >= 0:
                assert QUESTIONS[k].verb == verb
                assert (QUESTIONS[k].what if verb == "where" else QUESTIONS[k].who) in about
                assert row[k] != stories.UNKNOWN
        if kind == "yes or no":
            yes = truth[np.arange(400), question] == stories.YES
            assert yes.mean() == pytest.approx(0.5, abs=5 * math.sqrt(0.25 / 400))


def test_supporting_facts():
    def by(text: str, question: str) -> list[int]:
        return stories.supports(
            np.array([STATEMENTS.index(s) for s in StoryText.of(text, 99).facts], int), QUESTIONS.index(understood(question))
        )

    assert by(insight.WALK, "Where is Mary?") == [4]
    two = "Mary went to the kitchen. Mary took the apple. John went to the garden. Mary went to the office."
    assert by(two, "Where is the apple?") == [1, 3]
    assert by("", "Where is Mary?") == []
    assert by("Mary went to the attic.", "Is Mary in the attic?") == [0]
