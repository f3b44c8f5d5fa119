"""The hand-out: a lesson or a view as one HTML file that needs neither server nor network."""

from core.handout.kept import Kept
from core.handout.page import MARKS, fill, packed, shell, theme

__all__ = ["MARKS", "Kept", "fill", "packed", "shell", "theme"]
