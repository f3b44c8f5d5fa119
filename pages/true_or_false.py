"""True or false?: what learners say, answered first and then decided on live numbers."""

import streamlit as st

from core.views.lessons import quiz

quiz.arrive()
with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("True or false?", anchor=False, width="content")
    st.markdown(quiz.score(), width="content")
quiz.play()
quiz.strip()
