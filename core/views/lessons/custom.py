"""The lesson that a visitor made or loaded: in the session; the tab keeps it over a reload and a server that was started anew (`kept`)."""

from core.classroom.shown import OWN
from core.lessons import CustomLesson
from core.views import parameters, state
from core.views.state import Custom

NAME = OWN  # in links, where the others have their names; a link brings it to nobody else


def lesson() -> CustomLesson | None:
    """The lesson, if there is one."""
    return state.of(Custom).lesson


def put(custom: CustomLesson) -> None:
    """Makes it the visitor's lesson."""
    state.put(Custom(custom))


def wanted() -> bool:
    """Whether the URL asks for a lesson that only the tab may have, which has yet to be heard."""
    own = state.of(Custom)
    return parameters.asked("lesson") == NAME and own.lesson is None and not own.sought
