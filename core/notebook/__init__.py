"""A network of one's own, shown where it was trained: in a notebook, or as a file. No server, no network, and neither Streamlit nor torch is imported.

from core.notebook import show          # from the installed package: from gatescope import show
show(model, x, tokens="not a bad film".split())
"""

from core.notebook.figures import dead, gates, gradients, histograms
from core.notebook.show import show
from core.notebook.view import View

__all__ = ["View", "dead", "gates", "gradients", "histograms", "show"]
