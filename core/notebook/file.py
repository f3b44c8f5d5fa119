"""`gatescope view model.safetensors --input x.npy --out view.html`: a trained network's file as a view."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.cells.arrays import Array
from core.network import Network
from core.notebook.show import LEVELS, show
from core.upload import KINDS, OWN, inputs, opened


def main(arguments: Sequence[str]) -> int:
    """Writes the view and says where. Returns 0, or 1 with a sentence for a file or an input that cannot be shown."""
    asked = _parser().parse_args(arguments)
    try:
        variant: dict[str, Any] = {} if asked.activation is None else {"activation": asked.activation}
        network = read(Path(asked.model), asked.name, asked.batch_first, **variant)
        tokens = asked.tokens.split() if asked.tokens else None
        view = show(network, values(Path(asked.input)), tokens, level=asked.level, title=Path(asked.model).name)
    except (ValueError, OSError, ImportError) as error:
        print(f"gatescope view: {error}", file=sys.stderr)
        return 1
    print(f"{network}\nwritten to {view.save(asked.out)}")
    return 0


def read(path: Path, name: str = "", batch_first: bool = True, **variant: Any) -> Network:
    """The network of a file, by the reader of uploads, without its limits. Refused (a ValueError) for what is no model; OSError for no file."""
    return opened(path.read_bytes(), path.name, OWN).network(name, batch_first=batch_first, **variant)


def values(path: Path) -> Array:
    """What is read: an array of a .npy file, or a table of numbers from a .csv (a row a step). Refused for anything else."""
    return inputs.numbers(path.read_bytes(), path.name, OWN)


def _parser() -> ArgumentParser:
    parser = ArgumentParser("gatescope view", description="Shows every gate and state of a trained recurrent network, in one HTML file.")
    parser.add_argument("model", help=f"the network: {', '.join(KINDS)}")
    parser.add_argument("--input", required=True, help="what it reads: .npy of shape (T, D) or (B, T, D), or .csv")
    parser.add_argument("--out", default="view.html", help="the file to write")
    parser.add_argument("--name", default="", help="which network, if the file holds several")
    parser.add_argument("--tokens", help="a name for each step, separated by spaces")
    parser.add_argument("--level", choices=LEVELS, default="all")
    parser.add_argument("--activation", choices=("tanh", "relu"), help="of a plain RNN, which its weights do not tell")
    parser.add_argument("--time-major", dest="batch_first", action="store_false", help="a batch is (T, B, D), not (B, T, D)")
    return parser
