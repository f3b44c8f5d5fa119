"""GRU: its four parts, each explained beside the live stepper."""

import streamlit as st

from core.views.furniture import explained
from core.views.parts import GRU

st.subheader("The GRU, part by part", anchor=False)
explained("gru", GRU)
