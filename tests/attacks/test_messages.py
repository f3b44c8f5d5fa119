"""Websocket messages of 10 MB, where a page with every field full sends less than two."""

import asyncio

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from tests.attacks.conftest import Figure, Victim
from tests.bench.load_session import CONTEXT, Session, opened
from tests.conftest import answered

TABS, SIZE, ROUNDS = 8, 10_000_000, 4


def test_messages_of_ten_megabytes(victim: Victim, figure: Figure):
    message = BackMsg()
    message.rerun_script.page_name = "lstm"
    message.rerun_script.context_info.CopyFrom(CONTEXT)
    message.rerun_script.widget_states.widgets.append(WidgetState(id="$$ID-x-text", string_value="good " * (SIZE // 5)))
    raw = message.SerializeToString()
    codes: list[int] = []

    async def flood() -> None:
        async with Session(victim.url) as tab:
            try:
                for _ in range(ROUNDS):
                    await tab._socket.send(raw)
                    await asyncio.wait_for(tab._socket.recv(), 60)
            except ConnectionClosed as error:
                codes.append(error.rcvd.code if error.rcvd else 0)

    async def attack() -> float:
        async with await opened(victim.url) as honest:
            victim.forget_peak()
            before = victim.memory
            await asyncio.gather(*(flood() for _ in range(TABS)))
            await honest.type("a good film")
            assert honest.tokens == ["a", "good", "film"]
            return before

    before = asyncio.run(attack())
    figure(f"peak of {TABS} tabs that send {ROUNDS} messages of 10 MB, MB more than before", victim.peak - before)
    figure("tabs whose connection was closed with 1009, message too big", codes.count(1009))
    assert answered(victim.url + "/_stcore/health")
    assert victim.peak - before < 60
    assert codes == [1009] * TABS
