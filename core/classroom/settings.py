"""What whoever runs the server may set for rooms: environment variables, read once when the server starts."""

import os
import re


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number from the environment. Raises ValueError, which names the variable, for anything else: a share that is misread protects nobody."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ValueError(f"{name}: got {text[:40]!r}, wanted a whole number from {least:,} to {most:,}")
    return int(text)


NETWORK_STREAMS = whole("GATESCOPE_NETWORK_STREAMS", 600, 1, 100_000)  # open from one network at a time, in one process
NETWORK_ROOMS = whole("GATESCOPE_NETWORK_ROOMS", 100, 1, 100_000)  # opened from one network and still open, in one store
