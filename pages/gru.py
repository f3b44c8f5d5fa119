"""GRU: its four parts, each explained beside the live stepper."""

from core.views.parts import GRU
from core.views.site import frame
from core.views.widgets.shared import explained

frame.head("gru")
explained("gru", GRU)
