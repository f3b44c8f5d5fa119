"""Every family's record is complete: what it names is there, and what it says fits its models."""

from dataclasses import fields, is_dataclass
from inspect import signature
from pathlib import Path
from pkgutil import resolve_name

import numpy as np
import pytest

from core.cells import CELLS
from core.families import EVERYWHERE, FAMILIES
from core.families.family import Family
from core.insight import corpora, counting
from core.insight.whatif import TITLES
from core.models import catalogue, load
from core.models.catalogue import READS, Model
from core.models.text import Vocabulary
from core.training.job import Job

EVERY = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def of(family: Family) -> list[str]:
    """The names of its models."""
    return [name for name, card in catalogue().items() if card.task == family.name]


def empty(record: object, name: str = "") -> list[str]:
    """Where a record, or one inside it, has a text, a tuple or a table without content."""
    if is_dataclass(record):
        return [place for f in fields(record) for place in empty(getattr(record, f.name), f"{name}.{f.name}")]
    if isinstance(record, dict):
        return [place for key, value in record.items() for place in empty(value, f"{name}[{key}]")] if record else [name]
    if isinstance(record, tuple):
        return [place for k, value in enumerate(record) for place in empty(value, f"{name}[{k}]")] if record else [name]
    return [name] if record == "" else []


MAY_BE_EMPTY = {".examples", ".reads", ".told_seeds", ".told_budget", ".published", ".what_if", ".entry.words", ".layer"}


@EVERY
def test_nothing_is_left_empty(family):
    assert not set(empty(family)) - MAY_BE_EMPTY
    assert FAMILIES[family.name] is family
    assert family.title[0].isupper() or family.title == "aⁿbⁿ"


def test_the_check_sees_what_is_empty():
    assert set(empty(Family("x", "", "m:j", examples=(("a", ""),)))) - MAY_BE_EMPTY == {".title", ".examples[0][1]"}


def test_every_card_belongs_to_a_family():
    assert {card.task for card in catalogue().values()} == set(FAMILIES)
    assert {card.cell for card in catalogue().values()} == set(CELLS)


@EVERY
def test_its_job_is_one(family):
    job = resolve_name(family.job)
    assert isinstance(job, Job)
    assert {f"{family.name}-{cell}" for cell in job.cells} == set(of(family))
    signature(job.train).bind("lstm", Path(), 0)
    signature(job.measured).bind(None, Path())


@EVERY
def test_its_cards_can_be_read(family):
    """By a reader that many families share, else by the record's own."""
    cards = [catalogue()[name] for name in of(family)]
    (reads,) = {card.reads for card in cards}
    assert (reads in READS) == (not family.reads)
    model, vocabulary = READS.get(reads) or map(resolve_name, family.reads)
    assert issubclass(model, Model)
    assert issubclass(vocabulary, Vocabulary)
    assert all(type(load(card.name)) is model and type(load(card.name).vocabulary) is vocabulary for card in cards)


@EVERY
def test_its_models_read_its_examples(family):
    titles = [title for title, _ in family.examples]
    assert len(set(titles)) == len(titles)
    for name in of(family):
        for _, text in (*family.examples, *family.what_if.items()):
            assert load(name).run(text).tokens
    assert set(family.what_if) <= set(TITLES)


@EVERY
def test_what_is_typed_has_examples(family):
    """The text field has a menu of them, and begins with the first."""
    assert not family.entry or family.examples
    assert not family.entry or {f"{family.name}-{cell}" for cell in CELLS} <= set(of(family))
    if family.entry and family.entry.words:
        assert load(f"{family.name}-lstm").vocabulary.closed
    assert (family.name in EVERYWHERE) == bool(family.entry and family.entry.everywhere)


@EVERY
def test_several_answers_are_named(family):
    """Of an application its view may do so."""
    if not family.application and any(len(catalogue()[name].labels) > 2 for name in of(family)):
        assert family.answers.title != "answer"
    assert "{percent}" in family.answers.meaning


@pytest.mark.parametrize("family", [f for f in FAMILIES.values() if f.corpus], ids=lambda f: f.name)
def test_the_corpus_knows_the_properties_it_promises(family):
    found = corpora.made(family.name)
    assert family.entry
    assert {*found[0][1], "position", "words"} == set(family.corpus.properties)
    for tokens, truths in found:
        assert tokens
        assert all(len(values) == len(tokens) for values in truths.values())
    assert not family.corpus.source.format(seed=corpora.SEED).endswith(" ")
    vocabulary = load(f"{family.name}-lstm").vocabulary
    assert all(vocabulary.known(token) for token in family.corpus.choice.split())


@pytest.mark.parametrize("family", [f for f in FAMILIES.values() if f.strings], ids=lambda f: f.name)
def test_the_strings_can_be_read_and_followed(family):
    least, most, first = family.strings.numbers
    assert least <= first <= most
    for number in (least, first):
        assert load(f"{family.name}-lstm").run(counting.drawn(family.name, number)).tokens
    ids, target = counting.sample(family.name)
    assert ids.shape == target.shape
    assert np.isfinite(target).any()
    assert family.told_seeds


@EVERY
def test_the_seeds_told_are_on_the_cards(family):
    for name in of(family) if family.told_seeds else ():
        assert family.told_seeds in catalogue()[name].metric
