"""The file of a hand-out: a shell that is the same for all (styles, the stepper's modules, the script that joins them) and what is put into it.

A file:// page may not import modules from files, so the modules stand in the shell as text and are imported from blobs; the heatmaps, plotly.js's
in the app, are drawn by assets/handout/heatmaps.js. The page's own policy (CSP) allows that one script by its hash, blobs and nothing of a network.
"""

import base64
import hashlib
import html
import json
import re
import tomllib
import zlib
from collections import Counter
from functools import cache
from pathlib import Path

from core.handout.modules import ASSETS, joined

ROOT = ASSETS.parent
MARKS = {"title": "<!--title-->", "texts": "<!--texts-->", "data": "<!--data-->"}  # where a shell is filled
WASM = "train/engine/wasm.js"
LONG = 300  # pieces of at least so many characters that stand in the data several times are written once


@cache
def shell(*, training: bool = False, sheet: bool = False) -> str:
    """The page without its content. `fill` puts that in, and so does assets/stepper/view/keep.js in the browser. training: with the trainer;
    sheet: of a sheet of By hand, without the stepper."""
    folder, stepper = ASSETS / "handout", ASSETS / "stepper"
    boot, entry = _read(folder / "boot.js"), "handout/sheet.js" if sheet else "handout/handout.js"
    styles = [
        *(stepper / name for name in ("stepper.css", "site/prose.css", "site/present.css")),
        *([ASSETS / "train" / "train.css"] if training else []),
    ]
    styles = [folder / "handout.css", folder / "sheet.css"] if sheet else [*styles, folder / "handout.css"]
    pieces = {
        "main": _read(folder / ("sheet.html" if sheet else "lesson.html")).rstrip("\n"),
        "entry": entry,
        "policy": _policy(boot),
        "style": "\n".join((theme(), *map(_read, styles))),
        "modules": inert(_modules(entry, training)),
        "licence": html.escape(_read(ROOT / "LICENSE")),
        "boot": boot,
    }
    page = _read(folder / "page.html")
    for name, text in pieces.items():
        page = page.replace(f"<!--{name}-->", text)
    return page


def _modules(entry: str, training: bool) -> dict[str, str]:
    """Path -> text. The policy lets nothing be compiled, so the trainer comes without its WebAssembly and multiplies in JavaScript."""
    found = joined([entry, *(["handout/training.js"] if training else [])])
    return found | ({WASM: 'export const WASM = "";'} if training else {})


def fill(title: str, texts: str, data: dict[str, object], *, training: bool = False, sheet: bool = False) -> str:
    """The whole file. texts: the stops' HTML, shown one at a time, all of them without a script or on paper. data: see assets/handout/handout.js,
    of a `sheet` assets/handout/sheet.js. training: whether a stop trains."""
    pieces = {"title": html.escape(title), "texts": texts, "data": inert(packed(data))}
    page = shell(training=training, sheet=sheet)
    for name, mark in MARKS.items():
        before, after = page.split(mark)  # exactly one
        pieces[name] = before + pieces[name]
        page = after
    return "".join(pieces.values()) + page


def inert(value: object) -> str:
    """JSON that ends no script element, whatever text it holds: every < and every sign beyond ASCII is escaped."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def packed(value: object) -> dict[str, object]:
    """{"value", "shared", "bytes"}: `value` with each long piece that it holds several times replaced by {"$": its place in `shared`},
    and each long base64 text (the arrays) by {"#": [first byte, how many]} of `bytes`, see `deflated`."""
    counts = Counter[bytes]()  # by a hash: the texts of all nested pieces would be several times the data

    def count(part: object) -> None:
        if len(text := _text(part)) >= LONG:
            key = _key(text)
            del text
            counts[key] += 1
            if counts[key] == 1:  # what is inside a piece seen before need not be counted again
                for child in _children(part):
                    count(child)

    places: dict[bytes, int] = {}
    stored = bytearray()
    shared: list[object] = []

    def put(part: object) -> object:
        text = _text(part)
        if len(text) < LONG:
            return part
        key = _key(text)
        del text  # what is inside is written next, each piece with its own text
        if counts[key] < 2:
            return inside(part)
        if key not in places:
            places[key] = len(shared)
            shared.append(None)
            shared[places[key]] = inside(part)
        return {"$": places[key]}

    def inside(part: object) -> object:
        if isinstance(part, dict):
            return {key: put(child) for key, child in part.items()}
        if isinstance(part, list | tuple):
            return [put(child) for child in part]
        if (found := _decoded(part)) is None:
            return part
        stored.extend(found)
        return {"#": [len(stored) - len(found), len(found)]}

    count(value)
    return {"value": put(value), "shared": shared, "bytes": deflated(bytes(stored))}


def deflated(raw: bytes) -> str:
    """Bytes of float32 numbers, deflated, in base64. All first bytes stand first, then all second ones …: a quarter smaller than the numbers in a row."""
    planes = b"".join(raw[k::4] for k in range(4))  # unpack.js knows that the numbers of bytes are multiples of 4
    packer = zlib.compressobj(9, wbits=-15)
    return base64.b64encode(packer.compress(planes) + packer.flush()).decode()


def _decoded(text: object) -> bytes | None:
    """The bytes of a long text if it is base64 of whole float32 numbers, and written as base64 writes it."""
    if not isinstance(text, str) or len(text) < LONG or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if len(raw) % 4 == 0 and base64.b64encode(raw).decode() == text else None


def _text(part: object) -> str:
    return json.dumps(part, sort_keys=True) if isinstance(part, dict | list | tuple | str) else ""


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _children(part: object) -> list[object]:
    return list(part.values()) if isinstance(part, dict) else list(part) if isinstance(part, list | tuple) else []


def _policy(boot: str) -> str:
    digest = base64.b64encode(hashlib.sha256(boot.encode()).digest()).decode()
    return f"default-src 'none'; script-src 'sha256-{digest}' blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def theme(root: str = ":root") -> str:
    """Streamlit's variables, which the stepper's colours come from, with the values of .streamlit/config.toml, for a selector and what is in it."""
    theme = tomllib.loads(_read(ROOT / ".streamlit" / "config.toml"))["theme"]

    def block(name: str) -> str:
        return " ".join(f"--st-{_dashed(key)}: {value};" for key, value in theme[name].items())

    return (
        f"{root} {{ color-scheme: light dark; {block('light')} }}\n@media (prefers-color-scheme: dark) {{ {root} {{ {block('dark')} }} }}"
    )


def _dashed(name: str) -> str:
    return "".join(f"-{ch.lower()}" if ch.isupper() else ch for ch in name)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
