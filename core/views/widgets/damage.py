"""What a page shows where a file of the installation is missing or is not what was shipped."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.models import Damaged


@contextmanager
def report() -> Iterator[None]:
    """Around a page: where a file is damaged, the page ends with that file's name, without its path or a traceback."""
    try:
        yield
    except Damaged as error:
        st.error(
            f"This page cannot be shown: the file {error.name} of this installation {error.what}. "
            "Please tell the administrator of this server. The other pages may still work.",
            icon=":material/broken_image:",
        )
