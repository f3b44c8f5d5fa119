"""Trained models: `catalogue()` lists their cards, `load(name)` gives one, `model.run(text)` reads a text with it."""

from core.models.cards import Card
from core.models.catalogue import Model, Reading, UnknownWords, catalogue, checkpoints, load

__all__ = ["Card", "Model", "Reading", "UnknownWords", "catalogue", "checkpoints", "load"]
