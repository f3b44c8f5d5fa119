"""Worksheets: a lesson's step table to fill in, twelve exam questions from a seed; with or without answers, on A4."""

from core.views.lessons import worksheets
from core.views.site import frame, texts
from core.views.widgets.glossary import prose

frame.head("worksheets")
prose(texts.of("worksheets").part("about"), "worksheets")
if chosen := worksheets.choose():
    worksheets.offer(*chosen)
    worksheets.preview(*chosen)
