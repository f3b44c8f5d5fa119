"""A browser tab as the server sees it: Streamlit's websocket and messages, without the drawing. For benches and tests with a real server."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ContextInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

CONTEXT = ContextInfo(timezone="UTC", timezone_offset=0, locale="en-US", is_embedded=False, color_scheme="light")
PATIENCE = 60  # seconds after which a run that does not end counts as lost


class Dropped(Exception):
    """The server ended the connection, a run did not end, or its script failed."""


@dataclass
class Session:
    """A tab on one page. query: its address's; data: what the stepper was sent last, as JSON; faults: what went wrong, in words."""

    url: str
    page: str = "lstm"
    query: Mapping[str, str] = field(default_factory=lambda: {"model": "sentiment-lstm"})
    data: str = ""
    received: int = 0  # bytes, over all runs
    _socket: ClientConnection | None = None
    _widgets: dict[str, WidgetState] = field(default_factory=dict)  # by the key that the page gave
    _hash: str = ""

    async def __aenter__(self) -> "Session":
        if self._socket is not None:  # it is `opened`
            return self
        at = urlsplit(self.url)
        stream = f"ws://{at.netloc}{at.path}/_stcore/stream"
        self._socket = await connect(stream, origin=f"http://{at.netloc}", subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def leave(self, abruptly: bool = False) -> None:
        """Closes the connection as a browser does, or as a laptop's lid does: without a word."""
        if abruptly:
            self._socket.transport.abort()
        await self._socket.close()

    async def arrive(self) -> float:
        """The first run; its milliseconds."""
        return await self._run(page_name=self.page)

    async def type(self, text: str) -> float:
        """Another text in the page's text field; milliseconds until its run has ended. Raises KeyError on a page without one."""
        self._widgets["text"].string_value = text
        return await self._run(page_script_hash=self._hash)

    @property
    def tokens(self) -> list[str]:
        """What the stepper shows."""
        start = self.data.find('"tokens":')
        return json.JSONDecoder().raw_decode(self.data, start + len('"tokens":') + (self.data[start + 9 : start + 10] == " "))[0]

    async def _run(self, **where: str) -> float:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(self.query)
        message.rerun_script.widget_states.widgets.extend(self._widgets.values())
        message.rerun_script.context_info.CopyFrom(CONTEXT)
        for name, value in where.items():
            setattr(message.rerun_script, name, value)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._socket.send(message.SerializeToString())
                while not self._take(await self._socket.recv()):
                    pass
        except (ConnectionClosed, TimeoutError, OSError) as error:
            raise Dropped(f"{type(error).__name__}: {error}") from None
        return 1000 * (time.perf_counter() - started)

    def _take(self, raw: bytes) -> bool:
        """Whether this message ends the run."""
        self.received += len(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element)
        elif kind == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                raise Dropped(f"the run ended with {ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)}")
            return True
        return False

    def _element(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise Dropped(f"the page shows {element.exception.type}: {element.exception.message}")
        if kind == "text_input":
            self._keep(element.text_input.id, string_value=element.text_input.default)
        elif kind == "button_group":
            group = element.button_group
            state = self._keep(group.id)
            if not state.HasField("string_array_value"):
                state.string_array_value.data.extend(group.options[k].content for k in group.default)
        elif kind == "bidi_component" and '"tokens"' in (found := element.bidi_component.json or element.bidi_component.mixed.json):
            self.data = found

    def _keep(self, identity: str, **default: Any) -> WidgetState:
        """The state of a widget, which is its default until something is typed."""
        return self._widgets.setdefault(identity.rsplit("-", 1)[1], WidgetState(id=identity, **default))


async def opened(url: str, **more: Any) -> Session:
    """A tab whose page stands."""
    session = await Session(url, **more).__aenter__()
    await session.arrive()
    return session
