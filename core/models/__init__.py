"""Trained models: `catalogue()` lists their cards, `load(name)` gives one, `model.run(text)` reads a text with it."""

from core.models.cards import Card
from core.models.catalogue import Model, Reading, UnknownWords, catalogue, checkpoints, load
from core.models.speech import SpeechModel

__all__ = ["Card", "Model", "Reading", "SpeechModel", "UnknownWords", "catalogue", "checkpoints", "load"]
