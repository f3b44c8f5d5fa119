"""The cards of the networks that are compared after the LSTM: those of the first seed on the ten words, measured from their shipped weights."""

from dataclasses import replace

import numpy as np
from safetensors.numpy import load_file, save_file

from core.cells.arrays import Array, Flags, Ints
from core.insight.after import OUT, Network, network
from core.models.cards import AFTER, Card, Figures
from core.models.cards import Measured as OfCard
from core.tasks import mini
from core.tasks.after_lstm import CHOOSING, NETWORKS, RATES, SHIPPED, Measured, Run
from core.training.after_runs import BATCH, HIDDEN, UPDATES
from core.training.after_tasks import TASKS
from core.training.later_net import KEEP, POSITIONS
from core.training.measure import mean

TITLES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU", "mingru": "minGRU", "minlstm": "minLSTM", "slstm": "sLSTM"}
TITLES |= {"ssm": "selective state-space cell", "attention": "attention"}
LENGTHS = {"length 20": False, "length 100": True}  # the figures, and whether they are beyond the trained lengths
CELL_STATE = ("lstm", "slstm")  # whose memory is c; of the others it is what the next layer reads


def ship(runs: list[Run], tensors: dict[str, Array]) -> Card:
    """Writes weights and card of a network. runs: one a seed, that of the weights first."""
    run, (kind, count) = runs[0], NETWORKS[runs[0].network]
    card = Card.blank(
        name=f"{SHIPPED}-{run.network}",
        task="after_lstm",
        cell=kind,
        title=f"{TITLES[kind]}, {HIDDEN} units{', two layers' if count > 1 else ''}, ten words",
        input_size=len(mini.WORDS),
        hidden_size=HIDDEN,
        labels=("negative", "positive"),
        vocabulary=mini.WORDS,
        data=({"name": "core.tasks.mini", "what": "sentences made in code from ten words", "licence": "MIT, ours"},),
        licence="MIT",
        seed=run.seed,
        command="python -m core.training after_lstm",
        training={
            "examples": UPDATES * BATCH,
            "unit": "generated sentences",
            "updates": UPDATES,
            "batch": BATCH,
            "sentence_lengths": (4, 20),
            "layers": count,
            "learning_rate": run.rate,
            "rates_tried": RATES,
            "seeds_that_chose_the_rate": CHOOSING,
            "keeping_bias_at_first": KEEP,
            "each_seed": [{"seed": each.seed, "length 20": value(each.tested), "length 100": value(each.longer)} for each in runs],
            "loss": run.loss,
        },
    )
    AFTER.mkdir(parents=True, exist_ok=True)
    save_file(tensors, AFTER / f"{card.name}.safetensors")
    card = replace(card.sealed(AFTER), **measured(card))
    card.write(AFTER)
    return card


def measured(card: Card) -> OfCard:
    """What of a card its weights give, by the NumPy core."""
    tensors = load_file(AFTER / f"{card.name}.safetensors")
    net = network(card.name.removeprefix(f"{SHIPPED}-"), tensors, POSITIONS)
    units = ranges(net, card.cell)
    return {
        "metric": {title: mean(right(net, longer).astype(float), "accuracy") for title, longer in LENGTHS.items()},
        "baseline": {"always positive": baseline()},
        "c_range": float(min(units.max(), 2 * np.median(units))),
        "unit_ranges": tuple(map(float, units)),
        "parameters": {
            part: int(sum(array.size for key, array in tensors.items() if key.startswith(start)))
            for part, start in (("cell", "layers."), ("readout", "readout."))
        },
    }


def value(figure: Measured | None) -> float | None:
    """A figure of the record; None where a run was not finite."""
    return figure.value if figure else None


def sentences(longer: bool) -> tuple[Ints, Flags]:
    """The held-out sentences, (T, N), and whether the last verdict is positive, (N,)."""
    ids, truth = TASKS[SHIPPED].held_out(longer)
    return ids.astype(int), truth[-1] > 0.5


def right(net: Network, longer: bool) -> Flags:
    """Whether the last verdict of each held-out sentence is right, (N,)."""
    ids, truth = sentences(longer)
    found: Flags = (net.verdicts(ids)[-1] > 0.5) == truth
    return found


def baseline() -> Figures:
    """Of always saying positive."""
    return {title: mean(sentences(longer)[1].astype(float), "accuracy") for title, longer in LENGTHS.items()}


def ranges(net: Network, kind: str) -> Array:
    """± what 99 % of each unit's memory in the last layer stay within, up to a half, (H,)."""
    ids, _ = sentences(longer=False)
    memory: Array = getattr(net.traces(ids)[-1], "c" if kind in CELL_STATE else OUT[kind])
    found: Array = np.ceil(2 * np.quantile(np.abs(memory).reshape(-1, memory.shape[-1]), 0.99, axis=0)) / 2
    return found
