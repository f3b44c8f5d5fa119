"""By hand: another cell for the numbers that stand there."""

import numpy as np

from core.byhand.link import packed
from core.byhand.presets import presets
from core.byhand.resizing import resized
from core.views import state
from core.views.state import ByHand
from tests.app import opened


def test_a_cell_that_these_numbers_do_not_allow_is_refused_in_words():
    """f and i would be 0, and their sum cannot divide: the sheet stays as it was."""
    start = resized(presets()["gomez"].sheet(), kind="gru")
    sheet = start.changed(tables=dict(start.tables) | {"inputs": np.full_like(start.tables["inputs"], -1000)})
    at = opened("by_hand", hand=packed(sheet))
    at.segmented_control(key="given_cell").set_value("later").run()
    at.segmented_control(key="given_later").set_value("minlstm").run()
    assert not at.exception
    assert any("f and i of unit 1 are both almost 0" in each.value for each in at.info)
    assert at.session_state[state.key(ByHand)].now.kind != "minlstm"
