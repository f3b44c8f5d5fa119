"""The torch network that is trained: embedding, one recurrent layer, a readout of its hidden state: logistic, softmax or linear."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import nn

from core.models.cards import FOLDER, Card, Measured
from core.models.catalogue import Model, read

KEEP = 2.0  # the bias with which a gate that keeps begins, unless a task says otherwise
MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Network(nn.Module):
    """Parameter names are those of the shipped files: embedding.weight, cell.weight_ih_l0 …, readout.weight, readout.bias."""

    def __init__(
        self,
        cell: str,
        words: int,
        input_size: int,
        hidden_size: int,
        one_hot: bool = False,
        dropout: float = 0.0,
        keep: float = KEEP,
        outputs: int = 1,
    ):
        super().__init__()
        self.embedding = nn.Embedding(words, input_size)
        self.cell = MODULES[cell](input_size, hidden_size, batch_first=True)
        self.readout = nn.Linear(hidden_size, outputs)
        self.dropout = nn.Dropout(dropout)
        if one_hot:
            self.embedding.weight = nn.Parameter(torch.eye(words), requires_grad=False)
        else:
            nn.init.normal_(self.embedding.weight, std=0.1)
        rows = {"lstm": slice(hidden_size, 2 * hidden_size), "gru": slice(hidden_size, 2 * hidden_size)}.get(cell)
        if (
            rows
        ):  # remember at first: the bias of the forget gate, or of the GRU's update gate, begins at `keep` (Gers 2000; Jozefowicz 2015)
            with torch.no_grad():
                self.cell.bias_ih_l0[rows] = keep
                self.cell.bias_hh_l0[rows] = 0

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits after each token of ids (B, T): (B, T), or (B, T, K) of K > 1 outputs."""
        h, _ = self.cell(self.dropout(self.embedding(ids)))
        return self.readout(self.dropout(h)).squeeze(-1)

    def arrays(self) -> dict[str, np.ndarray]:
        return {name: p.detach().numpy().copy() for name, p in self.state_dict().items()}


def save(name: str, tensors: dict[str, np.ndarray], card: Card) -> Card:
    """Writes weights and card into assets/models. Returns the card, with its checksums."""
    from safetensors.numpy import save_file

    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, FOLDER / f"{name}.safetensors")
    card = card.sealed(FOLDER)
    card.write()
    return card


def ship(card: Card, tensors: dict[str, np.ndarray], measured: Callable[[Model], Measured]) -> Card:
    """Saves the weights, measures what was saved with the NumPy core, and saves and returns the card with those figures."""
    card = save(card.name, tensors, card)
    card = replace(card, **measured(read(FOLDER, card)))
    card.write()
    return card


def parameter_counts(tensors: dict[str, np.ndarray]) -> dict[str, int]:
    """Numbers in the embedding, the cell (torch's two biases counted twice) and the readout."""
    parts = ("embedding", "cell", "readout")
    return {part: int(sum(v.size for k, v in tensors.items() if k.startswith(part))) for part in parts}
