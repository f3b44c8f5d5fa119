"""The baselines of the trainer's tasks against what large samples say, drawn here without the browser's generators."""

import csv
import io

import numpy as np
import pytest

from core.tasks import adding, brackets, counting, mini
from tests import node
from tests.tasks import drawn

CASES = [("words", 30), ("words", 4), ("words", 100), ("parity", 2), ("parity", 20), ("copying", 10), ("order", 30)]
CASES += [("adding", 2), ("adding", 3), ("adding", 20), ("brackets", 2), ("brackets", 7), ("brackets", 40)]
CASES += [("counting", 1), ("counting", 3), ("counting", 10), ("sine", 40), ("text", 30), ("table", 20)]
COUNT = 200_000
TEXT = "".join(chr(97 + k * k % 13) + " " * (k % 5 == 0) for k in range(900)) + "".join(chr(97 + k % 17) for k in range(100))


def table() -> str:
    """Three columns, one of them a combination of the others, and one that is the first one's next value."""
    rng = np.random.default_rng(4)
    walk, other = np.cumsum(rng.normal(size=201)), rng.normal(5, 3, 200)
    rows = zip(walk[:-1], other, 2 * walk[:-1] - other, walk[1:], strict=True)
    return "a,b,c,d\n" + "\n".join(",".join(map(repr, map(float, row))) for row in rows)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    assert node.installed(), "`python -m tests` fetches what this needs (tests/node.py)"
    own = {"text": TEXT, "table": table()}
    promised = drawn(tmp_path_factory.mktemp("tasks"), own=own, exact=[], sample=[], baselines=CASES, seeds=[])["baselines"]
    return {(name, length): lines for name, length, lines in promised}


def entropy(shares: np.ndarray) -> np.ndarray:
    """In nats, over the last axis."""
    return -np.where(shares > 0, shares * np.log(np.where(shares > 0, shares, 1)), 0).sum(axis=-1)


def best(seen: np.ndarray, classes: np.ndarray) -> tuple[float, float]:
    """The least cross-entropy and the largest share right of who sees `seen` alone, both (N,): whole numbers."""
    table = np.zeros((seen.max() + 1, classes.max() + 1))
    np.add.at(table, (seen, classes), 1)
    table = table[table.sum(axis=1) > 0]
    total = table.sum(axis=1)
    return float((entropy(table / total[:, None]) * total).sum() / total.sum()), float(table.max(axis=1).sum() / total.sum())


def sampled(name: str, length: int) -> list[tuple[float, float]]:
    """Loss and score of each baseline, measured."""
    rng = np.random.default_rng(8)
    if name == "words":
        ids = mini.sentences(rng, COUNT, length)
        truth = (2 * mini.verdicts(ids)).astype(int)
        decided = truth[:, -1] != 1
        last = [best(seen[decided], truth[decided, -1])[1] for seen in (np.zeros(COUNT, int), ids[:, -1])]
        means = [truth[ids == k].mean() / 2 for k in range(10)]  # soft targets: the best answer is the mean
        share = np.bincount(ids.ravel(), minlength=10) / ids.size
        loss = sum(p * entropy(np.array([m, 1 - m])) for p, m in zip(share, means, strict=True))
        return [(float(entropy(np.array([truth.mean() / 2, 1 - truth.mean() / 2]))), last[0]), (float(loss), last[1])]
    if name == "parity":
        ids = rng.integers(0, 2, (COUNT, length))
        odd = ids.cumsum(axis=1).ravel() % 2
        return [best(np.zeros_like(odd), odd), best(ids.ravel(), odd)]
    if name == "brackets":
        ids = brackets.strings(rng, 20_000, length - length % 2)
        said = brackets.answers(ids).ravel()
        return [best(np.zeros_like(said), said), best(ids.ravel(), said)]
    if name == "counting":
        ids, after = counting.strings(rng.integers(1, length + 1, COUNT))
        asked = after >= 0
        losses = [best(seen, after[asked])[0] for seen in (np.zeros(asked.sum(), int), ids[asked])]
        strings = [
            [((said[ids] == after) | ~asked).all(axis=1).mean() for said in np.array(answers)]
            for answers in ([(k, k) for k in range(3)], [(j, k) for j in range(3) for k in range(3)])
        ]
        return [(loss, max(shares)) for loss, shares in zip(losses, strings, strict=True)]
    if name in ("copying", "order"):
        answers = rng.integers(0, 4, COUNT)  # four letters, or two signs of two kinds; the symbol seen is always the same
        return [best(np.zeros_like(answers), answers)]
    return [(error, error) for error in {"adding": sums, "sine": waves}[name](rng, length)]


def sums(rng: np.random.Generator, length: int) -> list[float]:
    """Squared errors of adding: always the mean; and the last value where it is marked, else the mean."""
    x, target = adding.sequences(rng, COUNT, length)
    seen = np.where(x[-1, :, 1] == 1, x[-1, :, 0], 0)
    return [float(target.var()), float(np.square(target - seen).mean())]


def waves(rng: np.random.Generator, _: int) -> list[float]:
    """Of two sines of amplitude a half and noise of 0.1: variance, residual of a line through the present value, noise."""
    pace = 2 * np.pi / rng.uniform([[6], [15]], [[12], [30]], (2, COUNT))
    angle = rng.uniform(0, 2 * np.pi, (2, COUNT))
    noise = 0.1 * rng.standard_normal((2, COUNT))
    now, after = (0.5 * np.sin(angle + k * pace).sum(axis=0) + noise[k] for k in (0, 1))
    line = np.polyfit(now, after, 1)
    return [float(after.var()), float(np.square(after - np.polyval(line, now)).mean()), float(noise.var())]


@pytest.mark.parametrize(("name", "length"), [case for case in CASES if case[0] not in ("text", "table")])
def test_baselines_are_what_samples_say(found, name, length):
    """Over 200,000 sequences; shares and losses have standard errors of about 0.001."""
    promised = [(line["loss"], line["score"]) for line in found[name, length]]
    np.testing.assert_allclose(promised, sampled(name, length), atol=4e-3)


def test_of_a_text(found):
    """The frequencies of the first nine tenths, on the last tenth: add-one alone, Witten & Bell (1991) after another one."""
    train, held = TEXT[: len(TEXT) - len(TEXT) // 10], TEXT[len(TEXT) - len(TEXT) // 10 :]
    known = sorted(set(train))
    K = len(known) + 1  # the last stands for what training does not have
    assert set(held) - set(train)

    def ids(text: str) -> list[int]:
        return [known.index(one) if one in known else K - 1 for one in text]

    alone = (np.bincount(ids(train), minlength=K) + 1) / (len(train) + K)
    pairs = np.zeros((K, K))
    for a, b in zip(ids(train)[:-1], ids(train)[1:], strict=True):
        pairs[a, b] += 1
    kinds = np.maximum(1, (pairs > 0).sum(axis=1, keepdims=True))
    after = (pairs + kinds * alone) / (pairs.sum(axis=1, keepdims=True) + kinds)
    np.testing.assert_allclose(after.sum(axis=1), 1)
    before, now = np.array(ids(held)[:-1]), np.array(ids(held)[1:])
    losses = -np.log(alone[now]).mean(), -np.log(after[before, now]).mean()
    np.testing.assert_allclose([line["loss"] for line in found["text", 30]], losses, rtol=1e-9)
    most = (now == alone.argmax()).mean()
    assert found["text", 30][0]["score"] == pytest.approx(most)
    reached = pairs.max(axis=1, keepdims=True)
    possible = [{k for k in range(K) if row[k] == top and top > 0} for row, top in zip(pairs, reached[:, 0], strict=True)]
    unclear = [a for a in set(before.tolist()) if len(possible[a]) != 1]
    low = np.mean([possible[a] == {b} for a, b in zip(before.tolist(), now.tolist(), strict=True)])
    assert low <= found["text", 30][1]["score"] <= low + np.isin(before, unclear).mean()


def test_of_a_table(found):
    """Of standardised columns: the mean of training, least squares by NumPy, and the last value again."""
    rows = np.array([list(map(float, row)) for row in list(csv.reader(io.StringIO(table())))[1:]])
    train, held = rows[:160], rows[160:]
    unit = train[:, 3].std()
    columns = np.column_stack((train[:, :2], np.ones(160)))
    weights = np.linalg.lstsq(columns, train[:, 3], rcond=None)[0]
    linear = np.column_stack((held[:, :2], np.ones(40))) @ weights
    errors = [np.square((guess - held[:, 3]) / unit).mean() for guess in (train[:, 3].mean(), linear, held[:, 0])]
    assert [line["title"] for line in found["table", 20]][2] == "The last value again"
    np.testing.assert_allclose([line["loss"] for line in found["table", 20]], errors, rtol=1e-5)


def test_of_errors_loss_and_score_are_the_same(found):
    for (name, _), lines in found.items():
        same = [line["loss"] == line["score"] for line in lines]
        assert all(same) if name in ("adding", "sine", "table") else not any(same)
