"""Values and weights that are set by hand, and how far the network's states move."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.cells.arrays import Array
from core.insight.whatif import Clamp
from core.network import Network, Reading
from core.network.layer import Direction
from core.numerals import Number
from core.views import state, swapped, whatif
from core.views.remembered import Brought
from core.views.site import texts
from core.views.stepper.arrays import BY_CELL
from core.views.stepper.network import in_text_order, kind_of, ways_of
from core.views.widgets import charts
from core.views.widgets.escape import literal
from core.views.your_network import figures
from core.views.your_network.changes import LARGEST, MOST, Change, Place, Weight
from core.views.your_network.source import Known

_part = texts.of("your_network").part
MATRICES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def from_link(said: str) -> tuple[Change, ...]:
    """The changes of a link that can be read, at most MOST; the others are told."""
    found, parts = [], [part for part in said.split("~") if part]
    for text in parts[:MOST]:
        try:
            found.append(Change.read(text))
        except ValueError:
            st.warning(_part("unreadable", said=literal(text[:60])))
    if more := parts[MOST:]:
        st.warning(_part("too many", more=f"{len(more):,}", most=MOST))
    return tuple(found)


def put(of: str, made: tuple[Change, ...]) -> None:
    """Makes these the changes of a network."""
    state.change(Brought, of=of, changes=made)


def fitting(known: Known, steps: int) -> tuple[Change, ...]:
    """The changes of the network that have their place in it; the others are told."""
    own, network = state.of(Brought), known.network
    made = own.changes if own.of == known.key else ()
    found = tuple(c for c in made if c.fits(network, _arrays(network, c.place), steps))
    if strange := [f"`{c}`" for c in made if c not in found]:
        st.info(_part("no such place", changes=", ".join(strange)))
    return found


def _arrays(network: Network, place: Place) -> list[str]:
    direction = place.of(network)
    return [] if direction is None else [name for name in BY_CELL[kind_of(direction.cell)] if name in direction.cell.computed]


def listed(known: Known, made: tuple[Change, ...], tokens: tuple[str, ...]) -> None:
    """What is set, each with a button that takes it back."""
    for k, change in enumerate(made):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":material/front_hand: {described(known.network, change, tokens)}", width="content")
            rest = tuple(c for c in made if c is not change)
            st.button(_part("drop"), key=f"network_drop_{k}", type="tertiary", on_click=put, args=(known.key, rest))


def described(network: Network, change: Change, tokens: tuple[str, ...]) -> str:
    """A change in words, in Markdown."""
    where = figures.title(network, change.place)
    if isinstance(change.what, Clamp):
        told = whatif.described(change.what, tokens)
    else:
        index = ", ".join(map(str, change.what.index))
        told = f"{literal(change.what.name)}[{index}] = {Number(change.what.value):g}"
    return f"{where}: {told}" if where else told


def choose(known: Known, place: Place, made: tuple[Change, ...], steps: int, reach: float) -> None:
    """The rows that set a value of the chosen cell, or one of its weights."""
    direction, free = figures.direction(known.network, place), len(made) < MOST

    def clamp(what: Clamp) -> None:
        put(known.key, (*made, Change(place, what)))

    whatif.clamp_row("_network", kind_of(direction.cell), steps, direction.cell.hidden_size, reach, free, clamp)
    _weight(direction, place, known.key, made, free)


def _weight(direction: Direction, place: Place, of: str, made: tuple[Change, ...], free: bool) -> None:
    """The row for one weight: which matrix, gate, unit and column, and its new value."""
    cell, H = direction.cell, direction.cell.hidden_size
    matrices = [name for name in MATRICES if name != "weight_hh" or direction.projection is None]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox(_part("matrix"), matrices, key=f"network_weight_name_{len(matrices)}", width=140)
        gate = cell.ROWS[0]
        if len(cell.ROWS) > 1:
            gate = st.segmented_control(_part("gate"), list(cell.ROWS), key=f"network_weight_gate_{cell.ROWS}", required=True, default=gate)
        unit = st.number_input(_part("unit"), 0, H - 1, key=f"network_weight_unit_{H}", width=120)
        row, shape = cell.ROWS.index(gate) * H + unit, getattr(cell, name).shape
        column = None
        if len(shape) > 1:
            column = st.number_input(_part("column"), 0, shape[1] - 1, key=f"network_weight_column_{shape[1]}", width=120)
        now = float(getattr(cell, name)[(row,) if column is None else (row, column)])
        key = f"network_weight_value_{place}_{name}_{row}_{column}"
        value = st.number_input(
            _part("new value"), -LARGEST, LARGEST, min(max(now, -LARGEST), LARGEST), step=0.1, format="%.4g", key=key, width=140
        )
        change = Change(place, Weight(name, row, column, value))
        st.button(_part("set weight"), key="network_set_weight", disabled=not free, on_click=put, args=(of, (*made, change)))


def outcome(network: Network, plain: Reading, now: Reading, place: Place, tokens: Sequence[str]) -> None:
    """How far each cell's h moves at each step, and the difference of one array of the chosen cell."""
    both = list(zip(ways_of(network, plain), ways_of(network, now), strict=True))
    moves = [_moved(one[2].trace.h, two[2].trace.h)[:: -1 if one[1] else 1] for one, two in both]
    last = float(np.abs(now.output - plain.output).max(initial=0))
    st.markdown(_part("outcome", last=last))
    titles = figures.titles(network)
    charts.chart(figures.lines(network, moves, tokens, "‖Δh‖"), "moved", {"step": tokens, **dict(zip(titles, moves, strict=True))})
    k = next(k for k, (one, _) in enumerate(both) if (one[0], one[1]) == (place.layer, place.backward))
    (_, turned, before, own), (_, _, after, _) = both[k]
    kind = kind_of(own.cell)
    array = st.segmented_control(_part("difference of"), list(BY_CELL[kind]), key=f"network_diff_{kind}", required=True)
    rows = [getattr(in_text_order(way.trace) if turned else way.trace, array) for way in (after, before)]
    with np.errstate(invalid="ignore"):
        gap = rows[0] - rows[1]
    limit = 1.0 if BY_CELL[kind][array].kind != "state" else max(1.0, float(np.ceil(np.nan_to_num(np.abs(gap)).max(initial=0))))
    names, units = tuple(tokens), np.arange(gap.shape[1])
    columns: charts.Columns = {"step": tokens, **{f"unit {u}": gap[:, u] for u in units}}
    charts.chart(swapped.difference(names, gap, units, limit), "network-difference", columns)
    st.caption(_part("difference", cell=titles[k] or _part("the cell"), limit=f"{limit:g}"))


def _moved(before: Array, after: Array) -> Array:
    """‖Δh‖ at each step, (T,)."""
    with np.errstate(invalid="ignore", over="ignore"):
        found: Array = np.linalg.norm(after.astype(np.float64) - before, axis=-1)
    return found
