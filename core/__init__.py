"""Gatescope's core: cells, models and what can be learnt from them. NumPy only, but for `views`."""
