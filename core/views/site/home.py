"""Home: what this is, alive at once. The sentence that plays, the parts that its picture names, and four doors."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.cells import GATED
from core.families import FAMILIES
from core.lessons import lessons
from core.lessons.schema import FIRST
from core.models import Reading, load
from core.views.site import links, outline, texts
from core.views.stepper.arrays import C, F, R, X

MODEL = "sentiment-lstm"
COLOURS = {"word": X, "gates": F, "memory": C, "verdict": R}  # the verdict has none of its own, nor has it an array
FIELD = "[data-testid=stMain] [data-testid=stTextInput] input"


def sentence() -> str:
    """What is read where nothing has been typed."""
    return FAMILIES["sentiment"].examples[0][1]


@dataclass(frozen=True)
class Door:
    """title and text: what it says; page and query: where it leads; focus: instead of that, the CSS selector of the field that it puts the cursor in."""

    title: str
    text: str
    page: str = "start"
    query: Mapping[str, str] = field(default_factory=dict)
    focus: str = ""

    def html(self) -> str:
        inner = f"<b>{html.escape(self.title)}</b><span>{html.escape(self.text)}</span>"
        mark = f' data-focus="{html.escape(self.focus)}"' if self.focus else ""
        return f"<li>{links.anchor(inner, self.page, mark, **self.query)}</li>"


def lesson(name: str, title: str, text: str) -> Door:
    return Door(title, text, query={"lesson": name})


def doors(many: list[Door], label: str) -> str:
    """Doors as HTML."""
    return f'<ul class="gs-doors" aria-label="{html.escape(label)}">{"".join(door.html() for door in many)}</ul>'


def four() -> list[Door]:
    """The doors of Home."""
    part = texts.of("start").part
    return [
        lesson(FIRST, part("door tour title", stops=len(lessons()[FIRST].stops)), part("door tour")),
        Door(part("door text title"), part("door text"), focus=FIELD),
        lesson("why-plain-rnns-forget", part("door forget title"), part("door forget")),
        Door(part("door teach title"), part("door teach"), "teach"),
    ]


def beyond() -> list[Door]:
    """The doors at the end of a lesson."""
    part = texts.of("start").part
    return [
        Door(part("door text title"), part("door text")),
        Door(outline.name("lstm"), part("door lstm"), "lstm"),
        lesson("why-plain-rnns-forget", part("door forget title"), part("door forget")),
        Door(outline.name("true_or_false"), part("door quiz"), "true_or_false"),
    ]


def parts(reading: Reading, unit: int) -> str:
    """One line that names the parts, and what the sign of a memory means, as HTML. unit: the one whose memory the story shows."""
    card, part = reading.model.card, texts.of("start").part
    names = ["word", *(["gates"] if card.cell in GATED else []), "memory", *(["verdict"] if len(reading.model.readout_weight) == 1 else [])]
    units = reading.model.cell.hidden_size
    told = {name: part(f"part gates {card.cell}" if name == "gates" else f"part {name}", units=units) for name in names}  # each cell’s own
    items = "".join(
        f'<li style="--own: {COLOURS[name].fill}"><b>{part(f"part {name} title")}</b><span>{html.escape(told[name])}</span></li>'
        for name in names
    )
    sign = ""
    if "verdict" in names:
        side = reading.labels[int(reading.model.readout_weight[0][unit] > 0)]
        sign = f"<p>{html.escape(part('part sign', unit=unit, side=side))}</p>"
    return f'<div class="gs-parts"><ol>{items}</ol>{sign}</div>'


def picture() -> str:
    """The story of the sentence as a still picture, for the document that a browser gets first: each word with the verdict after it."""
    reading = load(MODEL).run(sentence())
    words = "".join(
        f'<span style="--share: {share:.3f}"><b>{html.escape(token)}</b><i>{round(100 * share)} %</i></span>'
        for token, share in zip(reading.tokens, reading.outputs[:, 1], strict=True)
    )
    return f'<p class="gs-still" aria-label="{html.escape(texts.of("start").part("still"))}">{words}</p>'
