"""The route for our own files: cached, compressed once, nothing but what is in the table."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.server import assets

PLOTLY = next(path for path in assets.files() if path.endswith(".min.js"))


@pytest.fixture(params=["", "/class/a/"])
def site(request):
    with TestClient(Starlette(routes=assets.routes(request.param))) as client:
        yield client, assets.url(request.param)


def test_files_are_cached_for_a_year_under_a_version(site):
    client, base = site
    answer = client.get(base + "stepper/main.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == assets.YEAR
    assert answer.headers["content-type"].startswith("text/javascript")
    assert b"export function open(" in answer.content


def test_a_file_of_another_version_is_not_here(site):
    """So that nginx asks the other replica, which has it during an upgrade."""
    client, base = site
    for path in ("stepper/main.js", "handout.html"):
        assert client.get(base + path).status_code == 200
        assert client.get(base.replace(assets.version(), "0123456789ab") + path).status_code == 404


@pytest.mark.parametrize("name", sorted(path for path in assets.files() if path.startswith("stepper/") and path.endswith(".js")))
def test_modules_travel_without_their_comments(site, name):
    """Every line of code at its own number, so that a browser's messages say where; nothing else is left out."""
    client, base = site
    sent = client.get(base + name).text.split("\n")
    written = (assets.ASSETS / name).read_text(encoding="utf-8").split("\n")
    assert len(sent) == len(written)
    assert all(line == own or (line == "" and own.strip().startswith(("//", "/*", "*"))) for line, own in zip(sent, written, strict=True))
    assert not any(line.strip().startswith(("//", "/** @param", "* @")) for line in sent)


def test_files_travel_compressed_and_are_compressed_once(site, monkeypatch):
    client, base = site
    assets.files()
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("compressed anew"))
    with client.stream("GET", base + PLOTLY, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join(answer.iter_raw())
    assert len(packed) < 600_000
    assert gzip.decompress(packed) == (assets.ASSETS / PLOTLY).read_bytes()
    assert "content-encoding" not in client.get(base + PLOTLY, headers={"Accept-Encoding": "identity"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "",
        "stepper",
        "stepper/",
        "stepper/types.d.ts",
        "models/mini-lstm.json",
        "stepper/../models/mini-lstm.json",
        "..%2f..%2fapp.py",
        "stepper/%2e%2e/%2e%2e/app.py",
        "/etc/passwd",
    ],
)
def test_nothing_else_is_served(site, path):
    client, base = site
    assert client.get(base + path).status_code == 404


def test_vendored_files_come_with_their_licence():
    vendored = {path for path in assets.files() if path.startswith("vendor/")}
    licensed = {path.removesuffix("LICENSE") for path in vendored if path.endswith("LICENSE")}
    others = {path for path in vendored if not path.endswith("LICENSE")}
    assert {assets.plotly(), assets.font()} == others
    assert {next(own for own in licensed if path.startswith(own)) for path in others} == licensed


def test_a_teachers_link_leads_to_the_page_that_takes_its_key(site):
    client, base = site
    answer = client.get(base.split("/assets/")[0] + "/lead?room=BCDFGH")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert re.fullmatch(r"default-src 'none'; script-src 'sha256-\S+'", answer.headers["content-security-policy"])
    assert "sessionStorage" in answer.text
