"""The glossary: every term, and the search for one."""

import pytest

from core.views.widgets.glossary import search, terms
from tests.app import opened


def shown(at):
    return [each.value.split("**")[1] for each in at.markdown if each.value.startswith("**")]


def test_every_term_is_shown_until_one_is_searched_for():
    at = opened("glossary")
    titles = [title for title, _ in terms().values()]
    assert sorted(shown(at)) == sorted(titles)
    at.text_input(key="glossary_find").set_value("  FORGET   gate ").run()
    assert shown(at)[0] == "forget gate f"
    assert 1 < len(shown(at)) < len(titles)  # also those whose explanation has it
    at.text_input(key="glossary_find").set_value("").run()
    assert len(shown(at)) == len(titles)


def test_what_no_entry_has_is_told():
    at = opened("glossary", find="**pancake**")
    assert not shown(at)
    assert "pancake" in at.info[0].value
    assert "**" not in at.info[0].value.replace("\\*", "")


@pytest.mark.parametrize("wanted", ["state", "σ", "softmax"])
def test_a_search_finds_titles_first_and_nothing_else(wanted):
    found = search(wanted)
    in_title = [wanted.lower() in title.lower() for title, _ in found]
    assert found
    assert in_title == sorted(in_title, reverse=True)
    has = {title for title, text in terms().values() if wanted.lower() in (title + text).lower()}
    assert {title for title, _ in found} == has
