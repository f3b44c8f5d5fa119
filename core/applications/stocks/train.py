"""The price models: after each day say the next day's return, whether it rises, and the volatility of the next five days.

Split by time. The shipped weights of each cell learned from 1990 to 1997, the seed was chosen on 1998 and 1999, and they are tested on 2000 to 2022, all
of it once. Beside that the same training is repeated four times with more years (walk-forward): each time up to two years before the test's first,
the seed chosen on those two, tested on the next five years. What is scaled is scaled by figures of the training years alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from core.applications.stocks import data, insight
from core.applications.stocks.data import Market
from core.applications.stocks.insight import Truth
from core.applications.stocks.model import PriceModel, inputs
from core.applications.stocks.train_figures import Fold, compared, fitted, guess, measured, others, outputs
from core.cells import of_kind
from core.cells.arrays import Array
from core.models.cards import Card
from core.models.catalogue import build
from core.training import descent, network
from core.training.job import Job
from core.training.own_cell import OwnCell

HIDDEN, KEEP = 8, 2.0
UPDATES, BATCH, LENGTH, RATE, UNASKED = 500, 32, 300, 1e-2, 20
SEEDS = (0, 1, 2)
TESTS = ((2000, 2004), (2005, 2009), (2010, 2014), (2015, 2019), (2020, 2022))  # first and last year of each walk-forward test
LABELS = ("return, in deviations", "log-odds of a rise", "log volatility, in deviations")


def loss(said: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Half the squared error of the return, the log loss of the direction, the squared error of the volatility; NaN is not asked. (…, 3)"""
    known = torch.isfinite(wanted)
    wanted = torch.where(known, wanted, torch.zeros_like(wanted))
    squares = (said - wanted).square()
    odds = binary_cross_entropy_with_logits(said[..., 1], wanted[..., 1], reduction="none")
    each = (squares[..., 0] / 2, odds, squares[..., 2])
    return sum((part * known[..., k]).sum() / known[..., k].sum() for k, part in enumerate(each))


def fit(cell: str, fold: Fold, seed: int) -> tuple[dict[str, Array], tuple[tuple[int, float], ...]]:
    """One training run: the tensors and the loss curve. Stretches of days are drawn from the training days; their targets end there too."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = network.Network(cell, 1, 2, HIDDEN, keep=KEEP, outputs=3)
    del net.embedding  # numbers are read as they are
    if cell == "gru":
        net.cell = OwnCell("gru", net.cell)  # the same cell and gradients in a third of the time of torch's on one thread
    x = inputs(fold.returns[: fold.train], fold.scale["return"])  # (train, S, 2)
    y = replace(fold, returns=fold.returns[: fold.train]).targets().astype(np.float32)

    def losses() -> Iterator[torch.Tensor]:
        for _ in range(UPDATES):
            first = rng.integers(0, fold.train - LENGTH + 1, BATCH)
            which = rng.integers(0, x.shape[1], BATCH)
            rows = first[:, None] + np.arange(LENGTH)
            h, _ = net.cell(torch.from_numpy(x[rows, which[:, None]]))
            yield loss(net.readout(h)[:, UNASKED:], torch.from_numpy(y[rows, which[:, None]])[:, UNASKED:])

    named = f"stocks-{cell} to day {fold.train} seed {seed}"
    course = descent.descend(list(net.parameters()), tqdm(losses(), desc=named, unit="update", total=UPDATES), RATE, UPDATES)
    return net.arrays(), course.curve


@dataclass(frozen=True, eq=False)
class Chosen:
    """The run with the least loss on the validation days: its model, its seed, its curve; and every seed's validation loss and model."""

    model: PriceModel
    seed: int
    curve: tuple[tuple[int, float], ...]
    scores: list[float]
    models: list[PriceModel]


def chosen(cell: str, fold: Fold) -> Chosen:
    runs = [fit(cell, fold, seed) for seed in SEEDS]
    models = [of_kind(PriceModel, build(blank(cell, fold), tensors)) for tensors, _ in runs]
    known = replace(fold, returns=fold.returns[: fold.until])  # what came after the validation days chooses nothing
    asked = torch.from_numpy(known.targets()[fold.train :])
    scores = [float(loss(torch.from_numpy(outputs(m, fold.returns)[fold.train : fold.until].astype(float)), asked)) for m in models]
    best = int(np.argmin(scores))
    return Chosen(models[best], SEEDS[best], runs[best][1], [insight.rounded(score) for score in scores], models)


def walk(cell: str, market: Market, shipped: Chosen) -> list[dict[str, object]]:
    """Trained anew before each test but the first, for which the shipped one was: the figures there, and those of who only looks back."""
    found = []
    for first, last in TESTS:
        fold = Fold.of(market, first, last)
        best = shipped if first == TESTS[0][0] else chosen(cell, fold)
        model, seed = best.model, best.seed
        truth, days = Truth.of(fold.returns), fold.days(fold.until, fold.end)
        ours, rivals = guess(model, fold.returns), others(fold.returns, fitted(fold))
        found.append(
            {"test": f"{first}–{last}", "trained_to": first - 3, "seed": seed, "model": insight.measured(truth, ours, days)}
            | {"others": {name: insight.measured(truth, other, days) for name, other in rivals.items()}}
            | {"against": {name: insight.against(truth, ours, other, days) for name, other in rivals.items()}}
        )
    return found


def blank(cell: str, fold: Fold) -> Card:
    """A card without figures."""
    return Card.blank(
        name=f"stocks-{cell}",
        task="stocks",
        cell=cell,
        title=f"{cell.upper()}, {HIDDEN} units, share prices",
        input_size=2,
        hidden_size=HIDDEN,
        labels=LABELS,
        vocabulary=(),
        data=(
            {
                "name": data.MARKET_WHEEL,
                "what": "skfolio: daily adjusted closes of 20 US shares and of the S&P 500, 1990 to 2022; where the prices come from it does not say",
                "licence": "package BSD-3; no price is shipped",
            },
            {
                "name": data.SHARES_WHEEL,
                "what": f"Quandl WIKI prices, adjusted closes of {', '.join(data.SHARES)}, 2000 to 2013: shown and tested on, never trained on",
                "licence": "public domain (the package's datasets.json)",
            },
        ),
        licence="MIT",
        seed=0,
        command=f"python -m core.training stocks --cell {cell}",
        training={"scale": fold.scale},
        reads="prices",
    )


def train(cell: str, folder: Path) -> Card:
    """Trains stocks-CELL with every seed, ships the one chosen on 1998 and 1999, walks forward, and returns its card."""
    data.write_shares(folder)
    data.shares.cache_clear()
    market = data.market(folder)
    fold = Fold.of(market, 2000, 2022)
    best = chosen(cell, fold)
    model = best.model
    test, truth = fold.days(fold.until, fold.end), Truth.of(fold.returns)
    each = [insight.measured(truth, guess(one, fold.returns), test) for one in best.models]
    baselines, gaps = compared(model, fold)
    tensors = _tensors(model)
    training = {
        "examples": UPDATES * BATCH,
        "unit": f"periods of {LENGTH} days (20 US shares and the S&P 500, 1990–1997)",
        "updates": UPDATES,
        "batch": BATCH,
        "lengths": f"{LENGTH} days",
        "learning_rate": RATE,
        "clip": descent.CLIP,
        "keeping_bias_at_first": KEEP if cell != "rnn" else None,
        "seeds_tried": len(SEEDS),
        "chosen_by": "the least loss on 1998 and 1999",
        "each_seed": [{"seed": s, "validation": v, "held_out": h} for s, v, h in zip(SEEDS, best.scores, each, strict=True)],
        "scale": fold.scale,
        "regressions": {name: weights.tolist() for name, weights in fitted(fold).items()},
        "against": gaps,
        "walk_forward": walk(cell, market, best),
        "loss": best.curve,
    }
    card = replace(blank(cell, fold), seed=best.seed, parameters=network.parameter_counts(tensors), training=training, baseline=baselines)
    return network.ship(card, tensors, lambda model: measured(of_kind(PriceModel, model), market))


def _tensors(model: PriceModel) -> dict[str, Array]:
    cell = {f"cell.{name}_l0": getattr(model.cell, name) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    return cell | {"readout.weight": model.readout_weight, "readout.bias": model.readout_bias}


JOB = Job(
    lambda cell, folder, seed: train(cell, folder),
    lambda model, folder: measured(of_kind(PriceModel, model), data.market(folder)),
    "core.applications.stocks.data",
)
