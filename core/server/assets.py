"""The route for our own static files: versioned, compressed once, cached by browsers for a year.

Only the files of assets/stepper, assets/train and assets/vendor are served, and the shell of a hand-out, from a table made at the first request: no path reaches the disk.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core import handout
from core.handout.modules import bare, closure
from core.server.answers import hashed
from core.server.packed import Packed
from core.server.paths import prefix

ASSETS = Path(__file__).parents[2] / "assets"
SERVED = ("stepper", "train", "vendor")
AHEAD = """
function ahead(from, paths) {
  for (const href of paths.map((path) => from + path)) {
    if (document.head.querySelector(`link[href="${href}"]`)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
}
"""  # asks for modules all at once: else a chain of imports is a chain of round trips
YEAR = "public, max-age=31536000, immutable"


@cache
def files() -> dict[str, Packed]:
    """Every served file by its path below assets/, with its gzipped twin."""
    table = {}
    for path in sorted(p for folder in SERVED for p in (ASSETS / folder).rglob("*") if p.is_file() and not p.name.endswith(".d.ts")):
        ours = path.suffix == ".js" and not path.is_relative_to(ASSETS / "vendor")
        body = bare(path.read_text(encoding="utf-8")).encode() if ours else path.read_bytes()
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0] or "text/plain"
        table[path.relative_to(ASSETS).as_posix()] = Packed.of(body, kind)
    return table | {"handout.html": Packed.of(handout.shell().encode(), "text/html")}


@cache
def version() -> str:
    """A hash of all served files: it stands in their URLs, so that a new release is fetched and an old one never mixed with it."""
    digest = hashlib.sha256()
    for path, file in files().items():
        digest.update(path.encode() + file.body)
    return digest.hexdigest()[:12]


def modules(entry: str, *, beside: str | None = None) -> list[str]:
    """A module below assets/stepper and all that it imports at once, without what another one imports already."""
    known = () if beside is None else closure(f"stepper/{beside}")
    return [path.removeprefix("stepper/") for path in closure(f"stepper/{entry}") if path not in known]


def url(base: str) -> str:
    """The folder of our files as the browser asks for it, under the server's base path."""
    return f"{prefix(base)}/assets/{version()}/"


def styles(*names: str) -> str:
    """The styles of assets/stepper/site, one after the other."""
    return "\n".join((ASSETS / "stepper" / "site" / name).read_text(encoding="utf-8") for name in names)


def plotly() -> str:
    """The path of plotly.js below that folder."""
    return next(path for path in files() if path.endswith(".min.js"))


def font() -> str:
    """The path of the equations' font below that folder: without one of its kind a browser draws them in whatever it finds."""
    return next(path for path in files() if path.endswith(".woff2"))


def routes(base: str) -> list[Route]:
    """The routes to mount beside Streamlit, under its `server.baseUrlPath`."""
    return [Route(prefix(base) + "/assets/{version}/{path:path}", respond), Route(prefix(base) + "/lead", lead)]


async def respond(request: Request) -> Response:
    file = files().get(request.path_params["path"]) if request.path_params["version"] == version() else None
    if file is None:  # or one of another version, which another replica may have during an upgrade
        return PlainTextResponse("no such file", 404)
    return file.answer(request.headers, YEAR)


@cache
def lead_page() -> tuple[str, str]:
    """The page that takes a teacher's key out of the address, and its policy: that script and nothing else."""
    page = (ASSETS / "lead.html").read_text(encoding="utf-8")
    return page, f"default-src 'none'; script-src {' '.join(hashed(page))}"


async def lead(_: Request) -> Response:
    """Where a teacher's link leads: a page that takes the key out of the address before anything else is loaded."""
    page, policy = lead_page()
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Content-Security-Policy": policy}
    return Response(page, headers=headers, media_type="text/html")
