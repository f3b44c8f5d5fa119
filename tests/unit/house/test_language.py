"""The English of the fixed texts: numbers as people write them, the standard terms, one name for each page, and no term on Home or in the tour without an entry in the glossary."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.lessons.quiz import items
from core.lessons.schema import FIRST, lessons
from core.views.site import outline, texts
from tests.conftest import ROOT

RULES = {  # what a text must not hold; the examples of the test below show each at work
    "minus": r"(?<![\w)\]}.–-])-(?=\d|\{)",
    "per cent": r"(?<=[\d}])%",
    "power": r"(?<=[\w)])\^",
    "plural": r"(?<![\d.,])\b1 (?:tokens|words|steps|units|updates|networks|seeds|stops|seconds|minutes|hours)\b",
    "archaic": r"(?i)\b(?:learnt|foretell|foretold|likeliest|whilst|amongst|anew and anew|too much said|nought)\b",
    "who": r"(?:^|[.:;?!]\s+)Who (?!is\b|are\b|can\b)\w+s\b",
    "picture": r"(?i)\bturn(?:s|ed|ing)? (?:\w+ ){0,4}round\b|\bturn(?:s|ed|ing)? (?:their|its|the) signs?\b|\bblames?\b|\buses the note up\b|\bthe note\b",
    "literal": r"(?i)\bone of the H places\b|\bproduct unit by unit\b|\bthe first with the first\b",
    "terse": r"(?i)\bhalf dashed\b|\bread as <unk>|\bone gate (?:fell|rose)\b",
    "button": r"(?i)^(?:go on|take away|just show it)\b",
    "riddle": r"(?i)\bwhich (?:rows|entry) (?:hold|show)s? it\b|\bwhat (?:each )?tokens? left\b",
    "old name": r"\bStart here\b|\bSide by side\b|\bWatch it form\b|\*Comprehension\*|\*Start\*|\*Teach\*|\bBridge to the libraries\b",
}
PYTHON = ("core/families", "core/worksheets", "core/insight", "core/lessons", "core/models")  # what people read there are string literals
SCREENS = (
    "pages",
    "core/views/room",
    "core/views/widgets",
    *(f"core/applications/{name}" for name in ("sentiment", "speech", "stocks", "stories", "synthesis")),
)
FIELD = (  # terms of the field that a newcomer cannot know
    *("neural network", "RNN", "LSTM", "GRU", "long short-term memory", "gated recurrent unit", "recurrent", "cell state", "hidden state", "state"),
    *("forget gate", "input gate", "output gate", "update gate", "reset gate", "gate", "candidate", "memory", "unit", "token", "step", "verdict"),
    *("readout", "logit", "weight", "bias", "parameter", "vector", "matrix", "embedding", "vocabulary", "training", "trained", "loss", "gradient"),
    *("vanishing gradient", "epoch", "update", "batch", "probability", "prediction", "tanh", "sigmoid", "softmax", "ReLU", "activation function"),
    *("held-out", "baseline", "seed", "pre-activation", "one-hot", "backpropagation", "⊙", "σ"),
)  # fmt: skip

VIEWS = (
    *("parts", "whatif", "swapped", "units", "contributions", "short_term", "gradients", "gradients_sections"),
    *("counting", "counting_experiments", "conventions", "lessons/quiz"),
)


def faults(text: str) -> list[str]:
    """The rules that a text breaks."""
    text = re.sub(r"`[^`\n]*`", "…", text)  # code
    return [name for name, pattern in RULES.items() if re.search(pattern, text, re.MULTILINE)]


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


def said() -> dict[str, list[str]]:
    """The fixed texts by where they stand."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "assets/lessons").glob("*.json")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        found[path.name] = [lesson["title"], *(text for stop in lesson["stops"] for text in in_lesson(stop))]
    quiz = json.loads((ROOT / "assets/quiz.json").read_text(encoding="utf-8"))
    found["quiz.json"] = [
        text for item in quiz for text in (item["statement"], item["explanation"], item["source"], *in_lesson(item["stop"]))
    ]
    found["glossary.json"] = list(strings(json.loads((ROOT / "assets/glossary.json").read_text(encoding="utf-8"))))
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "pages").glob("*.md")),
    ]:
        found[path.relative_to(ROOT).as_posix()] = [prose(path.read_text(encoding="utf-8"))]
    for folder in (*PYTHON, *SCREENS):
        for path in sorted((ROOT / folder).glob("*.py")):
            found[path.relative_to(ROOT).as_posix()] = [
                text for text in literals(path.read_text(encoding="utf-8")) if re.search(r"[a-z] [a-z]", text) and "; }" not in text
            ]
    for name in VIEWS:
        code = (ROOT / f"core/views/{name}.py").read_text(encoding="utf-8")
        found[f"core/views/{name}.py"] = [text for text in literals(code) if re.search(r"[a-z] [a-z]", text)]
    for folder in ("stepper", "handout", "train"):
        for path in sorted((ROOT / "assets" / folder).rglob("*.js")):
            found[path.relative_to(ROOT).as_posix()] = in_script(path)
    return found


def in_script(path: Path) -> list[str]:
    """The strings of a module that are words: several of them, or a capital letter first."""
    code = re.sub(r"^\s*(?://|/?\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.findall(r'"((?:[^"\\\n]|\\.)*)"|`([^`]*)`', code)
    return [re.sub(r"\$\{[^}]*\}", "{}", text) for pair in found for text in pair if re.search(r"[a-z] [a-z]|^[A-Z][a-z]+ ", text)]


SAID = said()


@pytest.mark.parametrize("name", SAID)
def test_the_texts_keep_the_rules(name):
    broken = {text[:200]: found for text in SAID[name] if (found := faults(text))}
    assert not broken


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("c falls to -0.82", "minus"),
        ("0.9 of 100% stay", "per cent"),
        ("0.9^100 is small", "power"),
        ("You read 1 tokens.", "plural"),
        ("What is not learnt is lost.", "archaic"),
        ("The rest is easy. Who always says the same number has 0.64.", "who"),
        ("Some books turn z round.", "picture"),
        ("A word of blame", "picture"),
        ("One of the H places of a state", "literal"),
        ("0 – 100 %, half dashed", "terse"),
        ("Go on", "button"),
        ("Which rows hold it", "riddle"),
        ("See *Watch it form*.", "old name"),
    ],
    ids=["minus", "per-cent", "power", "plural", "archaic", "who", "round", "blame", "literal", "terse", "button", "riddle", "old-name"],
)
def test_a_fault_is_found(text, rule):
    assert faults(text) == [rule]


def test_what_is_right_is_left_alone():
    assert not faults("At **bad** f = −0.82, 97 %, 0.9¹⁰⁰; 1 token, 11 tokens; 2000-01-01; held-out data; Who is there?")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('a = f"{x:.0%} stays"', ["per cent"]),
        ("a = printed(f'{x:.0%} stays')", []),
        ('def a():\n    """Not -1."""\n    return "not -1"', ["minus"]),
        ('a = f"it is {b} -1"', ["minus"]),
    ],
    ids=["format", "printed", "docstring", "f-string"],
)
def test_literals_of_code_are_read(code, found):
    assert [rule for text in literals(code) for rule in faults(text)] == found


def names() -> set[str]:
    return {outline.name(page) for page in outline.ALL}


def test_the_docs_name_every_page():
    """By the name that it has in the navigation."""
    told = prose((ROOT / "docs/using.md").read_text(encoding="utf-8"))
    assert not {name for name in names() - {outline.name("room")} if f"*{name}*" not in told and f"**{name}**" not in told}


@pytest.mark.parametrize("name", [name for name in SAID if not name.endswith(".js")])
def test_a_page_is_called_by_its_name(name):
    """After “page” an emphasised name is one of the navigation."""
    for text in SAID[name]:
        assert set(re.findall(r"\bpage \*([A-Z][^*]+)\*", text)) <= names()


def untold(text: str, glossary: str) -> set[str]:
    """The terms and the symbols of a text that the glossary does not have."""
    terms = {term for term in FIELD if re.search(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", text, re.IGNORECASE)}
    symbols = set(re.findall(r"(?<![\w’'])[b-zB-HJ-Z](?![\w’'])", text))
    return {term for term in terms if term.lower() not in glossary.lower()} | {s for s in symbols if not re.search(rf"\b{s}\b", glossary)}


def test_every_term_of_home_and_of_the_tour_is_in_the_glossary():
    home = texts.of(outline.HOME)
    glossary = "\n".join(SAID["glossary.json"])
    for text in (home.opening, *home.parts.values(), *SAID[f"{FIRST}.json"]):
        assert not untold(re.sub(r"\{[^}]*\}", "", text), glossary), text


@pytest.mark.parametrize(("text", "missing"), [("Its logit is q.", {"logit", "q"}), ("The forget gate f", set()), ("a readout", set())])
def test_a_term_without_an_entry_is_found(text, missing):
    assert untold(text, "forget gate f\nreadout") == missing


def test_the_docs_count_right():
    steps = {8: "eight", 9: "nine", 10: "ten"}[len(lessons()[FIRST].stops)]
    using = (ROOT / "docs/using.md").read_text(encoding="utf-8")
    assert f"{steps} steps" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{steps} steps" in using
    assert f"{len(items())} statements" in using


def test_the_readme_is_short_and_its_picture_small():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((ROOT / path).stat().st_size <= 1_500_000 for path in pictures)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md")))])
def test_links_and_pictures_of_the_docs_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, heading = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), target
        headings = (
            {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)}
            if heading
            else {""}
        )
        assert heading in headings, target
