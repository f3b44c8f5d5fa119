"""The document that a browser gets first: Streamlit's, with the page's name, its opening and, for Home, its sentence already in it.

Streamlit's own is empty until a hundred scripts have come and run.
"""

import html
import re

from core import handout
from core.server import assets
from core.views.site import frame, home, outline, texts

STYLE = """
#gs-first { position: fixed; inset: 0; z-index: 1000000; overflow: auto; box-sizing: border-box; padding: 1rem 1rem 1rem calc(230px + 5rem); font: 1rem/1.5 "Source Sans", "Source Sans Pro", sans-serif;
  color: var(--st-text-color); background: var(--st-background-color); }
@media (max-width: 767px) { #gs-first { padding: 4rem 1rem 1rem; } }
body { margin: 0; }
/* The app is behind this, and what moves in it while it is built moves before nobody's eyes. Streamlit's labels and Markdown would be visible by themselves, its skeletons by an animation. */
#gs-first ~ #root, #gs-first ~ #root * { visibility: hidden !important; animation: none !important; }
"""


def pages() -> list[str]:
    """The paths that have such a document."""
    return [outline.path(page) for page in outline.ALL]


def document(path: str, shell: str, folder: str) -> str:
    """Streamlit's document, shell, with ours in it. folder: where our files are asked for."""
    page = outline.page_at(path)
    body = frame.heading(outline.heading(page), texts.of(page).opening) + (home.picture() if page == outline.HOME else "")
    font = f'@font-face {{ font-family: "STIX Two Math"; src: url("{folder}{assets.font()}"); font-display: swap; }}'
    before = f'<style>{handout.theme("#gs-first")}{STYLE}{assets.styles("site.css")}</style><div id="gs-first">{body}</div>'
    # Presenter mode's styles look into what an element holds: while they hold, each one put in anywhere costs all styles anew.
    after = (
        f'<style>{font}{assets.styles("prose.css")}</style><style id="gs-present" media="not all">{assets.styles("present.css")}</style>'
        f'<script type="module" src="{folder}stepper/site/first.js"></script>'
    )
    described = f'<meta name="description" content="{html.escape(texts.of(page).opening)}">'
    shell = re.sub(
        r"<title>.*?</title>", lambda _: f"<title>{html.escape(frame.tab(outline.heading(page)))}</title>{described}", shell, count=1
    )
    root = '<div id="root"></div>'
    return shell.replace(root, before + root + after, 1)
