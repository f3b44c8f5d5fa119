"""What is projected so that a class finds its room: the code, the link, and the link as a QR code."""

from functools import lru_cache
from html import escape

import segno
import streamlit as st

from core.views.room import bar
from core.views.site import texts


@lru_cache(maxsize=64)
def qr_code(url: str) -> str:
    """A link as a QR code: SVG in a data URI, black on white with its margin in any theme."""
    return segno.make(url, micro=False, error="m").svg_data_uri(scale=8, border=4, dark="#000", light="#fff")


def invite(code: str) -> None:
    """The code in large letters beside the link and its QR code."""
    url, part = bar.address(f"room?code={code}"), texts.of("teach").part
    with st.expander(part("invite", code=code), expanded=True), st.container(horizontal=True, gap="large", vertical_alignment="center"):
        st.html(f'<div class="gs-qr"><img src="{escape(qr_code(url))}" alt="{part("qr code")}"></div>', width="content")
        with st.container():
            st.html(f'<p class="gs-code" data-testid="room-code">{code}</p>')
            st.markdown(part("open", address=bar.address("room")))
            st.code(url, language=None, wrap_lines=True)
            if bar.only_here():
                st.warning(part("only here"))
