"""Paths under the server's base path."""

import streamlit as st


def prefix(base: str) -> str:
    """What stands before every path under `server.baseUrlPath`."""
    return "/" + base.strip("/") if base.strip("/") else ""


def base() -> str:
    """The same for the server that runs here."""
    return prefix(st.get_option("server.baseUrlPath") or "")
