"""A cell of our own NumPy core as a torch module: the core reads and sends gradients back, all around it is torch's.

So every variant of the core can be trained, those too that torch has no module for, and nothing but the variant differs between two of them.
"""

from typing import Any

import numpy as np
import torch
from torch import nn

from core.cells import CELLS, PARAMETERS


class Read(torch.autograd.Function):
    """h (T, B, H) from x (T, B, D) and the four parameters; forward is `cell.run`, backward `cell.backward`."""

    @staticmethod
    def forward(ctx: Any, kind: type, variant: dict[str, Any], x: torch.Tensor, *parameters: torch.Tensor) -> torch.Tensor:
        ctx.cell = kind(*(p.detach().numpy() for p in parameters), **variant)
        with np.errstate(over="ignore", invalid="ignore"):  # an unbounded candidate may overflow: the loss then tells
            ctx.trace = ctx.cell.run(x.detach().numpy())
        return torch.tensor(ctx.trace.h)

    @staticmethod
    def backward(ctx: Any, d_h: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        with np.errstate(over="ignore", invalid="ignore"):
            grads = ctx.cell.backward(ctx.trace, d_h.numpy())
        return None, None, *(torch.tensor(getattr(grads, f"d_{name}")) for name in ("x", *PARAMETERS))


class OwnCell(nn.Module):
    """Stands where a torch.nn.LSTM or GRU of one layer, `batch_first`, stood, and begins with its weights.

    variant: arguments of `core.cells.LSTM` or `GRU`, such as candidate="relu". Raises ValueError for weights that are not finite.
    """

    def __init__(self, kind: str, module: nn.Module, **variant: Any):
        super().__init__()
        self.kind, self.variant = kind, variant
        for name in PARAMETERS:
            self.register_parameter(f"{name}_l0", getattr(module, f"{name}_l0"))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, None]:
        """h (B, T, H) of x (B, T, D)."""
        parameters = [getattr(self, f"{name}_l0") for name in PARAMETERS]
        return Read.apply(CELLS[self.kind], self.variant, x.transpose(0, 1), *parameters).transpose(0, 1), None
