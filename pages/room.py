"""Room: where a student follows the class. /room?code=ABCDEF"""

import streamlit as st

from core.classroom.codes import code_of
from core.views import parameters
from core.views.room import bar
from core.views.site import frame, texts
from core.views.widgets.escape import literal

part, asked = texts.of("room").part, parameters.asked("code") or ""
if asked and not code_of(asked):
    st.warning(part("no code", code=literal(asked[:40])))
if not code_of(asked):
    frame.head("room")
    with st.form("join", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(part("code"), max_chars=12, width=220)
        if st.form_submit_button("Join"):
            st.query_params["code"] = "".join(typed.split())
            st.rerun()
else:
    bar.show()
