"""Conventions."""

import streamlit as st

st.subheader("Conventions", anchor=False)
