"""The app as Streamlit's AppTest runs it, without a browser: pages opened by a link, and what they show."""

import base64
import json
from functools import cache

import numpy as np
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

SITE = ROOT / "pages" / "site.py"
NASTY = [
    "",
    "   ",
    "<script>alert(1)</script> <b>bold</b>",
    "**bold** _it_ [link](http://x) :red[x] $x^2$ `code` :material/home:",
    "סרט טוב مرحبا",
    "👩‍👩‍👧 ❤️ 🎬",
    "a\u200bb\u202ec\x07\x00d",
    "word " * 700,
    "x" * 20_000,
]
ADDRESS = {"link", "led", "own", "alone"}  # what core/views/widgets/address.py sends
# AppTest reads the metadata of every installed package for each app that it makes, 0.12 s of CPU: most of what a short test costs.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def opened(page: str, /, **query: str | list[str]) -> AppTest:
    """A page as somebody opens it by a link; Home with every unit in view if nothing is asked."""
    at = AppTest.from_file(str(SITE), default_timeout=120)
    for name, value in (query or ({"model": "sentiment-lstm"} if page == "start" else {})).items():
        at.query_params[name] = value
    if page != "start":
        at.switch_page(f"{page}.py")
    return at.run()


@cache
def standing(page: str, /, **query: str) -> AppTest:
    """The same, opened once: for tests that each type something else into it."""
    return opened(page, **query)


def said(at: AppTest) -> str:
    """All that a page tells in Markdown, captions and notices."""
    return "\n".join(element.value for kind in ("markdown", "caption", "info", "warning") for element in getattr(at, kind))


def drawn(at: AppTest) -> list[dict]:
    """What each of our components was sent, without the links around a page and its address."""
    return [data for data in sent(at) if "html" not in data and "kept" not in data and set(data) != ADDRESS]


def sent(at: AppTest) -> list[dict]:
    """What every component was sent."""
    return [json.loads(each.proto.json) for each in at.get("bidi_component")]


def link(at: AppTest) -> dict[str, str]:
    """What the page has in its address, by its stepper or by itself."""
    found = [data["link"] for data in sent(at) if "link" in data]
    return {name: value for one in found for name, value in one.items() if value is not None}


def stepper(at: AppTest) -> dict:
    """What the stepper was sent."""
    return [data for data in drawn(at) if "layers" in data][-1]


def figures(at: AppTest) -> list[dict]:
    """What each chart was sent."""
    return [data for data in drawn(at) if "figure" in data]


def array(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), "<f4")


def panel(sent: dict, name: str, layer: int = 0) -> np.ndarray:
    """An array of the stepper's, (T, H)."""
    found = next(p for p in sent["layers"][layer]["panels"] if p["name"] == name)
    return array(found["values"]).reshape(len(sent["tokens"]), -1)


def panels(layer):
    """By name the numbers that the stepper was sent, (T, entries)."""
    steps = len(array(layer["inside"]["x"])) // layer["inside"]["size"]
    return {panel["name"]: array(panel["values"]).reshape(steps, -1) for panel in layer["panels"]}
