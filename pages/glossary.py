"""Every term on one page."""

import streamlit as st

from core.views.site import frame
from core.views.widgets.glossary import terms

frame.head("glossary")
for title, meaning in sorted(terms().values(), key=lambda entry: entry[0].lower()):
    st.markdown(f"**{title}** – {meaning}")
