"""Trained models: `catalogue()` lists their cards, `load(name)` gives one, `model.run(text)` reads a text with it."""

from core.applications.speech.model import SpeechModel  # this and the next two enter themselves among catalogue.READS
from core.applications.stocks.model import PriceModel
from core.applications.synthesis.model import Speaker
from core.models.cards import Card
from core.models.catalogue import Model, Reading, UnknownWords, catalogue, checkpoints, damaged, load, loaded
from core.models.intact import Damaged

__all__ = [
    "Card",
    "Damaged",
    "Model",
    "PriceModel",
    "Reading",
    "Speaker",
    "SpeechModel",
    "UnknownWords",
    "catalogue",
    "checkpoints",
    "damaged",
    "load",
    "loaded",
]
