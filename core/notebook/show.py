"""`show`: a network of one's own in the stepper, from a notebook."""

from collections.abc import Sequence
from typing import Any

from core import handout
from core.network import Network, Reading
from core.notebook.view import View
from core.views.stepper.network import labelled, layers, readout_of, steps_read
from core.views.stepper.payload import sent

LEVELS = ("unit", "all", "inside")
MOST_SEQUENCES = 32
MOST_NUMBERS = 600_000  # steps × units, summed over layers and sequences: some 10 MB


def network_of(source: Any, name: str = "") -> Network:
    """A network, or what one is read from: a Keras layer or model by `from_keras`, an equinox cell by its own, all else by `from_torch`."""
    if isinstance(source, Network):
        return source
    origin = type(source).__module__.split(".")[0]
    if origin in ("keras", "tf_keras", "tensorflow"):
        return Network.from_keras(source, name)
    return Network.from_equinox(source) if origin == "equinox" else Network.from_torch(source, name)


def alone(reading: Reading) -> list[Reading]:
    """Each sequence by itself."""
    return [reading] if reading.batch_axis is None else [reading.alone(b) for b in range(reading.output.shape[reading.batch_axis])]


def show(
    source: Any,
    x: Any,
    tokens: Any = None,
    readout: Any = None,
    labels: Sequence[str] | None = None,
    unit: int | None = None,
    level: str = "all",
    *,
    name: str = "",
    title: str = "",
    **states: Any,
) -> View:
    """Steps through what a network does with x. source, name: see `network_of`; x and states (h0, c0, lengths, mask): as `Network.run` takes them.

    tokens: a name for each step, of a batch a list of them for each sequence; 1, 2 … if None. readout: a linear layer on the last layer's
    output, or its weight (K, P) and bias (K,): one row is shown as a logistic's share, several as a softmax's with `labels`. unit: where to
    stand. level: "unit", "all" or "inside". Each sequence of a batch is a page of its own. Raises ValueError naming the argument for what
    cannot be shown, and for more than a file holds.
    """
    if level not in LEVELS:
        raise ValueError(f"level: got {level!r}, wanted one of {', '.join(LEVELS)}")
    network = network_of(source, name)
    readings = alone(network.run(x, **states))
    if len(readings) > MOST_SEQUENCES:
        raise ValueError(f"x: got a batch of {len(readings)}, wanted at most {MOST_SEQUENCES} sequences: choose some")
    numbers = sum(way.trace.h.size for one in readings for layer in one.layers for way in layer.ways if way is not None)
    if numbers > MOST_NUMBERS:
        raise ValueError(
            f"x: got {numbers:,} steps times units, and a view holds at most {MOST_NUMBERS:,}: choose fewer sequences or steps"
        )
    said = None if readout is None else readout_of(readout, network.layers[-1].output_size)
    stops = []
    named = labelled(tokens, [steps_read(one) for one in readings], len(readings[0].layers[0].output))
    for one, words in zip(readings, named, strict=True):
        found = layers(network, one, said, labels)
        if unit is not None and not 0 <= unit < found[-1].order.size:
            raise ValueError(f"unit: got {unit}, wanted 0 to {found[-1].order.size - 1}")
        cell = found[-1].cell
        place = {"step": max(0, len(words) - 1), "unit": unit or 0, "array": {"lstm": "f", "gru": "z", "rnn": "h"}[cell], "level": level}
        body = sent(words, (True,) * len(words), "step", False, found, provenance(network), None)
        stops.append({"body": body, "place": place, "level": level, "predict": None})
    shown = title or repr(network).strip("<>")
    return View(handout.fill(shown, "", {"title": shown, "name": "view", "stops": stops, "fixed": True}))


def provenance(network: Network) -> str:
    """Where the numbers come from, for the footer."""
    return ". ".join((f"weights of {network.library}", *network.notes))
