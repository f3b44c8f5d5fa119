"""What an upload may hold, and how it is said that one is not taken."""

from dataclasses import dataclass

MB = 2**20


class Refused(ValueError):
    """What is wrong with a file or an input, in a sentence, and the way out. Names nothing of the server's."""


@dataclass(frozen=True)
class Limits:
    """The largest file in bytes, layers of a network, units of a layer, and steps of an input."""

    BYTES: int
    LAYERS: int
    UNITS: int
    STEPS: int

    @property
    def unpacked(self) -> int:
        """Bytes that the members of a zip may have together: compressed weights hardly shrink."""
        return 2 * self.BYTES


LIMITS = Limits(BYTES=25 * MB, LAYERS=4, UNITS=512, STEPS=500)  # of a visitor's upload
OWN = Limits(BYTES=8 * 1024 * MB, LAYERS=1_000, UNITS=100_000, STEPS=1_000_000)  # of a file on one's own computer
MOST_NAMES = 5_000  # tensors or members of a file
MOST_NETWORKS = 64


def shortened(text: object, most: int = 60) -> str:
    """Text of a file as it can be printed on one line."""
    shown = "".join(ch if ch.isprintable() else "�" for ch in str(text)[: most + 1])
    return shown if len(shown) <= most else f"{shown[:most]}…"
