"""Room: where a student follows the class. /room?code=ABCDEF"""

import streamlit as st

from core.classroom.codes import code_of
from core.views import parameters
from core.views.room import bar
from core.views.site import frame
from core.views.widgets.escape import literal

asked = parameters.asked("code") or ""
if asked and not code_of(asked):
    st.warning(f"“{literal(asked[:40])}” is no room’s code: a code has six letters.")
if not code_of(asked):
    frame.head("room")
    with st.form("join", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("The code on the board", max_chars=12, width=220)
        if st.form_submit_button("Join"):
            st.query_params["code"] = "".join(typed.split())
            st.rerun()
else:
    bar.show()
