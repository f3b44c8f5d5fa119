"""Speech synthesis: what is said for a text, its frames, the alignment, the words held out, and what the page says of the gates."""

import itertools

import numpy as np
import pytest

from core.applications.synthesis import data as task
from core.applications.synthesis import insight, train_files
from core.applications.synthesis import train_align as align
from core.applications.synthesis import train_data as data
from core.applications.synthesis import train_measure as measured
from core.applications.synthesis.model import NEIGHBOURS, averaged, frames, record, recordings, thirds, unheard
from core.applications.synthesis.phonemes import MAX_WORDS, SILENCE, lexicon, phones, recorded, symbols, words
from core.applications.synthesis.vocoder import log_mel
from core.models import catalogue, load
from core.models.text import MAX_TOKENS

NAMES = [name for name, card in catalogue().items() if card.task == "synthesis"]
GATED = [name for name in NAMES if catalogue()[name].cell != "rnn"]


def said(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(w.how, w.spoken) for w in words(text)[0]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024", [("digits", ("two", "zero", "two", "four"))]),
        ("3.5", [("digits", ("three", "five"))]),
        ("Hello, WORLD", [("word", ("hello",)), ("pause", ()), ("word", ("world",))]),
        ("don’t", [("word", ("don't",))]),
        ("a B", [("word", ("a",)), ("word", ("B",))]),
        ("Gru", [("spelled", ("G", "R", "U"))]),
        ("👩‍👩‍👧 שלום ٣", [("", ()), ("", ()), ("", ())]),
        ("<b>", [("", ()), ("word", ("B",)), ("", ())]),
        ("x" * 13, [("", ())]),
        ("²", [("", ())]),
        ("", []),
    ],
)
def test_what_is_said(text, wanted):
    assert said(text) == wanted


def test_a_long_text_is_cut_at_a_word():
    found, left_out = words("seven " * (MAX_WORDS + 40))
    assert len(found) == MAX_WORDS
    assert left_out.start == 6 * MAX_WORDS
    (number,), left_out = words("1" * 500)
    assert number.spoken == ("one",) * MAX_WORDS
    assert left_out.start == MAX_WORDS
    (_, number), left_out = words("7 1." + "2" * 500)
    assert len(number.spoken) == MAX_WORDS - 1
    assert left_out.start == 2 + MAX_WORDS
    assert words("! " * 5000)[1] is not None


def test_the_vocabulary_holds_every_word_of_the_prompts():
    used = {w for row in task.texts().values() for w in row if w != task.PAUSE}
    assert used == recorded()
    assert recorded() < set(lexicon())
    assert len(task.texts()) > 450
    assert symbols()[0] == SILENCE
    assert len(set(symbols())) == len(symbols())


def test_phonemes_have_lengths_and_ends():
    row = phones(words("2024 hello")[0])
    assert row[0].symbol == row[-1].symbol == SILENCE
    spoken = [p for p in row if p.symbol != SILENCE]
    assert [p.symbol for p in spoken if p.word == 1] == ["h", "ə", "l", "oʊ"]
    assert [p.first for p in spoken if p.word == 1] == [True, False, False, False]
    assert spoken[-1].last
    assert spoken[-1].stress == 2
    assert all(2 <= p.frames <= 40 for p in spoken)
    assert sum(p.symbol == SILENCE for p in row) == 2 + 3  # both ends, and between four digits
    lengths = {text: sum(p.frames for p in phones(words(text)[0]) if p.symbol != SILENCE) for text in ("seven", "seven seven")}
    assert lengths["seven seven"] < 2 * lengths["seven"]  # the last word before a pause is drawn out


def test_frames_against_a_loop():
    row = phones(words("7, wrong")[0])
    ids, numbers = frames(row)
    at, t = {symbol: k for k, symbol in enumerate(symbols())}, 0
    silent = [p.symbol == SILENCE for p in row for _ in range(p.frames)]
    for n, p in enumerate(row):
        for k in range(p.frames):
            assert [symbols()[i] for i in ids[t]] == [row[min(max(n + d, 0), len(row) - 1)].symbol for d in NEIGHBOURS]
            before = next((j for j in range(t + 1) if silent[t - j]), 100)
            after = next((j for j in range(len(silent) - t) if silent[t + j]), 100)
            wanted = [(k + 0.5) / p.frames, k / 20, (p.frames - k) / 20, p.stress / 2, p.first, p.last, before / 100, after / 100]
            np.testing.assert_allclose(numbers[t], np.minimum(wanted, [1, 1, 1, 1, 1, 1, 1, 1]), atol=1e-6)
            assert tuple(thirds(row)[t]) == (at[p.symbol], 3 * k // p.frames)
            t += 1
    assert t == len(ids) == len(averaged(row))


@pytest.mark.parametrize("seed", range(6))
def test_viterbi_against_all_paths(seed):
    rng = np.random.default_rng(seed)
    T, S = 6, 5
    scores, jump = rng.normal(size=(T, S)), rng.random(S) < 0.5

    def allowed(path) -> bool:
        moves = all(b - a in (0, 1) or (b - a == 2 and jump[b]) for a, b in itertools.pairwise(path))
        return moves and path[0] < 2 and path[-1] >= S - 2

    paths = [p for p in itertools.product(range(S), repeat=T) if allowed(p)]
    best = max(paths, key=lambda p: sum(scores[t, s] for t, s in enumerate(p)))
    assert tuple(align.viterbi(scores, jump)) == best
    with pytest.raises(ValueError, match="too few"):
        align.viterbi(rng.normal(size=(2, 9)), np.zeros(9, bool))


def test_alignment_finds_the_boundaries_of_made_speech():
    """Prompts made of mean frames with noise, of which every boundary is known."""
    rng = np.random.default_rng(0)
    names = [n for n, said in task.texts().items() if len(said) <= 4 and task.PAUSE not in said][:120]
    texts = {name: task.texts()[name] for name in names}
    mels, truth = {}, {}
    for name in names:
        row = phones(words(" ".join(w.lower() if len(w) > 1 else w for w in texts[name]))[0])
        if [p.symbol for p in row[1:-1]] != [s.lstrip("ˈˌ") for w in texts[name] for s in lexicon()[w]]:
            continue  # a single letter that is read as a word
        mels[name] = averaged(row) + rng.normal(0, 2, (sum(p.frames for p in row), 40))
        truth[name] = np.cumsum([p.frames for p in row])[:-1]
    found, _ = align.align(mels, texts)
    off = []
    for name, ends in truth.items():
        starts = [s.start for s in found[name] if s.sound != align.SILENCE]
        off += list(np.abs(np.array(starts) - ends[: len(starts)]))
    assert len(off) > 400
    assert np.mean(np.array(off) <= 2) > 0.85


def test_words_that_look_alike_are_held_out_together():
    stems = data.families({"minute", "minutes", "min", "ten", "tenth", "the", "there", "six", "sixty", "seven", "seventh", "a"})
    assert stems["minute"] == stems["minutes"] == "min"
    assert stems["ten"] == stems["tenth"]
    assert stems["six"] == stems["sixty"]
    assert stems["seven"] == stems["seventh"] != stems["ten"]
    rows = [phones(words(text)[0]) for text in ("june seven", "please hold the line")]
    made = [
        data.Prompt(f"p{k}", row, tuple(text.split()), np.zeros((sum(p.frames for p in row), 40)))
        for k, (row, text) in enumerate(zip(rows, ("june seven", "please hold the line"), strict=True))
    ]
    held = {"test": {"june"}, "validation": set(), "heard": {"p1"}}
    weight = data.weights(made[0], held)
    places = made[0].word_of_frame
    assert (weight[places == 0] == 0).all()
    assert (weight[places == 1] == 1).all()
    assert (weight[places == -1] == data.QUIET).all()
    assert not data.weights(made[1], held).any()
    assert data.chosen(made[0], held, "test") == [0]
    assert data.chosen(made[1], held, "heard") == [0, 1, 2, 3]
    assert data.chosen(made[0], held, "heard") == []


def test_the_held_out_words_share_no_family_with_what_is_learned():
    test, validation = set(record()["test"]), set(record()["validation"])
    assert len(test) >= 40
    assert not test & validation
    stems = data.families(set(recorded()))
    rest = recorded() - test - validation
    assert not {stems[w] for w in test} & {stems[w] for w in rest | validation}
    assert {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"} <= rest


def test_an_error_is_the_root_mean_square_over_the_words_frames():
    row = phones(words("june seven")[0])
    prompt = data.Prompt("p", row, ("june", "seven"), np.full((sum(p.frames for p in row), 40), 10.0))
    held = {"test": {"june"}, "validation": set(), "heard": set()}
    off = np.where(prompt.word_of_frame == 0, 3.0, 100.0)[:, None] * np.where(np.arange(40) < 20, 1, -1)
    assert measured.errors([prompt], held, "test", lambda _: prompt.mel + off) == {"june": pytest.approx(3)}
    below = measured.errors([prompt], held, "test", lambda _: np.full_like(prompt.mel, -50.0))
    assert below == {"june": pytest.approx(10)}  # nothing is below the floor
    figure = measured.figure({"a": 2.0, "b": 4.0, "c": 6.0})
    assert figure == {"decibels": 4.0, "n": 3, "standard_error": pytest.approx(2 / 3**0.5, rel=1e-2)}


def test_the_recordings_are_credited_digits_and_held_out_words():
    found = recordings()
    assert {str(k) for k in range(10)} <= set(found)
    assert set(found) - {str(k) for k in range(10)} <= set(record()["test"])
    assert all(0.3 < len(sound) / 8000 < 1.5 and 0.05 < np.abs(sound).max() <= 1 for sound in found.values())
    assert set(train_files.SHOWN.values()) == set(found)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_beats_its_baselines_on_words_never_heard(name):
    card = catalogue()[name]
    assert next(iter(card.metric)) == "words never heard"
    assert "linear regression on the same input" in card.baseline
    for title, figure in card.metric.items():
        for other in card.baseline.values():
            assert figure["n"] == other[title]["n"]
            assert figure["decibels"] + figure["standard_error"] < other[title]["decibels"] - other[title]["standard_error"]
    thirds_ = card.baseline["mean of each third of the phoneme"]["words never heard"]["decibels"]
    assert thirds_ - card.metric["words never heard"]["decibels"] > 1.5


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_near_the_recording_of_a_word_never_heard(name):
    """By dynamic time warping, since the lengths are the model's own: nearer than the mean frames, for most words."""
    model, nearer = load(name), []
    for word in set(recordings()) & set(record()["test"]):
        real = log_mel(recordings()[word])
        row = phones(words(word)[0])
        nearer.append(warped(np.maximum(model.say(row).outputs, 0), real) < warped(averaged(row), real))
    assert np.mean(nearer) >= 0.75


def warped(a: np.ndarray, b: np.ndarray) -> float:
    """The mean squared difference along the best monotone path between two rows of frames."""
    cost = ((a[:, None] - b[None]) ** 2).mean(axis=-1)
    total = np.full((len(a) + 1, len(b) + 1), np.inf)
    total[0, 0] = 0
    for i in range(len(a)):
        for j in range(len(b)):
            total[i + 1, j + 1] = cost[i, j] + min(total[i, j], total[i, j + 1], total[i + 1, j])
    return float(total[-1, -1] / (len(a) + len(b)))


THIRD = "80634. Hello, this is a test of the network. Thank you, please hold the line."  # neither the choosing nor the checking text


@pytest.mark.parametrize("name", GATED)
def test_the_gates_do_what_the_page_says(name):
    """On a third text: the gate is on the side the contrast says, far from the other, and holding it changes the sound."""
    model, row = load(name), phones(words(THIRD)[0])
    found = insight.contrasts(model)
    assert [p.kind for p in found] == ["pause", "vowel", "nasal"]
    assert len({(p.array, p.unit) for p in found}) == 3
    for contrast in found:
        inside, outside = (v[contrast.unit] for v in insight.means(model, row, contrast.kind, contrast.array))
        assert np.sign(inside - outside) == np.sign(contrast.inside - contrast.outside)
        assert abs(inside - outside) > 0.2, contrast
        before, after, change = insight.held(model, row, contrast.kind)
        assert change > 3.0, contrast
        moved = {"pause": 2, "vowel": 2 if model.card.cell == "lstm" else -2, "nasal": 0 if model.card.cell == "lstm" else 2}[contrast.kind]
        assert np.sign(moved) * (after - before) >= abs(moved), contrast  # rings on, adds up; fainter; goes on
        if contrast.array == "o":  # closed
            assert inside < 0.5 < outside
        assert change >= abs(after - before) - 1e-6
        assert insight.masks(row)[contrast.kind][0][insight.place(model.say(row, limit=500), contrast).step]


@pytest.mark.parametrize("name", GATED)
def test_a_cards_heroes_are_its_places(name):
    model = load(name)
    hero, heroes = model.card.hero, model.card.heroes
    assert hero == heroes[0]
    for found, contrast in zip(heroes, insight.contrasts(model), strict=True):
        assert (found["unit"], found["array"]) == (contrast.unit, contrast.array)
        assert insight.masks(model.run(found["text"]).row)[contrast.kind][0][found["step"]]


def test_a_digit_never_heard_is_nearer_the_recording_than_its_mean_frames():
    nearer = []
    for digit, frames_ in unheard().items():
        real = log_mel(recordings()[digit])
        nearer.append(warped(frames_, real) < warped(averaged(phones(words(digit)[0])), real))
    assert sum(nearer) >= 7  # of the ten digits


@pytest.mark.parametrize("name", NAMES)
def test_what_it_cannot_do(name):
    model = load(name)
    asked, stated = (model.run(f"are you busy{mark}", limit=None).outputs for mark in "?.")
    np.testing.assert_array_equal(asked, stated)
    made = np.mean([insight.liveliness(model.run(w, limit=None).outputs) for w in recordings()])
    real = np.mean([insight.liveliness(log_mel(s)) for s in recordings().values()])
    assert made < 0.8 * real


@pytest.mark.parametrize("name", NAMES)
def test_reading_is_cut_and_the_sound_is_not(name):
    model = load(name)
    whole, cut = model.run("seven " * 30, limit=None), model.run("seven " * 30)
    assert len(cut.tokens) == len(cut.outputs) == MAX_TOKENS < len(whole.outputs)
    np.testing.assert_allclose(cut.outputs, whole.outputs[:MAX_TOKENS], rtol=0, atol=1e-3)  # dB
    assert len(model.run("").words) == 0
    assert catalogue()[name].metric["words never heard"]["n"] == len(record()["test"])
