"""The cells after the LSTM, in NumPy alone: which gates they kept and what they gave up. They stand beside `core.cells.CELLS`, not in it."""

from core.cells.later.attention import Attention, AttentionTrace
from core.cells.later.base import Later, as_dtype
from core.cells.later.mingru import MinGRU, MinGRUTrace
from core.cells.later.minlstm import MinLSTM, MinLSTMTrace
from core.cells.later.slstm import SLSTM, SLSTMTrace
from core.cells.later.ssm import SelectiveSSM, SelectiveSSMTrace

LaterCell = MinGRU | MinLSTM | SLSTM | SelectiveSSM | Attention
LaterTrace = MinGRUTrace | MinLSTMTrace | SLSTMTrace | SelectiveSSMTrace | AttentionTrace
LATER: dict[str, type[LaterCell]] = {  # by name, in the order in which they are told
    "mingru": MinGRU,
    "minlstm": MinLSTM,
    "slstm": SLSTM,
    "ssm": SelectiveSSM,
    "attention": Attention,
}

__all__ = [
    "LATER",
    "SLSTM",
    "Attention",
    "AttentionTrace",
    "Later",
    "LaterCell",
    "LaterTrace",
    "MinGRU",
    "MinGRUTrace",
    "MinLSTM",
    "MinLSTMTrace",
    "SLSTMTrace",
    "SelectiveSSM",
    "SelectiveSSMTrace",
    "as_dtype",
]
