"""The server: Streamlit's ASGI app around the pages, and a route for our static files.

Run with `streamlit run app.py` or `python app.py`.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = ("streamlit", "numpy", "plotly", "torch", "safetensors", "latex2mathml", "regex", "pydantic", "fpdf")

if missing := [name for name in NEEDED if find_spec(name) is None]:
    sys.exit(f"Gatescope needs {', '.join(missing)}, not installed in {sys.prefix}. Run: pip install -r requirements.txt")

import streamlit as st  # noqa: E402  after the check above

from core.views.serve import routes  # noqa: E402

app = st.App(Path(__file__).parent / "pages" / "site.py", routes=routes(st.get_option("server.baseUrlPath") or ""))

if __name__ == "__main__":
    app.run()
