"""What a visit remembers is a record of core/views/state.py, what a widget shows is under its own key, no two pages share a key; and the table of
URL parameters, read and written."""

import ast
import re
from dataclasses import is_dataclass
from types import SimpleNamespace

import pytest
import streamlit as st

from core.byhand.solution import PARTS
from core.cells.later import LATER
from core.server import assets
from core.views import conventions, parameters, remembered, state
from core.views.state import Quiz, Visit
from core.views.train import settings
from core.views.train.presets import begun, presets
from core.views.widgets import answers
from core.views.widgets.incoming import Parameter
from tests.attacks import links
from tests.unit.house.screens import screens

SHARED = {"chart_{}", "look_{}"}  # what charts.py makes of the names that pages give; buttons, which hold nothing
HOLE = "{}"
METHODS = ("get", "pop", "setdefault")


def literal(node: ast.AST) -> str:
    """A text as it stands in the code, with {} for what is filled in; "" for anything else, and where nobody can tell how it begins."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    found = "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else HOLE for part in parts)
    return "" if found.startswith(HOLE) else found


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def of_widgets(tree: ast.AST) -> set[str]:
    """The keys of a module's widgets and figures."""
    found = {literal(k.value) for call in calls(tree) for k in call.keywords if k.arg == "key"}
    charts = [call.args[1] for call in calls(tree) if getattr(call.func, "attr", "") == "chart" and len(call.args) > 1]
    return (found | {f"chart_{literal(name)}" for name in charts}) - {"", "chart_", *SHARED}


def is_session(node: ast.AST) -> bool:
    """Streamlit's session, which pages may call `widgets`."""
    return getattr(node, "attr", getattr(node, "id", "")) in ("session_state", "widgets")


def of_session(tree: ast.AST) -> set[str]:
    """The literal keys that a module reads from the session or puts there."""
    found = {literal(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and is_session(node.value)}
    for call in calls(tree):
        used = [f for f in (call.func, *(k.value for k in call.keywords)) if isinstance(f, ast.Attribute) and is_session(f.value)]
        if any(f.attr == "update" for f in used):
            found |= {literal(key) for node in ast.walk(call) if isinstance(node, ast.Dict) for key in node.keys if key}
            found |= {k.arg for k in call.keywords if k.arg and call.func in used}
        if any(f.attr in METHODS for f in used):
            found.add(literal(call.args[0]))
    return found - {""}


def same(one: str, two: str) -> bool:
    """Whether two keys can be one."""
    one, two = sorted((one, two), key=lambda key: key.count(HOLE))
    return bool(re.fullmatch(re.escape(two).replace(re.escape(HOLE), ".+"), one.replace(HOLE, "x")))


@pytest.mark.parametrize(
    "code", ['state["said"] = 1', "st.session_state.update(said=1)", 'st.button("B", on_click=widgets.update, args=({"said": 1},))']
)
def test_a_key_in_the_session_is_found(code):
    tree = ast.parse(code.replace("state[", "st.session_state["))
    assert of_session(tree) == {"said"}


def test_the_session_holds_records_and_widgets_alone():
    """Anything else would be state that nobody declares."""
    widgets = {re.sub(r"\{\w+\}", HOLE, key) for row in parameters.TABLE for key in row.widget.split()}
    widgets |= {key for tree in screens().values() for key in of_widgets(tree)}
    for path, tree in screens().items():
        strange = {key for key in of_session(tree) if not any(same(key, own) for own in widgets)}
        assert not strange, (path, strange)


def test_no_two_modules_use_one_key():
    """Else what is said on one page is said on another. What several pages share stands in a module that they share."""
    keys = [(key, path) for path, tree in screens().items() for key in of_widgets(tree)]
    twice = [(a, b) for k, a in enumerate(keys) for b in keys[:k] if a[1] != b[1] and same(a[0], b[0])]
    assert not twice


def test_every_parameter_s_widget_is_there():
    """A key that is written otherwise on the page would never get what the link says."""
    drawn = {key for tree in screens().values() for key in of_widgets(tree)}
    keys = {re.sub(r"\{\w+\}", HOLE, key) for row in parameters.TABLE for key in row.widget.split()} - {HOLE}
    assert not {key for key in keys if not any(same(key, own) for own in drawn)}


def test_every_record_is_frozen_and_has_a_beginning():
    records = [
        kind
        for module in (state, remembered)
        for kind in vars(module).values()
        if is_dataclass(kind) and kind.__module__ == module.__name__
    ]
    assert len(records) > 12
    assert all(kind.__dataclass_params__.frozen and kind() == kind() for kind in records)


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A session and an address without a browser."""
    found = SimpleNamespace(session={}, query={}, told=[])
    monkeypatch.setattr(st, "session_state", found.session)
    monkeypatch.setattr(st, "query_params", found.query)
    monkeypatch.setattr(st, "warning", found.told.append)
    return found


def test_a_record_is_replaced_whole(visit):
    before = state.of(Quiz)
    state.change(Quiz, at="forget-one", moves=1)
    assert before == Quiz()
    assert state.of(Quiz) == Quiz("forget-one", moves=1)
    assert list(visit.session) == [state.key(Quiz)]


def test_an_arrival_is_whole_or_made_again(visit):
    state.enter("short_term")
    visit.query["row"] = "7"
    with pytest.raises(InterruptedError), parameters.arrival("short_term") as link:
        assert link == {"row": 7}
        raise InterruptedError
    visit.session["short_row"] = 8
    parameters.arrive("short_term")
    assert visit.session["short_row"] == 7
    visit.session["short_row"] = 9
    parameters.arrive("short_term")
    assert (visit.session["short_row"], visit.session["short_keep"]) == (9, 0.9)  # in between the URL is not read
    state.enter("gradients")
    state.enter("short_term")
    parameters.arrive("short_term")
    assert visit.session["short_row"] == 7
    assert not state.of(Visit).newcomer


def test_back_reads_the_url_anew_and_what_it_does_not_say_is_as_at_first(visit):
    """Without leaving the page: its address is another one."""
    state.enter("short_term")
    visit.query["row"] = "7"
    parameters.arrive("short_term")
    visit.session["short_keep"] = 0.5
    state.enter("short_term")
    parameters.arrive("short_term")
    assert (visit.session["short_row"], visit.session["short_keep"]) == (7, 0.5)
    visit.query["row"] = "3"
    state.enter("short_term", back=True)
    parameters.arrive("short_term")
    assert (visit.session["short_row"], visit.session["short_keep"]) == (3, 0.9)
    assert state.of(Visit).back == 1


PAGE = (
    {
        "H": 8,
        "T": 6,
        "cell": "gru",
        "task": "mini",
        "model": "mini-gru",
        "unit": 1,
        "words": "bad",
        "first": "not bad",
        "kinds": ("words", "position", "one fact", "two facts"),
        "stages": (0, 100),
    }
    | {"options": conventions.values("gru"), "names": " ".join(f"w_{k}" for k in range(15)), "count": 15, "most": 8.0}
    | {
        "models": {},
        "shares": ("AAPL",),
        "own": "own",
        "share": "AAPL",
        "clips": ("7",),
        "looks": ("kept",),
        "text": "1924",
        "cells": ("lstm", "gru"),
    }
    | {
        "parts": {"weight_ih": "W", "z": "Update gate"},
        "curves": ("tanh", "relu"),
        "best": 0,
        "later": "mingru",
        "some": (0, 2),
        "kind": "words",
        "array": "h",
    }
    | {"at": 0, "pairs": 8, "shown": PARTS}
    | {"presets": presets(), "tasks": settings.told().tasks, "begun": begun({}, None), "least": 4, "most": 100}
    | {
        "key": "own",
        "sources": ("mini-lstm", "own"),
        "networks": ("", "rnn"),
        "asks": {"activation": ("tanh", "relu"), "layer_norm": ("carried", "output")},
    }
    | {
        "input": "random",
        "tables": ("", "embedding.weight"),
        "places": ("0f", "1b"),
        "sections": ("edits", "gradients"),
        "made": (0,),
        "show": "contributions",
    }
    | {"lines": str, "story": "", "question": "Where is Mary?", "sheets": ("exam",), "exam": "exam", "largest": 999_999}
)


OTHERWISE = {  # of a row that a page has only then
    ("network_typed", "text"): {"input": "words"},
    ("network_typed", "table"): {"input": "embedded"},
    ("after_stepper", "depth"): {"cell": "mingru"},
    ("network_part", "diff"): {"show": "edits"},
    **{("later_options", f"later_{option}"): {"later": name} for name, kind in LATER.items() for option in kind.OPTIONS},
}
BESIDE = {  # owners that read on a page beside the page's own
    "start": ("lesson",),
    "by_hand": ("by_hand_sheet",),
    "room": ("room",),
    "activations": ("swap",),
    "after_lstm": ("after_stepper",),
    "conventions": ("later_cell", "later_options"),
    "find_a_unit": ("ranking",),
    "sentiment": ("pair",),
    "your_network": ("network_file", "network_input", "network_typed", "network_shown", "network_part"),
    "train": ("train_task", "train_setup"),
    **dict.fromkeys(("lstm", "gru", "bridge"), ("equations",)),
}


@pytest.mark.parametrize("row", [row for row in parameters.TABLE if row.widget], ids=lambda row: f"{row.owner}-{row.name}")
def test_what_is_written_is_what_was_read(row: Parameter, visit):
    """Every good value that the attacks know of, and the default, through the widgets into the URL and back."""
    page, met = SimpleNamespace(found={}, **PAGE | OTHERWISE.get((row.owner, row.name), {})), 0
    for said in links.GOOD[row.name]:
        visit.query[row.name] = said
        if not row.here(page) or (value := row.value(page)) is None:
            continue
        visit.session.update(row.parts(value, page))
        if (written := row.link(page)) is not None:
            visit.query[row.name] = written
            assert row.value(page) == value
            met += 1
    assert met or row.name in ("model", "output", "activation", "gates", "peephole")
    visit.session.update(row.parts(row.default, page) if row.here(page) else {})
    assert not row.here(page) or isinstance(row.link(page), str | None)


def test_the_attacks_know_every_page_s_parameters():
    for page, own in links.READ_BY.items():
        owners = {page, *BESIDE.get(page, ())}
        table = {row.name for row in parameters.TABLE if row.owner in owners} - {"text", "model", "room"}
        assert table == set(own) - {"seen"}, page


def test_the_browser_knows_the_answers_too():
    said = re.search(r"ANSWERS = \[(.*)\]", (assets.ASSETS / "stepper" / "pure" / "address.js").read_text(encoding="utf-8"))
    assert said is not None
    assert {name.strip(' "') for name in said[1].split(",")} == answers.NAMES
