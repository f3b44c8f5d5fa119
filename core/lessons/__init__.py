"""Lessons: stops with a view and a text, read from JSON; their numbers are filled in from the models' readings."""

from core.lessons.custom import work_out
from core.lessons.render import Shown
from core.lessons.schema import CustomLesson, Lesson, Stop, lessons
from core.lessons.worked import show

__all__ = ["CustomLesson", "Lesson", "Shown", "Stop", "lessons", "show", "work_out"]
