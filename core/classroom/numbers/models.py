"""What is sent: a line of a sheet, asked for by the teacher; a number, given by a student."""

from functools import lru_cache

from pydantic import Field

from core.byhand.link import packed, unpacked
from core.byhand.mistakes import diagnoses
from core.byhand.mistakes.diagnoses import Answer, check
from core.byhand.presets import first
from core.byhand.reading import MOST
from core.byhand.sheet import Sheet
from core.byhand.solution import label, solution
from core.classroom.experiments.models import Seat
from core.classroom.models import Sent
from core.classroom.store import Asked, Json

LONGEST = 4000  # characters of a sheet, as of any other parameter of a state
ANSWERS = 8192  # that are kept, of all rooms: each takes about a millisecond


class Asking(Sent):
    """sheet: as the link of By hand has it, "" for the first example; line: by its key (`core.byhand.line.Worked`); digits: of the answer."""

    sheet: str = Field(default="", max_length=LONGEST)
    line: str = Field(pattern=r"^[A-Za-z0-9_]{1,8}( [0-9]{1,3}){1,2}$")
    digits: int = Field(default=4, ge=2, le=8)

    def body(self) -> Json:
        """As a room keeps it, with the question in words. Raises ValueError, "field: what is wanted", if there is no such line."""
        try:
            sheet = first() if not self.sheet else sheet_of(self.sheet)
        except ValueError:
            raise ValueError("sheet: wants the sheet of a link of By hand") from None
        line = next((line for line in solution(sheet) if line.key == self.line), None)
        if line is None:
            raise ValueError("line: wants a line of the sheet’s solution")
        text = packed(sheet)
        diagnoses.tried(sheet_of(text))  # the slow part, before a class waits for it
        return {"text": f"What is {label(sheet, line)}?", "sheet": text, "line": line.key, "digits": self.digits}


class Given(Seat):
    """A student's number, as it was typed. voter: as for votes."""

    number: str = Field(min_length=1, max_length=MOST)


def is_number(asked: Asked) -> bool:
    """Whether what students report on is a number of a sheet; else it is an experiment."""
    return "line" in asked.body


@lru_cache(maxsize=64)
def sheet_of(text: str) -> Sheet:
    """The same sheet for the same text, so that what was worked out for it is found again. ValueError for what is none."""
    return unpacked(text)


@lru_cache(maxsize=ANSWERS)
def answer_of(sheet: str, line: str, number: str) -> Answer:
    """What is to be said of a number. KeyError or IndexError for a line that the sheet does not have."""
    return check(sheet_of(sheet), line, number)
