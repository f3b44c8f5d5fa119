"""Sheets of By hand for node: what is given, and the core's lines and answers."""

from typing import Any

import numpy as np

from core.byhand.lines import fine
from core.byhand.mistakes.diagnoses import check
from core.byhand.sheet import Sheet
from core.byhand.solution import solution
from core.cells import PARAMETERS
from tests.unit.byhand.sheets import drawn

COUNT = 90
SAID = ("", "abc", "1e999", "1,5", ".5", "-.5", "+2", "1e-3", "−0,25", "12345", "1.2.3", "nan", "5e2", "--1", "1e")


def sheets() -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    return [told(drawn(rng, loss="none"), rng) for _ in range(COUNT)]


def told(sheet: Sheet, rng: np.random.Generator) -> dict[str, Any]:
    cell, digits = sheet.cell, int(rng.integers(2, 9))
    peephole = sheet.tables.get("peepholes")
    return {
        "units": sheet.H,
        "size": sheet.D,
        "two": sheet.two,
        "digits": digits,
        "x": sheet.tables["inputs"].ravel().tolist(),
        "starts": dict(zip("hc", sheet.tables["state"].tolist(), strict=False)),
        "peephole": None if peephole is None else peephole.ravel().tolist(),
        **{name: getattr(cell, name, np.empty(0)).ravel().tolist() for name in PARAMETERS},
        "lines": [{"name": line.name, "plan": line.right.plan()} for line in fine(cell)],
        "worked": [
            {"name": line.name, "step": line.index[0] - 1, "unit": line.index[1] - 1, "value": line.value}
            | {"numbers": line.numbers(digits), "result": line.result(digits), "answers": answers(sheet, line.key, line.value, rng)}
            for line in solution(sheet)
        ],
    }


def answers(sheet: Sheet, key: str, value: float, rng: np.random.Generator) -> list[list[Any]]:
    """What the core says of right numbers, of nearly right ones, and of anything."""
    places = int(rng.integers(1, 7))
    said = [f"{value:.{places}f}", f"{value:.{places}g}", f"{value + 10.0**-places * 3:.{places + 1}f}", str(rng.choice(SAID))]
    found = []
    for text in said:
        answer = check(sheet, key, text)
        found.append([text, answer.verdict, answer.digits])
    return found
