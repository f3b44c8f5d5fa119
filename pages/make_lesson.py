"""Make a lesson: stops from any page, their texts and order; saved as a file, presented alone or to a class."""

import streamlit as st

from core.views import state
from core.views.lessons import make
from core.views.site import frame, texts
from core.views.state import Draft
from core.views.widgets import address
from core.views.widgets.glossary import prose

part = texts.of("make_lesson").part
frame.head("make_lesson")
prose(part("about"), "make")
make.bring()
address.put({}, own="lesson")
if not state.of(Draft).stops:
    st.info(part("empty"))
    st.page_link("start.py", label=part("home"), icon=":material/play_circle:")
elif lesson := make.write():
    make.keep(lesson)
