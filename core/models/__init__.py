"""Trained models: `catalogue()` lists their cards, `load(name)` gives one, `model.run(text)` reads a text with it."""

from core.models.cards import Card
from core.models.catalogue import Model, Reading, UnknownWords, catalogue, checkpoints, damaged, load, loaded, successors
from core.models.intact import Damaged
from core.models.own import cells, lend

__all__ = [
    "Card",
    "Damaged",
    "Model",
    "Reading",
    "UnknownWords",
    "catalogue",
    "cells",
    "checkpoints",
    "damaged",
    "lend",
    "load",
    "loaded",
    "successors",
]
