"""The recurrent cells, in NumPy alone. Fields are the parameters, with torch's names and row order."""

from typing import Literal

from core.cells.checks import of_kind
from core.cells.edits import Edit
from core.cells.gru import GRU, GRUStep, GRUTrace
from core.cells.lstm import LSTM, LSTMStep, LSTMTrace
from core.cells.parameters import PARAMETERS, in_dtype
from core.cells.rnn import RNN, RNNStep, RNNTrace

Cell = RNN | LSTM | GRU
Trace = RNNTrace | LSTMTrace | GRUTrace
CELLS: dict[str, type[Cell]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}  # by name, in the order in which they are taught
GATED: tuple[Literal["lstm", "gru"], ...] = ("lstm", "gru")

__all__ = [
    "CELLS",
    "GATED",
    "GRU",
    "LSTM",
    "PARAMETERS",
    "RNN",
    "Cell",
    "Edit",
    "GRUStep",
    "GRUTrace",
    "LSTMStep",
    "LSTMTrace",
    "RNNStep",
    "RNNTrace",
    "Trace",
    "in_dtype",
    "of_kind",
]
