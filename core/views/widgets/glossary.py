"""The glossary, and prose with its terms: a [[term]] becomes a button that opens its explanation."""

import html
import json
import re
from functools import cache

from core.handout.modules import ASSETS
from core.models.intact import intact


@cache
@intact(ASSETS / "glossary.json")
def terms() -> dict[str, tuple[str, str]]:
    """key -> (title, explanation), from the one file that has them."""
    raw = json.loads((ASSETS / "glossary.json").read_text(encoding="utf-8"))
    return {key: (title, text) for key, (title, text) in raw.items()}


def search(wanted: str) -> list[tuple[str, str]]:
    """The entries, title and explanation, that have `wanted` in either, in any case of letters; those that have it in the title first. "" finds all."""
    wanted = " ".join(wanted.casefold().split())
    found = [entry for entry in terms().values() if wanted in " ".join(entry).casefold()]
    return sorted(found, key=lambda entry: (wanted not in entry[0].casefold(), entry[0].casefold()))


def to_html(text: str, key: str) -> str:
    """Our little markup as HTML: paragraphs, **bold**, *italic*, `code`, [[term]] and [[term|as written]]. Everything else is shown literally.

    `key` keeps the popovers' ids apart. KeyError for a term the glossary does not have.
    """
    count = 0

    def term(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        name, _, label = found[1].partition("|")
        title, meaning = terms()[name]
        target = f"gs-{key}-{count}"
        return (
            f'<button type="button" class="gs-term" popovertarget="{target}">{label or name}</button>'
            f'<span popover id="{target}"><b>{html.escape(title)}</b><br>{html.escape(meaning)}</span>'
        )

    safe = html.escape(text, quote=False)
    safe = re.sub(r"\[\[([^\]]+)\]\]", term, safe)
    safe = re.sub(r"`(.+?)`", r"<code>\1</code>", safe)
    safe = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", safe)
    safe = re.sub(r"\*(.+?)\*", r"<i>\1</i>", safe)
    return "".join(f"<p>{part}</p>" for part in safe.split("\n\n"))


def prose(text: str, key: str) -> None:
    """Draws `text` with its terms. Browsers open and close popovers by themselves: no script is needed. Styles: prose.css."""
    import streamlit as st  # here, since a notebook shows terms without it

    st.html(f'<div class="gs-prose">{to_html(text, key)}</div>')
