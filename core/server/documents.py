"""The document with which a page of the app begins, made once a path: see `core.views.site.first` for what stands in it."""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from core.server import assets
from core.server.paths import prefix

Make = Callable[[str, str, str], str]  # the path of a page, Streamlit's document, the folder of our files: the page's document


class Documents:
    """Middleware. paths: the pages that have a document of their own; every other address is Streamlit's to answer."""

    def __init__(self, app: ASGIApp, base: str, paths: Iterable[str], make: Make) -> None:
        self.app, self._base, self._make = app, base, make
        self._paths = {f"{prefix(base)}/{path}": path for path in paths}
        self._made: dict[str, tuple[bytes, bytes, str]] = {}  # as it is, packed, and its tag

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._paths.get(scope["path"]) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        await (self.app if path is None else await self._answer(path, Headers(scope=scope)))(scope, receive, send)

    async def _answer(self, path: str, asked: Headers) -> ASGIApp:
        if path not in self._made:
            try:
                self._made[path] = await asyncio.to_thread(self._document, path)
            except Exception:  # a file of the installation is damaged: the page itself says which
                return self.app
        body, packed, tag = self._made[path]
        headers = {"Cache-Control": "no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
        if tag in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in asked.get("accept-encoding", ""):
            return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type="text/html")
        return Response(body, headers=headers, media_type="text/html")

    def _document(self, path: str) -> tuple[bytes, bytes, str]:
        shell = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
        body = self._make(path, shell, assets.url(self._base)).encode()
        return body, gzip.compress(body, 9, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:32]}"'
