"""Build a gate."""

import streamlit as st

st.subheader("Build a gate", anchor=False)
