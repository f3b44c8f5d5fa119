"""A body that is sent many times: packed once, answered to whoever takes gzip and whoever does not."""

import gzip
import hashlib
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response


@dataclass(frozen=True)
class Packed:
    """A body of a media type, its gzipped twin, and its SHA-256."""

    body: bytes
    packed: bytes
    kind: str
    digest: str

    @classmethod
    def of(cls, body: bytes, kind: str) -> "Packed":
        return cls(body, gzip.compress(body, 9, mtime=0), kind, hashlib.sha256(body).hexdigest())

    def answer(self, asked: Headers, cache: str, more: dict[str, str] | None = None) -> Response:
        """The answer to a request with the headers `asked`. cache: its Cache-Control; more: further headers."""
        headers = {"Vary": "Accept-Encoding", "Cache-Control": cache, **(more or {})}
        if "gzip" in asked.get("accept-encoding", ""):
            return Response(self.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=self.kind)
        return Response(self.body, headers=headers, media_type=self.kind)
