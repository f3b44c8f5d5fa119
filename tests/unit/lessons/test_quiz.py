"""The quiz: every statement is decided by its numbers, and the numbers by closed forms, torch and second computations."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from core.cells import Edit
from core.lessons import variants
from core.lessons.quiz import EVIDENCE, FILE, Item, decide, from_letters, gather, items, right, to_letters
from core.lessons.render import show
from core.models import checkpoints, load
from core.tasks import activation_runs
from core.views.widgets.glossary import to_html
from tests.conftest import ROOT
from tests.unit.lessons.rounding import faults
from tests.unit.lessons.second import in_torch

NAMES = list(items())


def evidence(name):
    """The numbers behind an item and its reading."""
    item = items()[name]
    bare = show(item.stop.model_copy(update={"text": "", "claims": ()}))
    return gather(item.evidence, bare), bare


def verdict(reading, h):
    return float(torch.sigmoid(h @ torch.tensor(reading.model.readout_weight[0]) + float(reading.model.readout_bias[0])))


@pytest.mark.parametrize("name", NAMES)
def test_an_item_is_decided_and_its_numbers_are_filled_in(name):
    item = items()[name]
    shown = decide(item)  # raises if a claim does not hold or the numbers give the other answer
    assert re.fullmatch(r"[^{]*\d[^{]*", shown.text + item.explanation + item.source)
    for text in (shown.text, item.explanation):
        assert "[[" not in to_html(text, "x")
    assert not faults(shown.text)


@pytest.mark.parametrize("name", NAMES)
def test_the_other_answer_is_refused(name):
    """The answer follows from the numbers: it is not enough to write another one into the file."""
    item = items()[name]
    with pytest.raises(ValueError, match="the numbers say"):
        decide(item.model_copy(update={"answer": not item.answer}))


def test_a_claim_that_does_not_hold_is_refused():
    item = items()["forget-one"]
    with pytest.raises(ValueError, match="the text claims"):
        decide(item.model_copy(update={"stop": item.stop.model_copy(update={"claims": (("stayed", ">", 5.0),)})}))


def test_the_collection():
    assert len(NAMES) >= 20
    assert FILE.read_text(encoding="utf-8").count('"statement"') == len(NAMES)  # a second item of one id would be lost
    assert len({item.statement for item in items().values()}) == len(NAMES)
    true = [item.answer for item in items().values()]
    assert 0.25 <= np.mean(true) <= 0.6
    assert max(len(run) for run in re.findall("T+|F+", "".join("FT"[t] for t in true))) <= 4  # no long runs of one answer
    assert {item.evidence for item in items().values()} == set(EVIDENCE)


def test_the_format_refuses_what_it_does_not_know():
    raw = items()["forget-one"].model_dump()
    for wrong in ({"id": "With Spaces"}, {"answer": "perhaps"}, {"extra": 1}, {"holds": []}):
        with pytest.raises(ValidationError):
            Item.model_validate(raw | wrong)


def test_links_hold_the_answers():
    said = {NAMES[0]: False, NAMES[1]: False, NAMES[3]: True}
    assert to_letters(said) == "FF-T"
    assert from_letters("FF-T") == said
    assert to_letters({}) == ""
    full = {name: k % 3 == 0 for k, name in enumerate(NAMES)}
    assert from_letters(to_letters(full)) == full
    assert right({name: item.answer for name, item in items().items()}) == len(NAMES)
    assert right({name: not item.answer for name, item in items().items()}) == 0
    for nonsense in ("yes", "TF T", "t", "T" * (len(NAMES) + 1), "<b>"):
        with pytest.raises(ValueError, match="said: got"):
            from_letters(nonsense)


def test_memory_by_the_equation():
    numbers, shown = evidence("forget-one")
    t, step, unit = shown.reading.trace, shown.place.step, shown.place.unit
    assert numbers["share"] == pytest.approx(float(t.f[step, unit]), abs=1e-5)
    assert numbers["stayed"] + numbers["went"] == pytest.approx(float(t.c[step - 1, unit]), abs=1e-6)


def test_fading_by_the_closed_form():
    """σ(b) to the power of the steps; and the half-lives that the explanation names."""
    numbers, _ = evidence("forget-bias")
    for bias in (0, 1):
        for k in (1, 2, 3, 10, 100):
            assert numbers[f"b{bias}_after_{k}"] == pytest.approx((1 / (1 + np.exp(-bias))) ** k, rel=1e-9)
    said = items()["forget-bias"].explanation
    half = [
        float(v)
        for v in re.search(r"gone after ([\d.]+) step at b = 0, ([\d.]+) at 1, ([\d.]+) at 2, ([\d.]+) at 3, ([\d.]+) at 5", said).groups()
    ]
    for bias, steps, digits in zip((0, 1, 2, 3, 5), half, (1, 1, 1, 0, 0), strict=True):
        assert steps == round(np.log(0.5) / -np.log1p(np.exp(-bias)), digits)


def test_a_half_life_and_what_the_network_held_before_long_gaps():
    numbers, shown = evidence("half-life")
    assert 0.99 ** numbers["half"] == pytest.approx(0.5)
    assert numbers["left"] == pytest.approx(np.exp(numbers["words"] * np.log(0.99)))
    early, words = checkpoints(shown.reading.model.card.name)[numbers["updates"]], shown.reading.tokens
    held = int(numbers["held"])
    one, two = (early.run(" ".join(words[: 1 + k])).outputs[-1, 1] > 0.5 for k in (held, held + 1))
    assert one == (early.run(words[0]).outputs[-1, 1] > 0.5) != two
    assert {*words[1:]} <= {"the", "film", "was", "but", "very"}


def test_parameters_as_torch_counts_them():
    numbers, _ = evidence("three-quarters")
    for kind in ("lstm", "gru"):
        module = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](int(numbers["inputs"]), int(numbers["hidden"]))
        assert numbers[kind] == sum(p.numel() for p in module.parameters())


def test_gradient_by_autograd():
    numbers, shown = evidence("no-vanishing")
    cell, t = shown.reading.model.cell, shown.reading.trace
    W, U, b = (torch.tensor(a, dtype=torch.float64) for a in (cell.weight_ih, cell.weight_hh, cell.bias_ih + cell.bias_hh))
    h, c, states = torch.zeros(cell.hidden_size, dtype=torch.float64), torch.zeros(cell.hidden_size, dtype=torch.float64), []
    for x in torch.tensor(t.x, dtype=torch.float64):
        i, f, g, o = (W @ x + U @ h + b).chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        c.requires_grad_() if not c.requires_grad else c.retain_grad()
        states.append(c)
        h = torch.sigmoid(o) * torch.tanh(c)
    (h @ torch.tensor(shown.reading.model.readout_weight[0], dtype=torch.float64)).backward()
    assert numbers["at_first"] == pytest.approx(float(states[0].grad.norm()), rel=1e-3)
    assert numbers["at_last"] == pytest.approx(float(states[-1].grad.norm()), rel=1e-3)


def test_a_gru_with_large_weights_by_autograd():
    """torch's GRU, each of whose three recurrent matrices has the largest singular value 5; and as trained."""
    numbers, shown = evidence("gru-exploding")
    x, readout = (torch.tensor(a, dtype=torch.float64) for a in (shown.reading.trace.x, shown.reading.model.readout_weight[0]))
    for name, size in (("grown", 5), ("as_trained", None)):
        module = in_torch(shown.reading.model, torch.float64)
        with torch.no_grad():
            for own in module.weight_hh_l0.chunk(3):
                own.mul_(size / torch.linalg.svdvals(own)[0] if size else 1)
        h, states = torch.zeros(1, module.hidden_size, dtype=torch.float64, requires_grad=True), []
        for row in x:
            h = module(row[None], h)[1]
            h.retain_grad()
            states.append(h)
        (h[0] @ readout).backward()
        assert numbers[name] == pytest.approx(float(states[0].grad.norm() / states[-1].grad.norm()), rel=1e-6)
        if size:
            weight = module.weight_hh_l0
            assert numbers["length"] == pytest.approx(float(weight.grad.norm()), rel=1e-6)
            torch.nn.utils.clip_grad_norm_(weight, 1.0)
            assert numbers["clipped"] == pytest.approx(float(weight.grad.norm()), rel=1e-5)


def test_other_candidates_as_the_record_has_them():
    numbers, _ = evidence("relu-vanishing")
    raw = json.loads((ROOT / "assets" / "data" / "activations.json").read_text(encoding="utf-8"))
    for cell in ("lstm", "gru"):
        for candidate in ("tanh", "relu", "softmax"):
            own = [
                r["gradient"]["begun"]
                for r in raw["runs"]
                if (r["cell"], r["candidate"], r["rate"], r["task"]) == (cell, candidate, 0.01, "adding")
            ]
            shares = [lengths[-1] / lengths[0] for lengths in own]
            assert len(shares) == numbers["seeds"] == 3
            assert numbers[f"{candidate}_{cell}"] == pytest.approx(np.mean(shares))
            assert (numbers[f"{candidate}_{cell}_least"], numbers[f"{candidate}_{cell}_most"]) == pytest.approx((min(shares), max(shares)))
        assert numbers[f"best_{cell}"] == pytest.approx(max(numbers[f"relu_{cell}"], numbers[f"softmax_{cell}"]))
    after = [r["gradient"]["trained"] for r in raw["runs"] if r["task"] == "adding" and r["rate"] == 0.01]
    assert len(after) == 24
    assert numbers["trained_least"] == pytest.approx(min(lengths[-1] / lengths[0] for lengths in after))


def test_a_candidate_that_helps_turns_the_answer(monkeypatch):
    """With ReLU's record in tanh's place the statement would be false, and the item as it stands is refused."""
    record, names = activation_runs.results(), {"tanh": "relu", "relu": "tanh"}
    runs = tuple(run.model_copy(update={"candidate": names.get(run.candidate, run.candidate)}) for run in record.runs)
    monkeypatch.setattr(variants, "results", lambda: record.model_copy(update={"runs": runs}))
    item = items()["relu-vanishing"]
    with pytest.raises(ValueError, match="the text claims"):
        decide(item)
    bare = item.stop.model_copy(update={"claims": ()})
    with pytest.raises(ValueError, match="the numbers say that the statement is False"):
        decide(item.model_copy(update={"stop": bare}))


def test_parts_of_the_gradient_by_autograd():
    """A W of its own for each step gives each step's part."""
    numbers, shown = evidence("early-steps")
    cell, t = shown.reading.model.cell, shown.reading.trace
    W = [torch.tensor(cell.weight_ih, dtype=torch.float64, requires_grad=True) for _ in t.x]
    U, b = torch.tensor(cell.weight_hh, dtype=torch.float64), torch.tensor(cell.bias_ih + cell.bias_hh, dtype=torch.float64)
    h = torch.zeros(cell.hidden_size, dtype=torch.float64)
    for x, own in zip(torch.tensor(t.x, dtype=torch.float64), W, strict=True):
        h = torch.tanh(own @ x + U @ h + b)
    (h @ torch.tensor(shown.reading.model.readout_weight[0], dtype=torch.float64)).backward()
    assert numbers["first_part"] == pytest.approx(float(W[0].grad.norm()), abs=1e-9)
    assert numbers["last_part"] == pytest.approx(float(W[-1].grad.norm()), rel=1e-4)


def test_padding_chunks_and_merged_biases_as_torch():
    numbers, shown = evidence("padding")
    reading = shown.reading
    lstm, x = in_torch(reading.model, torch.float32), torch.tensor(reading.trace.x)
    with torch.no_grad():
        assert numbers["padded"] == pytest.approx(verdict(reading, lstm(torch.cat((x, torch.zeros(10, x.shape[1]))))[0][-1]), abs=1e-5)
        numbers, shown = evidence("chunks")
        reading = shown.reading
        lstm, x = in_torch(reading.model, torch.float32), torch.tensor(reading.trace.x)
        half = len(x) // 2
        _, state = lstm(x[:half])
        assert numbers["carried"] == pytest.approx(verdict(reading, lstm(x[half:], state)[0][-1]), abs=1e-5)
        assert numbers["emptied"] == pytest.approx(verdict(reading, lstm(x[half:])[0][-1]), abs=1e-5)
        numbers, shown = evidence("two-biases")
        reading = shown.reading
        gru, x = in_torch(reading.model, torch.float32), torch.tensor(reading.trace.x)
        whole = gru(x)[0]
        gru.bias_ih_l0.data, gru.bias_hh_l0.data = gru.bias_ih_l0.data + gru.bias_hh_l0.data, torch.zeros_like(gru.bias_hh_l0.data)
        merged = gru(x)[0]
        assert numbers["gru"] == pytest.approx(float((whole - merged).abs().max()), abs=1e-5)
        assert numbers["gru_verdict"] == pytest.approx(verdict(reading, merged[-1]), abs=1e-5)


def test_the_backward_direction_as_torch():
    """torch's bidirectional module with the same weights both ways: the backward half of its first and last row."""
    numbers, shown = evidence("backward-row")
    reading = shown.reading
    H = reading.model.cell.hidden_size
    module = torch.nn.LSTM(reading.model.cell.input_size, H, bidirectional=True)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        for end in ("", "_reverse"):
            getattr(module, f"{name}_l0{end}").data = torch.tensor(getattr(reading.model.cell, name))
    other = reading.model.run(reading.text.replace("good", "dull", 1))
    with torch.no_grad():
        ours, theirs = (module(torch.tensor(r.trace.x))[0][:, H:] for r in (reading, other))
    assert float((ours[-1] - theirs[-1]).abs().max()) == numbers["last_row"] == 0
    assert numbers["first_row"] == pytest.approx(float((ours[0] - theirs[0]).abs().max()), abs=1e-5)


def test_the_sum_of_parts_word_by_word():
    """Each part by an edit: without a word's write, with all gates as they were, c is less by just that part."""
    numbers, shown = evidence("sum-of-writes")
    t, unit = shown.reading.trace, shown.place.unit
    parts = []
    for step in range(len(t.c)):
        writes = (t.i * t.g).copy()
        writes[step] = 0
        frozen = [Edit("f", t.f), Edit("i", np.ones_like(t.i)), Edit("g", writes)]
        parts.append(t.c[-1, unit] - shown.reading.model.cell.run(t.x, edits=frozen).c[-1, unit])
    most = int(np.abs(parts).argmax())
    assert numbers["part_word"] == shown.reading.tokens[most]
    assert numbers["part"] == pytest.approx(float(parts[most]), abs=1e-5)
    assert numbers["sum"] == pytest.approx(float(sum(parts)), abs=1e-5)


def test_onnx_order_by_hand():
    numbers, shown = evidence("block-order")
    cell, H = shown.reading.model.cell, shown.reading.model.cell.hidden_size
    rows = np.concatenate([np.arange(k * H, (k + 1) * H) for k in (0, 3, 1, 2)])  # i f g o -> i o f c
    misread = replace(cell, **{n: getattr(cell, n)[rows] for n in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")})
    wrong = shown.reading.model.outputs(misread.run(shown.reading.trace.x).h)[-1, 1]
    assert numbers["misread"] == pytest.approx(float(wrong))


def test_other_weights_may_change_the_answer_but_then_nothing_is_shown(monkeypatch):
    """On weights that say nothing an item is refused, not shown with its old answer."""
    model = load("mini-lstm")
    dull = replace(model, cell=type(model.cell).init(model.cell.input_size, model.cell.hidden_size))
    monkeypatch.setattr("core.lessons.quiz.show", lambda stop: show(stop, lambda name: dull))
    with pytest.raises(ValueError, match="Forget gate at 1"):
        decide(items()["forget-one"])
