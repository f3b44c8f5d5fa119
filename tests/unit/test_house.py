"""The rules of the house (DESIGN §3), read off the tree."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = sorted(p for folder in ("core", "pages") for p in (ROOT / folder).rglob("*.py"))
MODULE_LIMIT, PAGE_LIMIT = 250, 120


def imported(path: Path, *, deep: bool) -> set[str]:
    """Top-level names of the modules a file imports, at module level only or (deep) anywhere."""
    found, waiting = set(), [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        waiting += [child for child in ast.iter_child_nodes(node) if deep or not runs_later(child)]
    return found


def runs_later(node: ast.AST) -> bool:
    """Whether what stands in a node does not run when the module is imported."""
    return isinstance(node, ast.FunctionDef | ast.Lambda) or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))


def tops(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def below(folder: str) -> list[Path]:
    return [p for p in PYTHON if p.is_relative_to(ROOT / folder)]


def test_there_is_something_to_hold_the_rules():
    assert len(below("core/cells")) >= 6
    assert len(below("pages")) >= 6


def test_cells_import_numpy_alone():
    for path in below("core/cells"):
        others = {n for n in imported(path, deep=True) if not n.startswith("core.cells")}
        foreign = tops(others) - set(sys.stdlib_module_names)
        assert foreign <= {"numpy"}, path


def test_only_views_know_a_screen():
    for path in below("core"):
        if not path.is_relative_to(ROOT / "core/views"):
            server = path.is_relative_to(ROOT / "core/server")  # stands before Streamlit's
            assert not tops(imported(path, deep=True)) & ({"plotly"} if server else {"streamlit", "plotly"}), path


def test_torch_is_imported_inside_functions_only():
    for path in PYTHON:
        if not path.is_relative_to(ROOT / "core/training"):
            tree = imported(path, deep=False)
            assert "torch" not in tops(tree), path


def test_arrows_run_one_way():
    """pages -> views -> insight, models -> cells; nothing imports pages, and nothing but training imports training."""
    may_not = {
        "core/cells": ("core.models", "core.insight", "core.views", "core.tasks", "core.training", "core.torch_side"),
        "core/models": ("core.insight", "core.views", "core.tasks", "core.training", "core.torch_side"),
        "core/tasks": ("core.views", "core.training", "core.insight"),
        "core/insight": ("core.views", "core.training"),
        "core/classroom": ("core.views", "core.training", "core.server"),
        "core/server": tuple(f"core.{folder.name}" for folder in (ROOT / "core").iterdir() if folder.name != "server"),
        "core/views": ("core.training",),
        "pages": ("core.training",),
    }
    for folder, forbidden in may_not.items():
        for path in below(folder):
            bad = {n for n in imported(path, deep=True) if n.startswith((*forbidden, "pages"))}
            assert not bad, path


def test_nothing_is_too_long():
    for path in PYTHON:
        limit = PAGE_LIMIT if path.is_relative_to(ROOT / "pages") else MODULE_LIMIT
        assert len(path.read_text(encoding="utf-8").splitlines()) <= limit, path
    for path in sorted((ROOT / "assets/stepper").glob("*.js")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LIMIT, path


OUTSIDE = (
    "core/views/widgets/incoming.py",
    "core/views/room.py",
)  # the reader of links; and the room, which checks its state and its code by itself
WRITES = ("pop", "clear", "from_dict")


def screens() -> dict[str, ast.Module]:
    """Views and pages, by their paths."""
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in [*below("core/views"), *below("pages")]}


def test_links_are_read_in_one_place():
    """`incoming` bounds and knows every parameter; elsewhere st.query_params is only written."""
    for path, tree in screens().items():
        written = {
            node.value
            for node in ast.walk(tree)
            if (isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.Attribute) and node.attr in WRITES)
        }
        read = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "query_params" and n not in written]
        assert path in OUTSIDE or not read, (path, read)


def test_numbers_from_outside_are_parsed_by_one_helper():
    """int() and float() raise for what a link may hold; `typed.whole` and `typed.real` do not."""
    found = {path: lines for path, tree in screens().items() if (lines := parsed_by_hand(tree))}
    assert not found


@pytest.mark.parametrize(
    "code",
    [
        'int(st.query_params["n"])',
        'a = incoming.asked("n")\nint(a)',
        'for part in (incoming.asked("n") or "").split("~"):\n    float(part)',
        'if (a := asked("n")) is not None:\n    b = a.strip()\n    int(b[:9])',
        'view = incoming.sent("k", "view")\nint(view["step"])',
        'begin, _, end = st.session_state["span"].partition("-")\nint(end)',
        '[float(v) for v in asked("row").split(",")]',
    ],
    ids=["direct", "name", "loop", "walrus", "sent", "state", "comprehension"],
)
def test_a_number_parsed_by_hand_is_found(code):
    assert parsed_by_hand(ast.parse(code))


def parsed_by_hand(tree: ast.Module) -> list[int]:
    """The lines on which int() or float() gets what comes from a link, a widget or a component, by whatever names in between."""
    names: set[str] = set()
    while True:
        pairs = [pair for node in ast.walk(tree) for pair in given(node)]
        more = {n.id for target, value in pairs if foreign(value, names) for n in ast.walk(target) if isinstance(n, ast.Name)} - names
        if not more:
            break
        names |= more
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("int", "float")]
    return [call.lineno for call in calls if any(foreign(argument, names) for argument in call.args)]


def given(node: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """(what is named, by what) where a node names something."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value:
        return [(node.target, node.value)]
    return [(node.target, node.iter)] if isinstance(node, ast.For | ast.comprehension) else []


def foreign(node: ast.AST, names: set[str]) -> bool:
    """Whether a value is text from outside: not a comparison's outcome, and not what any function but the readers below gives."""
    if isinstance(node, ast.Compare | ast.Constant):
        return False
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("asked", "sent") and getattr(getattr(node.func, "value", None), "id", "incoming") == "incoming":
            return True
        methods = (
            "get",
            "pop",
            "setdefault",
            "split",
            "partition",
            "rpartition",
            "strip",
            "removeprefix",
            "removesuffix",
            "replace",
            "lower",
        )
        return called in methods and isinstance(node.func, ast.Attribute) and foreign(node.func.value, names)
    if isinstance(node, ast.Attribute):
        return node.attr in ("query_params", "session_state")
    if isinstance(node, ast.Name):
        return node.id in names
    return any(foreign(child, names) for child in ast.iter_child_nodes(node))


def test_one_choice_among_several_is_never_empty():
    """`core.server.states` counts an empty one as not sent."""
    for path, tree in screens().items():
        choices = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("segmented_control", "pills")]
        assert all("required" in {k.arg for k in n.keywords} for n in choices), path


def test_every_field_has_a_longest_text():
    """Streamlit cuts there what a hostile browser sends."""
    for path, tree in screens().items():
        fields = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("text_input", "text_area", "chat_input")
        ]
        endless = [n.lineno for n in fields if "max_chars" not in {k.arg for k in n.keywords}]
        assert not endless, (path, endless)


def test_stepper_modules_do_not_import_each_other():
    """A single-file hand-out loads them from blobs, where relative imports cannot be resolved."""
    for path in (ROOT / "assets/stepper").glob("*.js"):
        assert not any(line.startswith("import ") for line in path.read_text(encoding="utf-8").splitlines()), path


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=lambda c: c[0])
def test_ruff(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
