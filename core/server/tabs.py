"""Who may open a tab's websocket: our own pages, and the origins that `server.corsAllowedOrigins` names.

Streamlit compares the origin with ours too, but asks a host on the internet for this machine's address before it refuses one.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

POLICY = 1008  # the websocket's code; before it is accepted uvicorn answers 403


class Tabs:
    """Middleware. allowed: origins, as https://learn.example.org, whose pages may open a websocket here besides our own."""

    def __init__(self, app: ASGIApp, allowed: list[str] | None = None) -> None:
        self.app, self.allowed = app, {origin.strip().rstrip("/").lower() for origin in allowed or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not self.ours(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": POLICY})
        else:
            await self.app(scope, receive, send)

    def ours(self, headers: Headers) -> bool:
        """Whether a request comes from one of our pages, or from no page: programs send no origin."""
        origins = headers.getlist("origin")
        if not origins:
            return True
        origin = origins[0].lower()
        if len(origins) > 1 or origin == "null":
            return False
        try:
            return origin in self.allowed or urlsplit(origin).netloc == headers.get("host", "").lower() != ""
        except ValueError:
            return False
