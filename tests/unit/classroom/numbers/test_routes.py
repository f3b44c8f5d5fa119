"""A number of a sheet that a class is asked for, as ASGI without a server: what is told to whom, what is refused, and what is kept."""

import csv
import io
import json

import numpy as np
import pytest

from core.byhand.link import packed
from core.byhand.mistakes.diagnoses import tried
from core.byhand.sheet import Sheet
from core.byhand.ways import at, solved
from core.classroom import bounds, http
from core.classroom.sqlite import SQLite
from tests.experiments import EXPERIMENT
from tests.rooms import CHOICES, Clock, Room, inside

pytestmark = pytest.mark.anyio
ONE = Sheet("rnn", {"weights": [[0.5, 0.3, 0.25]], "inputs": [[1.0], [2.0]], "state": [[0.4]]})
ASKING = {"sheet": packed(ONE), "line": "a 1 1"}  # 0.5 · 1 + 0.3 · 0.4 + 0.25 = 0.87, without the bias 0.62
GIVEN = {"voter": "a", "number": "0.87"}


@pytest.fixture
async def asked(room: Room) -> Room:
    """A room in which a number is asked for."""
    assert await room.do("POST", "/numbers", ASKING) == {"id": 1}
    return room


async def give(room: Room, voter: str, said: str, number: object = 1):
    return await room.ask("POST", f"/numbers/{number}/answers", {"voter": voter, "number": said})


async def test_a_number_in_a_room(asked):
    for voter, said in (("a", "0.5"), ("b", "0,87"), ("c", "0.62"), ("d", ".620"), ("e", "0.9"), ("f", "0.875"), ("a", "0.870")):
        assert (await give(asked, voter, said)).json() == {"id": 1}
    told = await asked.do("GET", "/numbers/1")
    assert (told["given"], told["right"], told["near"], told["wrong"]) == (6, 3, 1, 2)
    assert told["digits"] == [[3, 1], [2, 1], [1, 1]]
    first = told["mistakes"][0]
    assert (first["count"], first["numbers"]) == (2, ["0.62", ".620"])
    assert {"said": "the bias is forgotten", "alone": False} in first["causes"]
    assert 1 <= first["matching"] < first["tried"]
    assert {(row["said"], row["count"], row["right"]) for row in told["numbers"]} == {
        *(("0.870", 2, True), ("0.62", 2, False), ("0.9", 1, True), ("0.875", 1, False))
    }
    assert (told["others"], told["value"], told["revealed"]) == (0, "0.8700", False)
    assert (await asked.ask("GET", "/numbers/1")).status_code == 403
    ended = await asked.do("POST", "/numbers/1/reveal")
    assert ended == told | {"revealed": True}
    assert (await asked.ask("GET", "/numbers/1")).json() == ended
    late = await give(asked, "z", "0.87")
    assert late.status_code == 409
    rows = list(csv.reader(io.StringIO((await asked.ask("GET", "/results.csv", teacher=True)).text[1:])))
    assert [row[4:] for row in rows[1:]] == [
        *(["0.870", "1", "yes"], ["0,87", "1", "yes"], ["0.62", "1", "no"], [".620", "1", "no"], ["0.9", "1", "yes"], ["0.875", "1", "no"])
    ]


@pytest.mark.parametrize(
    ("kind", "line", "text", "cause"),
    [
        ("mingru", "h 1 1", "What is h₁?", "z and 1 − z are exchanged, as in torch’s GRU"),
        ("minlstm", "write 1 1", "What is i′₁?", "f and i are not divided by their sum"),
        ("minlstm", "d_a_f 1 1", "What is δ(f)₁?", "the slope of the activation is left out"),
    ],
    ids=["mingru", "share", "backward"],
)
async def test_a_number_of_a_newer_cell(room, kind, line, text, cause):
    weights = [[0.5, 0.2], [-0.3, 0.4], [0.7, 0.1]][: 3 if kind == "minlstm" else 2]
    sheet = Sheet(kind, {"weights": weights, "inputs": [[2.0]], "state": [[0.4]], "targets": [[0.1]]}, loss="squared")
    assert await room.do("POST", "/numbers", {"sheet": packed(sheet), "line": line}) == {"id": 1}
    wrong = next(numbers for each, numbers in tried(sheet) if each.said == cause and not each.alone)
    for voter, number in (("a", at(solved(sheet), line)), ("b", at(wrong, line))):
        await give(room, voter, f"{number:.4f}")
    told = await room.do("GET", "/numbers/1")
    assert (told["given"], told["right"], told["wrong"] + told["near"]) == (2, 1, 1)
    assert cause in {each["said"] for each in told["mistakes"][0]["causes"]}
    async with room.stream() as student:
        assert (await student.event("experiment")).data["text"] == text


async def test_it_reaches_the_teacher_as_it_comes_and_all_after_the_reveal(asked):
    async with asked.stream() as student, asked.stream(teacher=True) as teacher:
        event = await student.event("experiment")
        assert event.data == {"id": 1, "text": "What is a₁?", "sheet": packed(ONE), "line": "a 1 1", "digits": 4}
        asked.pause.over.set()
        await give(asked, "a", "0.62")
        while not (await teacher.event("reports")).data["given"]:
            pass
        await asked.do("POST", "/numbers/1/reveal")
        for stream in (student, teacher):
            while not (told := await stream.event("reports")).data["revealed"]:
                assert stream is teacher
            assert told.data["wrong"] == 1


async def test_a_server_gone_and_back_has_it_all(tmp_path):
    clock, path = Clock(), tmp_path / "rooms.sqlite3"
    async with inside(lambda: SQLite(path, clock), clock) as room:
        await room.do("POST", "/numbers", ASKING)
        await give(room, "a", "0.62")
        before = await room.do("GET", "/numbers/1")
        code, key = room.code, room.key
    async with inside(lambda: SQLite(path, clock), clock) as again:
        again.code, again.key = code, key
        assert await again.do("GET", "/numbers/1") == before
        await give(again, "a", "0.87")
        assert (await again.do("GET", "/numbers/1"))["right"] == 1


async def test_what_a_thousand_different_numbers_tell_is_bounded(asked):
    asked.desk.limits.vote = lambda code, voter: None  # its pace is tested elsewhere
    for k in range(bounds.MOST_VOTERS):
        assert (await give(asked, f"v{k}", f"{k / 1000:.3f}")).status_code == 200
    assert (await give(asked, "more", "1")).status_code == 429
    told = await asked.do("GET", "/numbers/1")
    assert (told["given"], len(told["numbers"]), told["others"]) == (1000, 12, 988)
    assert len(json.dumps(told)) < 8_000


async def test_numbers_experiments_and_questions_are_three(asked):
    await asked.do("POST", "/experiments", EXPERIMENT)
    await asked.do("POST", "/questions", CHOICES)
    for path, body in (
        *(("/experiments/1/seats", {"voter": "a"}), ("/experiments/1/reveal", None), ("/questions/1/votes", {"voter": "a", "choice": 0})),
        *(("/numbers/2/answers", GIVEN), ("/numbers/3/answers", GIVEN), ("/numbers/2/reveal", None), ("/numbers/x/reveal", None)),
    ):
        assert (await asked.ask("POST", path, body, teacher=True)).status_code == 404, path
    for path in ("/experiments/1", "/numbers/2", "/numbers/3", "/numbers/9"):
        assert (await asked.ask("GET", path, teacher=True)).status_code == 404, path


async def test_a_student_asks_and_reveals_nothing(asked):
    for path, body in (("", ASKING), ("/1/reveal", None)):
        assert (await asked.ask("POST", f"/numbers{path}", body)).status_code == 403


async def test_without_a_sheet_it_is_the_first_example(room):
    await room.do("POST", "/numbers", {"line": "f 2 1", "digits": 6})
    assert (await room.do("GET", "/numbers/1"))["value"] == "0.870302"  # Gomez's f, to six decimals


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (ASKING | {"line": "c 1 1"}, "line"),
        (ASKING | {"line": "a 9 1"}, "line"),
        (ASKING | {"line": "a 1 1 1 1"}, "line"),
        (ASKING | {"line": "__class__ 1"}, "line"),
        (ASKING | {"line": 3}, "line"),
        (ASKING | {"sheet": "x"}, "sheet"),
        (ASKING | {"sheet": "A" * 4001}, "sheet"),
        (ASKING | {"digits": 9}, "digits"),
        (ASKING | {"answer": 1}, "answer"),
        ({"sheet": packed(ONE)}, "line"),
        (b"[", "body"),
    ],
    ids=["array", "step", "indices", "name", "type", "sheet", "long", "digits", "field", "missing", "json"],
)
async def test_a_bad_question_is_refused_in_words(room, body, field):
    refused = await room.ask("POST", "/numbers", body, teacher=True)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *((text, "is not a number") for text in ("abc", "=1+1", "1,2,3", "٣", "<b>1</b>")),
        *((text, "is too large") for text in ("1e999", "9" * 40, "20000")),
        *(("   ", "is empty"), ("nan", "NaN")),
        *((text, "should have at") for text in ("", "1" * 41)),
    ],
)
async def test_what_is_no_number_is_refused_in_words(asked, said, why):
    refused = await give(asked, "a", said)
    assert (refused.status_code, refused.json()["field"]) == (422, "number")
    assert why in refused.json()["error"]
    assert (await asked.do("GET", "/numbers/1"))["given"] == 0


async def test_what_is_too_big_is_refused_and_students_have_a_pace(asked):
    assert (await asked.ask("POST", "/numbers/1/answers", json.dumps(GIVEN).encode() + b" " * http.LARGEST)).status_code == 413
    statuses = [(await give(asked, "b", "1")).status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert (await give(asked, "c", "1")).status_code == 200


async def test_a_sheet_of_the_largest_numbers_can_be_asked(room):
    """Its numbers may be beyond a double; the room stays."""
    tables = {"weights": np.full((5, 10), 1e4), "inputs": np.full((6, 4), 1e4), "state": np.full((1, 5), 1e4)}
    sheet = packed(Sheet("rnn", tables, {"activation": "relu"}))
    await room.do("POST", "/numbers", {"sheet": sheet, "line": "h 6 5"})
    assert (await give(room, "a", "1")).status_code == 200
    assert (await room.do("GET", "/numbers/1"))["wrong"] == 1
