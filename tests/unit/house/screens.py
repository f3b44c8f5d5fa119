"""What draws: views and pages, as syntax trees."""

import ast

from tests.conftest import ROOT


def screens() -> dict[str, ast.Module]:
    """Views and pages, by their paths."""
    views = [*(ROOT / "core/views").rglob("*.py"), *(ROOT / "core/applications").rglob("view*.py"), *(ROOT / "pages").glob("*.py")]
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in sorted(views)}
