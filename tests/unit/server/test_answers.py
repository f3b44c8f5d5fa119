"""Who may connect, and what every answer says."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from core.server import answers
from core.server.answers import Answers
from core.server.tabs import Tabs


def test_a_websocket_is_for_our_own_pages(monkeypatch):
    async def tab(websocket) -> None:
        await websocket.accept()
        await websocket.close()

    app = Starlette(routes=[WebSocketRoute("/", tab)], middleware=[Middleware(Tabs, allowed=["https://learn.example.org/"])])
    with TestClient(app) as client:
        for origin, host in [
            ("http://a.test", "a.test"),
            ("https://A.test:8501", "a.test:8501"),
            ("https://learn.example.org", "a.test"),
            (None, "a.test"),
        ]:
            with client.websocket_connect("/", headers={"Host": host} | ({"Origin": origin} if origin else {})):
                pass
        for origin in (
            "http://evil.test",
            "http://a.test:81",
            "http://a.test.evil.test",
            "http://learn.example.org",
            "null",
            "",
            "http://[",
            "http://",
        ):
            with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/", headers={"Host": "a.test", "Origin": origin}):
                pass
            assert refused.value.code == 1008


@pytest.fixture
def site():
    async def page(_) -> Response:
        return HTMLResponse("<p>")

    async def own(_) -> Response:
        return HTMLResponse("<p>", headers={"Content-Security-Policy": "own", "Referrer-Policy": "same-origin"})

    routes = [Route("/a/page", page), Route("/a/own", own), Route("/a/assets/handout.html", page), Route("/a/_stcore/metrics", page)]
    routes.append(Route("/a/plain", lambda _: PlainTextResponse("")))
    return Starlette(routes=routes, middleware=[Middleware(Answers, base="a", frames="https://learn.example.org")])


def test_every_answer_has_its_headers(site):
    with TestClient(site) as client:
        for path in ("page", "own", "plain", "assets/handout.html", "none"):
            answer = client.get("/a/" + path)
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == ("same-origin" if path == "own" else "no-referrer")
            policy = answer.headers.get("content-security-policy")
            assert (policy == "own") if path == "own" else (policy is not None) == (path == "page"), path
            assert not any(answer.headers.get_list(name)[1:] for name in answer.headers)


def test_the_policy_allows_what_streamlit_needs_and_no_more(site):
    with TestClient(site) as client:
        said = client.get("/a/page", headers={"Host": "a.test:80"}).headers["content-security-policy"]
        policy = {part.split()[0]: part.split()[1:] for part in said.split("; ")}
        assert policy["frame-ancestors"] == ["'self'", "https://learn.example.org"]
        assert policy["connect-src"][-2:] == ["ws://a.test:80", "wss://a.test:80"]
        assert policy["script-src"][:3] == ["'self'", "blob:", "'unsafe-eval'"]
        assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", source) for source in policy["script-src"][3:])
        assert policy["script-src"][3:]
        assert not re.search(r"https?:(?!//learn)|\*", said)
        strange = client.get("/a/page", headers={"Host": "a.test; script-src *"}).headers["content-security-policy"]
        assert "a.test" not in strange


def test_the_inline_scripts_of_the_page_are_allowed_by_their_hash():
    assert answers.hashed("<script>a</script><script src=x></script><script>\nb\n</script>") == [
        "'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='",
        "'sha256-5u1fIKMXKQ46ulUkDeSKZ+xmkP0iq3GhMyrJ/dvDjMU='",
    ]


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("10.0.0.1", 404)], ids=["here", "here-v6", "elsewhere"])
def test_figures_are_for_this_machine(site, address, status):
    with TestClient(site, client=(address, 1)) as client:
        assert client.get("/a/_stcore/metrics").status_code == status
