"""Every term on one page, and a field to search for one."""

import streamlit as st

from core.views import parameters
from core.views.site import frame, texts
from core.views.widgets import address, controls, glossary
from core.views.widgets.escape import literal

part = texts.of("glossary").part
frame.head("glossary")
parameters.arrive("glossary")
wanted = st.text_input(
    part("search"), key="glossary_find", placeholder=part("example"), max_chars=60, icon=":material/search:", live=controls.PAUSE
)
entries = glossary.search(wanted)
if not entries:
    st.info(part("none", wanted=literal(wanted.strip())))
for title, meaning in entries:
    st.markdown(f"**{title}** – {meaning}")
address.put(parameters.link("glossary"))
