"""A sheet as PDF, by fpdf2 with DejaVu Sans inside: ⊙, ₜ and σ are there whatever the printer has."""

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from core.cells import of_kind
from core.models.intact import intact
from core.worksheets.paper import Block, Choices, Heading, Sheet, Table, Text

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
MARGIN, LINE = 15.0, 5.2  # mm
SIZES = {"": 10, "small": 8.5, "math": 11.5, "strong": 10}
FIRST = 34.0  # mm, a table's first column


class _Paper(FPDF):
    running = ""  # what the foot of every page says

    def footer(self) -> None:
        self.set_y(-11)
        self.set_font("DejaVu", size=7)
        self.cell(0, 5, f"{self.running} · {self.page_no()} of {{nb}}", align="R")


def pdf(sheet: Sheet, key: bool) -> bytes:
    """The sheet on A4. What the font has no glyph for is written as its code point."""
    paper = _Paper(format="A4")
    paper.set_margins(MARGIN, 12, MARGIN)
    paper.set_auto_page_break(True, 14)
    for style, path in (("", FONTS / "DejaVuSans.ttf"), ("B", FONTS / "DejaVuSans-Bold.ttf")):
        with intact(path):
            paper.add_font("DejaVu", style, path)
    paper.set_lang("en")
    paper.running = _seen(paper, sheet.title)
    paper.set_title(sheet.title)
    paper.set_creator("Gatescope")
    paper.add_page()
    _write(paper, sheet.title, 14, "B", 7)
    _names(paper)
    _blocks(paper, sheet.front, False)
    paper.ln(2)
    _write(paper, f"{sheet.source} Gatescope.", 7, "", 3.4)
    if key:
        paper.add_page()
        _write(paper, f"Answers: {sheet.title}", 14, "B", 7)
        _blocks(paper, sheet.key, True)
    return bytes(paper.output())


def _seen(paper: FPDF, text: str) -> str:
    """`text` with [U+…] for what DejaVu does not have; a sign that only joins others is left out."""
    known = of_kind(TTFFont, paper.fonts["dejavu"]).cmap
    shown = (ch if ord(ch) in known or ch == "\n" else "" if ord(ch) in (0x200D, 0xFE0F) else f"[U+{ord(ch):04X}]" for ch in text)
    return "".join(shown)


def _write(paper: FPDF, text: str, size: float, style: str = "", height: float = LINE) -> None:
    """A paragraph over the whole width; a word too long for a line is broken."""
    paper.set_font("DejaVu", style, size)
    paper.c_margin = 0
    paper.multi_cell(0, height, _seen(paper, text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _names(paper: FPDF) -> None:
    paper.set_font("DejaVu", size=8.5)
    y = paper.get_y() + 6
    for k, word in enumerate(("Name", "Date")):
        x = MARGIN + 95 * k
        paper.text(x, y - 1, word)
        paper.line(x, y, x + 85, y)
    paper.set_y(y + 2)


def _blocks(paper: FPDF, blocks: tuple[Block, ...], key: bool) -> None:
    for block, then in zip(blocks, (*blocks[1:], None), strict=True):
        if isinstance(block, Text | Heading) and isinstance(then, Choices | Table):
            _together(paper, block, then)
        if isinstance(block, Heading):
            paper.ln(2)
            _write(paper, block.text, 11, "B", 6)
        elif isinstance(block, Text):
            _write(paper, block.text, SIZES[block.style], "B" if block.style == "strong" else "", 4.4 if block.style == "small" else LINE)
        elif isinstance(block, Table):
            _table(paper, block, key)
        else:
            _choices(paper, block, key)


def _together(paper: FPDF, text: Text | Heading, then: Choices | Table) -> None:
    """A question is not parted from its table, boxes or lines."""
    room = 8.5 * len(then.rows) + 30 if isinstance(then, Table) else 8 * max(then.lines, 1)
    paper.set_font("DejaVu", size=10)
    lines = of_kind(list, paper.multi_cell(0, LINE, _seen(paper, text.text), align="L", dry_run=True, output="LINES"))
    if paper.will_page_break(LINE * len(lines) + room):
        paper.add_page()


def _choices(paper: FPDF, room: Choices, key: bool) -> None:
    paper.set_font("DejaVu", size=10)
    if room.options:
        ticked = (
            f"{'☒' if key and k == room.right else '☐'} {option}".replace(" ", "\N{NO-BREAK SPACE}")
            for k, option in enumerate(room.options)
        )
        _write(paper, "      ".join(ticked), 10)
        paper.ln(1.5)
        return
    for _ in range(room.lines):
        paper.ln(8)
        paper.line(MARGIN, paper.get_y(), paper.w - MARGIN, paper.get_y())
    paper.ln(2)


def _table(paper: FPDF, table: Table, key: bool) -> None:
    paper.ln(1)
    paper.c_margin = 1
    wide = (paper.epw - FIRST) / (len(table.rows[0]) - 1)
    for k, row in enumerate(table.rows):
        height = 8.5 if any(cell.blank for cell in row) else 6.5
        for j, cell in enumerate(row):
            text = "" if cell.blank and not key else _seen(paper, cell.text)
            paper.set_font("DejaVu", "B" if k == 0 or cell.blank else "", 8.5)
            while paper.get_string_width(text) > (wide if j else FIRST) - 2:
                text = text.removesuffix("…")[:-1] + "…"
            paper.set_fill_color(238, 241, 246)
            paper.cell(wide if j else FIRST, height, text, border=1, align="R" if j else "L", fill=k == 0)
        paper.ln(height)
    paper.ln(1.5)
