"""The shipped models: cards, weights, and what is said of them."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.cells.equations import values
from core.families import FAMILIES
from core.insight.moments import moment, scores
from core.models import catalogue, load
from core.models.cards import FOLDER, merged
from core.numerals import SPACE
from core.training.__main__ import main
from core.views import parts

MINI, REVIEWS = FAMILIES["mini"].examples, FAMILIES["sentiment"].examples

NAMES = [f"{family}-{cell}" for family in ("mini", "sentiment") for cell in ("lstm", "gru", "rnn")]
CEILING = 2_000_000


def test_the_catalogue():
    assert set(NAMES) <= set(catalogue())


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_a_reader_needs(name):
    card = catalogue()[name]
    assert card.name == name
    assert card.labels == ("negative", "positive")
    assert card.licence
    assert card.command.startswith("python -m core.training")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", card.date)
    for title, figure in card.metric.items():
        p, n = figure["accuracy"], figure["n"]
        ours = title.startswith("contrast set")  # pairs written by hand
        assert n >= (150 if ours else 1000), title
        assert figure["standard_error"] == pytest.approx(np.sqrt(p * (1 - p) / n), abs=1e-5)
        if title == "contrast set, both of a pair":
            continue
        assert all(title in baseline for baseline in card.baseline.values())
        assert p > max(b[title]["accuracy"] for name_, b in card.baseline.items() if "bag of words" not in name_)


def test_the_accuracies_that_were_asked_for():
    for cell in ("lstm", "gru"):
        metric = catalogue()[f"sentiment-{cell}"].metric
        assert metric["IMDB"]["accuracy"] >= 0.84
        assert metric["Rotten Tomatoes"]["accuracy"] >= 0.73
    for cell in ("lstm", "gru", "rnn"):
        metric = catalogue()[f"mini-{cell}"].metric
        assert metric["length 200"]["accuracy"] >= 0.99
        assert [metric[f"gap {words}"]["accuracy"] for words in (10, 30, 100, 300)] == [1, 1, 1, 1]


@pytest.mark.parametrize("family", ["mini", "sentiment"])
def test_equal_budgets(family):
    """Of a network; and as many seeds are tried, but for the mini LSTM, whose seed is chosen by what its gates show as well."""
    keys = (
        "examples",
        "epochs",
        "updates",
        "batch",
        "learning_rate",
        "last_words_read",
        *(("seeds_tried",) if family == "sentiment" else ()),
    )
    budgets = {cell: {k: catalogue()[f"{family}-{cell}"].training.get(k) for k in keys} for cell in ("lstm", "gru", "rnn")}
    assert budgets["lstm"] == budgets["gru"] == budgets["rnn"]


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_small_and_torch_takes_them(name):
    """The cell's tensors carry torch's names after `cell.`, and torch.nn computes the same reading from them."""
    path = FOLDER / f"{name}.safetensors"
    assert path.stat().st_size <= CEILING
    tensors = load_file(path)
    card, model = catalogue()[name], load(name)
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[card.cell]
    module = kind(card.input_size, card.hidden_size)
    module.load_state_dict({key.removeprefix("cell."): torch.tensor(v) for key, v in tensors.items() if key.startswith("cell.")})
    reading = model.run("the film was not very good but the film was great")
    with torch.no_grad():
        h, _ = module(torch.tensor(tensors["embedding.weight"])[reading.ids])
        logit = h @ torch.tensor(tensors["readout.weight"])[0] + torch.tensor(tensors["readout.bias"])
    np.testing.assert_allclose(reading.outputs[:, 1], torch.sigmoid(logit).numpy(), atol=2e-5)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_the_mini_models_hold_their_memory_over_300_fillers(cell):
    """Typed as a reader would: every opinion, every *not* with an opinion after or before the fillers, each filler by itself and a mix."""
    model = load(f"mini-{cell}")
    mixes = [[filler] * 300 for filler in ("the", "film", "was", "but", "very")] + [["the", "film", "was", "but", "very", "film"] * 50]
    for fillers in (" ".join(words) for words in mixes):
        for opinion, positive in (("good", True), ("great", True), ("bad", False), ("dull", False)):
            for text, wanted in (
                (f"{opinion} {fillers}", positive),
                (f"not {opinion} {fillers}", not positive),
                (f"not {fillers} {opinion}", not positive),
                (f"dull {fillers} {opinion} {fillers[: len(fillers) // 3]}", positive),
            ):
                assert (model.run(text).outputs[-1, 1] > 0.5) == wanted, (text[:20], text[-20:])


def test_figures_that_agree_are_told_together():
    assert merged({"length 30": 1, "gap 10": 1, "gap 30": 1, "gap 100": 1, "gap 300": 0.9, "IMDB": 0.9, "human-rated": 0.9}) == {
        "length 30": 1,
        "gap 10, 30 and 100": 1,
        "gap 300": 0.9,
        "IMDB": 0.9,
        "human-rated": 0.9,
    }
    assert "length 30" in catalogue()["mini-gru"].provenance
    assert "gap 10, 30, 100 and 300: 100.0 %" in catalogue()["mini-gru"].provenance


def test_loading_is_done_once_and_read_only():
    assert load("mini-lstm") is load("mini-lstm")
    for array in (load("mini-lstm").embedding, load("mini-lstm").readout_weight, load("mini-lstm").cell.weight_hh):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(KeyError, match=r"there are .*mini-lstm"):
        load("nonsense")


def test_the_catalogue_reads_no_weights():
    code = "import core.models as m, sys; m.catalogue(); print(len(m.loaded()), 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(FOLDER).parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False"]


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_the_mini_models_do_what_their_task_says(cell):
    model = load(f"mini-{cell}")
    verdicts = {
        "good": True,
        "the film was not good": False,
        "not the film was dull": True,
        "good the film was the film was bad": False,
        "not good but great": True,
        "bad the film was the film was the film was the film was the film was good": True,
    }
    for text, positive in verdicts.items():
        assert (model.run(text).outputs[-1, 1] > 0.5) == positive, text
    assert 0.2 < model.run("the film was").outputs[-1, 1] < 0.8


def test_check_confirms_the_mini_models(capsys):
    assert main(["--check", "mini-lstm", "mini-gru", "mini-rnn"]) == 0
    assert capsys.readouterr().out.count("agrees") == 3


def test_check_sees_a_card_that_lies(monkeypatch, capsys):
    card = catalogue()["mini-gru"]
    lie = {t: {**f, "accuracy": f["accuracy"] - 0.01} for t, f in card.metric.items()}
    monkeypatch.setitem(catalogue(), "mini-gru", type(card)(**{**vars(card), "metric": lie}))
    assert main(["--check", "mini-gru"]) == 1
    assert "DISAGREES" in capsys.readouterr().out


def test_check_names_absent_data_last(tmp_path, capsys):
    assert main(["--check", "sentiment-rnn", "mini-rnn", "--data", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("mini-rnn: agrees")
    assert lines[-1].startswith("sentiment-rnn: not checked")
    assert main(["--check", "no-such-model"]) == 1


def test_examples_are_read_by_their_models():
    assert len(REVIEWS) >= 12
    for _, text in REVIEWS:
        assert load("sentiment-lstm").run(text).cut is None
    for _, text in MINI:
        assert all(load("mini-gru").run(text).known)


@pytest.mark.parametrize("name", [n for n in NAMES if not n.endswith("rnn")])
@pytest.mark.parametrize("text", [REVIEWS[0][1], MINI[0][1], "good"])
def test_captions_are_written_from_the_trace(name, text):
    """The place is where the score is highest, and every number of the sentence is one of the trace's, rounded."""
    if name.startswith("mini") and text == REVIEWS[0][1]:
        text = MINI[3][1]
    reading = load(name).run(text)
    for part in parts.LSTM if name.endswith("lstm") else parts.GRU:
        found = moment(reading, part.array)
        assert found.score == pytest.approx(scores(reading)[part.array][1 if len(reading.tokens) > 1 else 0 :].max())
        assert found.value == getattr(reading.trace, part.array)[found.step, found.unit]
        said = parts.caption(reading, found).replace("−", "-").replace(f"{SPACE}%", "%")
        assert reading.tokens[found.step] in said.replace("\\", "")
        letter = part.array
        here = {name: float(rows[found.step, found.unit]) for name, rows in values(reading.trace).items() if rows.ndim == 2 and name != "x"}
        for name, number in re.findall(r"\b(f|i|g|o|z|r|n|tanh c) = (-?\d+\.\d\d)", said):
            assert float(number) == pytest.approx(here["out_c" if name == "tanh c" else name], abs=0.00501), said
        allowed = [*here.values(), here.get("i", 0) * here.get("g", 0)]
        for number in re.findall(r"-?\d+\.\d\d", said):
            assert any(abs(float(number) - value) <= 0.00501 for value in allowed), (number, said)
        verdicts = np.concatenate((reading.before[None], reading.outputs))[found.step : found.step + 2, 1]
        shares = [*verdicts, here.get(letter, 0), 1 - here.get("z", 0)]
        for number in re.findall(r"(\d+)%", said):
            assert any(abs(int(number) - 100 * share) <= 0.501 for share in shares), (number, said)
        assert re.search(r"\d\.\d\d", said)


def test_a_moment_of_no_text():
    assert moment(load("mini-lstm").run(""), "f") is None


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_what_the_docs_say_the_review_models_cannot_do(cell):
    """If a retraining mends this, the sentence of docs/models.md has to go."""
    assert load(f"sentiment-{cell}").run("I can not recommend it enough").outputs[-1, 1] < 0.5


def test_the_tables_of_the_docs_are_those_of_the_cards(tmp_path, monkeypatch):
    from core.training import __main__ as training

    copy = tmp_path / "models.md"
    copy.write_text(training.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    before = copy.read_text(encoding="utf-8")
    monkeypatch.setattr(training, "PAGE", copy)
    training.write_table()
    assert copy.read_text(encoding="utf-8") == before
