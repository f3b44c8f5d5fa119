"""Make a lesson: stops from any page, worded, ordered, saved as a file, walked alone or with a class."""

import streamlit as st

from core.views import state
from core.views.lessons import make
from core.views.site import frame
from core.views.state import Draft
from core.views.widgets import address
from core.views.widgets.glossary import prose

frame.head("make_lesson")
prose(
    "On any page set the stepper where you want it and press *add to my lesson* beneath it: the text, the network, the step, the unit and the level become a stop. "
    "Here the stops get their words, their questions and their order. What you write is shown as you write it. The lesson is in this visit only: save it to keep it.",
    "make",
)
make.bring()
address.put({}, own="lesson")
if not state.of(Draft).stops:
    st.info("There is no stop yet. Begin with a shipped lesson, load a file, add a text, or add views on the other pages.")
    st.page_link("start.py", label="To Start", icon=":material/play_circle:")
elif lesson := make.write():
    make.keep(lesson)
