"""The hand-out as a file: its size, that it asks nothing of a network, that no text in it becomes markup, and that its numbers are the core's."""

import base64
import hashlib
import json
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import handout
from core.families import FAMILIES
from core.handout import page
from core.handout.modules import bare, closure
from core.insight.heroes import hero
from core.lessons import Lesson, Stop, lessons, show
from core.models import catalogue, load
from core.server import assets
from core.views.lessons import handout as written
from core.views.stepper.layers import Layer
from tests.unit.handout.parsed import Parsed, numbers, unpacked

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples

MOST = 4_000_000
NASTY = [
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<!-- <script> <!--data--> <!--texts--> <!--title--> \\u003c",
    'a "quoted" & <b>bold</b> \u2028 ]]> </title></style></textarea>',
    "סרט טוב 👩‍👩‍👧 a\u202eb\u200bc",
    "half a pair \ud83c here",
]


def of_stops(*stops):
    return Lesson(version=1, name="made-here", title="Made here", stops=stops)


def long_stops(count):
    """Stops on the longest example, each another text, so that nothing is shared."""
    words = REVIEWS[-1][1].split()
    texts = [" ".join(words[k:] + words[:k]) for k in range(count)]
    return of_stops(*(Stop(title=f"Stop {k + 1}", text="Of **{word}**.", model="sentiment-lstm", input=t) for k, t in enumerate(texts)))


@pytest.mark.parametrize("name", lessons())
def test_a_shipped_lesson_is_small(name):
    assert len(written.of_lesson(lessons()[name]).encode()) <= MOST


def test_twelve_stops_of_long_reviews_are_small():
    lesson = long_stops(12)
    assert len(load("sentiment-lstm").run(lesson.stops[0].input).tokens) > 150
    size = len(written.of_lesson(lesson).encode())
    assert size <= MOST


def test_what_stands_in_it_twice_is_written_once():
    stop = lessons()["start-here"].stops[3]
    one, three = (len(written.of_lesson(of_stops(*[stop] * k))) for k in (1, 3))
    assert three - one < 4000


@pytest.mark.parametrize("name", lessons())
def test_nothing_is_asked_of_a_network(name):
    text = written.of_lesson(lessons()[name])
    assert set(re.findall(r"https?://[^\s\"'\\<>]+", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}
    found = Parsed(text)
    assert not [e for e in found.elements if e[0] in ("link", "img", "iframe", "object", "embed", "base", "form")]
    assert not [e for e in found.elements if {"src", "href", "action", "srcset", "style"} & set(e[1])]
    assert not re.search(r"@import|url\(", text)


def test_its_own_policy_allows_one_script_and_no_network():
    found = Parsed(written.of_lesson(lessons()["start-here"]))
    policy = next(a["content"] for tag, a in found.elements if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    rules = {name: values for name, *values in (rule.split() for rule in policy.split(";"))}
    kinds = [a.get("type") for tag, a in found.elements if tag == "script"]
    assert kinds == ["application/json", "application/json", None]
    digest = base64.b64encode(hashlib.sha256(found.scripts[2].encode()).digest()).decode()
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == [f"'sha256-{digest}'", "blob:"]
    assert "connect-src" not in rules  # so default-src holds
    assert rules["img-src"] == ["data:"]
    assert rules["base-uri"] == rules["form-action"] == ["'none'"]


def test_the_modules_are_the_steppers_own():
    """All that a hand-out needs and no room; each after what it imports, with its imports named and its code unchanged."""
    modules = json.loads(Parsed(handout.shell()).scripts[0])
    assert {"stepper/main.js", "stepper/inside/diagram.js", "stepper/pure/compute.js", "handout/heatmaps.js"} < set(modules)
    assert not [path for path in modules if "/room/" in path]
    before: set[str] = set()
    for path, text in modules.items():
        assert set(re.findall(r'"module:([^"]+)"', text)) <= before
        before.add(path)
        code = bare((assets.ASSETS / path).read_text(encoding="utf-8"))
        named = re.sub(r'"module:[^"]+/([^"/]+)"', r'"\1"', text)
        plain = re.sub(r'(from|await import\()( ?)"[^"]+/([^"/]+)"', r'\1\2"\3"', code)
        assert [line for line in named.splitlines() if line.strip()] == [line for line in plain.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a; // kept\n// gone\n\tb;\n", "a; // kept\n\n\tb;\n"),
        ("/** one\n * two */\nf();\n", "\n\nf();\n"),
        ('x = /** @type {any} */ (y);\n"// in a text"\n', 'x = /** @type {any} */ (y);\n"// in a text"\n'),
        ("/** a */ f();\n", "/** a */ f();\n"),
    ],
    ids=["line", "block", "inline", "before"],
)
def test_comments_alone_on_their_lines_are_left_out(text, left):
    assert bare(text) == left


def test_modules_in_a_circle_are_refused(tmp_path, monkeypatch):
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.js").write_text(f'import {{ x }} from "./{other}.js";\n', encoding="utf-8")
    monkeypatch.setattr("core.handout.modules.ASSETS", tmp_path)
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        closure("a.js")


@pytest.mark.parametrize("nasty", NASTY)
def test_markup_in_texts_stays_text(nasty):
    safe = nasty.encode("utf-8", "replace").decode()
    stop = Stop(title=safe[:80], text=safe, model="sentiment-lstm", input=safe, level="all", array="f", unit=0)
    lesson = of_stops(stop).model_copy(update={"title": safe})
    text = written.of_lesson(lesson)
    plain = Parsed(written.of_lesson(of_stops(stop.model_copy(update={"title": "t", "text": "t"}))))
    found = Parsed(text)
    extra = {"b", "i", "p", "code"}
    assert [t for t, _ in found.elements if t not in extra] == [t for t, _ in plain.elements if t not in extra]
    assert found.data["title"] == safe
    assert found.data["stops"][0]["body"]["tokens"] == list(load("sentiment-lstm").run(safe).tokens)


@pytest.mark.parametrize("nasty", NASTY)
def test_markup_in_a_view_stays_text(nasty):
    reading = load("sentiment-gru").run(nasty)
    place = {"step": 0, "unit": 0, "array": "z", "level": "all"}
    text = written.of_view(reading, [Layer.of(reading)], "made <b>here</b>", place)
    found = Parsed(text)
    assert len(found.scripts) == 3
    assert found.data["stops"][0]["body"]["tokens"] == list(reading.tokens)
    assert found.data["stops"][0]["body"]["provenance"] == "made <b>here</b>"


def test_its_numbers_are_the_cores():
    lesson = lessons()["start-here"]
    found = Parsed(written.of_lesson(lesson)).data
    assert len(found["stops"]) == len(lesson.stops)
    for stop, sent in zip(lesson.stops, found["stops"], strict=True):
        shown = show(stop)
        layer = sent["body"]["layers"][-1]
        for panel in layer["panels"]:
            assert np.array_equal(numbers(panel["values"]), getattr(shown.reading.trace, panel["name"]).ravel())
        assert numbers(layer["positive"])[1:] == pytest.approx(shown.reading.outputs[:, 1])
        here = sent["place"]
        assert (here["step"], here["unit"], here["level"]) == (shown.place.step, shown.place.unit, stop.level)


def test_a_view_holds_its_place_and_its_hero():
    reading = load("mini-lstm").run(MINI[0][1])
    place = {"step": 2, "unit": 1, "array": "g", "level": "inside"}
    found = Parsed(written.of_view(reading, [Layer.of(reading)], reading.model.card.provenance, place, hero(reading))).data["stops"][0]
    assert found["place"] == place
    assert found["body"]["hero"]["unit"] == hero(reading).unit


def test_every_stop_can_be_read_without_a_script():
    found = Parsed(written.of_lesson(lessons()["start-here"]))
    text = "".join(found.text)
    for stop in lessons()["start-here"].stops:
        assert stop.title in text
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_licences_stand_in_it():
    found = Parsed(written.of_lesson(lessons()["start-here"]))
    assert "Copyright (c) 2026 the Gatescope authors" in "".join(found.text)
    lines = {line for stop in found.data["stops"] for layer in stop["body"]["layers"] for line in layer["licences"]}
    for name in {stop.model for stop in lessons()["start-here"].stops}:
        card = catalogue()[name]
        assert any(card.licence in line and card.title in line for line in lines)
        assert all(any(data["name"] in line and data["licence"] in line for line in lines) for data in card.data)


def test_a_stop_whose_claim_does_not_hold_is_left_out_and_told():
    good, other = lessons()["start-here"].stops[:2]
    broken = other.model_copy(update={"claims": (("f", ">", 2.0),)})
    found = Parsed(written.of_lesson(of_stops(good, broken, good)))
    assert len(found.data["stops"]) == 2
    assert f"Stop 2 is left out: {other.title}: the text claims f > 2.0" in "".join(found.text)
    with pytest.raises(ValueError, match="left out"):
        written.of_lesson(of_stops(broken))


def test_an_edited_reading_is_not_computed_anew():
    from core.cells import Edit

    model = load("mini-lstm")
    assert Layer.of(model.run("good film")).computes() is not None
    assert Layer.of(model.run("good film", [Edit("f", 1.0)])).computes() is None
    assert Layer.of(load("sentiment-lstm").run("good film")).computes() is None


def test_colours_are_those_of_the_app():
    theme = page.tomllib.loads((assets.ASSETS.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    light, dark = handout.shell().split("prefers-color-scheme: dark", 1)
    for block, name in ((light, "light"), (dark, "dark")):
        assert f"--st-background-color: {theme[name]['backgroundColor']};" in block
        assert f"--st-text-color: {theme[name]['textColor']};" in block


def test_the_shell_is_served_and_can_be_filled():
    shell = assets.files()["handout.html"].body.decode()
    assert shell == handout.shell()
    places = [shell.index(mark) for mark in handout.MARKS.values()]
    assert all(a < b for a, b in pairwise(places))
    assert all(shell.count(mark) == 1 for mark in handout.MARKS.values())


piece = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["x" * 300, "x" * 320, "<" * 400]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(piece, max_size=4), st.integers(1, 3))
def test_packing_loses_nothing(value, times):
    packed = json.loads(page.inert(handout.packed(value * times)))
    assert unpacked(packed) == value * times
    assert "<" not in page.inert(handout.packed(value * times))


def test_a_lesson_that_is_too_large_is_refused_before_it_is_computed(monkeypatch):
    lesson = long_stops(12)
    count = written.size(lesson.model_dump_json())
    assert count == sum(48 * len(load("sentiment-lstm").run(stop.input).tokens) for stop in lesson.stops)
    assert 2 * count < written.MOST  # room for honest ones
    monkeypatch.setattr(written, "work_out", lambda *_: pytest.fail("it was computed"))
    monkeypatch.setattr(written, "MOST", count - 1)
    with pytest.raises(ValueError, match=f"{count:,} steps times units together, and a file can hold at most {count - 1:,}"):
        written.of_lesson(lesson)


def test_files_are_kept_by_bytes():
    kept, made = handout.Kept(10), []

    def get(name: str, size: int) -> bytes:
        return kept.get(name, lambda: made.append(name) or name.encode() * size)

    assert get("a", 4) == b"aaaa"
    get("b", 4)
    get("a", 4)  # asked for later than b
    get("c", 4)
    assert made == ["a", "b", "c"]
    assert kept.held == 8
    get("a", 4)
    get("b", 4)
    assert made == ["a", "b", "c", "b"]  # b had gone
    assert len(get("d", 11)) == 11  # larger than all that is kept: given, not kept
    get("d", 11)
    assert made[-2:] == ["d", "d"]
    assert kept.held <= 10
