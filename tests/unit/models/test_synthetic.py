"""The models of tasks made in code and of Jane Austen's characters: what they can do, and that their cards say so."""

import base64

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.cells import CELLS, LSTM
from core.families import FAMILIES
from core.models import UnknownWords, catalogue, load
from core.models.cards import FOLDER, figure
from core.models.complete import complete
from core.tasks import adding, brackets, counting, reber
from core.tasks.lags import lags
from core.training.__main__ import main
from core.training.grammars import Reber
from core.training.jobs import job
from core.training.plans import Counting
from core.training.synthetic import fit
from core.views.stepper.component import Layer

NAMES = [name for name, card in catalogue().items() if card.task != "mini" and not FAMILIES[card.task].application]
SYMBOLS = [name for name in NAMES if catalogue()[name].reads == "symbols"]


def test_the_tasks_have_their_cells():
    wanted = {f"{task}-{cell}" for task in FAMILIES for cell in job(task).cells}
    assert wanted == set(catalogue())
    assert all(catalogue()[f"{task}-lstm-1997"].variant == {"forget": False} for task in ("embedded", "reber"))


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_a_reader_needs(name):
    card = catalogue()[name]
    assert card.name == name
    assert card.licence
    assert card.data
    assert card.command.startswith(f"python -m core.training {card.task}")
    first, measured = next(iter(card.metric.items()))
    assert card.origin.endswith(f"{figure(measured)} right ({first})" if "accuracy" in measured else f"{figure(measured)} ({first})")
    lines = card.provenance.splitlines()[1:]
    assert {line.rpartition(": ")[2] for line in lines} == ({figure(found) for found in card.metric.values()} if lines else set())
    assert bool(lines) == (len(card.metric) > 1)
    assert (FOLDER / f"{name}.safetensors").stat().st_size <= 600_000
    for title, found in card.metric.items():
        assert found["n"] >= 50
        assert all(title in baseline for baseline in card.baseline.values())


@pytest.mark.parametrize("task", sorted({catalogue()[name].task for name in NAMES}))
def test_equal_budgets(task):
    keys = ("examples", "updates", "batch", "learning_rate", "clip", "lengths", "seeds_tried", "chosen_by", "characters_an_update")
    budgets = [{k: c.training.get(k) for k in keys} | {"H": c.hidden_size} for c in catalogue().values() if c.task == task]
    assert all(budget == budgets[0] for budget in budgets)


def test_the_figures_that_were_asked_for():
    metric = {name: catalogue()[name].metric for name in NAMES}
    for cell in ("lstm", "gru"):
        assert metric[f"adding-{cell}"]["length 100"]["mse"] <= 0.005
        assert metric[f"brackets-{cell}"]["length 100"]["accuracy"] >= 0.995
    assert metric["counting-lstm"]["n = 51–200"]["right_to"] >= 200
    assert metric["reber-lstm"]["strings 91–100"]["accuracy"] >= 0.95
    assert metric["austen-lstm"]["ends of the novels"]["bits"] <= 1.95
    assert metric["austen-gru"]["ends of the novels"]["bits"] <= 2.1


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith("-lstm") and not n.startswith("austen")])
def test_check_confirms_the_cards(name, capsys):
    assert main(["--check", name]) == 0
    assert f"{name}: agrees" in capsys.readouterr().out


def test_check_names_the_novels_if_they_are_absent(tmp_path, capsys):
    assert main(["--check", "austen-lstm", "--data", str(tmp_path)]) == 0
    assert "janeaustenr" in capsys.readouterr().out


def test_check_sees_another_card_that_lies(monkeypatch, capsys):
    card = catalogue()["adding-lstm"]
    lie = {title: {**found, "mse": 0.9 * found["mse"]} for title, found in card.metric.items()}
    monkeypatch.setitem(catalogue(), "adding-lstm", type(card)(**{**vars(card), "metric": lie}))
    assert main(["--check", "adding-lstm"]) == 1
    assert "DISAGREES" in capsys.readouterr().out


def torch_outputs(name: str, x: np.ndarray) -> np.ndarray:
    """Logits or values (T, K) by torch's own module from the shipped weights; without forget gate, f is held at σ(40) = 1."""
    card, tensors = catalogue()[name], load_file(FOLDER / f"{name}.safetensors")
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[card.cell](card.input_size, card.hidden_size)
    cell = {key.removeprefix("cell."): torch.tensor(v) for key, v in tensors.items() if key.startswith("cell.")}
    if card.variant:
        rows = slice(card.hidden_size, 2 * card.hidden_size)
        for key, value in (("weight_ih_l0", 0), ("weight_hh_l0", 0), ("bias_ih_l0", 40), ("bias_hh_l0", 0)):
            cell[key][rows] = value
    module.load_state_dict(cell)
    with torch.no_grad():
        h, _ = module(torch.tensor(x))
        return (h @ torch.tensor(tensors["readout.weight"]).T + torch.tensor(tensors["readout.bias"])).numpy()


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_symbol_model_reads_and_torch_agrees(name):
    model = load(name)
    text = FAMILIES[model.card.task].examples[0][1]
    reading = model.run(text)
    assert reading.tokens == tuple("␣" if ch == " " else ch for ch in text)
    assert reading.outputs.shape == (len(text), len(reading.labels))
    assert reading.labels == model.card.labels
    wanted = torch.softmax(torch.tensor(torch_outputs(name, np.eye(model.card.input_size, dtype=np.float32)[reading.ids])), -1).numpy()
    np.testing.assert_allclose(reading.outputs, wanted, atol=2e-5)
    np.testing.assert_allclose(reading.before.sum(), 1, atol=1e-6)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("adding")])
def test_a_number_model_reads_and_torch_agrees(name):
    model = load(name)
    x = adding.sequences(np.random.default_rng(7), 1, 100)[0][:, 0]
    reading = model.run_sequence(x)
    np.testing.assert_allclose(reading.outputs, torch_outputs(name, x), atol=2e-5)
    assert reading.outputs.shape == (100, 1)
    assert sum(token.endswith("*") for token in reading.tokens) == 2
    typed = model.run("0.5 -.25* 1 +0.125*")
    np.testing.assert_array_equal(typed.trace.x, np.array([[0.5, 0], [-0.25, 1], [1, 0], [0.125, 1]], np.float32))
    assert model.run(reading.text).tokens == reading.tokens
    assert model.run("").outputs.shape == (0, 1)
    for bad in ("five", "1e5", "0.5**", "nan", "१"):
        with pytest.raises(ValueError, match="wanted numbers"):
            model.run(f"0.5 {bad}")


@pytest.mark.parametrize("name", NAMES)
def test_the_stepper_can_show_it(name):
    model = load(name)
    reading = model.run(FAMILIES[model.card.task].examples[0][1])
    layer = Layer.of(reading)
    assert layer.positive is None
    assert sorted(layer.order.tolist()) == list(range(model.card.hidden_size))
    assert layer.payload()["inside"]["fixed"]["lines"]
    if model.card.reads == "numbers":
        assert layer.answers is None
        return
    assert layer.input.one_hot
    assert len(layer.input.names) == len(model.vocabulary.words)
    assert not any(name.isspace() for name in (*layer.input.names, *layer.answers.names))
    told = layer.payload()["panels"][-1]
    assert (told["name"], told["units"], told["letter"]) == ("p", len(model.card.labels), "p")
    np.testing.assert_array_equal(np.frombuffer(base64.b64decode(told["values"]), "<f4").reshape(reading.outputs.shape), reading.outputs)


def test_symbols_that_a_model_does_not_have_are_refused():
    with pytest.raises(UnknownWords, match=r"'c'.*among a, b"):
        load("counting-lstm").run("aacb")
    assert load("austen-lstm").run("£a").known == (False, True)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_brackets_as_typed(cell):
    model = load(f"brackets-{cell}")
    for text in ("(", "([", "([]", "([])", "[[(", "[[()]"):
        ids = np.array([[brackets.WORDS.index(ch) for ch in text]])
        said = [brackets.LABELS[k] for k in model.run(text).outputs.argmax(axis=1)]
        assert said == [brackets.LABELS[k] for k in brackets.answers(ids)[0]], text


@pytest.mark.parametrize("cell", [cell for cell in CELLS if f"counting-{cell}" in NAMES])
def test_counting_is_right_to_where_the_card_says(cell):
    """One n after another, each string read on its own: the measure reads the a once and the b side by side."""
    model = load(f"counting-{cell}")
    to = next(iter(model.card.metric.values()))["right_to"]

    def right(n: int) -> bool:
        ids, after = counting.strings(np.array([n]))
        said = model.outputs(model.cell.run(model.embedding[ids[0]]).h).argmax(axis=-1)
        return bool((said == after[0]).all())

    for n in {max(to // 2, 1), max(to, 1)}:
        assert right(n) == (n <= to), n
    if to < Counting.longest:
        assert not right(to + 1)


def test_a_stream_without_and_with_a_forget_gate():
    """Without one nothing is let go: the state grows with the stream, and one seed in three misses; with one it stays, and none does."""
    ids, places = reber.stream(np.random.default_rng(5), 6000)
    norms = {}
    for cell in ("lstm", "lstm-1997"):
        model = load(f"reber-{cell}")
        trace = model.cell.run(model.embedding[ids])
        norms[cell] = np.linalg.norm(trace.c, axis=-1)
        at = np.flatnonzero(places[:-1] < 0)
        said = model.outputs(trace.h)[at]
        assert np.mean((said[:, 1] > said[:, 2]) == (ids[at + 1] == 1)) >= 0.99  # far beyond the 200 letters of a training piece
    assert norms["lstm"][-500:].mean() < 1.2 * norms["lstm"][500:1000].mean()
    assert norms["lstm-1997"][-500:].mean() > 5 * norms["lstm-1997"][500:1000].mean()
    assert norms["lstm-1997"][-1] > 100 * norms["lstm"][-1]
    each = {c: [e["held_out"]["strings 91–100"]["accuracy"] for e in catalogue()[f"reber-{c}"].training["each_seed"]] for c in norms}
    assert min(each["lstm"]) >= 0.99
    assert min(each["lstm-1997"]) < 0.95


def test_the_gate_held_open_stays_open_in_training():
    """σ(40) is 1 in float32 and has no slope, so torch's LSTM so begun is that of 1997: the same gradients as the core's, none for f."""
    plan = Reber()
    plan.updates = 80
    run = fit(plan, "lstm-1997", 3)
    rows = slice(plan.hidden, 2 * plan.hidden)
    assert (run.tensors["cell.bias_ih_l0"][rows] == 40).all()
    assert not run.tensors["cell.weight_hh_l0"][rows].any()
    cell = LSTM.from_torch(run.tensors, prefix="cell.", forget=False)
    module = torch.nn.LSTM(cell.input_size, cell.hidden_size)
    module.load_state_dict({k.removeprefix("cell."): torch.tensor(v) for k, v in run.tensors.items() if k.startswith("cell.")})
    x = np.random.default_rng(0).normal(size=(30, 1, cell.input_size)).astype(np.float32)
    h, _ = module(torch.tensor(x))
    h.square().sum().backward()
    trace = cell.run(x)
    np.testing.assert_allclose(trace.h, h.detach().numpy(), atol=1e-5)
    grads = cell.backward(trace, 2 * trace.h)
    np.testing.assert_allclose(grads.d_weight_hh, module.weight_hh_l0.grad.numpy(), rtol=1e-3, atol=1e-4)
    assert not module.weight_hh_l0.grad[rows].any()


def test_the_record_of_lags_is_that_of_the_cards():
    record = lags()
    assert 100 in record.tasks["adding"].lags
    for task, budget in record.tasks.items():
        for cell in CELLS:
            card = catalogue()[f"{task}-{cell}"]
            (named,) = card.metric
            runs = record.of(task, cell, int(named.split()[1]))
            assert [run.seed for run in runs] == [0, 1, 2]
            shipped = next(run for run in runs if run.seed == card.seed)
            assert card.metric[named][budget.figure] == pytest.approx(shipped.figure, rel=1e-3)
            assert (card.training["updates"], card.training["batch"]) == (budget.updates, budget.batch)
            assert card.training["learning_rate"] == budget.rates[0]
            assert all(len(record.of(task, cell, lag)) == 3 for lag in budget.lags)
    for run in record.runs:
        assert run.solved == (run.figure is not None and record.tasks[run.task].good(run.figure))
        assert run.figure is None or run.standard_error >= 0


def test_completing_greedily_is_what_reading_says():
    """Each symbol written is the likeliest after what stands before it, read anew from the start."""
    for name in ("austen-lstm", "austen-gru", "austen-rnn"):
        model = load(name)
        written = complete(model, "It was", 25, temperature=0)
        reading = model.run("It was" + written)
        likely = np.where(np.array(model.card.labels) == "<unk>", 0, reading.outputs).argmax(axis=-1)
        assert [model.card.labels[k] for k in likely[5:-1]] == list(written)


def test_completing_draws_with_a_seed():
    model = load("austen-lstm")
    assert complete(model, "She", 30, seed=1) == complete(model, "She", 30, seed=1) != complete(model, "She", 30, seed=2)
    assert len(complete(model, "", 10)) == 10
    first = [complete(model, "Mr. Darc", 1, temperature=1, seed=seed) for seed in range(40)]
    p = float(model.run("Mr. Darc").outputs[-1][model.card.labels.index("y")])
    assert np.mean([letter == "y" for letter in first]) == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / 40) + 1e-9)
    with pytest.raises(ValueError, match="temperature"):
        complete(model, "a", 1, temperature=-1)
    with pytest.raises(ValueError, match="predicts"):
        complete(load("brackets-lstm"), "(", 1)
