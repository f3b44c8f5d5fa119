"""Worksheets: a lesson's step table to fill in, twelve exam questions from a seed; with or without answers, on A4."""

from core.views.lessons import worksheets
from core.views.site import frame
from core.views.widgets.glossary import prose

frame.head("worksheets")
prose(
    "To print and to hand out: a lesson’s step table to fill in by hand, or twelve questions drawn from a seed. Another seed, other numbers. Every answer is computed by the cells that the other pages show.",
    "worksheets",
)
if chosen := worksheets.choose():
    worksheets.offer(*chosen)
    worksheets.preview(*chosen)
