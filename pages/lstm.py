"""LSTM: its five parts, each explained beside the live stepper."""

import streamlit as st

from core.views.furniture import explained
from core.views.parts import LSTM

st.subheader("The LSTM, part by part", anchor=False)
explained("lstm", LSTM)
