"""The JavaScript: types, lint, arrows between modules, and the pure modules under node, on numbers that the NumPy core computes here."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.byhand.exercise import exercise
from core.byhand.resizing import resized
from core.byhand.sheet import LOSSES, OPTIONS, Sheet
from core.cells import GRU, LSTM, PARAMETERS, RNN
from core.cells.equations import lines
from core.cells.parameters import in_dtype
from core.handout.modules import ASSETS, bare, closure, imports
from core.insight.heroes import hero
from core.models import catalogue, load
from core.views.byhand import shown
from core.views.stepper.layers import Layer
from core.views.stepper.network import in_text_order
from core.views.stepper.pack import pack
from core.views.stepper.payload import body, sent
from tests import node
from tests.js.sheets import sheets
from tests.js.successors import successors, wide
from tests.oracle.variants import CASES, build

ENTRIES = (
    *("handout/handout.js", "stepper/room/room.js", "stepper/site/first.js", "stepper/view/chart.js"),
    *("train/main.js", "train/worker.js", "train/classroom/worker.js", "handout/training.js", "handout/sheet.js"),
)
SMALL = [name for name in catalogue() if load(name).one_hot_words and load(name).vocabulary.closed]
NUMBERED = [  # curves with numbers of their own
    *((RNN, {"activation": name}) for name in ("elu(0.7)", "scaled_tanh(1.7, 0.6)", "softsign", "softplus", "affine(0.5, -0.1)")),
    *((RNN, {"activation": name}) for name in ("thresholded_relu(0.1)", "tanh clip 0.3", "affine(0.5, 1e-05) clip 0.2")),
    (LSTM, {"gate": "hard_sigmoid(0.3, 0.5)", "candidate": "leaky_relu(0.2)", "output": "softsign clip 0.5"}),
]
TEXTS = 25
TEXT = {"mini-gru": "the film was good", "reber-lstm-1997": "BTXS", "sentiment-rnn": "not a bad film"}
TOOLS = "tests/js/node_modules"
UNIT = sorted(path.name for path in (node.FOLDER / "unit").glob("*.test.js"))
FIXED = {
    "numbers",
    "address",
    "events",
    "keys",
    "modules",
    "tasks",
    "owntasks",
    "trial",
    "outcomes",
    "session",
    "reached",
}  # tests that need no numbers of the core


@pytest.fixture(scope="module", autouse=True)
def tools():
    assert node.installed(), "`python -m tests` fetches what this needs (tests/node.py)"


def passed(*arguments: str, **variables: str) -> None:
    done = node.run(*arguments, **variables)
    assert done.returncode == 0, "\n" + done.stdout + done.stderr


def test_types():
    passed(f"{TOOLS}/typescript/bin/tsc", "--project", "tests/js", "--pretty", "false")


@pytest.mark.parametrize("name", TEXT)
def test_types_are_those_of_the_payload(name, tmp_path):
    """What the server sends, written down as a value of the declared type: no field is missing, strange or of another type."""
    reading = load(name).run(TEXT[name])
    are_of_their_types([body(reading, [Layer.of(reading)], "", hero(reading))], tmp_path)


def test_types_are_those_of_a_sheets_payload(tmp_path):
    are_of_their_types([worked(sheet)["body"] for sheet in conventions()], tmp_path)


def are_of_their_types(bodies: list[dict[str, Any]], tmp_path: Path) -> None:
    types = (ASSETS / "stepper" / "types").as_posix()
    (tmp_path / "payload.ts").write_text(f'export const sent: import("{types}").Body[] = {json.dumps(bodies)};\n', encoding="utf-8")
    strict = "--ignoreConfig --allowJs --strict --noEmit --pretty false --target es2023 --moduleResolution bundler --module es2022"
    passed(f"{TOOLS}/typescript/bin/tsc", *strict.split(), str(tmp_path / "payload.ts"))


def test_lint():
    passed(f"{TOOLS}/eslint/bin/eslint.js", "--config", "tests/js/eslint.config.js", "assets", "tests/js")


def scripts() -> list[str]:
    return [p.relative_to(ASSETS).as_posix() for folder in ("stepper", "handout", "train") for p in sorted((ASSETS / folder).rglob("*.js"))]


def test_modules_import_in_one_direction():
    """No circle, what is fetched later included; every module has a way to it; boot.js is a script and imports none."""
    assert set(closure(*ENTRIES, later=True)) == set(scripts()) - {"handout/boot.js"}


def test_every_import_is_seen():
    """An import that `imports` does not know would not be rewritten for a hand-out."""
    for path in scripts():
        text = bare((ASSETS / path).read_text(encoding="utf-8"))
        written = re.findall(r"\bfrom\s+[\"']|^import\s+[\"']|\bimport\((?!addresses)", re.sub(r"/\*.*?\*/", "", text), re.MULTILINE)
        assert len(written) == len(imports(path)), path


@pytest.mark.parametrize("path", [path for path in scripts() if "/pure/" in path], ids=lambda path: path.split("/")[-1][:-3])
def test_pure_modules_are_pure(path):
    """They know no page: neither by what they import nor by name."""
    assert all("/pure/" in other for other in imports(path))
    code = re.sub(r"/\*[\s\S]*?\*/|//.*|\"[^\"\n]*\"|`[^`]*`", "", (ASSETS / path).read_text(encoding="utf-8"))
    assert not re.search(r"\b(window|document|location|history|navigator|localStorage|sessionStorage|fetch|setTimeout)\b", code)


def test_nothing_of_the_inside_comes_at_once():
    """The first paint waits for neither the inside of the cell, nor the room, nor the help."""
    at_once = closure("stepper/main.js")
    assert not [path for path in at_once if re.search(r"/(inside|room)/|/pure/(plan|cell|arithmetic|wiring|keyhelp)|/help", path)]


def small(name: str) -> dict[str, Any]:
    """A small model's payload, and what the core in float64 makes of random texts."""
    model, rng = load(name), random.Random(0)
    join = " " if catalogue()[name].reads == "words" else ""
    texts = [join.join(rng.choices(model.vocabulary.words, k=rng.randint(0, 40))) for _ in range(TEXTS)]
    parts = {part: getattr(model, part).astype(float) for part in ("embedding", "readout_weight", "readout_bias")}
    core = replace(model, cell=in_dtype(model.cell, float), **parts)
    reading = model.run(texts[-1])
    found = []
    for text in texts:
        read = core.run(text)
        positive = np.concatenate((read.before[1:], read.outputs[:, 1])) if len(read.labels) == 2 else None
        names = [line.name for line in lines(model.cell)]
        shown = model.run(text).trace if name.startswith("mini") else None  # what the app shows, in float32
        key = hero(read)
        found.append(
            {
                "text": text,
                "tokens": read.tokens,
                "arrays": {name: wide(getattr(read.trace, name)) for name in ("x", *names)},
                "shown": shown and {each: wide(getattr(shown, each)) for each in names},
                "outputs": wide(read.outputs),
                "positive": None if positive is None else wide(positive),
                "hero": None if key is None else {"step": key.step, "unit": key.unit, "array": key.array},
            }
        )
    return {"name": name, "body": body(reading, [Layer.of(reading)], "", None), "readings": found}


def variant(kind: Any, options: dict[str, Any], turned: bool = False) -> dict[str, Any]:
    """A random cell with a variant's options, as a layer of one reading, and its arrays in float64. turned: it reads from the right."""
    cell, x, start = build(kind, options, dtype=np.float32)
    cells, peephole = {"c0": start[1]} if kind is LSTM else {}, getattr(cell, "peephole", None)
    given = [*PARAMETERS, *(() if peephole is None else ("peephole",))]
    wider = replace(cell, **{name: getattr(cell, name).astype(float) for name in given})
    trace: Any = wider.run((x[::-1] if turned else x).astype(float), *(s.astype(float) for s in start))
    trace = in_text_order(trace) if turned else trace
    names = [line.name for line in lines(cell)]
    fixed = {
        "lines": [{"name": line.name, "plan": line.right.plan()} for line in lines(cell)],
        "peephole": None if peephole is None else pack(peephole),
        **{name: pack(getattr(cell, name)) for name in PARAMETERS},
    }
    inside = {
        "fixed": fixed,
        "size": x.shape[1],
        "inputs": (),
        "input": {"shown": False},
        "reset": getattr(cell, "reset", None),
        "turned": turned,
        "edited": {},
        **{name: pack(array) for name, array in {"x": x, "h0": start[0], **cells}.items()},
    }
    size = cell.hidden_size
    panels = [{"name": name, "letter": name, "title": name, "kind": "state", "values": pack(getattr(trace, name))} for name in names]
    layer = {"name": "", "cell": kind.__name__.lower(), "title": "", "units": size, "order": list(range(size)), "panels": panels}
    sent = {**layer, "positive": None, "inside": inside, "computes": None, "licences": ()}
    return {
        "name": f"{kind.__name__} {options}{' from the right' if turned else ''}",
        "body": {"tokens": [f"token {t}" for t in range(len(x))], "known": [1] * len(x), "layers": [sent], "input": {}},
        "arrays": {name: wide(getattr(trace, name)) for name in names},
    }


def conventions() -> list[Sheet]:
    """By hand: every cell that a sheet may have, with every choice of each of its conventions, and every loss."""
    found = []
    for kind in OPTIONS:
        one = exercise(kind, "hard", 1)
        ways = [{name: value} for name, values in OPTIONS[kind].items() for value in values]
        if kind == "lstm":
            ways += [{"gates": gates, "peephole": "1"} for gates in ("coupled", "none")]
        if kind == "gru":
            ways += [{"reset": "before", "keep": "1-z"}]
        found += [resized(one, options={**one.options, **way}) for way in ways]
        found += [resized(one, loss=loss) for loss in LOSSES]
    return found


def worked(sheet: Sheet) -> dict[str, Any]:
    """The stepper's payload of a sheet."""
    tokens = [f"token {t}" for t in range(sheet.T)]
    made = sent(tokens, [True] * sheet.T, "token", False, [shown.layer(sheet, 4)], "", None)
    return {"name": f"{sheet.kind} {dict(sheet.options)} {sheet.loss}", "loss": sheet.loss, "body": made}


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    """The path of the core's numbers for node."""
    path = tmp_path_factory.mktemp("core") / "numbers.json"
    told = {
        "models": [small(name) for name in SMALL],
        "variants": [variant(*case) for case in (*CASES, *NUMBERED)],
        "sheets": sheets(),
        "passes": [worked(sheet) for sheet in conventions()],
    }
    told["variants"] += [variant(kind, {}, turned=True) for kind in (RNN, LSTM, GRU)]
    told["successors"] = successors()
    assert {GRU, LSTM} < {kind for kind, _ in CASES}
    path.write_text(json.dumps(told), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", UNIT, ids=lambda name: name.removesuffix(".test.js"))
def test_unit(name, request):
    path = "" if name.removesuffix(".test.js") in FIXED else request.getfixturevalue("numbers")
    passed("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "--test", "--test-reporter=spec", f"tests/js/unit/{name}", NUMBERS=path)


def shortcuts() -> list[dict[str, Any]]:
    """The table of keys.js."""
    code = "import('./assets/stepper/pure/keys.js').then(({ SHORTCUTS }) => console.log(JSON.stringify(SHORTCUTS)))"
    done = node.run("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "-e", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_streamlits_shortcuts_are_in_the_table():
    """Every `shortcut=` of a button, in the scope of its page."""
    scopes = {"player": "lesson", "quiz": "quiz"}
    written = {
        (scopes[path.stem], key)
        for path in (ASSETS.parent / "core").rglob("*.py")
        for key in re.findall(r'\bshortcut="([^"]+)"', path.read_text(encoding="utf-8"))
    }
    told = {(each["scope"], key) for each in shortcuts() if each["scope"] in scopes.values() for key in each["keys"]}
    assert written == told


def test_keys_are_read_in_the_table_alone():
    """No module compares event.key itself."""
    found = [path for path in scripts() if re.search(r"\bevent\.(key|code)\b", (ASSETS / path).read_text(encoding="utf-8"))]
    assert found == []
