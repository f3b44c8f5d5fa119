"""The fixed texts by where they stand: in pages, lessons, the quiz, the glossary, the documentation, and as strings in Python and JavaScript."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PYTHON = ("core/families", "core/worksheets", "core/insight", "core/lessons", "core/models")  # what people read there are string literals
SCREENS = (
    "pages",
    "core/views/room",
    "core/views/widgets",
    *(f"core/applications/{name}" for name in ("sentiment", "speech", "stocks", "stories", "synthesis")),
)
VIEWS = (
    *("parts", "whatif", "swapped", "units", "contributions", "short_term", "gradients", "gradients_sections"),
    *("counting", "counting_experiments", "conventions", "lessons/quiz"),
)
GLOSSARY = "assets/glossary.json"


def prose(markdown: str) -> str:
    """Markdown without code, comments, addresses, and tables that a program wrote."""
    markdown = re.sub(r"\{[^}\n]*\}", "{}", markdown)  # a number of a page, which core.numerals.Number prints
    for pattern in (r"<!-- (\w+): .*?<!-- /\1 -->", r"```.*?```", r"<!--.*?-->", r"`[^`\n]*`", r"\]\([^)]*\)"):
        markdown = re.sub(pattern, "…", markdown, flags=re.DOTALL)
    return markdown


def strings(value: object) -> Iterator[str]:
    """Every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def in_lesson(stop: dict[str, object]) -> Iterator[str]:
    """What is read of a stop, with {} for its numbers, which `core.numerals.Number` prints."""
    question = stop.get("question")
    for text in strings([stop["title"], stop["text"], question if isinstance(question, dict) else ""]):
        yield re.sub(r"\{[^}]*\}", "{}", text)


def literals(code: str) -> Iterator[str]:
    """The string literals of Python code but its docstrings, an f-string with {…} for what is put in; with a format in per cent that nothing prints as text, `{…}%`."""
    tree = ast.parse(code)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "printed"]
    made = {id(part) for call in calls for part in ast.walk(call)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and id(node) not in made:
            yield "".join(_part(part) for part in node.values)


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    spec = ast.unparse(part.format_spec) if isinstance(part, ast.FormattedValue) and part.format_spec else ""
    return "{}%" if "%" in spec else "{}"


def files() -> dict[str, Callable[[Path], list[str]]]:
    """Where fixed texts stand, and how each file is read."""
    folders: dict[str, Callable[[Path], list[str]]] = {
        "assets/lessons/*.json": in_a_lesson,
        "docs/*.md": in_markdown,
        "pages/*.md": in_markdown,
    }
    folders |= {f"{folder}/*.py": in_code for folder in (*PYTHON, *SCREENS)}
    folders |= {f"assets/{folder}/**/*.js": in_script for folder in ("stepper", "handout", "train")}
    found = {path.relative_to(ROOT).as_posix(): read for name, read in folders.items() for path in sorted(ROOT.glob(name))}
    found |= dict.fromkeys(["README.md", "CONTRIBUTING.md"], in_markdown) | dict.fromkeys(
        [f"core/views/{name}.py" for name in VIEWS], in_view
    )
    return found | {"assets/quiz.json": in_the_quiz, "assets/train/presets.json": in_experiments, GLOSSARY: in_the_glossary}


@cache
def said(name: str) -> list[str]:
    """The fixed texts of a file."""
    return FILES[name](ROOT / name)


def in_a_lesson(path: Path) -> list[str]:
    lesson = json.loads(path.read_text(encoding="utf-8"))
    return [lesson["title"], *(text for stop in lesson["stops"] for text in in_lesson(stop))]


def in_the_quiz(path: Path) -> list[str]:
    quiz = json.loads(path.read_text(encoding="utf-8"))
    return [text for item in quiz for text in (item["statement"], item["explanation"], item["source"], *in_lesson(item["stop"]))]


def in_experiments(path: Path) -> list[str]:
    return [each[part] for each in json.loads(path.read_text(encoding="utf-8")) for part in ("title", "question", "answer")]


def in_the_glossary(path: Path) -> list[str]:
    return list(strings(json.loads(path.read_text(encoding="utf-8"))))


def in_markdown(path: Path) -> list[str]:
    return [prose(path.read_text(encoding="utf-8"))]


def in_view(path: Path) -> list[str]:
    return [text for text in literals(path.read_text(encoding="utf-8")) if re.search(r"[a-z] [a-z]", text)]


def in_code(path: Path) -> list[str]:
    return [text for text in in_view(path) if "; }" not in text]


def in_script(path: Path) -> list[str]:
    """The strings of a module that are words: several of them, or a capital letter first."""
    code = re.sub(r"^\s*(?://|/?\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.findall(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`', code)
    return [re.sub(r"\$\{[^}]*\}", "{}", text) for pair in found for text in pair if re.search(r"[a-z] [a-z]|^[A-Z][a-z]+ ", text)]


FILES = files()
