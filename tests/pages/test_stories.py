"""Machine comprehension: what is typed or clicked is read, what is not understood is named and stays, and what the page says is what the networks gave."""

import re
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.applications.stories import data as stories
from core.applications.stories import insight
from core.applications.stories import view as draw
from core.applications.stories import view_figures as story_figures
from core.applications.stories import view_places as story_places
from core.applications.stories.sentences import SENTENCES, StoryText, understood
from core.cells import CELLS
from core.models import catalogue, load
from core.models.text import MAX_TOKENS
from tests import app
from tests.app import NASTY, figures, panel, stepper

NAMES = [f"stories-{order}-{cell}" for order in draw.ORDERS for cell in CELLS]
WALK = StoryText.of(insight.WALK, 99).facts


opened = partial(app.opened, "stories")


def tell(at: AppTest, text: str) -> AppTest:
    at.text_area(key="stories_text").set_value(text).run()
    assert not at.exception
    return at


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("name", NAMES)
def test_every_model_answers_the_story_it_opens_with(name):
    at = opened(model=name)
    assert not at.exception
    sent = stepper(at)
    asked = [insight.ASKED]
    told = [f"{s}." for s in WALK]
    assert sent["tokens"] == (asked + told if "first" in name else told + asked)
    best = load(name).run(" ".join(sent["tokens"])).outputs[-1]
    assert any(f"{stories.LABELS[best.argmax()]}** ({100 * best.max():.1f}\N{NO-BREAK SPACE}%)" in m.value for m in at.markdown)
    assert any("According to the story: **cellar** (*5. Mary went to the cellar*)" in m.value for m in at.markdown)
    assert {"x", "p"} < {p["name"] for p in sent["layers"][0]["panels"]} | {"x"}
    assert sent["link"]["model"] == name


def test_the_panel_of_answers_asks_after_every_sentence():
    at = opened(model="stories-last-lstm")
    p = panel(stepper(at), "p")
    model = load("stories-last-lstm")
    for t in range(len(WALK)):
        story = " ".join(f"{s}." for s in WALK[: t + 1])
        np.testing.assert_allclose(p[t], model.run(f"{story} {insight.ASKED}").outputs[-1], atol=1e-4)
    np.testing.assert_allclose(panel(stepper(opened(model="stories-first-gru")), "p")[1:].sum(axis=1), 1, atol=1e-4)


def test_a_story_built_by_clicks():
    at = opened(model="stories-last-lstm")
    click(at, "stories_clear")
    assert stepper(at)["tokens"] == [insight.ASKED]
    at.segmented_control(key="stories_who").set_value("Tom").run()
    click(at, "stories_go_attic")
    click(at, "stories_take_key")
    at.segmented_control(key="stories_who").set_value("Mary").run()
    click(at, "stories_go_garden")
    at.selectbox(key="stories_ask").set_value("Where is the key?").run()
    assert stepper(at)["tokens"] == ["Tom went to the attic.", "Tom took the key.", "Mary went to the garden.", "Where is the key?"]
    assert any("**LSTM: attic**" in m.value and "right" in m.value for m in at.markdown)
    click(at, "stories_back")
    assert len(stepper(at)["tokens"]) == 3  # one sentence fewer


@pytest.mark.parametrize(("title", "story", "question"), draw.EXAMPLES, ids=[e[0].replace(" ", "-") for e in draw.EXAMPLES])
def test_examples_are_read(title, story, question):
    at = opened(model="stories-first-lstm")
    click(at, f"stories_example_{[e[0] for e in draw.EXAMPLES].index(title)}")
    assert stepper(at)["tokens"][0] == question
    assert len(stepper(at)["tokens"]) == 1 + len(StoryText.of(story, 99).facts)
    assert not at.warning


def test_a_sentence_outside_the_grammar_is_named_and_stays():
    at = opened(model="stories-last-lstm")
    text = "Mary went to the attic.\nMary ate the apple.\nTom went to the cellar."
    tell(at, text)
    assert at.text_area(key="stories_text").value == text
    assert "Mary ate the apple\\." in at.warning[0].value
    assert stepper(at)["tokens"] == ["Mary went to the attic.", "Tom went to the cellar.", insight.ASKED]
    near = [b.label for b in at.button if (b.key or "").startswith("near_fact_0")]
    assert near[0] == "Mary took the apple"
    click(at, "near_fact_0_0")
    assert at.text_area(key="stories_text").value == text.replace("ate", "took")
    assert not at.warning


@pytest.mark.parametrize("text", NASTY)
def test_anything_can_be_typed(text):
    at = tell(opened(model="stories-last-gru"), text)
    assert at.text_area(key="stories_text").value == text
    assert stepper(at)["tokens"] == [insight.ASKED]
    assert bool(at.warning) == bool(text.strip())
    linked = opened(model="stories-last-gru", text=insight.WALK, ask=text)
    assert not linked.exception
    assert stepper(linked)["tokens"][-1] == insight.ASKED  # a good question stays
    assert bool(linked.warning) == bool(text.strip())


def test_many_sentences_are_read_and_more_are_cut():
    at = tell(opened(model="stories-last-lstm"), "Mary went to the attic. John went to the cellar. " * 300)
    assert len(stepper(at)["tokens"]) == MAX_TOKENS  # the question is one
    assert any(f"Only the first {MAX_TOKENS - 1} sentences" in i.value for i in at.info)
    assert any("Shown for up to" in c.value for c in at.caption)


def test_a_question_typed_behind_the_story_is_asked():
    at = tell(opened(model="stories-last-lstm"), "Tom went to the office. How many things is Tom carrying?")
    assert at.text_area(key="stories_text").value == "Tom went to the office."
    assert at.selectbox(key="stories_ask").value == "How many things does Tom carry?"
    assert any("**LSTM: 0**" in m.value for m in at.markdown)


def test_a_typed_question_and_one_that_is_not_understood():
    at = opened(model="stories-first-lstm", ask="where's Tom")
    assert not at.exception
    assert stepper(at)["tokens"][0] == "Where is Tom?"
    bad = opened(model="stories-first-lstm", ask="Where is **Peter**?")
    assert r"Where is \*\*Peter\*\*?" in bad.warning[0].value
    click(bad, "near_ask_1")
    assert not bad.warning
    assert stepper(bad)["tokens"][0] == "Where is John?"


def test_a_story_that_breaks_is_told():
    at = tell(opened(), "Mary went to the attic. Mary took the key. John took the key.")
    assert any("Sentence 3" in i.value for i in at.info)


@pytest.mark.parametrize(("name", "cell"), [(n, c) for c in ("lstm", "gru") for n in story_places.places(c)])
def test_look_here_goes_there(name, cell):
    at = opened(model=f"stories-first-{cell}", text="Tom went to the attic.", ask="Where is Tom?")
    click(at, f"stories_look_{name}")
    place, sent = story_places.places(cell)[name], stepper(at)
    assert {k: sent["goto"][k] for k in ("step", "unit", "array")} == {k: getattr(place, k) for k in ("step", "unit", "array")}
    assert sent["link"]["model"] == f"stories-{place.order}-{cell}"
    assert any(m.value == story_places.caption(name, cell) for m in at.markdown)
    linked = opened(**{k: v for k, v in sent["link"].items() if v})
    assert stepper(linked)["start"] == {"step": place.step, "unit": place.unit, "array": place.array}
    assert any(m.value == story_places.caption(name, cell) for m in linked.markdown)
    tell(at, "Tom went to the attic.")
    assert not any(m.value == story_places.caption(name, cell) for m in at.markdown)


def test_the_chart_shows_the_cards_figures_after_the_answer():
    at = opened(model="stories-last-lstm")
    before = len(figures(at))
    click(at, "answer_stories_2")
    assert len(figures(at)) == before + 1
    for order in draw.ORDERS:
        for kind in stories.KINDS:
            _, columns = story_figures.accuracy(order, kind)
            for k, n in enumerate(columns["sentences"]):
                for cell in CELLS:
                    assert (
                        columns[cell.upper()][k]
                        == 100 * catalogue()[f"stories-{order}-{cell}"].metric[f"{kind}, {n} sentences"]["accuracy"]
                    )
    said = next(m.value for m in at.markdown if "At 30 sentences" in m.value)
    found = story_figures.at_most("last", "two facts")
    assert [float(v) for v in re.findall(r"\*\*(\d+\.\d) %\*\*", said)] == [round(v, 1) for v in found.values()]
    assert ("Right" in said) == (found["gru"] == max(found.values()))


def test_six_networks_answer_beside_the_truth():
    rows = story_figures.all_six(WALK, understood(insight.ASKED))
    for k, order in enumerate(draw.ORDERS):
        for cell in CELLS:
            reading = draw.read(order, cell, WALK, understood(insight.ASKED))
            best = stories.LABELS[int(reading.outputs[-1].argmax())]
            assert rows[cell.upper()][k].startswith(f"{'✓' if best == 'cellar' else '✗'} {best}")


@pytest.mark.parametrize("name", NAMES)
def test_what_it_cannot_do(name):
    at = opened(model=name)
    for k, (_, story, question) in enumerate(draw.CANNOT):
        assert StoryText.of(story, 99).strange or understood(question) is None
        click(at, f"stories_cannot_{k}")
        assert at.warning
    click(at, "stories_wrong")
    assert not at.warning
    said = next(m.value for m in at.markdown if "According to the story" in m.value)
    assert "wrong" in said
    told, truth = re.search(r": (.+?)\*\*", said)[1], re.search(r"story: \*\*(.+?)\*\*", said)[1]
    assert told != truth


def test_what_it_cannot_do_is_what_the_card_says():
    for name in NAMES:
        card = catalogue()[name]
        said = story_figures.cannot(name)
        assert f"{100 * card.metric['two facts, 30 sentences']['accuracy']:.0f}\N{NO-BREAK SPACE}% at 30" in said
        assert (
            f"gives {100 * card.baseline['all sentences, no order']['two facts, 30 sentences']['accuracy']:.0f}\N{NO-BREAK SPACE}%" in said
        )


def test_a_link_restores_story_question_and_model_and_a_bad_one_is_told():
    at = opened(model="stories-first-gru", text="Tom went to the attic. Tom took the book.", ask="Is Tom in the attic?")
    assert stepper(at)["tokens"] == ["Is Tom in the attic?", "Tom went to the attic.", "Tom took the book."]
    again = stepper(opened(**{k: v for k, v in stepper(at)["link"].items() if v}))
    assert again["tokens"] == stepper(at)["tokens"]
    bad = opened(model="mini-lstm", text="<b>x</b>", ask="**?**")
    assert not bad.exception
    assert "mini" in bad.warning[0].value


def test_a_new_story_is_held_out_and_understood():
    at = opened()
    click(at, "stories_new")
    told = StoryText.of(at.text_area(key="stories_text").value, 99)
    ids = [SENTENCES.index(s) for s in told.facts]
    assert not told.strange
    assert stories.HELD[ids[0], ids[1]]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_the_parts_is_what_they_are(name):
    order, cell = name.split("-")[1:]
    for _, story, question in draw.EXAMPLES:
        reading = draw.read(order, cell, StoryText.of(story, 99).facts, understood(question))
        _, columns = story_figures.remains(reading)
        said = story_figures.most(reading, columns)
        needed = max(range(len(reading.tokens)), key=lambda k: columns["loss if not read"][k])
        assert f"depends most on *{needed + 1}\\. " in said or f"depends most on *{needed + 1}. " in said
        if cell == "rnn":
            assert "contribution" not in said
            continue
        largest = max(range(len(reading.tokens)), key=lambda k: columns["contribution"][k])
        assert ("That sentence also made" in said) == (largest == needed)
        assert ("later steps" in said) == (largest > needed)


def test_a_sentence_is_about_the_person_chosen_last():
    """Also where the click comes before the page was drawn again: both reach the server in one message."""
    at = tell(opened(model="stories-last-lstm"), "")
    verb, _, whats = draw.VERBS[0][0]
    at.segmented_control(key="stories_who").set_value("Mary")
    at.button(key=f"stories_{verb}_{whats[0]}").click().run()
    assert not at.exception
    assert at.text_area(key="stories_text").value.startswith("Mary ")
