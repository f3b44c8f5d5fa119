"""True or false?: what learners say, answered first and then decided on live numbers."""

import streamlit as st

from core.views.lessons import quiz
from core.views.site import frame

quiz.arrive()
with st.container(horizontal=True, vertical_alignment="center"):
    frame.head("true_or_false")
    st.markdown(quiz.score(), width="content")
quiz.play()
quiz.strip()
