"""The formulas as they are printed, read back by a small reader of LaTeX that knows nothing of our terms, give the trace."""

import re
from itertools import product

import numpy as np
import pytest

from core.cells import GRU, LSTM, RNN
from core.cells.activations import ACTIVATIONS, GATES
from core.cells.equations import lines, values
from core.cells.notation import NOTATIONS, Style

ROWS = {LSTM: "ifgo", GRU: "rzn", RNN: "h"}
FUNCTIONS = {
    r"\sigma": "sigmoid",
    r"\mathrm{hard}\,\sigma_6": "hard_sigmoid_6",
    r"\mathrm{hard}\,\sigma": "hard_sigmoid",
    r"|\tanh|": "abs_tanh",
    r"\tanh": "tanh",
    r"\mathrm{ReLU}": "relu",
    r"\mathrm{LeakyReLU}": "leaky_relu",
    r"\mathrm{softmax}": "softmax",
}


def python(latex: str) -> str:
    """A right side as a Python expression: a matrix before a vector or a bracket is applied to it, a curve to what follows."""
    text = latex.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\odot", "*").replace(r"\, ", " ")
    for printed, name in sorted(FUNCTIONS.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(printed, f"{name} ")
    text = re.sub(r"\b([WU])(?:_\{(\w+)\}|(?= ))\s*", r"\1['\2'] @ ", text)
    text = re.sub(r"\b(b'?|p)_\{(\w+)\}", lambda m: f"{m[1].replace(chr(39), '_')}['{m[2]}']", text)
    text = re.sub(r"\b(b'?)(?=\s*[+)]|$)", lambda m: f"{m[1].replace(chr(39), '_')}['']", text)
    text = re.sub(r"\b([a-z])_\{t-1\}", r"\1_before", text)
    text = re.sub(r"\b([a-z])_t\b", r"\1", text)
    return re.sub(r"\b(tanh|relu|leaky_relu|softmax|abs_tanh)\s+(?!\()(\w+)", r"\1(\2)", text)


def names(cell: LSTM | GRU | RNN, notation: str) -> dict:
    """What the letters of a notation stand for: parameters by gate, in torch's notation by where they come from and gate."""
    gates, found = ROWS[type(cell)], {"W": {}, "U": {}, "b": {}, "b_": {}, "p": {}}
    for k, gate in enumerate(gates):
        rows = slice(k * cell.hidden_size, (k + 1) * cell.hidden_size)
        parts = (cell.weight_ih[rows], cell.weight_hh[rows], cell.bias_ih[rows], cell.bias_hh[rows])
        if notation == "torch":
            found["W"] |= {f"i{gate}": parts[0], f"h{gate}": parts[1]}
            found["b"] |= {f"i{gate}": parts[2], f"h{gate}": parts[3]}
        else:
            for letter, part in zip(("W", "U", "b", "b_"), parts, strict=True):
                found[letter]["" if isinstance(cell, RNN) else gate] = part
    if getattr(cell, "peephole", None) is not None:
        found["p"] = dict(zip("ifo", cell.peephole, strict=True))
    return found


def cells() -> list:
    rng, made = np.random.default_rng(0), []
    for candidate, output in product(ACTIVATIONS, ("tanh", "relu")):
        made += [RNN.init(3, 4, 1, np.float64, activation=candidate)]
        made += [
            GRU.init(3, 4, 2, np.float64, candidate=candidate, reset=r, keep=k, gate=g)
            for r, k, g in product(("after", "before"), ("z", "1-z"), GATES)
        ]
        ways = ({}, {"coupled": True}, {"forget": False}, {"peephole": rng.normal(size=(3, 4))}, {"gate": "hard_sigmoid"})
        made += [LSTM.init(3, 4, 3, np.float64, candidate=candidate, output=output, **way) for way in ways]
    return made


@pytest.mark.parametrize("notation", ["ours", "torch"])
def test_the_printed_formula_gives_the_trace(notation):
    x = np.random.default_rng(1).normal(size=(6, 3))
    tried = 0
    for cell in cells():
        known = values(cell.run(x))
        for line in lines(cell):
            left, right = line.latex(Style(NOTATIONS[notation])).split(" = ", 1)
            assert left == f"{line.name}_t"
            for t in range(len(x)):
                scope = names(cell, notation) | GATES | ACTIVATIONS | {n: rows[t] for n, rows in known.items() if rows.ndim == 2}
                got = eval(python(right), {"__builtins__": {}}, scope)  # our own text
                np.testing.assert_allclose(got * np.ones(4), known[line.name][t], rtol=1e-12, atol=1e-12, err_msg=right)
                tried += 1
    assert tried > 2000
