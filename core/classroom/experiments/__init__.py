"""Experiments of a class: a set-up that each student's browser trains with a seed of its own, and the figures that come back."""
