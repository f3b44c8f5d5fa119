"""The record of `core.training.after` as tables: who learned what, and how long each memory lasts."""

import math
from collections.abc import Sequence

import numpy as np

from core.insight.after import Apart, apart, by_kind, networks
from core.numerals import Number, printed
from core.tasks.after_lstm import NETWORKS, SEEDS, AfterLSTM, Measured, Run, Task, chosen
from core.views.site import texts

_part = texts.of("after_lstm").part

TITLES = {
    "rnn": "RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "mingru": "minGRU",
    "mingru-2": _part("mingru-two-layers"),
    "minlstm": "minLSTM",
    "slstm": "sLSTM",
    "ssm": "selective SSM",
    "attention": _part("attention-one-head"),
}
GROUPS = (("words", "adding", "copying"), ("parity", "brackets", "counting"))  # of tasks, a table each
KINDS = {"plain": _part("no-not"), "negated": "negated", "used": _part("an-earlier-not-was-used"), "waiting": _part("a-not-still-waits")}


def mean(measured: Sequence[Measured]) -> tuple[float, float]:
    """The mean over seeds and its standard error: from the spread of the seeds, and the sampling error of the one held-out set they share."""
    values = np.array([each.value for each in measured])
    sampling = np.mean([each.standard_error**2 for each in measured])
    spread = np.var(values, ddof=1) / len(values) if len(values) > 1 else 0.0
    return float(values.mean()), float(np.sqrt(spread + sampling))


def figure(task: Task, measured: Sequence[Measured | None]) -> str:
    """Mean and standard error as text, of the runs that stayed finite."""
    known = [each for each in measured if each is not None]
    if not known:
        return _part("not-finite")
    value, error = mean(known)
    if task.figure == "mse":
        return printed(f"{value:.2g} ± {error:.1g}")
    return printed(f"{100 * value:.1f} ± {100 * error:.1f}%")


def solved(task: Task, runs: Sequence[Run]) -> int:
    """How many of the runs solved their task at the lengths that were trained."""
    return sum(task.good(run.tested.value if run.tested else None) for run in runs)


def table(record: AfterLSTM, tasks: Sequence[str]) -> dict[str, list[str]]:
    """A row a network: for each task mean ± standard error of its seeds, and how many solved it."""
    columns: dict[str, list[str]] = {"network": [TITLES[name] for name in NETWORKS]}
    for name in tasks:
        task, found = record.tasks[name], []
        for network in NETWORKS:
            runs = record.of(name, network)
            found.append(f"{figure(task, [run.tested for run in runs])}; {solved(task, runs)} of {len(runs)}")
        columns[task.title] = found
    return columns


def longer(record: AfterLSTM) -> dict[str, list[str]]:
    """A row a network: the figures beyond the trained lengths, of the tasks that have them."""
    columns = {"network": [TITLES[name] for name in NETWORKS]}
    for name, task in record.tasks.items():
        if task.longer:
            columns[task.title] = [figure(task, [run.longer for run in record.of(name, network)]) for network in NETWORKS]
    return columns


def lives(record: AfterLSTM, task: str) -> dict[str, tuple[float, float]]:
    """By network with a gate that keeps: the half-life of its median unit and of the longest, in steps, the median seed."""
    found = {network: [run.half_life for run in record.of(task, network) if run.half_life] for network in NETWORKS}
    return {
        network: (float(np.median([life.median for life in each])), float(np.median([life.longest for life in each])))
        for network, each in found.items()
        if each
    }


def half_lives(record: AfterLSTM, task: str) -> dict[str, list[str]]:
    """The same as a table, a row a network."""
    found = lives(record, task)
    medians, longests = zip(*found.values(), strict=True)
    return {
        "network": [TITLES[network] for network in found],
        _part("median-unit"): [steps(life) for life in medians],
        _part("longest-unit"): [steps(life) for life in longests],
    }


def steps(value: float) -> str:
    """A number of steps as text."""
    return "over 100,000" if value > 1e5 else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def differences(one: str, other: str) -> dict[str, Apart]:
    """By network how far the last word of one text is from the same word of the other."""
    return {name: apart(network, one, other) for name, network in networks().items()}


def same_word(found: dict[str, Apart]) -> dict[str, list[str]]:
    """A row a network: by how much gate and candidate differ at the same last word of two texts (in the last layer), and the two verdicts."""
    return {
        "network": [TITLES[name] for name in found],
        _part("gate-differs-by"): [_part("no-gate") if each.gate is None else size(each.gate[-1]) for each in found.values()],
        _part("candidate-differs-by"): [size(each.candidate[-1]) for each in found.values()],
        "verdicts": [printed(f"{each.one:.0%}, {each.other:.0%}") for each in found.values()],
    }


def size(value: float) -> str:
    """A difference as text; one that is none at all is said so."""
    return "0 exactly" if value == 0 else f"{Number(value):.2g}"


def kinds() -> dict[str, list[str]]:
    """A row a network: the share of sentences of each kind that it judges correctly."""
    found = by_kind()
    rows = {title: [printed(f"{found[name][kind]:.1%}") for name in NETWORKS] for kind, title in KINDS.items()}
    return {"network": [TITLES[name] for name in NETWORKS]} | rows


def verdict(record: AfterLSTM) -> str:
    """The right answer to the page's question: "yes" unless one layer of minGRU is worse than the GRU by more than twice the standard error."""
    task = record.tasks["words"]
    (gru, gru_error), (one, one_error) = (
        mean([run.tested for run in record.of("words", name) if run.tested is not None]) for name in ("gru", "mingru")
    )
    return "no" if task.figure == "accuracy" and gru - one > 2 * float(np.hypot(gru_error, one_error)) else "yes"


def baselines(record: AfterLSTM) -> str:
    """What always giving the same answer scores, by task."""
    return ", ".join(
        f"{task.title} {printed(f'{task.baseline:.2g}' if task.figure == 'mse' else f'{task.baseline:.0%}')}"
        for task in record.tasks.values()
    )


def budget(record: AfterLSTM) -> dict[str, object]:
    """The numbers of the text on the budget."""
    return {
        "units": record.hidden_size,
        "updates": f"{record.updates:,}",
        "batch": record.batch,
        "clip": f"{record.clip:g}",
        "keep": f"{record.keeping_bias:g}",
        "positions": record.position_size,
        "seeds": len(SEEDS),
        "mse": f"{record.tasks['adding'].solved:g}",
        "date": record.date,
        "command": record.command,
        "torch": record.torch,
    }


def rates(record: AfterLSTM) -> dict[str, object]:
    """The numbers of the text on the learning rates: those tried, by how many seeds, and how often the highest was the best."""
    best, tried = chosen(record.tried), sorted({each.rate for each in record.tried})
    return {
        "tried": ", ".join(f"{rate:g}" for rate in tried),
        "rates": len(tried),
        "count": len(record.choosing_seeds),
        "pairs": len(best),
        "highest": sum(rate == tried[-1] for rate in best.values()),
        **_how_much(record, best["words", "mingru"]),
    }


def rate_table(record: AfterLSTM) -> dict[str, list[str]]:
    """A row a network: the learning rate that was chosen for each task."""
    best = chosen(record.tried)
    columns = {task.title: [f"{best[name, network]:g}" for network in NETWORKS] for name, task in record.tasks.items()}
    return {"network": [TITLES[network] for network in NETWORKS]} | columns


def _how_much(record: AfterLSTM, best: float) -> dict[str, str]:
    """The validation loss of one layer of minGRU on the ten words with the lowest rate and with the best, the geometric mean of the seeds."""
    losses = {each.rate: each.log_loss / len(each.losses) for each in record.tried if (each.task, each.network) == ("words", "mingru")}
    low = min(losses)
    found = {name: f"{math.exp(losses[rate]):.2g}" for name, rate in (("low", low), ("best", best))}
    return {"low": f"{low:g}", "best": f"{best:g}", "low_loss": found["low"], "best_loss": found["best"]}


def what_is_longer(record: AfterLSTM) -> str:
    """What the longer tests are, beside what was trained."""
    return "; ".join(f"{task.title}: {task.longer} (trained: {task.trained})" for task in record.tasks.values() if task.longer)


def beyond(record: AfterLSTM, task: str) -> str:
    """The figures of every network beyond the trained lengths, in one line."""
    about = record.tasks[task]
    return ", ".join(f"{TITLES[name]} {figure(about, [run.longer for run in record.of(task, name)])}" for name in NETWORKS)
