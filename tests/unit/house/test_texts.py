"""The fixed texts stand in pages/*.md: no prose in the code of pages and views; every part is asked for, and every part that is asked for is there."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from string import Formatter

import pytest

from core.views.site import texts
from tests.conftest import ROOT
from tests.unit.house.screens import screens

PROSE = re.compile(r"[A-Za-z]{2,}[’,:;.]? (?:\{\} )*[a-z]{2,}")
STAYS = {  # where prose may stand in code, and why
    "core/views/parameters.py": "what is told of a link is a column of the table of parameters",
    "core/views/widgets/meanings.py": "the same, of parameters that need code",
    "core/views/widgets/incoming.py": "the same, of any other parameter",
    "core/views/stepper/arrays.py": "a gate’s name, meaning, range and colour are one row",
    "core/views/stepper/successors.py": "the same, of the cells after the LSTM",
    "core/views/stepper/ungated.py": "the same",
    "core/views/stepper/fixed.py": "told to a program, as the server’s answer",
    "core/views/widgets/damage.py": "told where a file cannot be read, perhaps the one with this text",
}
NAMES = {  # of rows in records, by which the code finds them
    *("overruled opinions", "opinions that stand", "opinions that stand, after not", "every word"),
    *("the word", "a waiting not", "the verdict", "{}, from layer {}"),
    *("next-day return", "5-day volatility", "unseen shares", "two facts", "bag of words, logistic regression"),
    *(
        "bottom right",
        "are you busy{}",
        "to record",
        "good the film was the film was bad",
        "the film was good",
        "the film was not good",
        "not bad but not not not",
        "the film was good but bad",
    ),  # a place of Plotly’s; what networks are given to read
}
SCREENS = screens()
PAGES = {path.stem for path in (ROOT / "pages").glob("*.md")}
CHOSEN = {
    "lessons",
    "lstm",
    "gru",
    "train",
}  # whose parts are named by data: lessons by files, a cell’s by its arrays, the trainer’s by its scripts


def asks(node: ast.AST) -> bool:
    """Whether this is a call for a part of a text."""
    return isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in ("part", "_part")


def printed(node: ast.Constant | ast.JoinedStr) -> str:
    """What a string shows: {} for what is put in, without tags, code and Plotly's %{…}."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
    if re.search(r"^\s*<style|\) \{|; \}", text):  # styles and scripts
        return ""
    named = re.findall(r'(?:aria-label|alt|title)="([^"]*)"', text)
    return " | ".join([re.sub(r"<[^>]*>|%\{[^}]*\}|<$|^[^<]*>", "|", text), *named])


def prose(tree: ast.Module) -> Iterator[str]:
    """The strings of two words or more that are no docstring, no key of a part or of a record, and not compared with one."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        keys: list[ast.AST] = []
        if isinstance(node, ast.Expr):
            keys = [node.value] if isinstance(node.value, ast.Constant) else []
        elif isinstance(node, ast.Raise):  # read by who wrote the call
            keys = [node.exc] if node.exc else []
        elif isinstance(node, ast.Subscript):
            keys = [node.slice]
        elif isinstance(node, ast.Compare):
            keys = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and (
            asks(node) or getattr(node.func, "attr", "") in ("get", "startswith", "endswith", "removeprefix")
        ):
            keys = list(node.args[:1])
        elif isinstance(node, ast.JoinedStr):
            keys = [part for part in node.values if isinstance(part, ast.Constant)]
        skipped |= {id(part) for key in keys for part in ast.walk(key)}
    for node in ast.walk(tree):
        string = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if string and id(node) not in skipped and PROSE.search(text := printed(node)) and text not in NAMES:
            yield text


@pytest.mark.parametrize("path", sorted(set(SCREENS) - set(STAYS)))
def test_no_prose_stands_in_the_code(path):
    assert not list(prose(SCREENS[path]))


def needed(text: str) -> set[str]:
    """The names of the figures that a part waits for."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name}


@cache
def asked(path: str) -> list[tuple[str, ast.Call]]:
    """The keys that a module asks for, as patterns: an f-string's {…} may be anything; of a choice each."""
    calls = [node for node in ast.walk(SCREENS[path]) if asks(node)]
    return [(pattern(key), call) for call in calls for key in choices(call.args[0])]


def pattern(key: ast.expr) -> str:
    if isinstance(key, ast.JoinedStr):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in key.values)
    return re.escape(str(key.value)) if isinstance(key, ast.Constant) else ".+"


def choices(key: ast.expr) -> list[ast.expr]:
    return [*choices(key.body), *choices(key.orelse)] if isinstance(key, ast.IfExp) else [key]


@cache
def sources(path: str) -> set[str]:
    """The pages whose texts a module reads; any where the page is not named in the code."""
    calls = [node for node in ast.walk(SCREENS[path]) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "of"]
    pages = [call.args[0] for call in calls if ast.unparse(call.func) == "texts.of"]
    named = {str(page.value) for page in pages if isinstance(page, ast.Constant)}
    return named if all(isinstance(page, ast.Constant) for page in pages) else PAGES


@cache
def strings() -> set[str]:
    """Every string of the code: a key may be handed on before it is asked for."""
    return {node.value for tree in SCREENS.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("path", [path for path in SCREENS if sources(path)])
def test_what_is_asked_for_is_there(path):
    """Each key is a part of a page that the module reads, and is given the figures that the part waits for."""
    parts = {key: text for page in sources(path) for key, text in texts.of(page).parts.items()}
    for key, call in asked(path):
        found = [text for name, text in parts.items() if re.fullmatch(key, name)]
        assert found, key
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and given and ".+" not in key:
            assert needed(found[0]) <= given, key


@pytest.mark.parametrize("page", sorted(PAGES - CHOSEN))
def test_every_part_is_asked_for(page):
    keys = {key for path in SCREENS if page in sources(path) for key, _ in asked(path) if key != ".+"}
    assert not {name for name in texts.of(page).parts if name not in strings() and not any(re.fullmatch(key, name) for key in keys)}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('st.caption("Two words")', ["Two words"]),
        ('st.caption(f"{a} goes from {b} to {c}")', ["{} goes from {} to {}"]),
        ('st.button(part("two words", more="two words"))', ["two words"]),
        ('st.caption(card.metric["two words"])', []),
        ("st.html(f'<p aria-label=\"Two words\">{a}</p>')", ["|{}| | Two words"]),
        ('"""Two words."""\nraise ValueError("two words")', []),
        ('figure.update_traces(hovertemplate="%{x}: %{y:.2f}")', []),
    ],
    ids=["string", "f-string", "figure", "key", "label", "docstring", "template"],
)
def test_prose_is_found(code, found):
    assert list(prose(ast.parse(code))) == found
