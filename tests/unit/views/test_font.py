"""The font that equations are drawn in."""

import html
import io
import re

import numpy as np
from fontTools.ttLib import TTFont

from core.cells import CELLS, LSTM
from core.cells.equations import lines
from core.cells.later import LATER
from core.cells.later import equations as later
from core.cells.notation import NOTATIONS
from core.server import assets
from core.views.stepper import formulas


def test_the_font_of_the_equations_has_every_sign_that_they_have():
    """And the table by which a browser places fractions, roots and what stands over a letter."""
    font = TTFont(io.BytesIO(assets.files()[assets.font()].body))
    assert "MATH" in font
    cells = [*(kind.init(2, 2) for kind in CELLS.values()), LSTM.init(2, 2, peephole=np.zeros((3, 2), np.float32))]
    drawn = "".join(
        formulas.mathml(line.latex(formulas.painted(cell, way))) for cell in cells for way in NOTATIONS.values() for line in lines(cell)
    )
    drawn += "".join(
        formulas.mathml(line.latex(later.style(cell)))
        for cell in (kind.init(2, 2) for kind in LATER.values())
        for line in later.lines(cell)
    )
    signs = set(html.unescape(re.sub(r"<[^>]*>", "", drawn))) | {chr(0x1D44E + k) for k in range(26) if k != 7} | {"\u210e"}
    assert {sign for sign in signs if ord(sign) not in font.getBestCmap()} == set()
