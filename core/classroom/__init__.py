"""Rooms in which a class follows its teacher and predicts: codes and keys, what is kept of a room, its feed, its limits, the routes."""

from core.classroom.desk import Desk
from core.classroom.routes import routes

__all__ = ["Desk", "routes"]
