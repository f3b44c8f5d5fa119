"""python -m core.training NAME… and --check. Run with --help for the choices."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from core.models.cards import KINDS, Card, kind
from core.models.catalogue import catalogue, load

DATA = Path(__file__).parents[2] / ".data"
README = Path(__file__).parents[2] / "README.md"
SYNTHETIC = ("adding", "copying", "brackets", "counting", "reber")
MODELS = ("mini", "sentiment", *SYNTHETIC, "austen")
MARKS = ("<!-- models: written by python -m core.training table -->", "<!-- /models -->")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m core.training", description="Train the shipped models, or check their cards.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"fetch (download the data), {', '.join(MODELS)}, activations, lags (the experiments), table (into the README) or cards (measured anew); after --check, models",
    )
    parser.add_argument("--cell", choices=("lstm", "gru", "rnn", "lstm-1997"), help="one cell only (default: all that the task has)")
    parser.add_argument("--seed", type=int, default=0, help="the seed of sentiment or austen (default 0)")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the downloaded packages (default: .data)")
    parser.add_argument("--check", action="store_true", help="recompute the cards' figures from the shipped weights")
    args = parser.parse_args(argv)
    if args.check:
        return check(args.names or list(catalogue()), args.data)
    for name in args.names or parser.error("nothing to do: name fetch, a task or an experiment, or give --check"):
        if name == "fetch":
            fetch(args.data)
        elif name == "table":
            write_table()
        elif name == "cards":
            write_cards(args.data)
        elif name == "activations":
            from core.training import activations

            need(args.data)
            activations.train(args.data)
        elif name == "lags":
            from core.training import lags

            lags.train()
        elif name in MODELS:
            if args.cell and args.cell not in cells(name):
                parser.error(f"--cell: got {args.cell!r}, {name} wanted {', '.join(cells(name))}")
            for cell in [args.cell] if args.cell else cells(name):
                show(train(name, cell, args))
        else:
            parser.error(f"NAME: got {name!r}, wanted fetch, {', '.join(MODELS)}, activations, lags, table or cards")
    return 0


def fetch(data: Path) -> None:
    """Downloads what is absent into `data`. Where apt is not at hand the novels are left out, and told."""
    from core.tasks import novels, reviews

    data.mkdir(parents=True, exist_ok=True)
    reviews.fetch(data)
    try:
        novels.fetch(data)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"the novels: {error}; put Debian's {novels.PACKAGE} into {data} by hand")


def cells(name: str) -> tuple[str, ...]:
    """The cells that a task is trained with."""
    if name not in SYNTHETIC:
        return ("lstm", "gru", "rnn")
    from core.training.plans import PLANS

    return PLANS[name].cells


def train(name: str, cell: str, args: argparse.Namespace) -> Card:
    if name == "mini":
        from core.training import mini

        return mini.train(cell)
    if name in SYNTHETIC:
        from core.training import plans, synthetic

        return synthetic.train(plans.PLANS[name](), cell)
    from core.tasks import novels, reviews
    from core.training import characters, sentiment

    need(args.data, novels if name == "austen" else reviews)
    return (characters if name == "austen" else sentiment).train(cell, args.data, args.seed)


def need(data: Path, source: ModuleType | None = None) -> None:
    """Ends the program if the data of `source`, a module of core.tasks (the reviews if None), are not in `data`."""
    from core.tasks import reviews

    if missing := (source or reviews).absent(data):
        sys.exit(f"{data} lacks {', '.join(missing)}: run `python -m core.training fetch --data {data}` first")


def show(card: Card) -> None:
    for title, figure in card.metric.items():
        print(f"{card.name:16} {title:24} {number(figure, 2)} of {figure['n']:,}")


def number(figure: dict[str, float], digits: int, *, error: bool = True) -> str:
    """A figure, with its standard error: accuracies in per cent, others with three significant digits."""
    if "accuracy" in figure:
        spread = f" ± {100 * figure['standard_error']:.{digits}f}" if error else ""
        return f"{100 * figure['accuracy']:.{digits}f}{spread} %"
    name = kind(figure)
    spread = f" ± {figure['standard_error']:.1g}" if error else ""
    return f"{figure[name]:.3g}{spread} {KINDS[name][2]}"


def write_cards(data: Path) -> None:
    """Measures the shipped weights again and writes their cards, as after a change of what is measured or of the examples."""
    for name, card in catalogue().items():
        recompute, missing = _recompute(card, data)
        if missing:
            print(f"{name}: left as it is, {data} lacks {', '.join(missing)}")
        else:
            replace(card, **recompute()).write()


def write_table() -> None:
    """Writes the cards' figures into the README, between its marks: of the tasks made in code and of the characters, each card's first."""
    rows = ["| model | tested on | held out | always one answer | best other baseline |", "|---|---|---|---|---|"]
    for card in catalogue().values():
        (_, plain), *others = card.baseline.items()
        for title, figure in list(card.metric.items())[: None if card.reads == "words" else 1]:
            good = kind(figure) == "accuracy"
            ranked = sorted(others, key=lambda other: other[1][title][kind(figure)], reverse=good)
            best = [f"{number(figures[title], 1, error=False)} ({name})" for name, figures in ranked[:1]]
            cells = (
                f"`{card.name}`",
                f"{title}, n = {figure['n']:,}",
                number(figure, 1),
                number(plain[title], 1, error=False),
                *(best or [""]),
            )
            rows.append(f"| {' | '.join(cells)} |")
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
            + ("agrees: " + ", ".join(f"{t} {number(m, 2, error=False)}" for t, m in metric.items()) if not faults else "DISAGREES")
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
    if card.task in SYNTHETIC:
        from core.training import plans, synthetic

        return lambda: synthetic.measured(plans.PLANS[card.task](), load(card.name)), []
    if card.task == "austen":
        from core.tasks import novels
        from core.training import characters

        return lambda: characters.measured(load(card.name), novels.splits(data)), novels.absent(data)
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
    """Equal but for what another BLAS may round otherwise: one sample in a thousand at most, a hundredth of an error or of the bits, one n in fifty."""
    if a is None or b is None or a["n"] != b["n"] or kind(a) != kind(b):
        return False
    name, far = kind(a), abs(a.get("right_to", 0) - b.get("right_to", 0)) > 0.02 * a.get("right_to", 0)
    return not far and abs(a[name] - b[name]) <= (0.001 if name == "accuracy" else 0.01 * a[name])


if __name__ == "__main__":
    sys.exit(main())
