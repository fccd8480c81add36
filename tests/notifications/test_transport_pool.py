"""Several connections to one relay at the same time, each with one message, and never two to the same domain."""

import asyncio
from collections.abc import Iterator

from notifications.smtp import SmtpTransport
from notifications.transport import Envelope, MemoryTransport, Outcome, Receipt, send_all
from tests.notifications.lines import an_envelope, open_transport, plain
from tests.notifications.scripted_smtp import Hold, ScriptedServer

ANNA, BEN, CARL = "anna@ngo.example", "ben@mission.example", "carl@gov.example"


def accepted(receipts: list[Receipt]) -> bool:
    return {receipt.outcome for receipt in receipts} == {Outcome.ACCEPTED}


def test_two_domains_are_served_at_the_same_time() -> None:
    async def scene() -> list[Receipt]:
        one, two = Hold(), Hold()
        server = ScriptedServer({"DOT": one}, {"DOT": two})
        async with server, open_transport(plain(server.port, connections=2)) as smtp:
            both = asyncio.gather(smtp.send(an_envelope(1, recipient=ANNA)), smtp.send(an_envelope(2, recipient=BEN)))
            await asyncio.gather(one.held.wait(), two.held.wait())
            one.released.set()
            two.released.set()
            return list(await both)

    assert accepted(asyncio.run(scene()))


def test_two_messages_to_one_domain_take_turns_over_one_connection() -> None:
    async def scene(server: ScriptedServer) -> list[Receipt]:
        async with server, open_transport(plain(server.port, connections=2)) as smtp:
            both = asyncio.gather(*[smtp.send(an_envelope(number, recipient=ANNA)) for number in (1, 2)])
            await first.held.wait()
            assert len([line for line in server.commands if line.startswith("RCPT")]) == 1
            first.released.set()
            return await both

    first = Hold()
    server = ScriptedServer({"DOT": [first, "250 2.0.0 kept"]})
    assert accepted(asyncio.run(scene(server)))
    assert len(server.talks) == 1


def test_a_relay_that_takes_one_connection_only_gets_every_message_over_it() -> None:
    async def scene() -> tuple[list[Receipt], int]:
        first = Hold()
        server = ScriptedServer({"DOT": [first, "250 ok"]}, {"BANNER": "421 4.7.0 too many connections"})
        async with server, open_transport(plain(server.port, connections=2)) as smtp:
            one = asyncio.create_task(smtp.send(an_envelope(1, recipient=ANNA)))
            await first.held.wait()
            two = asyncio.create_task(smtp.send(an_envelope(2, recipient=BEN)))
            first.released.set()
            return list(await asyncio.gather(one, two)), smtp.width

    receipts, width = asyncio.run(scene())
    assert accepted(receipts)
    assert width == 1


def test_an_envelope_is_asked_for_only_when_a_connection_is_free() -> None:
    async def scene() -> list[int]:
        asked: list[int] = []

        def envelopes() -> Iterator[Envelope]:
            for number, recipient in enumerate((ANNA, BEN, CARL)):
                asked.append(number)
                yield an_envelope(number, recipient=recipient)

        one, two = Hold(), Hold()
        server = ScriptedServer({"DOT": [one, "250 ok"]}, {"DOT": [two, "250 ok"]})
        async with server:
            run = send_all(SmtpTransport(plain(server.port, connections=2)), envelopes())
            first = asyncio.ensure_future(anext(run))
            await asyncio.gather(one.held.wait(), two.held.wait())
            before = list(asked)
            one.released.set()
            two.released.set()
            receipts = [await first] + [result async for result in run]
            assert accepted([receipt for _, receipt in receipts])
            return before

    assert asyncio.run(scene()) == [0, 1]


class Wide(MemoryTransport):
    """Carries two messages at a time."""

    width = 2


def test_what_is_under_way_when_the_stream_is_halted_is_still_told_and_nothing_more_is_begun() -> None:
    async def scene() -> list[Outcome]:
        line = Wide()
        line.fail_next(Receipt(Outcome.HALTED, 535, "5.7.8 wrong password"))
        envelopes = [an_envelope(number) for number in range(5)]
        return [receipt.outcome async for _, receipt in send_all(line, envelopes)]

    assert sorted(asyncio.run(scene())) == [Outcome.ACCEPTED, Outcome.HALTED]


def test_a_run_that_is_abandoned_leaves_no_reply_for_the_next_message() -> None:
    async def scene() -> Receipt:
        late, quick = Hold(), Hold()
        server = ScriptedServer({"RCPT": late}, {"DOT": quick}, {"RCPT": "550 5.1.1 no such user"})
        async with server, open_transport(plain(server.port, connections=2)) as smtp:
            envelopes = [an_envelope(1, recipient=ANNA), an_envelope(2, recipient=BEN)]
            run = send_all(smtp, envelopes)
            first = asyncio.ensure_future(anext(run))
            await asyncio.gather(late.held.wait(), quick.held.wait())
            quick.released.set()
            await first
            await run.aclose()
            late.released.set()
            return await smtp.send(an_envelope(3, recipient=CARL))

    assert asyncio.run(scene()).outcome is Outcome.REFUSED
