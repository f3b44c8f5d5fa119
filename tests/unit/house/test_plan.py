"""The rules of the house (docs/architecture.md), read off the tree."""

import ast
import re
import subprocess
import sys
from functools import cache
from math import ceil
from pathlib import Path

import pytest

from tests.conftest import ROOT

PYTHON = sorted(p for folder in ("core", "pages") for p in (ROOT / folder).rglob("*.py"))
TESTS = sorted(p for p in (ROOT / "tests").rglob("*.py") if "node_modules" not in p.parts)
MODULE_LIMIT, PAGE_LIMIT, TEST_LIMIT, COLUMNS = 250, 120, 300, 120
FOLDER_LIMIT = 22  # modules side by side
ARROWS = {  # what each package may import beside itself; what is not here may import nothing of ours
    "core.cells": (),
    "core.families": (),
    "core.layouts": ("core.cells",),
    "core.torch_side": ("core.cells", "core.torch_later"),
    "core.torch_later": ("core.cells",),
    "core.network": ("core.cells", "core.layouts"),
    "core.upload": ("core.cells", "core.layouts", "core.network", "core.models", "core.torch_side"),
    "core.byhand": ("core.cells", "core.layouts", "core.models"),
    "core.models": ("core.cells", "core.families", "core.network"),
    "core.tasks": ("core.families", "core.models"),
    "core.insight": ("core.cells", "core.families", "core.layouts", "core.models", "core.network", "core.tasks"),
    "core.lessons": ("core.cells", "core.layouts", "core.models", "core.tasks", "core.insight"),
    "core.worksheets": ("core.cells", "core.layouts", "core.models", "core.lessons"),
    "core.training": ("core.cells", "core.families", "core.models", "core.tasks", "core.insight"),
    "core.handout": (),
    "core.command": ("core.notebook",),
    "core.typed": (),
    "core.numerals": (),
    "core.classroom": ("core.cells", "core.byhand", "core.models", "core.insight", "core.lessons"),
    "core.server": ("core.classroom", "core.handout"),
    "core.views": (
        *("core.cells", "core.families", "core.layouts", "core.torch_side", "core.network", "core.models", "core.tasks", "core.insight"),
        *("core.byhand", "core.lessons", "core.worksheets", "core.handout", "core.classroom", "core.server", "core.upload"),
    ),
    "core.notebook": ("core.cells", "core.layouts", "core.network", "core.upload", "core.handout", "core.views"),
    "core.applications": ("core.cells", "core.families", "core.models", "core.tasks", "core.insight"),  # and see `allowed`
    "pages": (
        *("core.cells", "core.families", "core.layouts", "core.torch_side", "core.network", "core.models", "core.tasks", "core.insight"),
        *("core.byhand", "core.classroom", "core.upload", "core.views", "core.applications"),
    ),
}
FOREIGN = {"core.cells": {"numpy"}}  # the only packages of others there


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2]) if name.startswith("core.") else name.split(".")[0]


def draws(path: Path) -> bool:
    """Whether a module may know a screen."""
    return name_of(path).startswith(("core.views", "pages")) or path.name.startswith("view")


def trains(path: Path) -> bool:
    """Whether a module may import torch when it is imported."""
    return name_of(path).startswith("core.training") or path.name.startswith("train")


def allowed(path: Path) -> tuple[str, ...]:
    """The packages that a module may import beside its own: everyone the parser of what comes from outside and the printer of numbers. An application's views may import views, its training training."""
    package = package_of(name_of(path))
    more = ("core.views", "core.lessons") if draws(path) else ("core.training",) if trains(path) else ()
    return ("core.typed", "core.numerals", *ARROWS[package], *(more if package == "core.applications" else ()))


@cache
def modules() -> frozenset[str]:
    return frozenset(map(name_of, [*PYTHON, *TESTS]))


@cache
def imported(path: Path, *, deep: bool) -> frozenset[str]:
    """The modules that a file imports, at module level only or (deep) anywhere; of `from a import b` a.b where that is a module of ours, else a."""
    found, waiting = set(), [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {full if (full := f"{node.module}.{alias.name}") in modules() else node.module for alias in node.names}
        waiting += [child for child in ast.iter_child_nodes(node) if deep or not runs_later(child)]
    return frozenset(found)


def runs_later(node: ast.AST) -> bool:
    """Whether what stands in a node does not run when the module is imported."""
    return isinstance(node, ast.FunctionDef | ast.Lambda) or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))


def tops(names: frozenset[str] | set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def ours(path: Path, *, deep: bool) -> set[str]:
    """The modules of this project that a file imports."""
    return set(imported(path, deep=deep) & modules() - {name_of(path)})


def test_every_package_is_in_the_plan():
    """A package that the table of arrows does not name could import anything unseen."""
    assert {package_of(name_of(path)) for path in PYTHON} - {"core"} == set(ARROWS)


@pytest.mark.parametrize("package", ARROWS)
def test_arrows_run_one_way(package):
    for path in PYTHON:
        if package_of(name_of(path)) == package:
            others = {n for n in ours(path, deep=True) if package_of(n) not in (package, "core")}
            assert not {n for n in others if package_of(n) not in allowed(path)}, path


def ends(below: dict[str, set[str]]) -> bool:
    """Whether whoever follows the arrows comes to an end."""
    while free := [name for name, more in below.items() if not more & set(below)]:
        for name in free:
            del below[name]
    return not below


def test_no_circle_of_packages():
    applications = {"core.applications": {*ARROWS["core.applications"], "core.views", "core.training"}}
    assert ends({name: set(may) for name, may in ARROWS.items()} | applications)


def test_no_circle_of_files():
    assert ends({name_of(path): ours(path, deep=False) for path in PYTHON})


def test_cells_import_numpy_alone():
    for path in PYTHON:
        if (only := FOREIGN.get(package_of(name_of(path)))) is not None:
            assert tops(imported(path, deep=True)) - {"core"} - set(sys.stdlib_module_names) <= only, path


def test_only_views_know_a_screen():
    """core.server sets Streamlit's server up, and draws nothing; a notebook has Plotly's figures and no Streamlit."""
    for path in PYTHON:
        known = {"core.server": {"streamlit"}, "core.notebook": {"plotly"}}.get(package_of(name_of(path)), set())
        screens = {"streamlit", "plotly"} - known
        assert draws(path) or not tops(imported(path, deep=True)) & screens, path


def test_torch_is_imported_inside_functions_only():
    for path in PYTHON:
        assert trains(path) or "torch" not in tops(imported(path, deep=False)), path


def length(path: Path) -> int:
    """Lines of at most COLUMNS columns: a longer one counts as the lines that it would fill."""
    return sum(max(1, ceil(len(line) / COLUMNS)) for line in path.read_text(encoding="utf-8").splitlines())


def test_nothing_is_too_long():
    for path in PYTHON:
        if path.is_relative_to(ROOT / "pages"):
            assert length(path) <= PAGE_LIMIT, path
        else:
            assert length(path) <= MODULE_LIMIT, path
    for path in sorted((ROOT / "assets/stepper").rglob("*.js")):
        assert length(path) <= MODULE_LIMIT, path
    for path in TESTS:
        assert length(path) <= TEST_LIMIT, path


def test_no_folder_is_too_full():
    for folder in {path.parent for path in PYTHON if path.is_relative_to(ROOT / "core")}:
        assert len(list(folder.glob("*.py"))) <= FOLDER_LIMIT, folder


def test_no_test_module_imports_another():
    """What several need is a fixture in their conftest or a module named for its subject."""
    for path in TESTS:
        assert not [name for name in imported(path, deep=True) if ".test_" in name or name.startswith("test_")], path


def test_tests_follow_the_tree():
    """Each folder of tests/unit is one of core's, or the house's own rules, or deploy/."""
    for path in TESTS:
        if path.is_relative_to(ROOT / "tests/unit") and path.parent != ROOT / "tests/unit":
            folder = path.parent.relative_to(ROOT / "tests/unit").as_posix()
            assert folder in ("house", "deploy") or (ROOT / "core" / folder).is_dir(), path


def folders() -> set[str]:
    """The folders that git tracks, those inside tests and vendored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    parents = {parent.as_posix() for line in listed.stdout.splitlines() for parent in Path(line).parents} - {"."}
    return {p for p in parents if not p.startswith((".", "tests/", "assets/vendor/", "assets/data/"))}


def test_the_plan_shows_the_tree():
    plan = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("<!-- tree:")[1].split("<!-- /tree -->")[0]
    shown = [line.split("  ")[0] for line in plan.splitlines() if re.match(r"[a-z]+[/.]", line)]
    assert {path.rstrip("/") for path in shown if path.endswith("/")} == folders()
    assert all((ROOT / path).exists() for path in shown)


def test_the_plan_names_what_is_there():
    """Every path in backquotes on the plan exists."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8") + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:core|pages|assets|tests|docs|deploy)/[\w/.]+)(?::[^`]*)?`", text))
    assert len(named) > 20
    missing = [path for path in named if "NAME" not in path and not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=lambda c: c[0])
def test_ruff(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
