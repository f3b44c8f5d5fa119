"""python -m core.training fetch|mini|sentiment|activations|table|cards and --check. Run with --help for the choices."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from core.models.cards import Card
from core.models.catalogue import catalogue, load

DATA = Path(__file__).parents[2] / ".data"
README = Path(__file__).parents[2] / "README.md"
MARKS = ("<!-- models: written by python -m core.training table -->", "<!-- /models -->")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m core.training", description="Train the shipped models, or check their cards.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="fetch (download the data), mini, sentiment, activations (the experiment), table (into the README) or cards (measured anew); after --check, models",
    )
    parser.add_argument("--cell", choices=("lstm", "gru", "rnn"), help="one cell only (default: all three)")
    parser.add_argument("--seed", type=int, default=0, help="sentiment's seed (default 0)")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the downloaded packages (default: .data)")
    parser.add_argument("--check", action="store_true", help="recompute the cards' figures from the shipped weights")
    args = parser.parse_args(argv)
    if args.check:
        return check(args.names or list(catalogue()), args.data)
    for name in args.names or parser.error("nothing to do: name fetch, mini or sentiment, or give --check"):
        if name == "fetch":
            from core.tasks import reviews

            args.data.mkdir(parents=True, exist_ok=True)
            reviews.fetch(args.data)
        elif name == "table":
            write_table()
        elif name == "cards":
            write_cards(args.data)
        elif name == "activations":
            from core.training import activations

            need(args.data)
            activations.train(args.data)
        elif name in ("mini", "sentiment"):
            for cell in [args.cell] if args.cell else ["lstm", "gru", "rnn"]:
                show(train(name, cell, args))
        else:
            parser.error(f"NAME: got {name!r}, wanted fetch, mini, sentiment, activations, table or cards")
    return 0


def train(name: str, cell: str, args: argparse.Namespace) -> Card:
    if name == "mini":
        from core.training import mini

        return mini.train(cell)
    from core.training import sentiment

    need(args.data)
    return sentiment.train(cell, args.data, args.seed)


def need(data: Path) -> None:
    """Ends the program if the reviews are not in `data`."""
    from core.tasks import reviews

    if missing := reviews.absent(data):
        sys.exit(f"{data} lacks {', '.join(missing)}: run `python -m core.training fetch --data {data}` first")


def show(card: Card) -> None:
    for title, figure in card.metric.items():
        print(f"{card.name:16} {title:16} {100 * figure['accuracy']:6.2f} % ± {100 * figure['standard_error']:.2f} of {figure['n']}")


def write_cards(data: Path) -> None:
    """Measures the shipped weights again and writes their cards, as after a change of what is measured or of the examples."""
    for name, card in catalogue().items():
        recompute, missing = _recompute(card, data)
        if missing:
            print(f"{name}: left as it is, {data} lacks {', '.join(missing)}")
        else:
            replace(card, **recompute()).write()


def write_table() -> None:
    """Writes the cards' figures into the README, between its marks."""
    rows = ["| model | tested on | right | always one answer | best other baseline |", "|---|---|---|---|---|"]
    for card in catalogue().values():
        (_, plain), *others = card.baseline.items()
        for title, figure in card.metric.items():
            best, figures = max(others, key=lambda other: other[1][title]["accuracy"])
            right = f"{100 * figure['accuracy']:.1f} ± {100 * figure['standard_error']:.1f} %"
            cells = (f"`{card.name}`", f"{title}, n = {figure['n']:,}", right, f"{100 * plain[title]['accuracy']:.1f} %")
            rows.append(f"| {' | '.join(cells)} | {100 * figures[title]['accuracy']:.1f} % ({best}) |")
    text = README.read_text(encoding="utf-8")
    head, rest = text.split(MARKS[0])
    tail = rest.split(MARKS[1])[1]
    README.write_text(f"{head}{MARKS[0]}\n{chr(10).join(rows)}\n{MARKS[1]}{tail}", encoding="utf-8")


def check(names: list[str], data: Path) -> int:
    """Compares each card's figures with those of its weights. 0: all that could be checked agrees; 1: some do not, or a name is unknown."""
    if strange := [name for name in names if name not in catalogue()]:
        print(f"no model {', '.join(strange)}; there are {', '.join(catalogue())}")
        return 1
    wrong, waiting = [], []
    for name in names:
        recompute, missing = _recompute(catalogue()[name], data)
        if missing:
            waiting.append(f"{name}: not checked, {data} lacks {', '.join(missing)} (python -m core.training fetch)")
            continue
        card = catalogue()[name]
        found, counts = recompute(), _parameters(name)
        metric = found.pop("metric")
        faults = [
            f"{title}: the card says {card.metric.get(title)}, the weights give {metric.get(title)}"
            for title in metric | card.metric
            if not _same(card.metric.get(title), metric.get(title))
        ]
        found["parameters"] = counts
        faults += [
            f"{key}: the card says {getattr(card, key)}, the weights give {v}" for key, v in found.items() if getattr(card, key) != v
        ]
        wrong += faults
        print(
            f"{name}: "
            + ("agrees: " + ", ".join(f"{t} {100 * m['accuracy']:.2f} %" for t, m in metric.items()) if not faults else "DISAGREES")
        )
        for fault in faults:
            print("    " + fault)
    for line in waiting:
        print(line)
    return 1 if wrong else 0


def _recompute(card: Card, data: Path) -> tuple[Callable[[], dict[str, Any]], list[str]]:
    """What measures this card, and the data packages that are absent for it."""
    if card.task == "mini":
        from core.training import mini

        return lambda: mini.measured(load(card.name)), []
    from core.tasks import reviews
    from core.training import measure

    return lambda: measure.sentiment(load(card.name), _splits(data), data), reviews.absent(data)


@cache
def _splits(data: Path) -> dict:
    from core.tasks import reviews

    return reviews.splits(data)


def _parameters(name: str) -> dict[str, int]:
    from safetensors.numpy import load_file

    from core.models.cards import FOLDER
    from core.training.network import parameter_counts

    return parameter_counts(load_file(FOLDER / f"{name}.safetensors"))


def _same(a: dict[str, float] | None, b: dict[str, float] | None) -> bool:
    """Equal but for at most one sample in a thousand, which another BLAS may round to the other side of 0.5."""
    return a is not None and b is not None and a["n"] == b["n"] and abs(a["accuracy"] - b["accuracy"]) <= 0.001


if __name__ == "__main__":
    sys.exit(main())
