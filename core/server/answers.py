"""What every answer says to browsers: what a page may load, who may frame it, that types are not guessed. And what nobody else may ask."""

import hashlib
import re
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from core.server.paths import prefix
from core.server.private import METRICS

HERE = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
ALWAYS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]  # an address has what was typed
HOST = re.compile(r"[a-z0-9.\-]+(:[0-9]+)?|\[[0-9a-f:.]+\](:[0-9]+)?", re.IGNORECASE)
POLICY = {
    "default-src": "'self'",
    # Streamlit runs a component's script from a blob. Neither it nor we call eval: it is for who drives the app from outside, since
    # Playwright's wait_for_function evaluates its text inside the page.
    "script-src": "'self' blob: 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
    "img-src": "'self' blob: data:",
    "font-src": "'self' data:",
    "media-src": "'self' blob: data:",
    "connect-src": "'self' blob: data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


def hashed(html: str) -> list[str]:
    """The sources that allow a document's inline scripts, and no others."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return [f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]


def policy(**more: str) -> str:
    """A content security policy: POLICY, with further sources by directive (`script_src`)."""
    added = {name.replace("_", "-"): sources for name, sources in more.items() if sources}
    return "; ".join(f"{name} {sources} {added.get(name, '')}".strip() for name, sources in POLICY.items())


class Answers:
    """Middleware. frames: the origins whose pages may frame ours, parted by spaces, as https://learn.example.org."""

    def __init__(self, app: ASGIApp, base: str = "", frames: str = "") -> None:
        self.app, self._metrics, self._apart = app, prefix(base) + METRICS, prefix(base) + "/assets/"
        scripts = " ".join(hashed(Path(get_static_dir(), "index.html").read_text(encoding="utf-8")))
        self._policy = lru_cache(64)(lambda host: policy(script_src=scripts, connect_src=host, frame_ancestors=frames).encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]

        async def protect(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = dict(message["headers"])
                more = [header for header in ALWAYS if header[0] not in present]
                document = present.get(b"content-type", b"").startswith(b"text/html")
                if document and b"content-security-policy" not in present and not path.startswith(self._apart):
                    more.append((b"content-security-policy", self._policy(sockets(scope))))
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        closed = path == self._metrics and not (scope["client"] and scope["client"][0] in HERE)
        return await (PlainTextResponse("Not Found", 404) if closed else self.app)(scope, receive, protect)


def sockets(scope: Scope) -> str:
    """Our own websockets as sources: not every browser takes them for 'self'."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return f"ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
