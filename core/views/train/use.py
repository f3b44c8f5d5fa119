"""“Use it”: a network that was trained in the browser goes on to other pages, for this visit. Its weights are sent once, at the press."""

import html

import streamlit as st

from core.families import FAMILIES
from core.models import Model, lend
from core.models.own import read
from core.numerals import printed
from core.views import state
from core.views.remembered import Trained
from core.views.site import links, texts
from core.views.state import Controls
from core.views.train import settings
from core.views.widgets import incoming

PAGES = ("start", "what_if", "gradients", "find_a_unit", "lstm", "gru")  # that can show it


def take() -> None:
    """Keeps what the browser sent, if it is a network, and makes it what the pages begin with."""
    sent = incoming.sent("trainer", "use")
    task = settings.told().tasks.get(str(sent.get("task"))) if isinstance(sent, dict) else None
    try:
        if task is None or task.words is None:
            raise ValueError("task: wanted one whose tokens are words or letters")
        model = lend(read(sent, task.words, task.labels, task.outputs))
    except ValueError:
        state.change(Trained, refused=True)
        return
    state.put(Trained(model))
    state.change(Controls, family=model.card.task, cell=model.card.cell)


def draw() -> None:
    """Says where the network has gone, with links there; or that it could not be used."""
    part, own = texts.of("train").part, state.of(Trained)
    if own.refused:
        st.warning(part("use refused"))
    if own.model is None:
        return
    card = own.model.card
    told = part("used", title=card.title, seed=card.seed, updates=f"{card.training['updates']:,}", figure=printed(_figure(own.model)))
    there = ", ".join(links.to(page) for page in PAGES if _shows(page, own.model))
    links.draw(f'<p data-testid="trainer-used" role="status">{html.escape(told)} {there}.</p>', "used")


def _figure(model: Model) -> str:
    ((_, measured),) = model.card.metric.items()
    return f"{measured['accuracy']:.0%}"


def _shows(page: str, model: Model) -> bool:
    if page in ("lstm", "gru"):
        return page == model.card.cell
    return page != "find_a_unit" or FAMILIES[model.card.task].corpus is not None
