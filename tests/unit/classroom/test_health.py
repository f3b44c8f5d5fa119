"""What a server says of its health."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import tomllib

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import __version__
from core.classroom import routes
from core.classroom.desk import Desk
from core.classroom.sqlite import SQLite
from tests.conftest import ROOT

pytestmark = pytest.mark.anyio


async def test_the_health_of_a_server(room):
    async with room.stream(), room.stream() as student, room.stream(teacher=True):
        await student.event("state")
        told = (await room.client.get("/api/health")).json()
    assert (told["rooms"], told["followers"], told["store"], told["models"]) == (1, 2, "sqlite", [])
    assert told["version"] == __version__ == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert told["uptime"] >= 0


def test_the_health_names_damaged_files(tmp_path):
    desk = Desk(lambda: SQLite(tmp_path / "rooms.sqlite3"))
    told = ["mini-lstm.safetensors is missing"]
    with TestClient(Starlette(routes=routes("", desk, list, lambda: told))) as client:
        sick = client.get("/api/health")
        told = []
        well = client.get("/api/health")
    desk.close()
    assert (sick.status_code, sick.json()["damaged"]) == (503, ["mini-lstm.safetensors is missing"])
    assert (well.status_code, "damaged" in well.json()) == (200, False)


async def test_the_health_names_the_models_in_memory_and_loads_none():
    code = """
import json
from starlette.applications import Starlette
from starlette.testclient import TestClient
from core import classroom, models
client = TestClient(Starlette(routes=classroom.routes("", None, models.loaded)))
told = [client.get("/api/health").json()["models"]]
for name in ("mini-lstm", "mini-gru", "mini-lstm"):
    models.load(name)
print(json.dumps([*told, client.get("/api/health").json()["models"]]))
"""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "GATESCOPE_DATA": folder, "REDIS_URL": ""}
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
    assert json.loads(done.stdout) == [[], ["mini-gru", "mini-lstm"]]
