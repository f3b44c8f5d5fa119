"""What the URL may say of the cells after the LSTM: rows of the table in `core.views.parameters`."""

from core.cells.later import LATER
from core.tasks.after_lstm import NETWORKS
from core.views.widgets.incoming import Page, Parameter, one_of, several, text, whole

NEWER = tuple(name for name, (kind, _) in NETWORKS.items() if kind in LATER)  # that *Compare* offers beside the older three


def _in_order(names: list[str], page: Page) -> str:
    return "~".join(name for name in NEWER if name in names)


AFTER = (
    Parameter("cell", "after_lstm", one_of(LATER), "after_cell", next(iter(LATER)), quiet=True),
    Parameter("depth", "after_stepper", whole(1, 2), "after_depth", 1, here=lambda p: p.cell == "mingru", quiet=True),
    Parameter("words", "after_stepper", text(200), "after_words_{cell}", lambda p: p.first, quiet=True),
    Parameter("beside", "side_by_side", several(NEWER), "compare_newer", lambda p: [], write=_in_order, quiet=True),
)
