"""Mistakes made a second time, in torch with explicit loops: what a student's wrong number is. Nothing of core.byhand but the sheet."""

import numpy as np
import torch

ROWS = {"rnn": "h", "lstm": "ifgo", "gru": "rzn", "mingru": "zn", "minlstm": "fin"}
NEWER = ("mingru", "minlstm")
KINDS = (
    "order",
    "keep",
    "reset",
    "bias",
    "activation",
    "step",
    "state",
    "sign",
    "transposed",
    "sum",
    "minus",
    "share",
    "path",
    "slope",
    "factor",
)
OF_G = ["n out", "n twice", "n sigmoid", "n tanh", "n relu", "n unbent"]


def slip(rng, kind, cell):
    """A mistake of a kind on a cell, as (name, value) for `wrong`; None if the cell cannot have it."""
    choices = {
        "order": {"lstm": ["ifog", "iofg", "fiog"], "gru": ["zrn"], "mingru": ["nz"], "minlstm": ["nfi"]},
        "keep": {"gru": ["other"], "mingru": ["other"]},
        "reset": {"gru": ["other"]},
        "bias": {name: [0.0, 2.0] for name in ROWS},
        "activation": {
            "rnn": ["h out", "h twice", "h sigmoid"],
            "lstm": ["g out", "g twice", "g sigmoid", "c out", "c twice", "c sigmoid"],
            "gru": ["n out", "n twice", "n sigmoid"],
            **dict.fromkeys(NEWER, OF_G),
        },
        "step": {name: ["initial", "older"] for name in ROWS},
        "state": {"lstm": ["c"], **{name: ["added", "W"] for name in NEWER}},
        "sign": {name: ["W", "b"] if name in NEWER else ["U", "W", "b"] for name in ROWS},
        "transposed": {name: ["U"] for name in ROWS if name not in NEWER},
        "sum": {name: ["last", "first"] for name in ROWS},
        "minus": {name: ["new"] for name in ROWS if name != "rnn"},
        "share": {"minlstm": ["undivided", "coupled"]},
        "path": {name: ["constant"] for name in NEWER},
        "slope": {name: ["one", "sigmoid"] for name in NEWER},
        "factor": {name: ["half"] for name in ROWS},
    }[kind].get(cell)
    return None if choices is None else (kind, choices[rng.integers(len(choices))])


def apply(how, a):
    return {"": torch.tanh, "out": lambda v: v, "twice": lambda v: torch.tanh(torch.tanh(v)), "sigmoid": torch.sigmoid}[how](a)


def g(how, a):
    """The candidate of the newer cells; "" and what follows: as it is, or mistaken on the way forward or back."""
    right = torch.where(a >= 0, a + 0.5, torch.sigmoid(a))
    if how in ("one", "sigmoid"):  # the value is right, the slope is not
        slope = 1.0 if how == "one" else (right * (1 - right)).detach()
        return right.detach() + slope * (a - a.detach())
    if how == "twice":
        return g("", right)
    named = {"": right, "out": a, "sigmoid out": torch.sigmoid(a), "tanh": torch.tanh(a), "relu": torch.relu(a), "unbent": a + 0.5}
    return named[how]


def newer(kind, how, a, row, h):
    """A step of a minGRU or a minLSTM. a: of a gate its sum; row takes the numbers; h of the step before."""
    mistaken = how.split()[1] if kind == "activation" else how if kind == "slope" else ""
    row["n"] = g("sigmoid out" if (kind, mistaken) == ("activation", "sigmoid") else mistaken, a("n"))
    if "z" in row:
        kept, new = 1 - row["z"], row["z"]
        kept = kept.detach() if kind == "path" else kept
        return (new, kept) if kind == "keep" else (kept, new)
    total = row["f"] + row["i"]
    total = total.detach() if kind == "path" else total
    row["keep"], row["write"] = row["f"] / total, row["i"] / total
    if kind == "share":
        row["keep"], row["write"] = row["f"], row["i"] if how == "undivided" else 1 - row["f"]
    return row["keep"], row["write"]


def wrong(sheet, slip):
    """The numbers of a sheet of default activations worked out with one mistake, by the names of core.byhand.ways."""
    kind, how = slip
    H, D, T, names = sheet.H, sheet.D, sheet.T, ROWS[sheet.kind]
    stacked = {"W": sheet.tables["weights"][:, :D], "U": sheet.tables["weights"][:, D : D + H], "b": sheet.tables["weights"][:, -1]}
    if sheet.kind in NEWER:
        del stacked["U"]
    leaf = {name: [torch.tensor(np.ascontiguousarray(value), requires_grad=True) for _ in range(T)] for name, value in stacked.items()}
    order = how if kind == "order" else names

    def part(name, gate, t):
        block = leaf[name][t][order.index(gate) * H : (order.index(gate) + 1) * H]
        if kind == "sign" and how == name:
            block = -block
        if kind == "bias" and name == "b":
            block = how * block
        if kind == "product" and how[:3] == (name, gate, t):
            block = block * torch.tensor([-1.0 if index == how[3] else 1.0 for index in np.ndindex(*block.shape)]).reshape(block.shape)
        return block.T if kind == "transposed" and how == name else block

    def curve(name):
        return how.split()[1] if kind == "activation" and how.startswith(name) else ""

    sign = -1 if kind == "minus" else 1
    first_h = torch.tensor(sheet.h0)
    first_c = None if sheet.c0 is None else torch.tensor(sheet.c0)
    hs, cs, rows = [], [], []
    for t in range(T):
        x = torch.tensor(sheet.tables["inputs"][t])
        past = {"initial": -1, "older": t - 2}.get(how, t - 1) if kind == "step" else t - 1
        h = hs[past] if past >= 0 else first_h
        c = (cs[past] if past >= 0 else first_c) if cs or first_c is not None else None
        seen = c if (kind, how) == ("state", "c") else h

        def a(gate, t=t, x=x, seen=seen):
            if sheet.kind in NEWER:
                read = x + seen if (kind, how) == ("state", "W") else x
                return part("W", gate, t) @ read + part("b", gate, t) + (seen if (kind, how) == ("state", "added") else 0)
            return part("W", gate, t) @ x + part("U", gate, t) @ seen + part("b", gate, t)

        row = {}
        if sheet.kind == "rnn":
            row["h"] = apply(curve("h"), a("h"))
        elif sheet.kind == "lstm":
            row |= {gate: torch.sigmoid(a(gate)) for gate in "ifo"} | {"g": apply(curve("g"), a("g"))}
            row["c"] = row["f"] * c + sign * row["i"] * row["g"]
            row["h"] = row["o"] * apply(curve("c"), row["c"])
            cs.append(row["c"])
        elif sheet.kind in NEWER:
            row |= {gate: torch.sigmoid(a(gate)) for gate in names if gate != "n"}
            kept, new = newer(kind, how, a, row, h)
            row["h"] = kept * h + sign * new * row["n"]
        else:
            row |= {gate: torch.sigmoid(a(gate)) for gate in "rz"}
            side = {"after": "before", "before": "after"}[sheet.options["reset"]] if kind == "reset" else sheet.options["reset"]
            U, input_part = part("U", "n", t), part("W", "n", t) @ x + part("b", "n", t)
            inner = row["r"] * (U @ h) if side == "after" else U @ (row["r"] * h)
            row["n"] = apply(curve("n"), input_part + inner)
            keep = (sheet.options["keep"] == "z") != (kind == "keep")
            kept, new = (row["z"], 1 - row["z"]) if keep else (1 - row["z"], row["z"])
            row["h"] = kept * h + sign * new * row["n"]
        hs.append(row["h"])
        rows.append(row)
    targets = torch.tensor(sheet.tables["targets"])
    asked = ~torch.isnan(targets)
    losses = torch.where(asked, torch.stack(hs) - targets.nan_to_num(), 0.0).square().sum(1) * (1.0 if kind == "factor" else 0.5)
    losses.sum().backward()
    found = {name: np.stack([row[name].detach().numpy() for row in rows]) for name in rows[0]} | {"L": losses.detach().numpy()}
    steps = {"last": [T - 1], "first": [0]}.get(how, range(T)) if kind == "sum" else range(T)
    for name, each in leaf.items():
        found[f"d{name}"] = np.sum(
            [np.zeros(tuple(w.shape)) if w.grad is None else w.grad.numpy() for k, w in enumerate(each) if k in steps], axis=0
        )
    return found
