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


def test_stepper_modules_do_not_import_each_other():
    """A single-file hand-out loads them from blobs, where relative imports cannot be resolved."""
    for path in (ROOT / "assets/stepper").glob("*.js"):
        assert not any(line.startswith("import ") for line in path.read_text(encoding="utf-8").splitlines()), path


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=lambda c: c[0])
def test_ruff(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
