"""What the URL may say on *Conventions* of the cells after the LSTM: rows of the table in `core.views.parameters`.

The URL has only what is otherwise than trained.
"""

import streamlit as st

from core.cells.later import LATER
from core.layouts.later import CONVERSIONS
from core.views.widgets.incoming import Page, Parameter, flag, one_of, text

FIRST = next(iter(LATER))
TEXT = "the film was not good"  # which is read at first


def _option(name: str) -> Parameter:
    """An option of the cells that have it."""
    return Parameter(
        f"later_{name}",
        "later_options",
        one_of(lambda page: LATER[page.later].OPTIONS[name]),
        f"later_{{later}}_{name}",
        lambda page: LATER[page.later].OPTIONS[name][0],
        here=lambda page: name in LATER[page.later].OPTIONS,
        quiet=True,
    )


def converts(page: Page) -> bool:
    """Whether the chosen convention is one for which the weights can be converted."""
    if page.later not in CONVERSIONS:
        return False
    option = CONVERSIONS[page.later][0]
    return bool(st.session_state.get(f"later_{page.later}_{option}") != LATER[page.later].OPTIONS[option][0])


LATER_CONVENTIONS = (
    Parameter("later", "later_cell", one_of(LATER), "later_cell", FIRST, quiet=True),
    Parameter("later_words", "later_cell", text(200), "later_words", TEXT, quiet=True),
    *map(_option, dict.fromkeys(option for kind in LATER.values() for option in kind.OPTIONS)),
    Parameter("later_convert", "later_options", flag(), "later_{later}_convert", False, here=converts),  # after the options, which it needs
)
