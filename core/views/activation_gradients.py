"""How much gradient is left some steps back under each candidate: the figure, and what its numbers say."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from core.cells.arrays import Array
from core.numerals import printed
from core.tasks.activation_runs import CANDIDATES, Results, Stage, results
from core.views.activation_results import OTHERS, TASKS, TITLES
from core.views.activations import plain, with_range
from core.views.site import texts
from core.views.widgets import charts

_part = texts.of("activations").part
STAGES: dict[Stage, str] = {"begun": _part("reach begun"), "trained": _part("reach trained")}
STATES = {"lstm": "c", "gru": "h"}


def section(record: Results, cell: str) -> None:
    """Both figures of a cell, and their sentences."""
    st.markdown(f"**{_part('reach')}**")
    for column, (stage, when) in zip(st.columns(2, gap="medium"), STAGES.items(), strict=True):
        with column:
            if shares(record, cell, stage):
                charts.draw(charts.once(figure, cell, stage), f"reach_{stage}")
            about = {"when": when, "state": STATES[cell], "seeds": seeds(record, cell, stage)}
            st.caption(_part("reach about", task=TASKS["adding"], cell=cell.upper(), **about))
    st.markdown(left(record, cell))
    st.caption(describe(record))


def shares(record: Results, cell: str, stage: Stage) -> dict[str, Array]:
    """The gradient's length as a share of that at lag 0, by candidate: a row a seed at the main learning rate, (seeds, lags), of the seeds that were
    measured with every candidate. Empty if there is none."""
    own: dict[str, dict[int, tuple[float, ...]]] = {candidate: {} for candidate in CANDIDATES}
    for candidate, rows in own.items():
        for run in record.of("adding", cell, candidate):
            if run.gradient and (found := run.gradient.shares(stage)):
                rows[run.seed] = found
    common = sorted(set.intersection(*map(set, own.values())))
    return {candidate: np.array([rows[seed] for seed in common]) for candidate, rows in own.items()} if common else {}


def seeds(record: Results, cell: str, stage: Stage) -> str:
    """How many seeds were measured."""
    count = len(next(iter(shares(record, cell, stage).values()), ()))
    return f"{count} seed{'' if count == 1 else 's'}" if count else texts.of("shared").part("not measured")


def figure(cell: str, stage: Stage) -> go.Figure:
    """The share over the lag by candidate: the seeds' mean as a line, from the lowest to the highest as a band."""
    made = go.Figure()
    for candidate, values in shares(results(), cell, stage).items():
        with_range(made, candidate, lags(results()), values, "lag %{x}: %{y:.3g}")
    made.update_yaxes(type="log", dtick=1)
    return plain(made, _part("reach horizontal"), _part("reach vertical"), 300)


def lags(record: Results) -> tuple[int, ...]:
    """Those that were measured."""
    return next(run.gradient.lags for run in record.runs if run.gradient)


def left(record: Results, cell: str) -> str:
    """What is left at the longest lag, and which candidate leaves more than tanh in every seed."""
    parts = []
    for stage, when in STAGES.items():
        ends = {candidate: values[:, -1] for candidate, values in shares(record, cell, stage).items()}
        if not ends:
            parts.append(_part("reach left none", when=when))
            continue
        more = [TITLES[c] for c in OTHERS if ends[c].min() > ends["tanh"].max()]
        means = ", ".join(f"{TITLES[c]} {printed(f'{values.mean():.2g}')}" for c, values in ends.items())
        figures = {"seeds": seeds(record, cell, stage), "means": means, "more": " and ".join(more) or "none"}
        parts.append(_part("reach left each", when=when, **figures))
    about = {"task": TASKS["adding"], "cell": cell.upper(), "state": STATES[cell], "lag": lags(record)[-1]}
    return _part("reach left", **about, each="; ".join(parts))


def describe(record: Results) -> str:
    """How it was measured, and in which of the runs."""
    own = [run for run in record.runs if run.task == "adding"]
    trained = sum(bool(run.gradient and run.gradient.trained) for run in own)
    lost = _part("reach lost", count=len(own) - trained) if trained < len(own) else ""
    rate = f"{record.tasks['adding'].rates[0]:g}"
    return _part("reach how", rate=rate, trained=trained, runs=len(own), lost=lost)
