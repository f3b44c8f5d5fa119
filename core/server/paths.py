"""Paths under the server's base path."""


def prefix(base: str) -> str:
    """What stands before every path under `server.baseUrlPath`."""
    return "/" + base.strip("/") if base.strip("/") else ""
