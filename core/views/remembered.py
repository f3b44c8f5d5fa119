"""What a visit remembers of the pages that have their own sequences instead of a text: records as in core.views.state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.models import Model


@dataclass(frozen=True)
class Trained:
    """The network that the visitor took from *Train* to the other pages, if there is one. refused: whether the last that was sent could not be used."""

    model: Model | None = None
    refused: bool = False


@dataclass(frozen=True)
class Strings:
    """Counting: the last good string and the number drawn last, by task."""

    texts: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shares:
    """Stock prices: share, cell and days as chosen last, "" before that. file: the upload read last; prices: of the last good one, or None; fault: what
    is wrong with the last, in Markdown."""

    share: str = ""
    cell: str = ""
    spans: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    file: str = ""
    prices: Any = None  # core.applications.stocks.prices.Prices: like all applications above the views
    fault: str = ""


@dataclass(frozen=True)
class Listening:
    """Speech recognition. source: what is listened to, "clip", "microphone" or "file", None before a choice. utterance: the last in which something was
    found, None before that; clip: which of the clips it is, "" for one's own."""

    source: str | None = None
    utterance: Any = None  # core.applications.speech.model.Utterance
    clip: str = ""


@dataclass(frozen=True)
class Speaking:
    """Speech synthesis: text and cell as chosen last, None before that."""

    text: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Story:
    """Comprehension. question: the last that was understood, "" if none was. number: of the story drawn last."""

    question: str = ""
    number: int = 0


@dataclass(frozen=True)
class Upload:
    """A file of the visitor's: its id, name and what was read of it (None before that). fault: what is wrong with the last one. times: how often
    the field was emptied."""

    id: str = ""
    name: str = ""
    content: Any = None
    fault: str = ""
    times: int = 0


@dataclass(frozen=True)
class Brought:
    """Your own network: its file, a vocabulary and a table to be read; their bytes are not kept.

    last: what was read last, with how many numbers a step, None before that. of: the network in which `changes` are set by hand.
    linked: whether a link has led to it.
    """

    model: Upload = Upload()
    words: Upload = Upload()
    table: Upload = Upload()
    last: Any = None
    of: str = ""
    changes: tuple[Any, ...] = ()  # core.views.your_network.changes.Change
    linked: bool = False
