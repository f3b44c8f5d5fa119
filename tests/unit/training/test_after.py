"""The comparison after the LSTM: its losses, its gradients and its Adam are torch's own, and a run is what its record says."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.tasks import parity
from core.tasks.after_lstm import NETWORKS, RATES, Run, Tried, after_lstm, chosen
from core.training import after_runs
from core.training.after_tasks import TASKS
from core.training.later_net import CLIP, KEEP, Network, descend, rate_at


def batch(task, count=4):
    return TASKS[task].draw(np.random.default_rng(3), count)


@pytest.mark.parametrize("task", TASKS)
def test_the_loss_and_its_gradient_are_torchs(task):
    given, (read, answers) = TASKS[task], batch(task)
    said = np.random.default_rng(4).normal(size=(*read.shape[:2], given.outputs)).astype(np.float32)
    theirs, truth = torch.tensor(said, requires_grad=True), torch.from_numpy(answers)
    if task == "words":
        loss = functional.binary_cross_entropy_with_logits(theirs[..., 0], truth.float())
    elif task == "adding":
        loss = functional.mse_loss(theirs[-1, :, 0], truth)
    else:
        loss = functional.cross_entropy(theirs.flatten(0, 1), truth.flatten(), ignore_index=-1)
    loss.backward()
    own, d_said = given.loss(said, answers)
    assert own == pytest.approx(loss.item(), rel=1e-5)
    np.testing.assert_allclose(d_said, theirs.grad.numpy(), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("task", ["words", "adding"])
def test_the_gradient_is_the_slope_of_the_loss(name, task):
    given, (read, answers) = TASKS[task], batch(task)
    net = Network(name, given.inputs, given.outputs, 6, seed=0)
    cells, traces, said = net.read(read)
    gradient = net.gradient(cells, traces, given.loss(said, answers)[1])
    assert gradient.shape == net.values.shape
    begun = net.values.copy()
    direction = gradient / np.linalg.norm(gradient)  # the steepest, so that float32 is exact enough

    def at(step):
        net.values[:] = begun + step * direction
        return given.loss(net.read(read)[-1], answers)[0]

    assert (at(1e-2) - at(-1e-2)) / 2e-2 == pytest.approx(float(np.linalg.norm(gradient)), rel=2e-3)


def test_the_way_down_is_torchs_adam_with_one_cycle():
    """On a quadratic whose first gradients are clipped."""
    net = Network("rnn", 2, 1, 3, seed=0)
    target, updates, rate = np.linspace(-3, 3, net.values.size).astype(np.float32), 40, 0.05
    theirs = torch.nn.Parameter(torch.tensor(net.values.copy()))
    adam = torch.optim.Adam([theirs], lr=rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, max_lr=rate, total_steps=updates, cycle_momentum=False, final_div_factor=400)
    for done in range(updates):
        assert adam.param_groups[0]["lr"] == pytest.approx(rate * rate_at(done, updates), rel=1e-9)
        adam.zero_grad()
        (0.5 * (theirs - torch.tensor(target)).square().sum()).backward()
        torch.nn.utils.clip_grad_norm_([theirs], CLIP)
        adam.step()
        cycle.step()
    losses = descend(net, ((0.5 * float(np.square(net.values - target).sum()), net.values - target) for _ in range(updates)), rate, updates)
    np.testing.assert_allclose(net.values, theirs.detach().numpy(), rtol=1e-4, atol=1e-5)
    assert losses[-1] < losses[0]


def test_a_training_that_is_no_longer_finite_is_told():
    net = Network("rnn", 2, 1, 3, seed=0)
    assert descend(net, ((np.nan, np.ones_like(net.values)) for _ in range(3)), 0.1, 3) is None


def test_gates_that_keep_begin_so():
    for name, gate in (("lstm", "f"), ("gru", "z"), ("minlstm", "keep")):
        net = Network(name, 10, 1, 32, seed=1)
        _, (trace,), _ = net.read(np.zeros((1, 1), int))
        assert getattr(trace, gate).mean() == pytest.approx(1 / (1 + np.exp(-KEEP)), abs=0.05)
    _, (trace,), _ = Network("mingru", 10, 1, 32, seed=1).read(np.zeros((1, 1), int))
    assert (1 - trace.z).mean() == pytest.approx(1 / (1 + np.exp(-KEEP)), abs=0.05)


def test_a_run_is_kept_and_read_back(tmp_path, monkeypatch):
    monkeypatch.setattr(after_runs, "UPDATES", 20)
    made = after_runs.stored(tmp_path, "words", "mingru", 0, 0.01)
    assert isinstance(made, Run)
    assert made.longer is not None
    assert made.half_life.median <= made.half_life.longest
    monkeypatch.setattr(after_runs, "one", lambda *_: pytest.fail("trained again"))
    assert after_runs.stored(tmp_path, "words", "mingru", 0, 0.01) == made


def test_a_rate_is_tried_on_batches_that_no_test_holds(tmp_path, monkeypatch):
    """The validation loss falls with training, is read back, and of a run that is not finite is none."""
    monkeypatch.setattr(after_runs, "UPDATES", 2)
    begun = after_runs.tried(tmp_path, "words", "gru", 10, 1e-9)
    monkeypatch.setattr(after_runs, "UPDATES", 60)
    found = after_runs.tried(tmp_path, "words", "gru", 10, 0.03)
    assert found < 0.95 * begun
    monkeypatch.setattr(after_runs, "trained", lambda *_: (None, None))
    assert after_runs.tried(tmp_path, "words", "gru", 10, 0.03) == found
    assert after_runs.tried(tmp_path, "words", "gru", 11, 0.03) is None


def test_the_chosen_rate_is_the_best_of_other_seeds():
    """As the record says: every rate was tried with seeds that the table does not use, and every run of a network used its best."""
    record = after_lstm()
    assert not set(record.choosing_seeds) & {run.seed for run in record.runs}
    assert {len(each.losses) for each in record.tried} == {len(record.choosing_seeds)}
    for task, network in product(record.tasks, NETWORKS):
        own = {each.rate: each.losses for each in record.tried if (each.task, each.network) == (task, network)}
        assert set(own) == set(RATES)
        means = {rate: np.mean(np.log([np.inf if loss is None else loss for loss in losses])) for rate, losses in own.items()}
        assert {run.rate for run in record.of(task, network)} == {min(means, key=means.get)}, (task, network)


def test_a_rate_that_failed_is_not_chosen():
    tried = [
        Tried(task=task, network="gru", rate=rate, losses=losses)
        for task, rate, losses in (("words", 0.1, (0.1, None)), ("words", 0.01, (4.0, 4.0)), ("words", 0.03, (9.0, 1.0)))
    ]
    assert chosen(tried) == {("words", "gru"): 0.03}


def test_parity():
    ids, answers = parity.sequences(np.random.default_rng(0), 3, 9)
    for row, said in zip(ids, answers, strict=True):
        assert [sum(row[: t + 1]) % 2 for t in range(9)] == said.tolist()
    with pytest.raises(ValueError, match="count, length: got 0, 5"):
        parity.sequences(np.random.default_rng(0), 0, 5)
