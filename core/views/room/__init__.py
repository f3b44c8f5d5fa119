"""A class in one room, as a page knows it."""
