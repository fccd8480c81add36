"""The transport over SMTP and the one in memory keep the same promises."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import pytest

from notifications import transport
from notifications.smtp import SmtpTransport
from notifications.transport import Outcome, Receipt
from tests.notifications.lines import an_envelope, open_transport, plain
from tests.notifications.scripted_smtp import Cut, Script, ScriptedServer


@dataclass(frozen=True)
class Pair:
    """A transport together with what arrived at the other end of its line."""

    line: transport.Transport
    kept: Callable[[], list[bytes]]


NO_SUCH_USER = Receipt(Outcome.REFUSED, 550, "5.1.1 no such user")
LOST_AFTER_DOT = Receipt(Outcome.UNKNOWN, None, "Unexpected EOF received")


@contextlib.asynccontextmanager
async def in_memory(*failures: Receipt) -> AsyncIterator[Pair]:
    memory = transport.MemoryTransport()
    memory.fail_next(*failures)
    yield Pair(memory, lambda: [envelope.content for envelope in memory.sent])


@contextlib.asynccontextmanager
async def over_smtp(*failures: Receipt) -> AsyncIterator[Pair]:
    scripts: list[Script] = [
        {"DOT": Cut()} if failure.code is None else {"RCPT": f"{failure.code} {failure.reply}"} for failure in failures
    ]
    server = ScriptedServer(*scripts)
    async with server, open_transport(plain(server.port)) as smtp:
        yield Pair(smtp, lambda: server.kept)


MakePair = Callable[..., AbstractAsyncContextManager[Pair]]
both_transports = pytest.mark.parametrize("make_pair", [in_memory, over_smtp])


@both_transports
def test_a_transport_delivers_the_very_bytes_in_order(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair() as pair:
            receipts = [await pair.line.send(an_envelope(number)) for number in (1, 2)]
            assert [(receipt.outcome, receipt.code) for receipt in receipts] == [(Outcome.ACCEPTED, 250)] * 2
            assert pair.kept() == [an_envelope(1).content, an_envelope(2).content]

    asyncio.run(scene())


@both_transports
def test_a_transport_goes_on_after_a_failure(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair(NO_SUCH_USER) as pair:
            assert await pair.line.send(an_envelope(1)) == NO_SUCH_USER
            assert (await pair.line.send(an_envelope(2))).outcome is Outcome.ACCEPTED
            assert pair.kept() == [an_envelope(2).content]

    asyncio.run(scene())


@both_transports
def test_a_message_of_unknown_fate_may_have_been_delivered(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair(LOST_AFTER_DOT) as pair:
            assert (await pair.line.send(an_envelope(1))).outcome is Outcome.UNKNOWN
            assert pair.kept() == [an_envelope(1).content]

    asyncio.run(scene())


@both_transports
def test_a_closed_transport_opens_again(make_pair: MakePair) -> None:
    async def scene() -> None:
        async with make_pair() as pair:
            await pair.line.close()
            await pair.line.send(an_envelope(1))
            await pair.line.close()
            await pair.line.close()
            assert (await pair.line.send(an_envelope(2))).outcome is Outcome.ACCEPTED

    asyncio.run(scene())


async def outcomes_of_all(line: transport.Transport, count: int) -> list[Outcome]:
    envelopes = [an_envelope(number) for number in range(count)]
    return [receipt.outcome async for _, receipt in transport.send_all(line, envelopes)]


@both_transports
def test_a_run_of_sending_goes_past_a_refused_address(make_pair: MakePair) -> None:
    async def scene() -> list[Outcome]:
        async with make_pair(NO_SUCH_USER) as pair:
            return await outcomes_of_all(pair.line, 3)

    assert asyncio.run(scene()) == [Outcome.REFUSED, Outcome.ACCEPTED, Outcome.ACCEPTED]


def test_a_run_of_sending_stops_at_an_alarm() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(Receipt(Outcome.HALTED, 535, "5.7.8 wrong password"))

    assert asyncio.run(outcomes_of_all(memory, 3)) == [Outcome.HALTED]


def test_a_run_of_sending_stops_after_five_connections_in_vain() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(*[Receipt(Outcome.RETRY, None, "no route")] * 9)

    assert asyncio.run(outcomes_of_all(memory, 9)) == [Outcome.RETRY] * 5


def test_a_run_of_sending_is_not_stopped_by_greylisting() -> None:
    memory = transport.MemoryTransport()
    memory.fail_next(*[Receipt(Outcome.RETRY, 451, "4.7.1 greylisted")] * 9)

    assert len(asyncio.run(outcomes_of_all(memory, 9))) == 9


def test_a_run_of_sending_closes_the_connection_behind_it() -> None:
    async def scene(server: ScriptedServer) -> None:
        async with server:
            await outcomes_of_all(SmtpTransport(plain(server.port)), 2)

    server = ScriptedServer()
    asyncio.run(scene(server))

    assert server.commands[-1] == "QUIT"
    assert len(server.talks) == 1
