"""After the LSTM: the record is whole, the page says what it holds, and the shipped networks are those of the record."""

from functools import partial

import numpy as np
import pytest

from core.cells.later import LATER
from core.cells.later import equations as later
from core.insight import after
from core.tasks import mini
from core.tasks.after_lstm import NETWORKS, SEEDS, after_lstm
from core.views.after import figures, results
from tests import app

opened = partial(app.opened, "after_lstm")
UNGATED = {"rnn", "attention"}


def mean(task, network, part="tested"):
    return results.mean([getattr(run, part) for run in after_lstm().of(task, network)])[0]


def test_every_network_was_trained_on_every_task_with_every_seed():
    record = after_lstm()
    for task in record.tasks:
        for network in NETWORKS:
            runs = record.of(task, network)
            assert sorted(run.seed for run in runs) == list(SEEDS), (task, network)
            assert len({run.parameters for run in runs}) == 1
            for run in runs:
                assert (run.longer is not None) == (bool(record.tasks[task].longer) and run.tested is not None)
                assert (run.half_life is None) == (network in UNGATED or run.tested is None)
    assert len(record.runs) == len(record.tasks) * len(NETWORKS) * len(SEEDS)


def test_the_shipped_networks_have_the_figures_of_the_record():
    """On the very sentences of the record, read by NumPy alone."""
    ids = mini.sentences(np.random.default_rng(100), 2000, 20)
    truth = mini.verdicts(ids)[:, -1]
    said = np.flatnonzero(truth != 0.5)[:1000]
    for name, network in after.networks().items():
        accuracy = float(((network.verdicts(ids[said].T)[-1] > 0.5) == (truth[said] > 0.5)).mean())
        run = next(run for run in after_lstm().of("words", name) if run.seed == SEEDS[0])
        assert accuracy == pytest.approx(run.tested.value, abs=0.002), name


def test_the_same_word_writes_the_same_where_gates_see_the_input_alone():
    """Claim of the page: exactly nothing differs in one layer of minGRU, minLSTM and the state-space cell; in two layers and with U something does."""
    found = results.differences("the film was good", "the film was not good")
    for name in ("mingru", "minlstm", "ssm"):
        assert found[name].gate == found[name].candidate == (0.0,)
    assert found["mingru-2"].gate[0] == found["mingru-2"].candidate[0] == 0
    assert min(found["mingru-2"].gate[1], found["mingru-2"].candidate[1]) > 0.1
    for name in ("lstm", "gru", "slstm"):
        assert min(found[name].gate[0], found[name].candidate[0]) > 0.01


def test_one_layer_does_not_see_that_a_not_has_been_used():
    """Claims of the page: all else is judged correctly even so; what waits behind the last opinion is not always."""
    shares = after.by_kind()
    for name in ("lstm", "gru", "mingru-2", "slstm"):
        assert min(shares[name].values()) > 0.98
    assert min(shares["mingru"][kind] for kind in ("plain", "negated", "used")) > 0.995
    assert shares["mingru"]["waiting"] < 0.97
    assert sum(shares["n"].values()) < after.COUNT
    found = figures.verdicts("not bad but not not not")
    assert min(found["gru"][-1], found["mingru-2"][-1]) > 90
    assert found["mingru"][-1] < 50
    assert (np.diff(found["mingru"][2:]) < 0).all()  # with each *not* behind the opinion


def test_who_learned_what():
    """Claims of the page and of the lesson, from the record: the means over the seeds."""
    for name in ("lstm", "gru", "slstm"):
        assert mean("words", name) > 0.99
        assert mean("parity", name, "longer") > 0.95
    for name in ("mingru", "ssm", "attention"):
        assert mean("words", name) < 0.99
    for name in ("mingru", "minlstm", "ssm", "attention"):
        assert mean("parity", name, "longer") < 0.6
    assert min(mean("words", name) for name in ("mingru-2", "minlstm")) > 0.99 > mean("words", "mingru")
    x = np.random.default_rng(0).normal(size=(30, len(mini.WORDS))).astype(np.float32)
    one = after.networks()["minlstm"].cells[0].run(x)
    np.testing.assert_allclose(one.h[1:], (1 - one.write[1:]) * one.h[:-1] + one.write[1:] * one.n[1:], atol=1e-5)  # a minGRU’s step
    assert results.verdict(after_lstm()) == "no"


def test_the_learning_rates_are_told():
    """As the record has them: who has which on which task, how often the highest was taken, and what the choice was worth."""
    record = after_lstm()
    told, rows = results.rates(record), results.rate_table(record)
    for name, task in record.tasks.items():
        assert rows[task.title] == [f"{record.of(name, network)[0].rate:g}" for network in NETWORKS]
    highest = max(run.rate for run in record.runs)
    assert told["pairs"] == len(record.tasks) * len(NETWORKS)
    if told["tried"].endswith(f"{highest:g}"):
        assert told["highest"] == len({(run.task, run.network) for run in record.runs if run.rate == highest})
    else:
        assert told["highest"] == 0
    assert float(told["low_loss"]) > float(told["best_loss"])
    at = opened(seen="1")
    assert any(told["tried"] in each.value for each in at.caption)
    assert any(list(rows) == list(each.value.columns) for each in at.table)


def test_kinds_are_what_they_say():
    def kind(text):
        return [name for name, rows in after.kinds(after.ids_of(text)[None]).items() if rows[0]]

    assert kind("the film was good") == ["plain"]
    assert kind("not the film was good") == ["negated"]
    assert kind("good not the bad") == ["negated"]
    assert kind("not good the bad") == ["used"]
    assert kind("good the not film") == ["waiting"]
    assert kind("the film was not") == []


def test_two_texts_must_end_in_the_same_word():
    with pytest.raises(ValueError, match="end in the same word"):
        after.apart(after.networks()["mingru"], "good", "bad")


def test_memory_against_length():
    """Only attention grows, and it does by a key and a value a step."""
    short, long = after.memory(10, 32), after.memory(1000, 32)
    assert [name for name in short if short[name] != long[name]] == ["attention"]
    assert long["attention"] == 2 * 1000 * 32
    assert long["lstm"] == 64
    drawn = figures.kept(32)
    assert sum(len(trace.name.split(", ")) for trace in drawn.data) >= len(short)


def test_half_lives_are_drawn_as_recorded():
    """A row for each network with a gate that keeps, the median of its seeds; by the record the state-space cell keeps longest."""
    record = after_lstm()
    found = results.lives(record, "words")
    assert set(found) == set(NETWORKS) - UNGATED
    runs = [run.half_life.median for run in record.of("words", "ssm")]
    assert found["ssm"][0] == sorted(runs)[1]
    median, longest = figures.halves(found).data
    assert list(median.y) == [results.TITLES[name] for name in found]
    assert all(a <= b for a, b in zip(median.x, longest.x, strict=True))
    assert max(longest.x) <= figures.MOST
    assert median.x[list(found).index("ssm")] == max(median.x)


def test_nothing_of_the_record_is_shown_before_the_answer():
    at = opened()
    assert not at.exception
    assert not at.table
    next(b for b in at.button if b.label == "worse").click().run()
    assert len(at.table) == 7
    said = "Right" if results.verdict(after_lstm()) == "no" else "You said"
    assert any(m.value.startswith(f"**{said}") for m in at.markdown)
    assert len(opened(seen="1").table) == 7


@pytest.mark.parametrize("name", LATER)
def test_each_cell_stands_beside_the_lstm(name):
    at = opened(cell=name)
    assert not at.exception
    left, right = (sent for sent in app.drawn(at) if isinstance(sent, list))
    assert len(left) == 6  # f i g c o h
    assert len(right) == len(later.lines(LATER[name].init(1, 1)))
    assert all("<math" in line for line in (*left, *right))


def test_a_tables_cell_is_the_mean_of_its_seeds():
    record = after_lstm()
    column = results.table(record, ["words"])[record.tasks["words"].title]
    runs = record.of("words", "mingru")
    expected = 100 * np.mean([run.tested.value for run in runs])
    assert column[list(NETWORKS).index("mingru")].startswith(f"{expected:.1f} ± ")
    assert column[0].endswith(f" of {len(SEEDS)}")
