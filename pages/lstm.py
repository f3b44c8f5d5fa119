"""LSTM: its five parts, each explained beside the live stepper."""

from core.views.parts import LSTM
from core.views.site import frame
from core.views.widgets.shared import explained

frame.head("lstm")
explained("lstm", LSTM)
