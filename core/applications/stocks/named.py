"""Days of a shipped share as a text, by which lessons hold them: "AAPL 2008-01-02 2009-06-30"."""

from collections.abc import Sequence
from dataclasses import replace

from core.applications.stocks.data import SHARES, shares
from core.applications.stocks.model import PriceModel
from core.cells import Edit
from core.models import Reading
from core.models.text import MAX_TOKENS


def named(share: str, reading: Reading) -> Reading:
    """A reading of days of a share with the text that names them; as it is where the share is not shipped."""
    return replace(reading, text=f"{share} {reading.tokens[0]} {reading.tokens[-1]}") if share in SHARES else reading


class NamedShares(PriceModel):
    """A network that also reads days of a shipped share by their name."""

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """A share with its first and last day, at most 500 apart, or a CSV as `PriceModel` reads it. ValueError for days that are not here."""
        share, *days = text.split()[:4] if text.strip() else [""]
        if share not in SHARES:
            return super().run(text, edits)
        prices = shares()[share]
        known = prices.dates[1:]
        if len(days) != 2 or any(day not in known for day in days) or not days[0] <= days[1]:
            raise ValueError(f"text: got {text[:60]!r}, wanted {share} and two of its days from {known[0]} to {known[-1]}, in order")
        first, last = known.index(days[0]), known.index(days[1]) + 1
        if last - first > MAX_TOKENS:
            raise ValueError(f"text: got {last - first} days, wanted at most {MAX_TOKENS}")
        return replace(self.days(prices, first, last, edits), text=text)
