"""What a class types first is read right, where it is typed: on Start, by the LSTM and by the GRU."""

import re

import pytest
from playwright.sync_api import expect

from core.cells import GATED


@pytest.mark.parametrize("cell", GATED)
def test_start_reads_what_a_class_types(tab, cell):
    tab.open(model=f"sentiment-{cell}")
    for text, tokens, good in (
        ("not bad", 2, True),
        ("not good", 2, False),
        ("It was long and dull at first, and then wonderful.", 12, True),
        ("I have never seen a worse film.", 8, False),
    ):
        tab.type(text)
        tab.at(step=tokens - 1, steps=tokens)
        expect(tab.part("verdict")).to_have_text(re.compile(r"^(9\d|100) %$" if good else r"^\d %$"))
