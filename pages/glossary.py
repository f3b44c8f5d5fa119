"""Every term on one page."""

import streamlit as st

from core.views.widgets.glossary import terms

st.subheader("Glossary", anchor=False)
for title, meaning in sorted(terms().values(), key=lambda entry: entry[0].lower()):
    st.markdown(f"**{title}** – {meaning}")
