"""What the stepper is sent of a reading: the same for a page, a hand-out and a notebook."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from core.families import FAMILIES
from core.insight.place import Place
from core.models import Reading
from core.views.stepper import formulas
from core.views.stepper.arrays import NEGATIVE, POSITIVE, X
from core.views.stepper.layers import Address, Layer
from core.views.widgets.glossary import terms


def body(reading: Reading, layers: Sequence[Layer], provenance: str, hero: Place | None, address: Address | None = None) -> dict[str, Any]:
    """What does not depend on where the reader stands, and its hash as `id`: the stepper's and a hand-out's. address: see `Layer.payload`."""
    entry = FAMILIES[reading.model.card.task].entry
    called = "word" if entry is not None and entry.everywhere else "token"
    return sent(reading.tokens, reading.known, called, reading.cut is not None, layers, provenance, hero, address)


def sent(
    tokens: Sequence[str],
    known: Sequence[bool],
    called: str,
    cut: bool,
    layers: Sequence[Layer],
    provenance: str,
    hero: Place | None,
    address: Address | None = None,
) -> dict[str, Any]:
    """The same of what need not be a shipped model's reading. called: what a token is called; cut: whether what follows the last was not read."""
    found = {
        "tokens": tokens,
        "known": [int(k) for k in known],
        "layers": [layer.payload(address) for layer in layers],
        "scale": {"negative": NEGATIVE, "positive": POSITIVE},
        "input": {"explained": terms()["input"][1], "colour": vars(X)},
        "notations": formulas.notations(),
        "provenance": provenance,
        "called": called,
        "cut": cut,
        "hero": None if hero is None else hero.as_dict(),
    }
    return {**found, "id": hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]}
