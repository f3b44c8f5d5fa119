"""Lessons: stops with a view and a text, read from JSON; their numbers are filled in from the models' readings."""

from core.lessons.render import Place, Shown, show
from core.lessons.schema import Lesson, Stop, lessons

__all__ = ["Lesson", "Place", "Shown", "Stop", "lessons", "show"]
