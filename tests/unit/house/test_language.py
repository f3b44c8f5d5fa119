"""The English of the fixed texts: numbers as people write them, the standard terms, one name for each page, and no term on Home or in the tour without an entry in the glossary."""

import re
from pathlib import Path

import pytest

from core.lessons.quiz import items
from core.lessons.schema import FIRST, lessons
from core.views.site import outline, texts
from tests.conftest import ROOT
from tests.unit.house.said import FILES, GLOSSARY, literals, prose, said

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
FIELD = (  # terms of the field that a newcomer cannot know
    *("neural network", "RNN", "LSTM", "GRU", "long short-term memory", "gated recurrent unit", "recurrent", "cell state", "hidden state", "state"),
    *("forget gate", "input gate", "output gate", "update gate", "reset gate", "gate", "candidate", "memory", "unit", "token", "step", "verdict"),
    *("readout", "logit", "weight", "bias", "parameter", "vector", "matrix", "embedding", "vocabulary", "training", "trained", "loss", "gradient"),
    *("vanishing gradient", "epoch", "update", "batch", "probability", "prediction", "tanh", "sigmoid", "softmax", "ReLU", "activation function"),
    *("held-out", "baseline", "seed", "pre-activation", "one-hot", "backpropagation", "⊙", "σ"),
)  # fmt: skip

SHARE = re.compile(r"%\{[a-z]+:[^}]*%\}|format=\"[^\"]*%\"")  # in a figure's hover, on its axis


def faults(text: str) -> list[str]:
    """The rules that a text breaks."""
    text = re.sub(r"`[^`\n]*`", "…", text)  # code
    return [name for name, pattern in RULES.items() if re.search(pattern, text, re.MULTILINE)]


@pytest.mark.parametrize("name", FILES)
def test_the_texts_keep_the_rules(name):
    broken = {text[:200]: found for text in said(name) if (found := faults(text))}
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


@pytest.mark.parametrize("folder", ["core", "pages", "tests", "assets/stepper", "assets/train"])
def test_code_and_comments_have_no_archaisms(folder):
    old = re.compile(r"(?i)\b(?:learnt|foretold|foretells?|whilst|amongst|nought)\b")
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".js") and "node_modules" not in path.parts]
    assert files
    assert not {
        (path.name, found[0]) for path in files if path != Path(__file__) and (found := old.search(path.read_text(encoding="utf-8")))
    }


def names() -> set[str]:
    return {outline.name(page) for page in outline.ALL}


def test_the_docs_name_every_page():
    """By the name that it has in the navigation."""
    told = prose((ROOT / "docs/using.md").read_text(encoding="utf-8"))
    assert not {name for name in names() - {outline.name("room")} if f"*{name}*" not in told and f"**{name}**" not in told}


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".js")])
def test_a_page_is_called_by_its_name(name):
    """After “page” an emphasised name is one of the navigation."""
    for text in said(name):
        assert set(re.findall(r"\bpage \*([A-Z][^*]+)\*", text)) <= names()


def untold(text: str, glossary: str) -> set[str]:
    """The terms and the symbols of a text that the glossary does not have."""
    terms = {term for term in FIELD if re.search(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", text, re.IGNORECASE)}
    symbols = set(re.findall(r"(?<![\w’'])[b-zB-HJ-Z](?![\w’'])", text))
    return {term for term in terms if term.lower() not in glossary.lower()} | {s for s in symbols if not re.search(rf"\b{s}\b", glossary)}


def test_every_term_of_home_and_of_the_tour_is_in_the_glossary():
    home = texts.of(outline.HOME)
    glossary = "\n".join(said(GLOSSARY))
    for text in (home.opening, *home.parts.values(), *said(f"assets/lessons/{FIRST}.json")):
        assert not untold(re.sub(r"\{[^}]*\}", "", text), glossary), text


@pytest.mark.parametrize(("text", "missing"), [("Its logit is q.", {"logit", "q"}), ("The forget gate f", set()), ("a readout", set())])
def test_a_term_without_an_entry_is_found(text, missing):
    assert untold(text, "forget gate f\nreadout") == missing


def test_figures_print_no_per_cent_of_their_own():
    """Plotly’s format of a share has no space before the sign: charts.PERCENT has one."""
    found = [
        path.name
        for folder in ("core", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if SHARE.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


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
