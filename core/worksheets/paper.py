"""A sheet of paper: what stands on it, whatever prints it. `core.worksheets.html` makes HTML of it, `core.worksheets.pdf` a PDF."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph; style "small" for notes, "math" for equations."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table: `blank` ones are for the reader, the key has what belongs there."""

    text: str
    blank: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row and the first column are headers."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Choices:
    """Boxes to tick, or room for `lines` lines of writing if there are none. The key ticks the right one."""

    options: tuple[str, ...] = ()
    right: int | None = None
    lines: int = 0


Block = Text | Heading | Table | Choices


@dataclass(frozen=True)
class Sheet:
    """name: of its file. front: what is handed out. key: the pages with the answers, which begin on a new one."""

    name: str
    title: str
    source: str  # where its numbers come from
    front: tuple[Block, ...]
    key: tuple[Block, ...]
