"""GRU: its four parts, each explained beside the live stepper."""

import streamlit as st

from core.views.parts import GRU
from core.views.widgets.shared import explained

st.subheader("The GRU, part by part", anchor=False)
explained("gru", GRU)
