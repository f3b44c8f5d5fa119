"""What stands around each page: the navigation beside it, its name and opening above, and where to go from here below."""

import html

import streamlit as st

from core.views.site import links, outline, texts

_part = texts.of("shared").part


def navigation(current: str, path: str) -> None:
    """The sidebar: every page under its group. current: the page that is marked; path: where the app is."""

    def item(page: str) -> str:
        mark = ' aria-current="page"' if page == current else ""
        return f"<li>{links.anchor(html.escape(outline.name(page)), page, mark)}</li>"

    groups = "".join(
        f'<h2 id="gs-group-{k}">{group}</h2><ul aria-labelledby="gs-group-{k}">{"".join(map(item, pages))}</ul>'
        for k, (group, pages) in enumerate(outline.GROUPS.items())
    )
    with st.sidebar:
        links.draw(
            f'<nav class="gs-nav" aria-label="Pages"><p>{outline.APP}</p><ul>{item(outline.HOME)}</ul>{groups}</nav>',
            links.NAVIGATION,
            path,
        )


def tab(name: str) -> str:
    """What the browser's tab says of a page, or a lesson, of that heading."""
    return name if name == outline.APP else f"{name} · {outline.APP}"


def head(page: str) -> None:
    """The page's name, and what you see here and can do."""
    st.html(heading(outline.heading(page), texts.of(page).opening))


def heading(name: str, opening: str = "") -> str:
    """Both as HTML."""
    return f'<div class="gs-name"><h1>{html.escape(name)}</h1>{f"<p>{html.escape(opening)}</p>" if opening else ""}</div>'


def foot(page: str) -> None:
    """The next page, and what belongs to this one."""
    following, also = outline.following(page), outline.ALSO.get(page, ())
    parts = [_part("foot next", page=links.to(following))] if following else []
    parts += [_part("foot also", pages=", ".join(map(links.to, also)))] if also else []
    if parts:
        links.draw(f'<nav class="gs-foot-links" aria-label="{_part("foot")}">{"".join(f"<p>{part}</p>" for part in parts)}</nav>', "foot")
