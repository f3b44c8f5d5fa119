"""Gatescope's core: cells, models and what can be learned from them. NumPy only, but for `views`."""

__version__ = "0.1.0"  # as in pyproject.toml
