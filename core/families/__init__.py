"""Every family of models by its name on cards, one file each; several are offered in this order."""

from core.families import (
    adding,
    austen,
    brackets,
    copying,
    counting,
    embedded,
    mini,
    reber,
    sentiment,
    speech,
    stocks,
    stories,
    synthesis,
)
from core.families.family import Family

FAMILIES: dict[str, Family] = {
    family.name: family
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
}
EVERYWHERE = tuple(name for name, family in FAMILIES.items() if family.entry and family.entry.everywhere)
