"""The navigation: Streamlit's main script, run by app.py's server and by AppTest."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # Streamlit puts this folder on the path, not the project's
    sys.path.insert(0, str(ROOT))

from core.views import state  # noqa: E402  after the path is set
from core.views.lessons import kept, player  # noqa: E402
from core.views.room import bar  # noqa: E402
from core.views.site import frame, links, outline  # noqa: E402
from core.views.widgets import damage  # noqa: E402

st.set_page_config(page_icon=ROOT / "assets" / "icon.svg", layout="wide", initial_sidebar_state=230)
with damage.report():
    pages = {outline.path(name): st.Page(f"{name}.py", title=outline.name(name), default=name == outline.HOME) for name in outline.ALL}
    page = st.navigation(list(pages.values()), position="hidden")  # ours has headings that a screen reader can follow
    current = outline.page_at(page.url_path)
    state.enter(page.url_path, kept.went_back())
    links.follow(page.url_path, pages)
    st.set_page_config(page_title=frame.tab(outline.heading(current)))
    frame.navigation("lessons" if current == outline.HOME and player.on() else current, page.url_path)
    bar.bar(page.url_path, pages)
    with bar.goes():
        page.run()
    kept.keep()
    frame.foot(current)
