"""A server for the bench: our stepper on any size, and the same step by a Streamlit rerun."""

from pathlib import Path

import streamlit as st

from core.server.assets import routes

app = st.App(Path(__file__).parent / "page.py", routes=routes(""))
