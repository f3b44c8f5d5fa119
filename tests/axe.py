"""axe-core, the newest that npm had when it was vendored: what it finds wrong with a page for people who cannot see or use a mouse."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
RUN = """async (where) => (await axe.run(where ?? document, { resultTypes: ["violations"] })).violations
    .map((v) => [v.impact, v.id, v.nodes.slice(0, 5).map((n) => n.html.slice(0, 200))])"""


def axe(page: Page, where: str | None = None) -> list[tuple[str, str, list[str]]]:
    """All that is wrong, on the page or in what the selector `where` finds: impact, rule, and the first elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return [tuple(found) for found in page.evaluate(RUN, where)]


def serious(page: Page) -> list[tuple[str, str, list[str]]]:
    """What is serious or critical."""
    return [found for found in axe(page) if found[0] in ("serious", "critical")]
