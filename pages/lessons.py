"""Lessons: every lesson as a card, the visitor's own among them."""

from core.views.lessons import player
from core.views.site import frame, home, links

frame.head("lessons")
links.draw(home.doors(player.cards(), "Lessons"), "doors")
