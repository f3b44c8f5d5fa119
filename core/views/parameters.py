"""The parameters of the URL, in one table: what each may say, which widget begins with it, and what the URL has for that widget in turn.

They are read when a page is opened, in between only a room's code and the quiz's place: the browser writes the URL, and a
run may see an older one. Step, unit, dim, out, array, level and blank are the browser's: assets/stepper/pure/address.js.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import streamlit as st

from core import typed
from core.byhand.link import unpacked
from core.cells import CELLS, GATED
from core.cells.notation import NOTATIONS
from core.insight.layered import LAST, NETWORKS, TEXT
from core.insight.whatif import Change
from core.lessons.quiz import from_letters, items
from core.tasks import mini
from core.tasks.activation_runs import CANDIDATES
from core.views import state
from core.views.after.convention_rows import LATER_CONVENTIONS
from core.views.after.rows import AFTER
from core.views.state import Visit
from core.views.stepper.arrays import BY_CELL
from core.views.train.rows import TRAIN
from core.views.widgets import incoming, meanings
from core.views.widgets.incoming import Page, Parameter, flag, made, meaning, one_of, real, text, whole
from core.views.your_network.rows import OWN_NETWORK

LIMITS = (0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)  # lengths at which a gradient may be clipped


def _convention(name: str) -> Parameter:
    """A choice of the cells that have it. The first is how the weights were trained: the URL has nothing for it."""

    def trained(page: Page) -> str:
        return next(iter(page.options[name]))

    return Parameter(
        name,
        "conventions",
        one_of(lambda page: page.options[name]),
        f"convention_{{cell}}_{name}",
        trained,
        here=lambda page: name in page.options,
        write=lambda value, page: None if value == trained(page) else value,
    )


ELSEWHERE = "The link asks for the {name} “{said}”, which is not on this page."
MISSING = "The link asks for the {name} “{said}”, which is not here."
TABLE = (  # name, owner, type, widget, what the widget begins with otherwise
    Parameter("text", "controls", text()),
    Parameter("model", "controls", meanings.network, told=f"{MISSING[:-1]}; the {{shown}} is shown."),
    Parameter("lesson", "lesson", one_of(lambda p: p.stops), told="The link asks for a lesson that is not here."),
    Parameter("stop", "lesson", whole(1, lambda p: p.stops[p.found["lesson"]]), here=lambda p: "lesson" in p.found),
    Parameter("seen", "question", flag()),
    Parameter("room", "room", text()),
    Parameter("code", "room", text()),
    Parameter("notation", "equations", one_of(NOTATIONS), "notation", next(iter(NOTATIONS)), quiet=True),
    *(Parameter("part", cell, meaning(lambda p: p.parts), "part_{cell}", lambda p: next(iter(p.parts.values())), write=meanings.part, quiet=True) for cell in GATED),
    Parameter("keep", "short_term", lambda said, p: (v := typed.real(said, 0.5, 1)) and round(v, 2), "short_keep", 0.9),
    Parameter("row", "short_term", whole(0, 9_999), "short_row", 1),
    Parameter("u", "short_term", real(0.5, 3), "latch_u", 2.0, quiet=True),
    Parameter("read", "short_term", real(-1, 1), "latch_value", 0.3, quiet=True),
    Parameter("cell", "gradients", one_of(CELLS), "gradient_cell", "rnn", write=lambda cell, p: cell if cell != "rnn" else None),
    Parameter("show", "layers", one_of(NETWORKS), "layers_show", next(iter(NETWORKS)), quiet=True),
    Parameter("text", "layers", text(), "layers_text", TEXT),
    Parameter("last", "layers", one_of(mini.WORDS), "layers_last", LAST,
              here=lambda p: st.session_state.get("layers_show", "directions") == "directions", quiet=True),
    Parameter("sigma", "gradients", real(0.1, 5), "gradient_sigma", 0.9),
    Parameter("clip", "gradients", one_of(LIMITS, real(LIMITS[0], LIMITS[-1])), "gradient_clip", 1.0),
    Parameter("bias", "gradients", real(-2, 6), "gradient_bias", 1.0),
    Parameter("weights", "gradients", flag("random"), "gradient_fresh", False, write=lambda fresh, p: "random" if fresh else None),
    Parameter("of", "left_behind", meanings.unit, "left_of left_unit_{model}", lambda p: ("verdict", p.unit),
              write=lambda value, p: str(value[1]) if value[0] == "unit" else None),
    Parameter("at", "left_behind", whole(1, lambda p: p.T), "left_at_{T}", lambda p: max(1, p.T),
              write=lambda at, p: str(at) if at < p.T else None),
    Parameter("find", "glossary", text(60), "glossary_find", ""),
    Parameter("set", "what_if", text()),
    Parameter("word", "what_if", made(Change.read), told="The link’s change of a word, “{said}”, cannot be read and is left out."),
    Parameter("diff", "what_if", one_of(lambda p: BY_CELL[p.cell]), "what_diff_{cell}", "h"),
    Parameter("track", "find_a_unit", one_of(lambda p: (*p.kinds, "stretch")), "unit_kind_{task}", lambda p: next(iter(p.kinds))),
    Parameter("on", "find_a_unit", one_of(lambda p: BY_CELL[p.cell]), "unit_array_{cell}", lambda p: "c" if p.cell == "lstm" else "h"),
    Parameter("words", "find_a_unit", text(200), "unit_words_{task}", lambda p: p.words),
    Parameter("span", "find_a_unit", meanings.span, "unit_first_{T} unit_last_{T}", lambda p: (1, max(1, p.T // 2)),
              write=lambda value, p: f"{value[0] - 1}-{value[1] - 1}"),
    Parameter("pick", "ranking", meanings.pick, "unit_pick_{model}_{kind}_{array}", lambda p: p.best, quiet=True),
    Parameter("warmth", "next_character", real(0, 1.5), "next_warmth", 0.5),
    Parameter("seed", "next_character", whole(0, 9_999), "next_seed", 0),
    Parameter("model", "counting", meaning(lambda p: p.models), told=ELSEWHERE),
    Parameter("number", "counting", meanings.number, here=lambda p: "model" in p.found),
    Parameter("text", "counting", text(), here=lambda p: "model" in p.found),
    Parameter("kind", "sentiment", one_of(lambda p: p.kinds), "sentiment_kind", lambda p: p.kinds[0], quiet=True),
    Parameter("pair", "pair", whole(0, lambda p: p.pairs - 1), "sentiment_pair_{at}", 0, quiet=True),
    Parameter("model", "stocks", meaning(lambda p: p.models), "stocks_cell", lambda p: p.cell, told=ELSEWHERE),
    Parameter("share", "stocks", meanings.share, "stocks_share", lambda p: p.share, told=MISSING),
    Parameter("from", "stocks", made(date.fromisoformat), here=lambda p: "share" in p.found and asked("to") is not None,
              told="The link’s days cannot be read; other days are shown."),
    Parameter("to", "stocks", meanings.last, here=lambda p: "from" in p.found, told="The link’s days cannot be read; other days are shown."),
    Parameter("model", "speech", meaning(lambda p: p.models), "speech_cell", "lstm", told=ELSEWHERE),
    Parameter("clip", "speech", one_of(lambda p: p.clips), "speech_clip", "7",
              told="The link asks for the recording “{said}”, which is not on this page."),
    Parameter("look", "speech", one_of(lambda p: p.looks)),
    Parameter("held", "speech", flag(), here=lambda p: "look" in p.found),
    Parameter("text", "synthesis", text(2000), "speak_text", lambda p: p.text),
    Parameter("cell", "synthesis", one_of(lambda p: p.cells), "speak_cell", lambda p: p.cell, told=MISSING),
    Parameter("model", "stories", meaning(lambda p: p.models), "stories_order stories_cell", ("last", "lstm"), told=ELSEWHERE),
    Parameter("text", "stories", lambda said, p: p.lines(said), "stories_text", lambda p: p.lines(p.story)),
    Parameter("ask", "stories", text(200), "stories_ask", lambda p: p.question),
    Parameter("look", "stories", text()),
    Parameter("kind", "stories", one_of(lambda p: p.kinds), "stories_kind", "two facts", quiet=True),
    Parameter("row", "build_a_gate", meanings.row, "{names}", lambda p: (0.0,) * p.count,
              told="The link’s row does not have {count} numbers, so the gate starts with zeros.",
              write=lambda values, p: ",".join(f"{v:g}" for v in values)),
    *map(_convention, ("gates", "peephole", "gate", "candidate", "output", "reset", "keep", "activation")),
    Parameter("convert", "conventions", flag(), "convention_convert", False, here=lambda p: p.cell == "gru"),
    Parameter("candidate", "swap", one_of(CANDIDATES), "swap_candidate", "relu"),
    Parameter("output", "swap", one_of(CANDIDATES), "swap_output", "tanh", here=lambda p: p.cell == "lstm"),
    Parameter("figures", "activations", one_of(GATED), "tried_cell", "lstm", quiet=True),
    Parameter("curve", "activations", one_of(lambda p: p.curves), "curve", "tanh", quiet=True),
    Parameter("a", "activations", real(-6, 6), "curve_a", 1.0, quiet=True),
    Parameter("show", "bridge", one_of(lambda p: BY_CELL[p.cell]), "bridge_array_{cell}", lambda p: next(iter(BY_CELL[p.cell])), quiet=True),
    Parameter("part", "bridge", one_of(lambda p: p.parts), "bridge_part", "weight_ih", quiet=True),
    Parameter("of", "bridge", whole(0, lambda p: p.H - 1), "bridge_unit_{model}", lambda p: p.unit, quiet=True),
    Parameter("at", "bridge", whole(1, lambda p: p.T), "bridge_t_{T}", lambda p: (p.T + 1) // 2, quiet=True),
    Parameter("rows", "bridge", whole(0, 100), "bridge_padding", 10, quiet=True),
    Parameter("bias", "bridge", real(0, 6), "bridge_bias", 1.0, here=lambda p: p.cell != "rnn", quiet=True),
    Parameter("numbers", "numpy_torch", one_of(("float32", "float64")), "dtype", "float32", quiet=True),
    Parameter("drift", "numpy_torch", flag(), "drift", False, quiet=True),
    Parameter("show", "numpy_torch", one_of(lambda p: BY_CELL[p.cell]), "source_{cell}", lambda p: next(iter(BY_CELL[p.cell])), quiet=True),
    Parameter("updates", "watch_it_form", one_of(lambda p: p.stages, whole(0, lambda p: max(p.stages))), "updates", lambda p: max(p.stages)),
    *AFTER,
    *TRAIN,
    *OWN_NETWORK,
    *LATER_CONVENTIONS,
    Parameter("hand", "by_hand_sheet", made(unpacked), told="The link’s sheet cannot be read; another one is shown."),
    Parameter("show", "by_hand", one_of(lambda p: p.shown), "hand_show", "forward", quiet=True),
    Parameter("at", "by_hand", whole(1, lambda p: p.T), "hand_at", 1, here=lambda p: p.T > 1, quiet=True),
    Parameter("digits", "by_hand", whole(2, 8), "hand_digits", 4, quiet=True),
    Parameter("hide", "by_hand", flag(), "hand_hide", False),
    Parameter("q", "true_or_false", one_of(lambda p: items()), told="The link asks for “{said}”, which is not among the statements."),
    Parameter("said", "true_or_false", made(from_letters), told="The link’s answers, “{said}”, cannot be read and are left out."),
    Parameter("sheet", "worksheets", one_of(lambda p: p.sheets), "sheet", lambda p: p.exam, told=MISSING),
    Parameter("seed", "worksheets", whole(0, lambda p: p.largest), told="The link asks for the seed “{said}”; a seed is a number from 0 to {largest:,}."),
    Parameter("key", "worksheets", flag(), "sheet_key", False),
)  # fmt: skip
NAMES = frozenset(row.name for row in TABLE)
LED = NAMES - {"room", "code"}  # what a class may be sent


def asked(name: str) -> str | None:
    """What the link says of a parameter just now, None if it says nothing. Raises KeyError for a name that is not in the table."""
    if name not in NAMES:
        raise KeyError(name)
    return incoming.said(name)


def any_of(*names: str) -> bool:
    """Whether the link has one of these parameters."""
    return any(asked(name) is not None for name in names)


def of(owner: str) -> list[Parameter]:
    return [row for row in TABLE if row.owner == owner]


@contextmanager
def arrival(owner: str, **about: Any) -> Iterator[dict[str, Any] | None]:
    """For a block that does what the owner's parameters ask: by name, what the link says; None but for the first run on the page.

    What is not here is told. The widgets have been given theirs; in every run one that has nothing yet gets its default, and on an exact visit
    also one of which the link says nothing. Where a newer press ends the run inside the block, the next run begins it anew.
    about: what the table reads of the page.
    """
    page, widgets = Page(found={}, **about), st.session_state
    with state.arrival(owner) as first:
        for row in of(owner):
            if first and (value := row.value(page)) is not None:
                page.found[row.name] = value
                widgets.update(row.parts(value, page))
            elif first and state.of(Visit).exact and row.here(page):
                widgets.update(row.parts(row.default, page))
            if row.here(page):
                for key, value in row.parts(row.default, page).items():
                    widgets.setdefault(key, value)
        yield page.found if first else None


def arrive(owner: str, **about: Any) -> None:
    """The same for parameters that all have their widgets."""
    with arrival(owner, **about):
        pass


def link(owner: str, **about: Any) -> dict[str, str | None]:
    """What the URL has for the owner's widgets, by name; None where it has nothing."""
    page = Page(found={}, **about)
    return {row.name: row.link(page) if row.here(page) else None for row in of(owner) if row.widget}
