"""Every name of Streamlit's and uvicorn's that is not theirs to promise and that the server relies on. tests/unit/server/test_contracts.py holds
each of them, and says what breaks when an upgrade takes one away.
"""

import asyncio
import ctypes
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import streamlit as st
import streamlit.runtime
from streamlit import config, net_util
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadFileUrlInfo
from streamlit.web.server import server_util

UPLOADS = "/_stcore/upload_file/"  # Streamlit's: …/SESSION/FILE
METRICS = "/_stcore/metrics"
_SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
GRID_FIELD = next((f"/static/js/{file.name}" for file in _SCRIPTS.glob("data-grid-overlay-editor.*.js")), None)
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def ask_nobody() -> None:
    """Takes from Streamlit the two functions by which it finds this machine's addresses.

    `get_external_ip` asks a host on the internet by HTTP, and waits a second or two where there is none; `get_internal_ip` connects a datagram
    socket to 8.8.8.8, which sends nothing. Both stand in Streamlit's check of a websocket's origin and in its greeting.
    """
    net_util.get_external_ip = net_util.get_internal_ip = _unknown


def _unknown() -> None:
    return None


def said(option: str) -> Any:
    """The value of a setting that somebody gave, else None."""
    return config.get_option(option) if config.is_manually_set(option) else None


def url(host: str) -> str:
    """Where browsers find the app on a host: with scheme, port and base path."""
    return str(server_util.get_url(host))


# uvicorn


class Cycle(Protocol):
    """A request and its answer."""

    response_complete: bool
    more_body: bool


class Flow(Protocol):
    read_paused: bool


class Connection(Protocol):
    """What we look at of uvicorn's connections, and `core.server.connections` counts on them."""

    transport: asyncio.Transport
    cycle: Cycle | None
    flow: Flow
    received: int
    made: float


def servers() -> list[Any]:
    """uvicorn's servers of this process: the objects whose methods handle its signals. None in a thread, or under another server."""
    owners = [getattr(signal.getsignal(number), "__self__", None) for number in SIGNALS]
    return list({id(owner): owner for owner in owners if hasattr(owner, "server_state")}.values())


def is_tab(connection: Connection) -> bool:
    """Whether it is a websocket."""
    return hasattr(connection, "handshake_complete")


def waits(connection: Connection) -> bool:
    """Whether no request is under way on an HTTP connection: its headers are still to come."""
    cycle = connection.cycle
    return cycle is None or (cycle.response_complete and not cycle.more_body)


def sends(connection: Connection) -> bool:
    """Whether the other side still has to send a body, and we take it. Of a request that was answered early, the rest is read and dropped."""
    cycle = connection.cycle
    return cycle is not None and cycle.more_body and not connection.flow.read_paused


# Streamlit


def by_history() -> bool:
    """Whether the browser asked for this run by Back or Forward; False outside a run."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def uploaded() -> MemoryUploadedFileManager:
    """The manager of the files that tabs have uploaded."""
    return streamlit.runtime.get_instance().uploaded_file_mgr


def stored(manager: MemoryUploadedFileManager) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Its files by session: (identity, record with `data`, bytes). Other threads may take some away meanwhile."""
    return [(session, list(files.items())) for session, files in list(manager.file_storage.items())]


def let_go(key: str, file: UploadedFile) -> None:
    """Gives back the memory of a file that a page has read. key: its field's, which from the next run on gives no file.

    Streamlit's session holds the file a second time; emptied and not closed, it can still be copied.
    """
    for held in (file, st.session_state[key]):
        held.seek(0)
        held.truncate(0)
    if (context := get_script_run_ctx(suppress_warning=True)) is not None:
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def trim() -> None:
    """Gives freed memory back to the system where the C library (glibc) would keep it: after a large file that is a tenth of the process's."""
    trimmed = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trimmed is not None:
        trimmed(0)


def tell_urls(manager: MemoryUploadedFileManager, given: Callable[[str, str], None], gone: Callable[[str], None]) -> None:
    """Calls `given(session, file)` for each URL for an upload that Streamlit gives out, and `gone(session)` when a session ends."""
    urls, remove = manager.get_upload_urls, manager.remove_session_files

    def get_upload_urls(session_id: str, file_names: Sequence[str]) -> list[UploadFileUrlInfo]:
        found: list[UploadFileUrlInfo] = urls(session_id, file_names)
        for one in found:
            given(session_id, one.file_id)
        return found

    def remove_session_files(session_id: str) -> None:
        gone(session_id)
        remove(session_id)

    manager.get_upload_urls, manager.remove_session_files = get_upload_urls, remove_session_files


def end_left_sessions() -> int:
    """Ends the sessions whose tab left longer ago than `server.disconnectedSessionTTL`, and returns their number.

    Streamlit forgets them only when another tab leaves, and keeps what they uploaded until the garbage collector comes by.
    """
    ended = streamlit.runtime.get_instance()._session_mgr._session_storage._cache.expire()
    for _, info in ended:
        info.session.shutdown()
    return len(ended)
