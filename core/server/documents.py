"""The document with which a page of the app begins, made once a path: see `core.views.site.first` for what stands in it."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from core.server import assets
from core.server.packed import Packed
from core.server.paths import prefix

Make = Callable[[str, str, str], str]  # the path of a page, Streamlit's document, the folder of our files: the page's document
CACHE = "no-cache"  # asked for each time, answered with 304


class Documents:
    """Middleware. paths: the pages that have a document of their own; every other address is Streamlit's to answer."""

    def __init__(self, app: ASGIApp, base: str, paths: Iterable[str], make: Make) -> None:
        self.app, self._base, self._make = app, base, make
        self._paths = {f"{prefix(base)}/{path}": path for path in paths}
        self._made: dict[str, Packed] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._paths.get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (self.app if path is None else await self._answer(path, Headers(scope=scope)))(scope, receive, send)

    async def _answer(self, path: str, asked: Headers) -> ASGIApp:
        if path not in self._made:
            try:
                self._made[path] = await asyncio.to_thread(self._document, path)
            except Exception:  # a file of the installation is damaged: the page itself says which
                return self.app
        made = self._made[path]
        tag = f'"{made.digest[:32]}"'
        if tag in asked.get("if-none-match", ""):
            return Response(status_code=304, headers={"Cache-Control": CACHE, "ETag": tag, "Vary": "Accept-Encoding"})
        return made.answer(asked, CACHE, {"ETag": tag})

    def _document(self, path: str) -> Packed:
        shell = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
        return Packed.of(self._make(path, shell, assets.url(self._base)).encode(), "text/html")
