"""What can be trained: each task's cells, the data it needs, and the functions that train a model and measure its shipped weights again."""

from abc import ABC, abstractmethod
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from core.models.cards import Card
from core.models.catalogue import load


class Job(ABC):
    """A task. `source` is the module of core.tasks that gets its data (with fetch(folder) and absent(folder)); "" if it is made in code."""

    cells: tuple[str, ...] = ("lstm", "gru", "rnn")
    source: str = ""

    @abstractmethod
    def train(self, cell: str, data: Path, seed: int) -> Card:
        """Trains TASK-CELL, writes its weights and its card, and returns the card."""

    @abstractmethod
    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        """What of a card is measured ("metric" and whatever else the weights determine), from the shipped weights."""

    def absent(self, data: Path) -> list[str]:
        """What of its data is not in the folder."""
        return import_module(f"core.tasks.{self.source}").absent(data) if self.source else []


class Mini(Job):
    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.training import mini

        return mini.train(cell)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.training import mini

        return mini.measured(load(card.name))


class Sentiment(Job):
    source = "reviews"

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.applications.sentiment import train as sentiment

        return sentiment.train(cell, data, seed)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.training import measure

        return measure.sentiment(load(card.name), _reviews(data), data)


class Made(Job):
    """A task made in code: its plan stands in core.training.plans."""

    def __init__(self, task: str, *more: str):
        self.task, self.cells = task, (*self.cells, *more)

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.training import plans, synthetic

        return synthetic.train(plans.PLANS[self.task](), cell)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.training import plans, synthetic

        return synthetic.measured(plans.PLANS[self.task](), load(card.name))


class Austen(Job):
    source = "novels"

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.training import characters

        return characters.train(cell, data, seed)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.tasks import novels
        from core.training import characters

        return characters.measured(load(card.name), novels.splits(data))


class Stocks(Job):
    source = "stocks"

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.applications.stocks import train as stocks

        return stocks.train(cell, data)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.applications.stocks import train as stocks
        from core.applications.stocks.data import market

        return stocks.measured(load(card.name), market(data))


class Synthesis(Job):
    source = "synthesis"

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.applications.synthesis import train as synthesis

        return synthesis.train(cell, data)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.applications.synthesis import train as synthesis

        return synthesis.measured(load(card.name), data)


class Stories(Job):
    """Questions about stories; "first" or "last" says where the question stands."""

    def __init__(self, task: str):
        self.task = task

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.applications.stories import train as stories

        return stories.train(self.task, cell)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.applications.stories import train as stories

        return stories.measured(load(card.name))


class Speech(Job):
    cells, source = ("lstm", "gru"), "speech"

    def train(self, cell: str, data: Path, seed: int) -> Card:
        from core.applications.speech import train_cards as speech_cards

        return speech_cards.train(cell, data, seed)

    def measured(self, card: Card, data: Path) -> dict[str, Any]:
        from core.applications.speech import train_cards as speech_cards

        return speech_cards.measured(card, data)


@cache
def _reviews(data: Path) -> dict:
    from core.applications.sentiment import data as reviews

    return reviews.splits(data)


JOBS: dict[str, Job] = {
    "mini": Mini(),
    "sentiment": Sentiment(),
    **{task: Made(task) for task in ("adding", "copying", "brackets", "counting")},
    **{task: Made(task, "lstm-1997") for task in ("embedded", "reber")},
    "austen": Austen(),
    "stocks": Stocks(),
    "synthesis": Synthesis(),
    **{task: Stories(task) for task in ("stories-last", "stories-first")},
    "speech": Speech(),
}
