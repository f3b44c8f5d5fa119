"""No body, path or header makes the routes fail."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.classroom import routes
from core.classroom.desk import Desk
from core.classroom.limits import Limits
from core.classroom.sqlite import SQLite
from tests.experiments import EXPERIMENT, RIGHT
from tests.rooms import CHOICES, JSON_TYPE, SLIDER, VIEW, Clock

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NUMBERS = some.integers(-2, 3) | some.floats(width=16) | some.integers()
FIELDS = (
    "page",
    "text",
    "step",
    "unit",
    "edits",
    "made",
    "lesson",
    "stop",
    "of",
    "model",
    "choices",
    "slider",
    "min",
    "max",
    "voter",
    "choice",
    "answer",
    "title",
    "task",
    "networks",
    "seed",
    "score",
    "sheet",
    "line",
    "digits",
    "number",
)
CALLS = [  # what the routes take, to be spoilt
    ("POST", "", {"title": "t"}),
    ("GET", "/CODE", None),
    ("PUT", "/CODE/state", VIEW),
    ("POST", "/CODE/questions", CHOICES),
    ("POST", "/CODE/questions", SLIDER),
    ("GET", "/CODE/questions/ID", None),
    ("POST", "/CODE/questions/ID/votes", {"voter": "v", "choice": 1}),
    ("POST", "/CODE/questions/ID/reveal", {"answer": 1}),
    ("GET", "/CODE/results.csv", None),
    ("POST", "/CODE/experiments", EXPERIMENT),
    ("GET", "/CODE/experiments/ID", None),
    ("POST", "/CODE/experiments/ID/seats", {"voter": "v"}),
    ("POST", "/CODE/experiments/ID/reports", {"voter": "v", "seed": 7, "networks": {"first": RIGHT}}),
    ("POST", "/CODE/experiments/ID/reveal", None),
    ("POST", "/CODE/numbers", {"sheet": "", "line": "f 2 1", "digits": 4}),
    ("GET", "/CODE/numbers/ID", None),
    ("POST", "/CODE/numbers/ID/answers", {"voter": "v", "number": "0.5"}),
    ("POST", "/CODE/numbers/ID/reveal", None),
    ("GET", "/ZZZZZZ/events", None),
]


def spoilt(whole: dict[str, Any] | None) -> some.SearchStrategy[bytes]:
    """A body that is right, or nearly, or nothing of the kind."""
    right = whole or {}
    numbers = some.dictionaries(some.sampled_from([name for name, value in right.items() if not isinstance(value, str)] or ["x"]), NUMBERS)
    values = some.dictionaries(some.sampled_from(FIELDS), JSON, max_size=2)
    written = (numbers | values).map(lambda more: {**right, **more}) | JSON
    return some.just(json.dumps(right).encode()) | written.map(lambda value: json.dumps(value).encode()) | some.binary(max_size=200)


@pytest.fixture(scope="module")
def junk_site(tmp_path_factory):
    """A site whose limits have always been refilled."""
    path = tmp_path_factory.mktemp("junk") / "rooms.sqlite3"
    desk = Desk(lambda: SQLite(path), Limits(Clock(pace=1000)))
    with TestClient(Starlette(routes=routes("", desk))) as client:
        opened = client.post("/api/rooms").json()
        headers = {"Authorization": f"Bearer {opened['key']}"}
        for question in (CHOICES, SLIDER):
            client.post(f"/api/rooms/{opened['code']}/questions", json=question, headers=headers)
        client.post(f"/api/rooms/{opened['code']}/experiments", json=EXPERIMENT, headers=headers)
        client.post(f"/api/rooms/{opened['code']}/numbers", json={"line": "f 2 1"}, headers=headers)
        yield client, opened["code"], headers
    desk.close()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    call=some.sampled_from(CALLS).flatmap(lambda call: some.tuples(some.just(call[0]), some.just(call[1]), spoilt(call[2]))),
    method=some.sampled_from([None] * 9 + ["GET", "PUT", "POST", "DELETE", "HEAD"]),
    code=some.sampled_from([None] * 9 + ["ZZZZZZ", "%00", "é", ""]),
    number=some.sampled_from(["1", "2", "3", "4"] * 3 + ["5", "9" * 21]) | some.text("0123456789abc%-._~é😀", max_size=6),
    key=some.sampled_from([True] * 9 + [None, "Bearer", "Bearer x", "Basic \xe9"]),
    more=some.just({}) | some.dictionaries(some.sampled_from(["Last-Event-ID", "Content-Length"]), some.text("0123456789a-", max_size=25)),
)
def test_junk_makes_no_500(junk_site, call, method, code, number, key, more):
    client, present, teacher = junk_site
    headers = {} if key is None else teacher if key is True else {"Authorization": key.encode("latin-1")}
    path = call[1].replace("CODE", present if code is None else code).replace("ID", number)
    done = client.request(method or call[0], f"/api/rooms{path}", content=call[2], headers=JSON_TYPE | headers | more)
    assert done.status_code in (200, 201, 403, 404, 405, 409, 413, 422, 429), done.text
    if done.status_code >= 400 and done.status_code != 405 and done.request.method != "HEAD":
        assert isinstance(done.json()["error"], str)
        assert ("field" in done.json()) == (done.status_code == 422)
