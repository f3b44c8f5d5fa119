"""The network that a visitor trained on *Train* and took to the other pages."""

from core.families import FAMILIES
from core.models import Card
from core.views import state
from core.views.remembered import Trained


def card(cell: str | None = None) -> Card | None:
    """Its card; None if there is none, or none of that cell."""
    model = state.of(Trained).model
    return None if model is None or cell not in (None, model.card.cell) else model.card


def with_corpus() -> bool:
    """Whether there is one whose family has texts on which units can be ranked."""
    return (mine := card()) is not None and FAMILIES[mine.task].corpus is not None
