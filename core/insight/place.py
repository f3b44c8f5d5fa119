"""A place in a reading: what a card names, a lesson stands at and the stepper is sent to. What was found there is a class of its own upon it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One number of a reading: step and unit from 0, and the letter of an array."""

    step: int
    unit: int
    array: str

    def as_dict(self) -> dict[str, int | str]:
        """Step, unit and array alone, as cards, lesson files and the stepper hold them."""
        return {"step": self.step, "unit": self.unit, "array": self.array}
