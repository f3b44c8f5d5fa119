"""Every family of models by its name on cards, one file each; several are offered in this order."""

from core.families import (
    adding,
    austen,
    brackets,
    copying,
    counting,
    embedded,
    mini,
    own,
    reber,
    sentiment,
    speech,
    stocks,
    stories,
    synthesis,
)
from core.families.family import Family


class Families(dict[str, Family]):
    """The shipped families. The record of a visitor's own network is found by its name, too, and is not listed."""

    def __missing__(self, name: str) -> Family:
        return own.of(name)


FAMILIES = Families(
    (family.name, family)
    for family in (
        sentiment.FAMILY,
        mini.FAMILY,
        austen.FAMILY,
        brackets.FAMILY,
        counting.FAMILY,
        reber.FAMILY,
        embedded.FAMILY,
        adding.FAMILY,
        copying.FAMILY,
        stories.FIRST,
        stories.LAST,
        speech.FAMILY,
        synthesis.FAMILY,
        stocks.FAMILY,
    )
)
EVERYWHERE = tuple(name for name, family in FAMILIES.items() if family.entry and family.entry.everywhere)
