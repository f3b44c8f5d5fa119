"""The code that is handed out gives the same numbers, and the LaTeX is whole."""

import contextlib
import io
import re

import numpy as np

from core.byhand.code import numpy_code
from core.byhand.latex import latex
from core.byhand.presets import presets
from core.byhand.solution import solution
from core.byhand.ways import solved
from tests.unit.byhand.sheets import drawn


def test_the_code_gives_the_same_numbers():
    rng = np.random.default_rng(1)
    for _ in range(150):
        sheet = drawn(rng)
        names, numbers, told = {}, solved(sheet), io.StringIO()
        with contextlib.redirect_stdout(told), np.errstate(all="ignore"):
            exec(numpy_code(sheet), names)
        for name in ("h", "c", "f", "n", "z", "keep"):
            if name in numbers:
                assert np.allclose([step[name] for step in names["steps"]], numbers[name], atol=1e-10), name
        if sheet.loss != "none":
            pairs = {
                "dW": "dW",
                "dU": "dU",
                "db": "db",
                "db2": "db2",
                "dP": "dp",
                "dV": "dV",
                "dd": "dd",
                "d_x": "dx",
                "d_h0": "later_h",
                "d_c0": "later_c",
            }
            for ours, theirs in pairs.items():
                if ours in numbers:
                    assert np.allclose(names[theirs], numbers[ours], atol=1e-9), (ours, sheet.kind, sheet.loss)
        if sheet.loss in ("squared", "linear"):
            assert f"L = {numbers['loss'][0]:.6}"[:9] in told.getvalue()


def test_the_latex_is_whole():
    for preset in presets().values():
        lines = solution(preset.sheet())
        text = latex(lines, 4)
        assert text.count("{") == text.count("}")
        assert text.startswith("\\begin{align*}\n")
        assert text.count(r"&\quad = ") == len(lines)
        assert not re.search(r"[^\x00-\x7f]", text), set(re.findall(r"[^\x00-\x7f]", text))
