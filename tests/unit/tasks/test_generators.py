"""The generators of the tasks made in code, against closed forms and second implementations; the reader of the novels."""

import io
import re
import struct
import tarfile
import zlib

import numpy as np
import pytest

from core.families import FAMILIES
from core.models.text import SPACES, Symbols
from core.tasks import adding, brackets, copying, counting, novels, reber


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_same_seed_draws_the_same():
    for draw in (
        lambda r: adding.sequences(r, 5, 20)[0],
        lambda r: copying.sequences(r, 5, 20)[0],
        lambda r: brackets.strings(r, 5, 20),
        lambda r: reber.stream(r, 50)[0],
    ):
        assert np.array_equal(draw(rng(3)), draw(rng(3)))
        assert not np.array_equal(draw(rng(3)), draw(rng(4)))


def test_adding_has_the_variance_it_says():
    x, target = adding.sequences(rng(), 200_000, 10)
    marked = (x[..., 0] * x[..., 1]).sum(axis=0)
    np.testing.assert_allclose(marked, target, atol=1e-6)
    assert (x[:5, :, 1].sum(axis=0) == 1).all()
    assert (x[5:, :, 1].sum(axis=0) == 1).all()
    # the fourth moment of the sum of two uniforms on -1..1 is 2/5 + 6/9: the error of the estimated variance is √((16/15 - 4/9) / n)
    assert np.square(target).mean() == pytest.approx(adding.VARIANCE, abs=5 * np.sqrt((16 / 15 - 4 / 9) / 200_000))


def test_copying_asks_for_what_was_read():
    ids, answers = copying.sequences(rng(), 5000, 7)
    for row, asked in zip(ids[:200], answers[:200], strict=True):
        text = "".join(copying.WORDS[k] for k in row)
        assert re.fullmatch(r"[abcd]{4}·{7}>{4}", text)
        assert "".join(copying.LETTERS[k] for k in asked[asked >= 0]) == text[:4]
        assert (asked[:-4] == -1).all()
    right = ids[:, :4] == rng(1).integers(0, 4, (5000, 4))  # who guesses
    assert right.mean() == pytest.approx(copying.CHANCE, abs=5 * np.sqrt(0.25 * 0.75 / 20_000))
    assert copying.sequences(rng(), 1, 0)[0].shape == (1, 8)


def reduced(text: str) -> str:
    """What is left of a bracket string when pairs are struck out until none is left: nothing if it is balanced, what is open if a prefix."""
    while (shorter := text.replace("()", "").replace("[]", "")) != text:
        text = shorter
    return text


@pytest.mark.parametrize("length", [2, 4, 30, 100])
def test_brackets_are_balanced_and_at_most_four_deep(length):
    ids = brackets.strings(rng(), 100, length)
    answers = brackets.answers(ids)
    assert ids.shape == (100, length)
    deepest = 0
    for row, said in zip(ids, answers, strict=True):
        text = "".join(brackets.WORDS[k] for k in row)
        assert reduced(text) == ""
        for t in range(length):
            still = reduced(text[: t + 1])
            deepest = max(deepest, len(still))
            assert brackets.LABELS[said[t]] == ({"(": ")", "[": "]"}[still[-1]] if still else "nothing")
    assert deepest == min(4, length // 2)


def test_brackets_that_close_what_is_not_open_are_refused():
    for text in (")", "(]", "())"):
        with pytest.raises(ValueError, match="wanted one that closes"):
            brackets.answers(np.array([[brackets.WORDS.index(ch) for ch in text]]))
    for length in (0, 3):
        with pytest.raises(ValueError, match="even"):
            brackets.strings(rng(), 1, length)


def test_counting_says_what_follows():
    ids, after = counting.strings(np.array([1, 3, 2]))
    assert ["".join("ab"[k] for k in row[said >= 0]) for row, said in zip(ids, after, strict=True)] == ["ab", "aaabbb", "aabb"]
    language = {"a" * n + "b" * n for n in range(1, 9)}  # long enough: what may follow is what some string of it goes on with
    for row, said, n in zip(ids, after, (1, 3, 2), strict=True):
        text = "".join(counting.WORDS[k] for k in row[: 2 * n])
        for t in range(2 * n):
            follows = {(word + "$")[t + 1] for word in language if word.startswith(text[: t + 1])}
            assert {"a or b": {"a", "b"}, "b": {"b"}, "end": {"$"}}[counting.LABELS[said[t]]] == follows
        assert (said[2 * n :] == -1).all()
    with pytest.raises(ValueError, match="counts"):
        counting.strings(np.array([2, 0]))


# The grammar once more, as a regular expression: both ways from the first letter to the last.
_LOOP = "T*V(?:PX T*V)*".replace(" ", "")
REBER = rf"B(?:TS*X(?:S|X{_LOOP}(?:V|PS))|P{_LOOP}(?:V|PS))E"
EMBEDDED = re.compile(rf"B(?:T{REBER}T|P{REBER}P)E")


def test_the_expression_knows_reber_strings():
    for good in ("BTXSE", "BTSSXXTVVE", "BPVVE", "BPTTVPXVPSE", "BTXXVPSE"):
        assert re.fullmatch(REBER, good), good
    for bad in ("BTSE", "BPTVE", "BTXXTVPE", "BPVPXE", "BTXSXE"):
        assert not re.fullmatch(REBER, bad), bad


def test_reber_strings_are_of_the_grammar_and_all_of_it_is_drawn():
    coins = iter(rng().integers(0, 2, 200_000).tolist())
    strings = [reber.string(coins) for _ in range(4000)]
    assert all(EMBEDDED.fullmatch(text) for text in strings)
    inner = [text[2:-2] for text in strings]
    walked = set()
    for text in inner:
        state = 0
        for letter in text:
            walked.add((state, letter))
            state = reber.GRAMMAR[state][letter]
        assert state == reber.END
    assert walked == {(state, letter) for state, arcs in enumerate(reber.GRAMMAR) for letter in arcs}
    assert np.mean([text[1] == "T" for text in strings]) == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(4000))
    # the mean length solves m = 1 + P m over the states; four letters stand around
    size = len(reber.GRAMMAR)
    chances = np.zeros((size, size))
    for state, arcs in enumerate(reber.GRAMMAR):
        for follower in arcs.values():
            if follower != reber.END:
                chances[state, follower] += 1 / len(arcs)
    mean = 4 + np.linalg.solve(np.eye(size) - chances, np.ones(size))[0]
    lengths = np.array([len(text) for text in strings])
    assert lengths.mean() == pytest.approx(mean, abs=5 * lengths.std() / np.sqrt(len(lengths)))


def test_a_reber_stream_marks_where_the_kept_letter_comes():
    ids, places = reber.stream(rng(), 3000)
    text = "".join(reber.WORDS[k] for k in ids)
    number = np.where(places < 0, -1 - places, places)
    assert (np.diff(number) >= 0).all()
    for k in range(number[-1]):  # the last one may be cut
        one = "".join(np.array(list(text))[number == k])
        assert EMBEDDED.fullmatch(one)
        (at,) = np.flatnonzero(places == -1 - k)
        assert text[at + 1] == one[-2] == one[1]
        assert text[at + 2] == "E"


def package(folder, novels_: list[list[str]]) -> None:
    """A Debian package as the real one is: an ar archive of an xz archive of an R database."""
    database = b""
    for lines in novels_:
        vector = struct.pack(">2s4I", b"X\n", 3, 0x040201, 0x030500, 5) + b"UTF-8" + struct.pack(">2I", 16, len(lines))
        vector += b"".join(struct.pack(">2I", 0x40009, len(raw := line.encode())) + raw for line in lines)
        database += struct.pack(">I", len(vector)) + zlib.compress(vector)
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:xz") as archive:
        info = tarfile.TarInfo(novels.DATABASE)
        info.size = len(database)
        archive.addfile(info, io.BytesIO(database))
    whole = b"!<arch>\n"
    for name, body in (("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"), ("data.tar.xz", inner.getvalue())):
        whole += f"{name:16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(body):<10}`\n".encode() + body + b"\n" * (len(body) % 2)
    (folder / novels.PACKAGE).write_bytes(whole)


def test_the_novels_are_read_from_their_package(tmp_path):
    assert novels.absent(tmp_path) == [novels.PACKAGE]
    lines = [["TITLE", "", "It was", "  a fine  day.", "", "", f"She – said {k}."] for k in range(6)]
    package(tmp_path, lines)
    assert novels.absent(tmp_path) == []
    found = novels.texts(tmp_path)
    assert tuple(found) == novels.TITLES
    assert found["Persuasion"] == "TITLE\nIt was a fine day.\nShe – said 3.\n"


def test_the_splits_are_the_whole_novels_in_order(tmp_path):
    package(tmp_path, [[f"word{n}" for n in range(500 + 100 * k)] for k in range(6)])
    parts = novels.splits(tmp_path)
    for k, text in enumerate(novels.texts(tmp_path).values()):
        assert parts["train"][k] + parts["validation"][k] + parts["test"][k] == text
        assert len(parts["test"][k]) == len(parts["validation"][k]) == int(0.05 * len(text))


def test_a_package_of_another_kind_is_refused():
    with pytest.raises(ValueError, match="strings"):
        novels.strings(struct.pack(">2s4I", b"X\n", 3, 0, 0, 5) + b"UTF-8" + struct.pack(">2I", 13, 0))
    with pytest.raises(ValueError, match="bytes"):
        list(novels.blocks(struct.pack(">I", 5) + zlib.compress(b"four")))


def test_symbols_are_characters_as_they_are():
    some = Symbols.most_common(["Aab a\n"], 5)
    assert set(some.words) == {"<unk>", "a", "\n", " ", "A"}
    tokens = some.tokens("a A\nz", 5)
    assert [token.shown for token in tokens] == ["a", SPACES[" "], "A", SPACES["\n"], "z"]
    ids = some.ids([token.text for token in tokens])
    assert [some.words[k] for k in ids] == ["a", " ", "A", "\n", "<unk>"]
    assert not some.known("z")
    assert some.known("A")
    assert len(some.tokens("abc", 2)) == 2


def test_published_figures_name_source_and_difference():
    assert len(FAMILIES["counting"].published) == 2
    for found in (paper for family in FAMILIES.values() for paper in family.published):
        assert re.search(r"\b(19|20)\d\d\b", found.source)
        assert found.figure
        assert found.differs


def test_adding_is_what_it_says():
    x, target = adding.sequences(np.random.default_rng(3), 20_000, 11)
    values, markers = x[..., 0], x[..., 1]
    assert x.shape == (11, 20_000, 2)
    assert x.dtype == target.dtype == np.float32
    assert np.abs(values).max() <= 1
    assert set(np.unique(markers)) == {0, 1}
    assert (markers[:5].sum(axis=0) == 1).all()
    assert (markers[5:].sum(axis=0) == 1).all()
    np.testing.assert_allclose((values * markers).sum(axis=0), target, atol=1e-6)
    np.testing.assert_allclose(markers.mean(axis=1), [1 / 5] * 5 + [1 / 6] * 6, atol=0.015)  # every place as often


def test_addings_statistics_are_their_closed_forms():
    """The sum of two uniform numbers on -1..1 has mean 0, variance 2/3, and a fourth moment of 16/15: E|.| as the triangle's, 2/3."""
    n = 100_000
    _, target = adding.sequences(np.random.default_rng(4), n, 2)
    target = target.astype(float)
    assert abs(target.mean()) < 5 * (adding.VARIANCE / n) ** 0.5
    spread = (16 / 15 - adding.VARIANCE**2) ** 0.5  # of the squares
    assert abs(np.square(target).mean() - adding.VARIANCE) < 5 * spread / n**0.5
    assert abs(np.abs(target).mean() - 2 / 3) < 5 * (2 / 3 - 4 / 9) ** 0.5 / n**0.5


def test_adding_is_seeded_and_refuses_what_has_no_halves():
    one, two = (adding.sequences(np.random.default_rng(5), 8, 6) for _ in range(2))
    np.testing.assert_array_equal(one[0], two[0])
    for count, length in ((0, 6), (8, 1)):
        with pytest.raises(ValueError, match="count, length"):
            adding.sequences(np.random.default_rng(5), count, length)
