"""What the URL may say on *Train*: rows of the table in `core.views.parameters`.

A preset or a new page begins every setting (`page.begun`, see `presets`): the URL has only what differs from that.
"""

from collections.abc import Iterator
from typing import Any

from core import typed
from core.cells import CELLS
from core.views.train import settings
from core.views.widgets.incoming import Page, Parameter, one_of, real, text, whole


def _bias(said: str, page: Page) -> float | str | None:
    return said if said == settings.AS_TORCH else typed.real(said, settings.BIASES[0], settings.BIASES[-1])


def _setting(name: str, read: Any, suffix: str = "") -> Parameter:
    """A setting of *Train*, of the first network or the second; the URL has nothing for what its preset, or a new page, begins with."""
    name += suffix
    return Parameter(name, "train_setup", read, f"train_{name}", lambda page: page.begun[name], quiet=True)


def _settings(suffix: str) -> Iterator[Parameter]:
    """Those of one network."""
    for name, read in {
        "cell": one_of((*CELLS, settings.AFTER)),
        "later": one_of(settings.LATER),
        "units": whole(1, settings.MOST_UNITS),
        "layers": whole(1, 2),
        "optimiser": one_of(settings.OPTIMISERS),
        "rate": one_of(settings.RATES, real(settings.RATES[0], settings.RATES[-1])),
        "clip": one_of(settings.CLIPS, real(0, settings.CLIPS[-1])),
        "forget_bias": one_of((settings.AS_TORCH, *settings.BIASES), _bias),
        "update_bias": one_of((settings.AS_TORCH, *settings.BIASES), _bias),
        "weights": one_of(settings.INITIAL),
        "decay": one_of(settings.DECAYS, real(0, 1)),
        "truncate": one_of(settings.CUTS, whole(0, settings.CUTS[-1])),
        "reset": one_of(("after", "before")),
        "keep": one_of(("z", "1-z")),
    }.items():
        yield _setting(name, read, suffix)


TRAIN = (
    Parameter("preset", "train", one_of(lambda p: p.presets), "train_preset", "", quiet=True),
    Parameter("task", "train_task", one_of(lambda p: p.tasks), "train_task", lambda p: p.begun["task"], quiet=True),
    Parameter(
        "length", "train_setup", whole(lambda p: p.least, lambda p: p.most), "train_length_{task}", lambda p: p.begun["length"], quiet=True
    ),
    Parameter(
        "batch",
        "train_setup",
        one_of(settings.BATCHES, whole(1, settings.BATCHES[-1])),
        "train_batch",
        lambda p: p.begun["batch"],
        quiet=True,
    ),
    _setting("seed", whole(0, settings.MOST_SEED)),
    _setting("second", lambda said, p: {"1": True, "0": False}.get(said)),
    Parameter("probe", "train_setup", text(2000)),
    *_settings(""),
    *_settings(settings.SECOND),
)
