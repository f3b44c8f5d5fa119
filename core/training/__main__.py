"""python -m core.training NAME… and --check. Run with --help for the choices."""

import argparse
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

from core.cells import CELLS
from core.families import FAMILIES
from core.models import layered
from core.models.cards import AFTER, FOLDER, Card, Measured, kind, merged, number
from core.models.catalogue import catalogue, damaged, load, successors
from core.training import after_cards, layered_plans
from core.training.jobs import EXPERIMENTS, job

DATA = Path(__file__).parents[2] / ".data"
PAGE = Path(__file__).parents[2] / "docs" / "models.md"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m core.training", description="Train the shipped models, or check their cards.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"fetch (download the data), {', '.join(FAMILIES)}; activations (or one task of it: activations-reviews, activations-adding), lags, after_lstm, layers (the experiments), passages (for Find a unit), verdicts (for Sentiment); "
        "table (into docs/models.md) or cards (measured anew); after --check, models",
    )
    parser.add_argument("--cell", help="one cell only (default: all that the family has)")
    parser.add_argument("--seed", type=int, default=0, help="the seed, where a task does not try its own (default 0)")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the downloaded packages (default: .data)")
    parser.add_argument("--check", action="store_true", help="recompute the cards' figures from the shipped weights")
    args = parser.parse_args(argv)
    if args.check:
        return check(args.names or [*catalogue(), *successors(), *layered.catalogue()], args.data)
    for name in args.names or parser.error("nothing to do: name fetch, a task or an experiment, or give --check"):
        if name == "fetch":
            fetch(args.data)
        elif name == "table":
            write_table()
        elif name == "cards":
            write_cards(args.data)
        elif name in EXPERIMENTS:
            family, run = EXPERIMENTS[name]
            if family:
                need(args.data, family)
            resolve_name(run)(args.data)
        elif name in FAMILIES:
            cells = job(name).cells
            if args.cell and args.cell not in cells:
                parser.error(f"--cell: got {args.cell!r}, {name} wanted {', '.join(cells)}")
            need(args.data, name)
            for cell in [args.cell] if args.cell else cells:
                show(job(name).train(cell, args.data, args.seed))
        else:
            parser.error(f"NAME: got {name!r}, wanted fetch, table, cards, {', '.join((*FAMILIES, *EXPERIMENTS))}")
    return 0


def fetch(data: Path) -> None:
    """Downloads what is absent into `data`. What cannot be had here is left out, and told."""
    data.mkdir(parents=True, exist_ok=True)
    for source in dict.fromkeys(filter(None, (job(name).source for name in FAMILIES))):
        module = import_module(source)
        try:
            module.fetch(data)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{source}: {error}; put {', '.join(module.absent(data))} into {data} by hand")


def need(data: Path, task: str) -> None:
    """Ends the program if the data of a task are not in `data`."""
    if missing := job(task).absent(data):
        sys.exit(f"{data} lacks {', '.join(missing)}: run `python -m core.training fetch --data {data}` first")


def show(card: Card) -> None:
    for title, figure in card.metric.items():
        print(f"{card.name:16} {title:24} {number(figure, 2)} of {figure['n']:,}")


def write_cards(data: Path) -> None:
    """Measures the shipped weights again and writes their cards, as after a change of what is measured or of the examples."""
    for folder, cards in ((AFTER, successors()), (layered.FOLDER, layered.catalogue()), (FOLDER, catalogue())):
        for name, card in cards.items():
            if missing := _absent(card, data):
                print(f"{name}: left as it is, {data} lacks {', '.join(missing)}")
            else:
                replace(card, **_measured(card, data)).write(folder)


def write_table() -> None:
    """Writes the cards' figures into docs/models.md, between its marks: of the applications every figure, of the other tasks each card's first; the contrast
    set by kind."""
    text = PAGE.read_text(encoding="utf-8")
    applied, others = ([c for c in catalogue().values() if FAMILIES[c.task].application == is_one] for is_one in (True, False))
    kinds = [card for card in applied if card.kinds]
    tables = {"applications": _by_task(applied), "contrast": _by_kind(kinds), "models": _by_model(others), "layers": _layered()}
    for marks, rows in (tables | {"after": _by_model(list(successors().values()))}).items():
        head, rest = text.split(f"<!-- {marks}: written by python -m core.training table -->")
        tail = rest.split(f"<!-- /{marks} -->")[1]
        text = f"{head}<!-- {marks}: written by python -m core.training table -->\n{chr(10).join(rows)}\n<!-- /{marks} -->{tail}"
    PAGE.write_text(text, encoding="utf-8")


def _by_kind(cards: list[Card]) -> list[str]:
    """A row for each kind of sentence of the contrast set, a column a cell."""
    own = sorted(cards, key=lambda card: list(CELLS).index(card.cell))
    rows = [f"| kind | sentences | {' | '.join(card.cell.upper() for card in own)} |", f"|---|---|{'---|' * len(own)}"]
    for name, figure in own[0].kinds.items():
        rows.append(f"| {name} | {figure['n']} | {' | '.join(number(card.kinds[name], 0) for card in own)} |")
    return rows


def _by_model(cards: list[Card]) -> list[str]:
    rows = ["| model | tested on | held out | always one answer | best other baseline |", "|---|---|---|---|---|"]
    for card in cards:
        shown = list(card.metric.items())[: None if card.reads == "words" else 1]
        for title, (n, *cells) in merged({t: (f"{m['n']:,}", number(m, 1), *_baselines(card, t)) for t, m in shown}).items():
            rows.append(f"| {' | '.join((f'`{card.name}`', f'{title}, n = {n}', *cells))} |")
    return rows


def _layered() -> list[str]:
    """A row for each figure of the networks of several layers or directions."""
    rows = ["| network | what it is | tested on | held out | simplest baseline | best other baseline |", "|---|---|---|---|---|---|"]
    for card in layered.catalogue().values():
        for title, figure in card.metric.items():
            about = f"`{card.name}` | {card.title}, {card.parameters['cell']:,} weights | {title}, n = {figure['n']:,}"
            rows.append(f"| {' | '.join((about, number(figure, 1), *_baselines(card, title)))} |")
    return rows


def _by_task(cards: list[Card]) -> list[str]:
    """A row for each figure that the cells of a task share."""
    rows = ["| models | tested on | LSTM | GRU | RNN | simplest baseline | best other baseline |", "|---|---|---|---|---|---|---|"]
    for task in dict.fromkeys(card.name.removesuffix(f"-{card.cell}") for card in cards):
        own = {card.cell: card for card in cards if card.name == f"{task}-{card.cell}"}
        first = next(iter(own.values()))
        length = next(iter(first.metric)).split(", ")[-1]  # of figures at many lengths those at the first one's
        shown = {title: figure for title, figure in first.metric.items() if len(first.metric) <= 9 or title.endswith(length)}
        for title, figure in shown.items():
            found = [number(own[cell].metric[title], 1) if cell in own else "" for cell in ("lstm", "gru", "rnn")]  # the order of the head
            rows.append(
                f"| {' | '.join((f'`{task}-…`', f'{title}, n = ' + format(figure['n'], ','), *found, *_baselines(first, title)))} |"
            )
    return rows


def _baselines(card: Card, title: str) -> tuple[str, str]:
    """The first of a card's baselines and the best of the others, under a title."""
    (_, plain), *others = card.baseline.items()
    known = [(name, figures[title]) for name, figures in others if title in figures]
    name = kind(card.metric[title])
    best = sorted(known, key=lambda other: other[1][name], reverse=name in ("accuracy", "r2"))[:1]
    shown = "".join(f"{number(figure, 1, error=False)} ({who})" for who, figure in best)
    return number(plain[title], 1, error=False) if title in plain else "", shown


def check(names: list[str], data: Path) -> int:
    """Compares cards with their weights. 0: all that could be checked agrees; 1: not all does, or a name is unknown."""
    every = catalogue() | successors() | layered.catalogue()
    if strange := [name for name in names if name not in every]:
        print(f"no model {', '.join(strange)}; there are {', '.join(every)}")
        return 1
    wrong, waiting = [], []
    for name in names:
        card = every[name]
        if told := [fault for fault in damaged() if fault.split()[0] in card.files]:
            wrong += told
            print(f"{name}: DAMAGED: {', '.join(told)}")
            continue
        if missing := _absent(card, data):
            waiting.append(f"{name}: not checked, {data} lacks {', '.join(missing)} (python -m core.training fetch)")
            continue
        found = _measured(card, data)
        metric = found.pop("metric")
        faults = [
            f"{title}: the card says {card.metric.get(title)}, the weights give {metric.get(title)}"
            for title in metric | card.metric
            if not _same(card.metric.get(title), metric.get(title))
        ]
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


def _absent(card: Card, data: Path) -> list[str]:
    """What `data` lacks of what a card is measured on; what is made in code is always there."""
    return job(card.task).absent(data) if card.name in catalogue() else []


def _measured(card: Card, data: Path) -> Measured:
    """What of a card its weights give."""
    if card.name in successors():
        return after_cards.measured(card)
    if card.name in layered.catalogue():
        own = layered_plans.measured(layered.load(card.name), card.name)
        return own | {"parameters": _parameters(card.name, layered.FOLDER)}
    return job(card.task).measured(load(card.name), data) | {"parameters": _parameters(card.name, FOLDER)}


def _parameters(name: str, folder: Path) -> dict[str, int]:
    from safetensors.numpy import load_file

    from core.training.network import parameter_counts

    return parameter_counts(load_file(folder / f"{name}.safetensors"))


def _same(a: dict[str, float] | None, b: dict[str, float] | None) -> bool:
    """Equal but for what another BLAS may round otherwise: one sample in a thousand at most, a hundredth of an error or of the bits, one n in fifty."""
    if a is None or b is None or a["n"] != b["n"] or kind(a) != kind(b):
        return False
    name, far = kind(a), abs(a.get("right_to", 0) - b.get("right_to", 0)) > 0.02 * a.get("right_to", 0)
    return not far and abs(a[name] - b[name]) <= (0.001 if name == "accuracy" else 0.01 * a[name])


if __name__ == "__main__":
    sys.exit(main())
