"""LSTM: its five parts, each explained beside the live stepper."""

import streamlit as st

from core.views.parts import LSTM
from core.views.widgets.shared import explained

st.subheader("The LSTM, part by part", anchor=False)
explained("lstm", LSTM)
