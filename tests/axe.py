"""axe-core, the newest that npm had when it was vendored: what it finds wrong with a page for people who cannot see or use a mouse."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parent / "vendor" / "axe-core-4.14.1.min.js"
RUN = """async ([where, rules]) => (await axe.run(where ?? document, { resultTypes: ["violations"], ...(rules && { runOnly: rules }) })).violations
    .map((v) => [v.impact, v.id, v.nodes.slice(0, 5).map((n) => n.html.slice(0, 200))])"""
COLOURS = ["color-contrast", "link-in-text-block"]


def axe(page: Page, where: str | None = None, *, colours: bool = False) -> list[tuple[str, str, list[str]]]:
    """All that is wrong, on the page or in what the selector `where` finds: impact, rule, and the first elements. colours: of contrast only."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    return [tuple(found) for found in page.evaluate(RUN, [where, COLOURS if colours else None])]


def serious(page: Page, *, colours: bool = False) -> list[tuple[str, str, list[str]]]:
    """What is serious or critical. colours: of contrast only, for a page whose theme alone has changed since all was looked at."""
    return [found for found in axe(page, colours=colours) if found[0] in ("serious", "critical")]
