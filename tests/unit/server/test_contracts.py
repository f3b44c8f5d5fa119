"""What core/server/private.py takes from Streamlit and uvicorn without a promise. Each test says what an upgrade has broken, and where."""

import asyncio
import inspect
import signal
from pathlib import Path

import httptools
import pytest
import streamlit.runtime
import uvicorn
from starlette.testclient import TestClient
from streamlit import net_util
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest
from streamlit.web import bootstrap
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_app, starlette_routes
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from core.server import connections, private

STREAMLIT = Path(streamlit.__file__).parent


def test_streamlit_looks_for_addresses_through_two_functions_alone(monkeypatch):
    """Broken: a third way to ask another host for this machine's address. See private.ask_nobody."""
    callers = {
        path.relative_to(STREAMLIT).as_posix()
        for path in STREAMLIT.rglob("*.py")
        if any(name in path.read_text(encoding="utf-8") for name in ("get_external_ip", "get_internal_ip", "checkip", "8.8.8.8"))
    }
    assert callers == {"net_util.py", "web/bootstrap.py", "web/server/server_util.py"}
    for name in ("get_external_ip", "get_internal_ip"):
        monkeypatch.setattr(net_util, name, getattr(net_util, name))  # comes back after the test
        for module in (bootstrap, server_util):
            assert f"net_util.{name}" in inspect.getsource(module)  # looked up when it is called
    private.ask_nobody()
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("asked another host"))
    assert not server_util.is_url_from_allowed_origins("http://evil.test")


def test_the_greeting_can_be_turned_off():
    """Broken: Streamlit's greeting looks for this machine's address before app.py is imported, unless `logger.hideWelcomeMessage` is set."""
    source = inspect.getsource(bootstrap._print_url)
    assert source.index("hideWelcomeMessage") < source.index("get_internal_ip")


def test_the_server_s_url_is_told():
    """Broken: the greeting's addresses (private.said, private.url)."""
    assert private.url("example.org").startswith("http://example.org:")
    assert private.said("browser.serverAddress") is None


def test_uvicorn_is_found_and_takes_our_protocol():
    """Broken: finding uvicorn's server by its handlers of signals, or its settings that are read with each connection: no deadline holds."""
    before = signal.getsignal(signal.SIGTERM)
    found = []

    async def app(scope, receive, send):
        assert scope["type"] == "lifespan"
        assert (await receive())["type"] == "lifespan.startup"
        found.extend(private.servers())
        found[0].should_exit = True
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    asyncio.run(server.serve())
    assert found == [server]
    assert signal.getsignal(signal.SIGTERM) == before
    assert private.servers() == []
    source = inspect.getsource(uvicorn.Server.startup)
    assert "config.http_protocol_class(" in source.split("def create_protocol")[1].split("loop =")[0]
    assert "self.config.ws_max_size" in inspect.getsource(WebSocketsSansIOProtocol.__init__)
    assert isinstance(server.server_state.connections, set)


@pytest.mark.parametrize("protocol", [HttpToolsProtocol, H11Protocol], ids=["httptools", "h11"])
def test_a_request_s_stages_are_told_by_its_connection(protocol):
    """Broken: `cycle` and its flags, by which deadlines know what a connection is doing (private.waits, private.sends)."""
    stages = []

    class Transport(asyncio.Transport):
        def write(self, data):
            pass

        def get_extra_info(self, name, default=None):
            return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)}.get(name, default)

        def is_closing(self):
            return False

        def pause_reading(self):
            pass

        resume_reading = close = pause_reading

    async def app(scope, receive, send):
        while (await receive())["more_body"]:
            stages.append((private.waits(connection), private.sends(connection)))
        stages.append((private.waits(connection), private.sends(connection)))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def talk() -> None:
        nonlocal connection
        config = uvicorn.Config(app, log_config=None, lifespan="off")
        config.load()
        connection = protocol(config, uvicorn.Server(config).server_state, {})
        connection.connection_made(Transport())
        stages.append((private.waits(connection), private.sends(connection)))
        connection.data_received(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        connection.data_received(b"cd")
        await asyncio.gather(*connection.tasks)
        stages.append((private.waits(connection), private.sends(connection)))
        assert not private.is_tab(connection)
        connection.connection_lost(None)

    connection = None
    asyncio.run(talk())
    assert stages == [(True, False), (False, True), (False, False), (True, False)]
    config = uvicorn.Config(app, log_config=None, lifespan="off")
    config.load()
    tab = WebSocketsSansIOProtocol(config, uvicorn.Server(config).server_state, {}, asyncio.new_event_loop())
    assert private.is_tab(tab)
    tab.loop.close()


def test_httptools_bounds_no_header():
    """No longer needed, if this fails: connections.HEAD, for httptools bounds a request's headers by itself."""
    parser = httptools.HttpRequestParser(type("Ear", (), {"on_url": lambda self, url: None})())
    parser.feed_data(b"GET / HTTP/1.1\r\nX: " + b"a" * (2 * connections.HEAD))


def test_streamlit_s_routes_are_where_we_guard_them():
    """Broken: uploads are not bounded, figures are open."""
    assert f"/{starlette_routes.BASE_ROUTE_UPLOAD_FILE}/" == private.UPLOADS
    assert f"/{starlette_routes.ROUTE_METRICS}" == private.METRICS
    assert "{session_id}/{file_id}" in starlette_routes._ROUTE_UPLOAD_FILE


def test_streamlit_s_manager_of_uploads_tells_what_it_gives_and_keeps():
    """Broken: the bounds of what tabs upload (private.tell_urls, private.stored, manager.remove_file)."""
    manager, told, gone = MemoryUploadedFileManager("/upload"), [], []
    private.tell_urls(manager, lambda session, file: told.append((session, file)), gone.append)
    [url] = manager.get_upload_urls("session", ["name"])
    assert told == [("session", url.file_id)]
    assert url.upload_url == f"/upload/session/{url.file_id}"
    manager.add_file("session", UploadedFileRec(url.file_id, "name", "text/plain", b"abc"))
    [(session, [(file, record)])] = private.stored(manager)
    assert (session, file, record.data) == ("session", url.file_id, b"abc")
    manager.remove_file("session", url.file_id)
    assert private.stored(manager) == [("session", [])]
    manager.remove_session_files("session")
    assert gone == ["session"]
    source = inspect.getsource(starlette_app.App._create_runtime)
    assert "MemoryUploadedFileManager" in source
    assert "MemorySessionStorage" in source


def test_a_file_that_was_read_can_be_let_go():
    """Broken: memory of uploads that were read (private.let_go), or a run with its emptied file. AppTest sends the file anew with each run."""
    at = AppTest.from_string(
        """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from core.server import private
file = st.file_uploader("file", key="file")
if file is not None:
    st.text(len(file.getvalue()))
    private.let_go("file", file)
    context = get_script_run_ctx()
    st.text(len(file.getvalue()) + len(st.session_state["file"].getvalue()))
    st.text(len(context.uploaded_file_mgr.get_files(context.session_id, [file.file_id])))
"""
    ).run()
    at.file_uploader(key="file").upload("name", b"abc").run()
    assert [text.value for text in at.text] == ["3", "0", "0"]
    assert not at.exception


def test_streamlit_s_left_sessions_can_be_ended():
    """Broken: what a tab uploaded stays after it has left (private.end_left_sessions)."""
    storage = MemorySessionStorage(ttl_seconds=0)
    assert isinstance(storage._cache, TTLCache)
    storage._cache["session"] = "info"
    assert storage._cache.expire() == [("session", "info")]


def test_all_of_them_are_where_a_server_looks(tmp_path, monkeypatch):
    """Broken: the runtime's parts, `_session_mgr` and `_session_storage`."""
    monkeypatch.setattr(streamlit.runtime.Runtime, "_instance", None)  # and again after the test
    script = tmp_path / "script.py"
    script.write_text("")
    app = starlette_app.App(script)
    with TestClient(app):
        assert isinstance(private.uploaded(), MemoryUploadedFileManager)
        assert private.end_left_sessions() == 0
        assert isinstance(streamlit.runtime.get_instance()._session_mgr._session_storage, MemorySessionStorage)


def test_the_field_of_the_grid_s_cells_is_a_file_that_the_grid_loads():
    """Broken: what is typed into the first cell before the field is there is lost (private.GRID_FIELD)."""
    [grid] = STREAMLIT.glob("static/static/js/DataFrame.*.js")
    assert private.GRID_FIELD is not None
    assert (STREAMLIT / "static" / private.GRID_FIELD.strip("/")).is_file()
    assert f"import(`./{Path(private.GRID_FIELD).name}`)" in grid.read_text(encoding="utf-8")
