"""NumPy code that reproduces a sheet's numbers, forward and backward, written from the same equations."""

import numpy as np

from core.byhand.kinds import parts
from core.byhand.lines import fine
from core.byhand.paths import Factor, Minus, Over, Through, Times, Weight, name_of, own, paths
from core.byhand.sheet import Sheet
from core.byhand.ways import parameters
from core.cells.arrays import Array
from core.cells.equations import Line
from core.cells.later.terms import Function, Joined
from core.cells.terms import Affine, Apply, One, OneMinus, Peephole, Product, Sum, Term, Var

FUNCTIONS = {
    "sigmoid": "1 / (1 + np.exp(-a))",
    "tanh": "np.tanh(a)",
    "hard_sigmoid": "np.clip(0.2 * a + 0.5, 0, 1)",
    "hard_sigmoid_6": "np.clip(a / 6 + 0.5, 0, 1)",
    "relu": "np.maximum(a, 0)",
    "leaky_relu": "np.where(a > 0, a, 0.01 * a)",
    "softmax": "np.exp(a - a.max()) / np.exp(a - a.max()).sum()",
    "identity": "a",
    "abs_tanh": "abs(np.tanh(a))",
    "positive": "np.where(a >= 0, a + 0.5, 1 / (1 + np.exp(-a)))",
}
SLOPES = {  # of what was given, y, and what it was given for, a
    "sigmoid": "{y} * (1 - {y})",
    "tanh": "(1 - {y} ** 2)",
    "hard_sigmoid": "0.2 * (({y} > 0) & ({y} < 1))",
    "hard_sigmoid_6": "(({y} > 0) & ({y} < 1)) / 6",
    "relu": "({a} > 0)",
    "leaky_relu": "np.where({a} > 0, 1, 0.01)",
    "abs_tanh": "np.sign({a}) * (1 - {y} ** 2)",
    "positive": "np.where({a} >= 0, 1, {y} * (1 - {y}))",
}


def numpy_code(sheet: Sheet) -> str:
    """A program that needs NumPy alone. Without a loss it has the forward pass only."""
    lines = fine(sheet.cell)
    states = ["h"] + (["c"] if sheet.c0 is not None else [])
    used = {name_of(term) for line in lines for term in parts(line.right) if isinstance(term, Apply | Function)}
    used |= {{"logistic": "sigmoid"}.get(sheet.loss, sheet.loss)} & {"sigmoid", "softmax"}
    names = [line.name for line in lines]
    code = ["import numpy as np", ""]
    code += [part for name in sorted(used) for part in ("", f"def {name}(a):", f"    return {FUNCTIONS[name]}", "")]
    code += ["", f"# rows of the weights: {' '.join(sheet.rows)}, {sheet.H} each", *_given(sheet)]
    code += ["steps = []", "for x_t in x:", *(f"    {name}_before = {name}" for name in states)]
    code += [f"    {line.name} = {_code(line.right, sheet)}" for line in lines]
    kept = [*names, *(f"{name}_before" for name in states), "x_t"]
    code += [f"    steps.append(dict({', '.join(f'{name}={name}' for name in kept)}))"]
    code += ['    print("h =", h)' if sheet.c0 is None else '    print("c =", c, " h =", h)']
    if sheet.loss != "none":
        code += ["", *_loss(sheet), *_backward(sheet, lines, states)]
    return "\n".join(code) + "\n"


def _array(value: Array) -> str:
    rows = np.asarray(value).tolist()
    return "np.array(" + repr(rows).replace("nan", "np.nan") + ")"


def _given(sheet: Sheet) -> list[str]:
    found = {("p" if name == "P" else name): value for name, value in parameters(sheet).items()}
    found |= {"x": sheet.tables["inputs"], "h": sheet.h0} | ({} if sheet.c0 is None else {"c": sheet.c0})
    if "targets" in sheet.tables:
        found["y"] = sheet.tables["targets"]
    return [f"{name} = {_array(value)}" for name, value in found.items()] + [""]


def _rows(affine: Affine, sheet: Sheet) -> str:
    return "" if len(sheet.rows) == 1 else f"[{affine.rows.start}:{affine.rows.stop}]"


def _code(term: Term, sheet: Sheet) -> str:
    if isinstance(term, Var):
        return "x_t" if term.name == "x" else f"{term.name}_before" if term.before else term.name
    if isinstance(term, Affine):
        rows, vector = _rows(term, sheet), _code(term.vector, sheet)
        vector = vector if isinstance(term.vector, Var) else f"({vector})"
        bias = f" + b{'2' if term.inner else ''}{rows}" if sheet.two or not term.inner else ""
        return f"{'U' if term.inner else 'W'}{rows} @ {vector}{bias}"
    if isinstance(term, Peephole):
        return f"p[{term.row}] * {_code(term.state, sheet)}"
    if isinstance(term, Sum):
        return " + ".join(_code(each, sheet) for each in term.terms)
    if isinstance(term, Joined):
        return " / ".join(_bracketed(each, sheet) for each in (term.left, term.right))
    if isinstance(term, Product):
        return " * ".join(_bracketed(each, sheet) for each in (term.left, term.right))
    if isinstance(term, OneMinus):
        return f"1 - {_code(term.gate, sheet)}"
    if isinstance(term, One):
        return f"np.ones({sheet.H})"
    if isinstance(term, Apply | Function):
        return f"{name_of(term)}({_code(term.term, sheet)})"
    raise TypeError(type(term).__name__)


def _bracketed(term: Term, sheet: Sheet) -> str:
    code = _code(term, sheet)
    return f"({code})" if isinstance(term, Sum | Affine | OneMinus) else code


def _loss(sheet: Sheet) -> list[str]:
    code = ['H = np.array([step["h"] for step in steps])']
    if sheet.loss == "given":
        return [*code, f"own = {_array(np.nan_to_num(sheet.tables['given'][: sheet.T]))}"]
    if sheet.loss == "squared":
        return [*code, "own = np.nan_to_num(H - y)", 'print("L =", (own ** 2).sum() / 2)']
    code += ["s = H @ V.T + d"]
    if sheet.loss == "linear":
        code += ["d_s = np.nan_to_num(s - y)", 'print("L =", (d_s ** 2).sum() / 2)']
    elif sheet.loss == "logistic":
        code += [
            "p_s = sigmoid(s)",
            "d_s = np.nan_to_num(p_s - y)",
            'print("L =", -np.nansum(y * np.log(p_s) + (1 - y) * np.log(1 - p_s)))',
        ]
    else:
        code += [
            "p_s = np.array([softmax(row) for row in s])",
            f"asked = np.where(np.isnan(y), np.nan, y == np.arange(1, {sheet.K + 1}))",
            "d_s = np.nan_to_num(p_s - asked)",
            'print("L =", -np.nansum(asked * np.log(p_s)))',
        ]
    return [*code, "own = d_s @ V", "dV, dd = d_s.T @ H, d_s.sum(axis=0)", 'print("dV =", dV, "dd =", dd)']


def _backward(sheet: Sheet, lines: tuple[Line, ...], states: list[str]) -> list[str]:
    held = [*sheet.columns, *(["p"] if "peepholes" in sheet.tables else [])]
    code = ["", *(f"d{name} = np.zeros_like({name}, dtype=float)" for name in held), "dx = np.zeros_like(x, dtype=float)"]
    code += [f"later_{name} = np.zeros({sheet.H})" for name in states]
    if sheet.loss == "given" and "c" in states:
        code += [f"later_c = {_array(np.nan_to_num(sheet.tables['given'][-1]))}"]
    code += ["for t in reversed(range(len(x))):"]
    names = [*(line.name for line in lines), *(f"{name}_before" for name in states), "x_t"]
    code += [f"    {', '.join(names)} = ({', '.join(f'steps[t][{name!r}]' for name in names)})"]
    known = {"h": "own[t] + later_h"} | ({"c": "later_c"} if "c" in states else {})
    for line in reversed(lines):
        code.append(f"    d_{line.name} = {known.pop(line.name, f'np.zeros({sheet.H})')}")
        for target, factors in paths(line.right):
            back = f"d_{line.name}"
            for factor in factors:
                back = _factor(back, factor, line, sheet)
            if isinstance(target, Var):
                name = "x" if target.name == "x" else f"{target.name}_before" if target.before else target.name
                known[name] = f"{known[name]} + {back}" if name in known else back
            elif isinstance(target, Affine):
                rows, part = _rows(target, sheet), "U" if target.inner else "W"
                code.append(f"    d{part}{rows} += np.outer({back}, {_code(target.vector, sheet)})")
                if not target.inner or sheet.two:
                    code.append(f"    db{'2' if target.inner else ''}{rows} += {back}")
            elif isinstance(target, Peephole):
                code.append(f"    dp[{target.row}] += {back} * {_code(target.state, sheet)}")
    code.append(f"    dx[t] = {known['x']}")
    code += [f"    later_{name} = {known.get(f'{name}_before', f'np.zeros({sheet.H})')}" for name in states]
    code += [f'print("d{name} =", d{name})' for name in held]
    return [*code, *(f'print("d{name}0 =", later_{name})' for name in states)]


def _factor(d: str, factor: Factor, line: Line, sheet: Sheet) -> str:
    if isinstance(factor, Times):
        return f"{d} * {_bracketed(own(factor.term, line), sheet)}"
    if isinstance(factor, Over):
        return f"{d} / {_bracketed(factor.term, sheet)}"
    if isinstance(factor, Minus):
        return f"-{d}" if " " not in d else f"-({d})"
    if isinstance(factor, Weight):
        return f"{d} * p[{factor.peephole.row}]"
    if isinstance(factor, Through):
        matrix = f"{'U' if factor.affine.inner else 'W'}{_rows(factor.affine, sheet)}"
        return f"({d}) @ {matrix}" if " " in d else f"{d} @ {matrix}"
    a = _code(factor.term, sheet)
    y = _code(own(factor.applied, line), sheet)
    if factor.activation == "softmax":
        return f"{y} * ({d} - {y} @ ({d}))"
    return d if factor.activation == "identity" else f"{d} * {SLOPES[factor.activation].format(y=y, a=a)}"
