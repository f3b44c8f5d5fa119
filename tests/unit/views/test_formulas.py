"""The equations that the stepper is sent: made once for a cell, and not a reason to keep one."""

import gc
from weakref import ref

import pytest

from core.cells import CELLS
from core.views.stepper import formulas


@pytest.mark.parametrize("kind", CELLS)
def test_made_once_for_a_cell(kind):
    cell = CELLS[kind].init(2, 3, seed=1)
    assert formulas.payload(cell) is formulas.payload(cell)
    assert formulas.payload(cell, True) is not formulas.payload(cell)


@pytest.mark.parametrize("kind", CELLS)
def test_a_visitors_cell_is_let_go(kind):
    """Its weights may be 25 MB."""
    cell = CELLS[kind].init(2, 3, seed=1)
    formulas.payload(cell)
    held = ref(cell)
    del cell
    gc.collect()
    assert held() is None
