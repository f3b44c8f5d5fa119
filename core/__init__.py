"""Gatescope's core: cells, networks, models and what can be learned from them. NumPy only, but for `views`.

Installed, it is the package gatescope: `from gatescope import Network, show`.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"  # as in pyproject.toml
__all__ = ["LayerReading", "Network", "Reading", "View", "dead", "gates", "gradients", "histograms", "show"]
_NETWORK = ("LayerReading", "Network", "Reading")


def __getattr__(name: str) -> Any:
    """The names above, when they are asked for: `import gatescope` itself loads nothing."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'network' if name in _NETWORK else 'notebook'}"), name)
