"""The recurrence h_t = keep_t ⊙ h_{t-1} + write_t, one step after another and as a parallel scan.

Two steps in a row are again such a step: keep = keep₂ ⊙ keep₁, write = keep₂ ⊙ write₁ + write₂. So the whole run is done in log₂ T rounds, each
for all steps at once (Hillis & Steele 1986; Blelloch 1990). It works because keep and write do not depend on h.
"""

from collections.abc import Callable

import numpy as np

from core.cells.arrays import Array


def sequential(keep: Array, write: Array, h: Array) -> Array:
    """h at every step, (T, …), from h (…) before the first."""
    found = np.empty_like(write)
    for k, w, out in zip(keep, write, found, strict=True):
        np.multiply(k, h, out=out)
        np.add(out, w, out=out)
        h = out
    return found


def backwards(keep: Array, d_out: Array) -> tuple[Array, Array]:
    """The gradient of every h, (T, …), its own and through all later steps; and that of the h before the first."""
    found, through = np.empty_like(d_out), np.zeros(d_out.shape[1:], d_out.dtype)
    for t in range(len(d_out) - 1, -1, -1):
        found[t] = d_out[t] + through
        through = keep[t] * found[t]
    return found, through


def parallel(keep: Array, write: Array, h: Array) -> Array:
    """What `sequential` gives, by doubling."""
    if len(write):
        write = np.concatenate(((write[0] + keep[0] * h)[None], write[1:]))
    return _doubled(keep, write, np.multiply, lambda k, old, new: k * old + new)


def parallel_log(log_keep: Array, log_write: Array, log_h: Array) -> Array:
    """log h at every step from logarithms (-inf is a state of 0): products of many small gates neither underflow nor lose digits."""
    if len(log_write):
        log_write = np.concatenate((np.logaddexp(log_write[0], log_keep[0] + log_h)[None], log_write[1:]))
    return _doubled(log_keep, log_write, np.add, lambda k, old, new: np.logaddexp(k + old, new))


def _doubled(keep: Array, write: Array, both: Callable[..., Array], joined: Callable[[Array, Array, Array], Array]) -> Array:
    reach = 1
    while reach < len(write):
        write = np.concatenate((write[:reach], joined(keep[reach:], write[:-reach], write[reach:])))
        keep = np.concatenate((keep[:reach], both(keep[reach:], keep[:-reach])))
        reach *= 2
    return write
