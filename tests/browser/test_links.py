"""Hostile links in a real browser: no exception box, no dialog, no console error, no request to another host, and a heading on every page.

The links are those of tests/attacks; what a tab watches anyway is in conftest.
"""

import random
from urllib.parse import urlencode

import pytest

from core.classroom.codes import code_of
from tests.attacks import links

FEW, MANY = 10, 200
LONGEST = 30_000  # characters of an address: a longer one does not reach the pages


def address(k: int) -> str:
    """A hostile link by its number: every page in turn."""
    page = sorted(links.READ_BY)[k % len(links.READ_BY)]
    query = links.link(random.Random(f"browser {k}"), page, longest=5000)
    for name in [*query]:
        query[name] = [said for said in query[name] if not code_of(said)]  # a room that is not there answers 404, as it should
        if len(urlencode(query, doseq=True)) > LONGEST:
            del query[name]
    return f"/{'' if page == 'start' else page}?{urlencode(query, doseq=True)}"


def follow(tab, numbers: range) -> None:
    """Opens the links; the tab's faults are looked at when the test ends."""
    tab.on("dialog", lambda dialog: (tab.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    for k in numbers:
        print(f"link {k}", flush=True)
        tab.visit(address(k))
        boxes = tab.page.locator("[data-testid=stException]").all_inner_texts()
        tab.faults += [f"link {k}: {box}" for box in boxes]


def test_hostile_links(tab):
    follow(tab, range(0, 2 * FEW, 2))


@pytest.mark.heavy
def test_two_hundred_hostile_links(tab):
    follow(tab, range(MANY))


def test_a_long_paste_is_read_to_its_limit(tab):
    tab.open()
    tab.field.fill("x" * 30_000)
    tab.at(steps=1)
    tab.page.get_by_text("Only the first 20,000 characters are read; the rest is left out.").wait_for()
    assert not tab.page.get_by_text("/400000").is_visible()
