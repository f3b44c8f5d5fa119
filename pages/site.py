"""The navigation: Streamlit's main script, run by app.py's server and by AppTest."""

import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[1]
if str(ROOT) not in sys.path:  # Streamlit puts this folder on the path, not the project's
    sys.path.insert(0, str(ROOT))

from core.views import state  # noqa: E402  after the path is set
from core.views.room import bar  # noqa: E402
from core.views.widgets import damage  # noqa: E402

st.set_page_config(page_title="Gatescope", page_icon=ROOT / "assets" / "icon.svg", layout="wide", initial_sidebar_state=230)
PAGES = [  # one flat list: the sections that st.navigation can make are no valid list for a screen reader (axe, Streamlit 1.67)
    st.Page("start.py", title="Start", icon=":material/play_circle:", default=True),
    st.Page("lstm.py", title="LSTM", icon=":material/memory:"),
    st.Page("gru.py", title="GRU", icon=":material/sync_alt:"),
    st.Page("short_term.py", title="Short-term memory", icon=":material/hourglass_empty:"),
    st.Page("gradients.py", title="Gradients", icon=":material/trending_down:"),
    st.Page("left_behind.py", title="What tokens left", icon=":material/stacked_bar_chart:"),
    st.Page("what_if.py", title="What if", icon=":material/tune:"),
    st.Page("find_a_unit.py", title="Find a unit", icon=":material/search:"),
    st.Page("next_character.py", title="Next character", icon=":material/keyboard:"),
    st.Page("counting.py", title="Counting", icon=":material/format_list_numbered:"),
    st.Page("sentiment.py", title="Sentiment", icon=":material/sentiment_satisfied:"),
    st.Page("stocks.py", title="Stock prices", icon=":material/candlestick_chart:"),
    st.Page("speech.py", title="Speech recognition", icon=":material/mic:"),
    st.Page("synthesis.py", title="Speech synthesis", icon=":material/record_voice_over:"),
    st.Page("stories.py", title="Comprehension", icon=":material/chat:"),
    st.Page("side_by_side.py", title="Side by side", icon=":material/view_week:"),
    st.Page("build_a_gate.py", title="Build a gate", icon=":material/construction:"),
    st.Page("conventions.py", title="Conventions", icon=":material/rule:"),
    st.Page("activations.py", title="Activations", icon=":material/show_chart:"),
    st.Page("watch_it_form.py", title="Watch it form", icon=":material/blur_on:"),
    st.Page("true_or_false.py", title="True or false?", icon=":material/quiz:"),
    st.Page("numpy_torch.py", title="NumPy and torch", icon=":material/compare_arrows:"),
    st.Page("bridge.py", title="Libraries", icon=":material/account_tree:"),
    st.Page("teach.py", title="Teach", icon=":material/co_present:"),
    st.Page("make_lesson.py", title="Make a lesson", icon=":material/edit_note:"),
    st.Page("worksheets.py", title="Worksheets", icon=":material/print:"),
    st.Page("glossary.py", title="Glossary", icon=":material/menu_book:"),
    st.Page("room.py", title="Room", icon=":material/groups:", visibility="hidden"),
]
page = st.navigation(PAGES)
with damage.report():
    bar.bar(page.url_path, {p.url_path: p for p in PAGES})
    state.enter(page.url_path)
    with bar.goes():
        page.run()
