"""A sheet as one HTML page: A4 with a print style, no script, nothing loaded."""

import html

from core.worksheets.paper import Block, Choices, Heading, Sheet, Table, Text

STYLE = """
.paper { font: 10.5pt/1.4 "DejaVu Sans", Verdana, sans-serif; color: #10161f; background: #fff; max-width: 18cm; margin: 0 auto; padding: 1cm; }
.paper h1 { font-size: 15pt; margin: 0 0 .2cm; padding: 0; color: inherit; } .paper h2 { font-size: 11pt; margin: .45cm 0 .1cm; padding: 0; color: inherit; }
.paper p { margin: .12cm 0; color: inherit; font-size: inherit; } .paper .small { font-size: 8.5pt; } .paper .math { font-size: 12pt; white-space: pre-wrap; } .paper .strong { font-weight: bold; }
.paper table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .15cm 0; color: inherit; }
.paper td, .paper th { border: 1px solid #555; padding: .1cm .15cm; font-size: 9pt; text-align: right; overflow-wrap: anywhere; font-weight: normal; }
.paper tr > :first-child { width: 3.4cm; text-align: left; } .paper thead th { background: #eef1f6; font-weight: bold; }
.paper .blank { height: .75cm; } .paper .solved { font-weight: bold; } .paper .line { border-bottom: 1px solid #777; height: .7cm; }
.paper ul { list-style: none; margin: .05cm 0 .1cm; padding: 0; display: flex; flex-wrap: wrap; gap: .1cm .8cm; color: inherit; } .paper .options li { margin: 0; font-size: 10.5pt; }
.paper .who { display: flex; gap: 1cm; } .paper .who span { flex: 1; border-bottom: 1px solid #777; font-size: 8.5pt; }
.paper .source { margin-top: .4cm; border-top: 1px solid #bbb; padding-top: .1cm; font-size: 7.5pt; color: #444; }
.paper .block { break-inside: avoid; }
.paper .key { break-before: page; border-top: 2px solid #10161f; margin-top: 1cm; padding-top: .3cm; }
@media print { .paper { padding: 0; max-width: none; } .paper .key { border: 0; margin: 0; padding: 0; } .paper thead th { print-color-adjust: exact; } }
"""
PAGE = "@page { size: A4; margin: 1.5cm; } body { margin: 0; background: #fff; }"


def body(sheet: Sheet, key: bool) -> str:
    """What stands on the paper, as an HTML fragment to be styled by STYLE."""
    parts = [f"<h1>{html.escape(sheet.title)}</h1>", '<p class="who"><span>Name</span><span>Date</span></p>', *_grouped(sheet.front, False)]
    parts.append(f'<p class="source">{html.escape(sheet.source)} Gatescope.</p>')
    if key:
        parts += ['<div class="key">', f"<h1>Answers: {html.escape(sheet.title)}</h1>", *_grouped(sheet.key, True), "</div>"]
    return f'<div class="paper">{"".join(parts)}</div>'


def page(sheet: Sheet, key: bool) -> str:
    """The whole page."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{html.escape(sheet.title)}</title>'
    csp = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    return f'<!DOCTYPE html><html lang="en"><head>{head}{csp}<style>{PAGE}{STYLE}</style></head><body>{body(sheet, key)}</body></html>\n'


def _grouped(blocks: tuple[Block, ...], key: bool) -> list[str]:
    """A paragraph stays on one page with the boxes or lines that belong to it."""
    parts: list[str] = []
    for block in blocks:
        made = _block(block, key)
        if isinstance(block, Choices | Table) and parts:
            made = f'<div class="block">{parts.pop()}{made}</div>'
        parts.append(made)
    return parts


def _block(block: Block, key: bool) -> str:
    if isinstance(block, Heading):
        return f"<h2>{html.escape(block.text)}</h2>"
    if isinstance(block, Text):
        return f'<p class="{block.style}">{html.escape(block.text)}</p>' if block.style else f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Table):
        return _table(block, key)
    if block.options:
        return (
            '<ul class="options">'
            + "".join(f"<li>{'☒' if key and k == block.right else '☐'} {html.escape(o)}</li>" for k, o in enumerate(block.options))
            + "</ul>"
        )
    return '<div class="line"></div>' * block.lines


def _table(table: Table, key: bool) -> str:
    head, *rows = table.rows
    made = "<table><thead><tr>" + "".join(f'<th scope="col">{html.escape(c.text)}</th>' for c in head) + "</tr></thead><tbody>"
    for name, *cells in rows:
        shown = (
            f'<td class="{"solved" if key else "blank"}">{html.escape(c.text) if key else ""}</td>'
            if c.blank
            else f"<td>{html.escape(c.text)}</td>"
            for c in cells
        )
        made += f'<tr><th scope="row">{html.escape(name.text)}</th>{"".join(shown)}</tr>'
    return made + "</tbody></table>"
