"""The trainer's tasks and random numbers, drawn once under node, against core.tasks and a second implementation in NumPy."""

import re
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from core.handout.modules import ASSETS, closure
from core.tasks import adding, brackets, copying, counting, mini
from tests import node
from tests.tasks import drawn

LENGTHS = {"words": 30, "adding": 20, "copying": 10, "brackets": 24, "counting": 10, "order": 30, "sine": 40, "parity": 20}
EXACT = [("words", 30), ("words", 4), ("adding", 20), ("adding", 3), ("copying", 10), ("copying", 0), ("brackets", 24), ("brackets", 2)]
EXACT += [("counting", 10), ("counting", 1)]
SEEDS = [0, 1, -1, 123456789, 2**32 - 1, 2**40 + 5]
COUNT = 20_000
SIGNIFICANT = 1e-3  # with fixed seeds: a p-value is the same in every run


def test_tasks_are_pure():
    """All of them are there, and they know no page: they run in a worker and in a hand-out."""
    reached = closure("train/tasks/index.js", later=True)
    assert {path.name for path in (ASSETS / "train/tasks").glob("*.js")} == {p.split("/")[-1] for p in reached if "/tasks/" in p}
    assert {path for path in reached if "/tasks/" not in path} == {"stepper/pure/numbers.js"}
    for path in reached:
        code = re.sub(r"/\*[\s\S]*?\*/|//.*|\"[^\"\n]*\"", "", (ASSETS / path).read_text(encoding="utf-8"))
        assert not re.search(r"\b(window|document|location|navigator|localStorage|fetch|setTimeout|Date|Math\.random)\b", code), path


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    assert node.installed(), "`python -m tests` fetches what this needs (tests/node.py)"
    own = {"text": "the cat sat on the mat. " * 40, "table": "\n".join(f"{k % 7},{k * k % 11}" for k in range(100))}
    sample = [(name, length, COUNT) for name, length in LENGTHS.items()]
    return drawn(tmp_path_factory.mktemp("tasks"), own=own, exact=EXACT, sample=sample, baselines=[], seeds=SEEDS)


class Replay:
    """A generator for core.tasks that gives the numbers that the browser's gave."""

    def __init__(self, *arrays):
        self.arrays = list(arrays)

    def integers(self, low, high, size):
        array = self.uniform(low, high, size)
        assert (array == array.astype(int)).all()
        return array.astype(int)

    def uniform(self, low=0.0, high=1.0, size=None):
        array = self.arrays.pop(0)
        assert array.shape == (size if isinstance(size, tuple) else (size,))
        assert low <= array.min() <= array.max() < high
        return array

    def random(self, size):
        return self.uniform(size=size)


def again(name: str, given: np.ndarray, length: int):
    """What core.tasks makes of the numbers given for 1,000 sequences, one after the other: ids or x, and the answers."""
    rows = given.reshape(1000, -1)
    if name == "words":
        steps = rows[:, 2:].reshape(1000, length, 3).transpose(2, 0, 1)
        ids = mini.sentences(Replay(rows[:, :1], rows[:, 1:2], *steps), 1000, length)
        return ids.T, mini.verdicts(ids).T
    if name == "adding":
        x, target = adding.sequences(Replay(rows[:, 2:].T, rows[:, 0], rows[:, 1]), 1000, length)
        return x, np.vstack((np.full((length - 1, 1000), np.nan), target))
    if name == "copying":
        ids, answers = copying.sequences(Replay(rows), 1000, length)
        return ids.T, answers.T
    if name == "brackets":
        steps = rows.reshape(1000, length, 2).transpose(2, 1, 0)
        ids = brackets.strings(Replay(*steps), 1000, length)
        return ids.T, brackets.answers(ids).T
    ids, after = counting.strings(rows[:, 0].astype(int))
    return np.where(after < 0, -1, ids).T, after.T


@pytest.mark.parametrize("case", range(len(EXACT)), ids=[f"{name}-{length}" for name, length in EXACT])
def test_the_same_numbers_give_the_sequences_of_the_core(found, case):
    name, length, batch = found["exact"][case]
    read, answers = again(name, batch.given, length)
    if name == "adding":
        assert (batch.x.astype(np.float32) == read).all()
        np.testing.assert_array_equal(batch.targets[:-1], answers[:-1])
        np.testing.assert_allclose(batch.targets[-1], answers[-1], atol=1e-7)
    else:
        np.testing.assert_array_equal(batch.ids, read)
        np.testing.assert_array_equal(batch.targets if name == "words" else batch.labels, answers)


def core(name: str):
    """As many sequences as `found`, drawn by the core: (T, B) ids, or x."""
    rng, length = np.random.default_rng(19), LENGTHS[name]
    if name == "words":
        return mini.sentences(rng, COUNT, length).T
    if name == "adding":
        return adding.sequences(rng, COUNT, length)[0]
    if name == "copying":
        return copying.sequences(rng, COUNT, length)[0].T
    return brackets.strings(rng, COUNT, length).T


STATISTICS = {  # one number a sequence, so that the numbers are independent
    "opinion words": ("words", lambda ids: (ids > 5).sum(axis=0)),
    "not": ("words", lambda ids: (ids == 5).sum(axis=0)),
    "eighth word": ("words", lambda ids: ids[7]),
    "last verdict": ("words", lambda ids: mini.verdicts(ids.T)[:, -1] * 2),
    "lag of the marks": ("adding", lambda x: np.ptp(np.argsort(-x[..., 1], axis=0, kind="stable")[:2], axis=0)),
    "first mark": ("adding", lambda x: x[..., 1].argmax(axis=0)),
    "third value": ("adding", lambda x: np.floor(10 * x[2, :, 0])),
    "letters": ("copying", lambda ids: ids[0] + 4 * ids[1] + 16 * ids[2] + 64 * ids[3]),
    "depth in the middle": ("brackets", lambda ids: brackets.depth(ids.T)[:, 11]),
    "largest depth": ("brackets", lambda ids: brackets.depth(ids.T).max(axis=1)),
    "times nothing is open": ("brackets", lambda ids: (brackets.depth(ids.T) == 0).sum(axis=1)),
    "a bracket": ("brackets", lambda ids: ids[14]),
}


def histograms(*samples: np.ndarray) -> np.ndarray:
    """How often each value occurs in each sample; rare values are counted as one."""
    values = np.unique(np.concatenate(samples))
    table = np.array([[(sample == value).sum() for value in values] for sample in samples])
    rare = table.sum(axis=0) < 20
    return np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)]) if table[:, rare].sum() >= 20 else table[:, ~rare]


@pytest.mark.parametrize("what", STATISTICS)
def test_distributions_are_those_of_the_core(found, what):
    name, statistic = STATISTICS[what]
    batch = found["sample"][name]
    ours = statistic(batch.x if name == "adding" else batch.ids)
    assert stats.chi2_contingency(histograms(ours, statistic(core(name)))).pvalue > SIGNIFICANT


def uniform(values, low: int, high: int) -> bool:
    """Whether whole numbers look uniform from low to high."""
    counts = np.bincount(np.asarray(values) - low, minlength=high - low + 1)
    return len(counts) == high - low + 1 and stats.chisquare(counts).pvalue > SIGNIFICANT


def test_lengths_of_batches_are_uniform(found):
    assert uniform(found["lengths"]["words"], 4, 30)
    assert uniform(np.array(found["lengths"]["brackets"]) // 2, 1, 15)
    assert not np.any(np.array(found["lengths"]["brackets"]) % 2)
    assert uniform(found["sample"]["counting"].lengths // 2, 1, 10)


def test_temporal_order(found):
    """Hochreiter & Schmidhuber 1997, experiment 6a, with a third of its length."""
    batch = found["sample"]["order"]
    T, columns = batch.lengths, np.arange(batch.B)
    sign = (batch.ids == 5) | (batch.ids == 6)
    assert (sign.sum(axis=0) == 2).all()
    first, second = sign.argmax(axis=0), batch.T - 1 - sign[::-1].argmax(axis=0)
    assert uniform(T, 30, 33)
    assert uniform(first, 3, 6)
    assert uniform(second, 15, 18)
    classes = 2 * (batch.ids[first, columns] - 5) + batch.ids[second, columns] - 5
    assert uniform(classes, 0, 3)
    assert (batch.labels[T - 1, columns] == classes).all()
    assert ((batch.labels >= 0).sum(axis=0) == 1).all()
    assert (batch.ids[0] == 0).all()
    assert (batch.ids[T - 1, columns] == 7).all()
    assert ((batch.ids >= 0).sum(axis=0) == T).all()
    assert uniform(batch.ids[9], 1, 4)


def test_parity(found):
    batch = found["sample"]["parity"]
    assert (batch.targets == batch.ids.cumsum(axis=0) % 2).all()
    assert uniform(batch.ids[:10].T @ (1 << np.arange(10)), 0, 1023)


def test_sine(found):
    """Each target is the next value, and values, differences, products and spectrum are those of such sines drawn here."""
    batch = found["sample"]["sine"]
    x = batch.x[..., 0]
    assert (batch.targets[:-1] == x[1:]).all()
    assert not np.isnan(batch.targets[-1]).any()
    rng = np.random.default_rng(2)
    pace = 2 * np.pi / rng.uniform([[6], [15]], [[12], [30]], (2, COUNT))
    phase = rng.uniform(0, 2 * np.pi, (2, COUNT))
    own = 0.5 * np.sin(pace * np.arange(40)[:, None, None] + phase).sum(axis=1) + 0.1 * rng.standard_normal((40, COUNT))
    for ours, theirs in ((x[3], own[3]), (x[8] - x[5], own[8] - own[5]), (x[30] * x[10], own[30] * own[10])):
        assert stats.ks_2samp(ours, theirs).pvalue > SIGNIFICANT
    bands = [np.square(np.abs(np.fft.rfft(one, axis=0))).mean(axis=1) for one in (x, own)]
    np.testing.assert_allclose(*bands, rtol=0.06)


def xoshiro(seed: int):
    """xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32."""
    mask, state = 2**32 - 1, []
    for k in range(1, 5):
        z = (seed + k * 0x9E3779B9) & mask
        z = ((z ^ (z >> 16)) * 0x21F0AAAD) & mask
        z = ((z ^ (z >> 15)) * 0x735A2D97) & mask
        state.append(z ^ (z >> 15))
    rotated = lambda x, k: ((x << k) | (x >> (32 - k))) & mask  # noqa: E731
    while True:
        yield rotated(state[1] * 5 & mask, 7) * 9 & mask
        t = state[1] << 9 & mask
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= t
        state[3] = rotated(state[3], 11)


@pytest.mark.parametrize("place", range(len(SEEDS)), ids=[f"seed-{k}" for k in range(len(SEEDS))])
def test_random_numbers(found, place):
    numbers = found["numbers"][place]
    bits = xoshiro(numbers["seed"])
    assert numbers["bits"] == [next(bits) for _ in range(1000)]
    bits = xoshiro(numbers["seed"])
    assert numbers["unit"] == [((next(bits) >> 5) * 2**26 + (next(bits) >> 6)) / 2**53 for _ in range(1000)]
    assert stats.kstest(numbers["normal"], "norm").pvalue > SIGNIFICANT
    pairs = numbers["normal"].reshape(-1, 2)
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / np.sqrt(len(pairs))
    moments = [(numbers["normal"] ** k).mean() for k in (1, 2, 3, 4)]
    np.testing.assert_allclose(moments, (0, 1, 0, 3), atol=0.15)


def test_other_seeds_give_other_numbers(found):
    assert all(a["bits"] != b["bits"] for a, b in pairwise(found["numbers"]))


@pytest.mark.parametrize("name", ["words", "parity", "copying", "adding", "order", "brackets", "counting", "sine", "text", "table"])
def test_what_is_right(found, name):
    """`measure`: a tie and one half are not right; of words the last is asked, of counting whole strings."""
    batch = found["measured"][name]
    score, asked = batch.measured["score"], batch.measured["asked"]
    if batch.targets is None:
        wanted = batch.labels >= 0
        own = np.take_along_axis(batch.outputs, np.maximum(batch.labels, 0)[..., None], axis=-1)
        right = (own > batch.outputs).sum(axis=-1) == batch.outputs.shape[-1] - 1
        right = right[wanted] if name != "counting" else (right | ~wanted).all(axis=0)
    elif name in ("words", "parity"):
        target, said = (a[-1] if name == "words" else a for a in (batch.targets, batch.outputs[..., 0]))
        right = np.where(target == 1, said > 0.5, said < 0.5)[target != 0.5]
    else:
        errors = np.square(batch.outputs[..., 0] - batch.targets)
        right = errors[~np.isnan(errors)]
    assert asked == right.size > 0
    assert score == pytest.approx(right.mean(), rel=1e-12)
    assert score > 0
