"""The server: Streamlit's ASGI app around the pages, and a few routes: our static files, and the rooms of classes.

Run with `streamlit run app.py` or `python app.py`.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = (
    *("streamlit", "numpy", "plotly", "torch", "safetensors", "latex2mathml", "regex", "pydantic", "fpdf", "soundfile", "soxr"),
    *("sse_starlette", "platformdirs", "segno", "redis"),
)

if missing := [name for name in NEEDED if find_spec(name) is None]:
    sys.exit(f"Gatescope needs {', '.join(missing)}, not installed in {sys.prefix}. Run: pip install -r requirements.txt")

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # read by numpy when it is imported: small products wait longer for threads than they take

import streamlit as st  # noqa: E402  after the check above
from starlette.middleware import Middleware  # noqa: E402

from core import classroom, server  # noqa: E402
from core.models import damaged, loaded  # noqa: E402
from core.server import assets, documents, frontend, paths, shutdown  # noqa: E402
from core.views.site import first  # noqa: E402
from core.views.stepper import fixed  # noqa: E402

BASE = paths.base()
desk, guard = classroom.Desk(), server.Guard(BASE)
app = st.App(
    Path(__file__).parent / "pages" / "site.py",
    routes=[*assets.routes(BASE), *fixed.routes(BASE), *classroom.routes(BASE, desk, loaded, damaged)],
    lifespan=guard.lifespan(shutdown.lifespan(desk)),
    middleware=[
        *guard.middleware,
        Middleware(frontend.Frontend, base=BASE),
        Middleware(documents.Documents, base=BASE, paths=first.pages(), make=first.document),
    ],
)

if __name__ == "__main__":
    app.run()
