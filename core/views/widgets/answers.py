"""Whose an answer to a page's question is: everybody's own, in a room too; what is shown after it is the teacher's."""

from core.views import state
from core.views.state import Seat, Visit

NAMES = frozenset({"seen", "said"})  # of the parameters that hold answers: neither Back nor a teacher takes one away


def shown(name: str) -> str | None:
    """What the teacher whom this visit follows has in the address of this page for an answer: what it opens is shown to the class."""
    seat = state.of(Seat)
    if seat.code is None or seat.leads or seat.view is None or seat.view.page.strip("/") != state.of(Visit).page:
        return None
    return (seat.view.more or {}).get(name)
