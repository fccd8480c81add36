"""Everything that may befall a message on its way to the relay: what is told, what comes next, who else is held up.

Each row is played by a relay on a real socket; then a second message shows whether the run of sending went on.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from cases import addresses
from cases.outbox import MessageState
from notifications import retry
from notifications.relay import Relay, Security
from notifications.smtp import SmtpTransport
from notifications.transport import Outcome, Receipt, send_all
from tests.notifications.lines import an_envelope, plain
from tests.notifications.scripted_smtp import Cut, Hold, Script, ScriptedServer

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HASTY = 0.1
SOON, LATER = timedelta(minutes=1), timedelta(minutes=15)
SENT = retry.Decision(MessageState.SENT)
TRIED_AGAIN = retry.Decision(MessageState.RETRY, NOON + SOON)
GIVEN_UP = retry.Decision(MessageState.REFUSED)
SENT_AGAIN = retry.Decision(MessageState.UNKNOWN, NOON + LATER)
ALARM = retry.Decision(MessageState.RETRY, NOON + LATER, alarm=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the relay does to the first message, what becomes of that, and whether the second one is sent."""

    script: Script
    becomes: retry.Decision
    second_is_sent: bool
    copies: int
    security: Security = Security.PLAIN


ROWS = {
    "banner 421": Row(script={"BANNER": "421 4.3.2 busy"}, becomes=TRIED_AGAIN, second_is_sent=True, copies=1),
    "no banner": Row(script={"BANNER": Hold()}, becomes=TRIED_AGAIN, second_is_sent=True, copies=1),
    "4xx at RCPT": Row(script={"RCPT": ["451 4.7.1 greylisted"]}, becomes=TRIED_AGAIN, second_is_sent=True, copies=1),
    "5xx at RCPT": Row(script={"RCPT": ["550 5.1.1 no such user"]}, becomes=GIVEN_UP, second_is_sent=True, copies=1),
    "policy": Row(script={"DOT": ["554 5.7.1 refused by policy"]}, becomes=ALARM, second_is_sent=False, copies=0),
    "5.7.30": Row(
        script={"MAIL": "550 5.7.30 basic authentication is not supported"},
        becomes=ALARM,
        second_is_sent=False,
        copies=0,
    ),
    "cut after the dot": Row(script={"DOT": Cut()}, becomes=SENT_AGAIN, second_is_sent=True, copies=2),
    "silence after the dot": Row(script={"DOT": Hold()}, becomes=SENT_AGAIN, second_is_sent=True, copies=2),
    "no STARTTLS": Row(script={}, becomes=ALARM, second_is_sent=False, copies=0, security=Security.STARTTLS),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_row_has_its_outcome_its_next_step_and_its_reach(row: Row) -> None:
    server = ScriptedServer(row.script)

    async def scene() -> list[Receipt]:
        async with server:
            smtp = SmtpTransport(replace(plain(server.port, timeout=HASTY), security=row.security))
            return [receipt async for _, receipt in send_all(smtp, (an_envelope(1), an_envelope(2)))]

    first, *rest = asyncio.run(scene())
    assert decided(first) == row.becomes
    assert [one.outcome for one in rest] == [Outcome.ACCEPTED] * row.second_is_sent
    assert len(server.kept) == row.copies


def test_a_connection_closed_for_idling_is_replaced_at_once_and_nothing_is_sent_twice() -> None:
    server = ScriptedServer({"MAIL": ["250 ok", "421 4.4.2 idle too long"]})

    async def scene() -> list[Receipt]:
        async with server:
            smtp = SmtpTransport(plain(server.port))
            return [receipt async for _, receipt in send_all(smtp, (an_envelope(1), an_envelope(2)))]

    assert [decided(receipt) for receipt in asyncio.run(scene())] == [SENT, SENT]
    assert len(server.kept) == len(server.talks) == 2


@contextlib.asynccontextmanager
async def a_port_nobody_answers_at() -> AsyncIterator[int]:
    """Yields a port whose queue of connections is full, so that a further one hangs."""
    with socket.socket() as listener, contextlib.ExitStack() as callers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.settimeout(0)
            caller.connect_ex(("127.0.0.1", port))
        yield port


def test_a_line_that_is_never_taken_is_tried_again_and_five_in_a_row_rest_the_whole_queue() -> None:
    async def scene() -> list[Receipt]:
        async with a_port_nobody_answers_at() as port:
            smtp = SmtpTransport(plain(port, timeout=0.02))
            return [receipt async for _, receipt in send_all(smtp, [an_envelope(number) for number in range(9)])]

    assert [decided(receipt) for receipt in asyncio.run(scene())] == [TRIED_AGAIN] * 5


def test_a_relay_whose_name_leads_nowhere_is_tried_again() -> None:
    relay = Relay(host="relay.invalid", port=587, greeting="desk.test", timeout=5)

    assert decided(asyncio.run(SmtpTransport(relay).send(an_envelope()))) == TRIED_AGAIN


@pytest.mark.parametrize(
    ("address", "becomes", "told"),
    [
        ("anna@bücher.example", SENT, ["RCPT TO:<anna@xn--bcher-kva.example>"]),
        ("анна@bücher.example", GIVEN_UP, []),
    ],
    ids=["beyond ASCII in the domain", "beyond ASCII before the @"],
)
def test_a_relay_without_smtputf8_is_given_the_domain_in_ascii_and_no_more(
    address: str, becomes: retry.Decision, told: list[str]
) -> None:
    server = ScriptedServer(extensions=())

    async def scene() -> Receipt:
        async with server:
            smtp = SmtpTransport(plain(server.port))
            receipt = await smtp.send(an_envelope(recipient=addresses.one_address(address)))
            await smtp.close()
            return receipt

    assert decided(asyncio.run(scene())) == becomes
    assert [line for line in server.commands if line.startswith("RCPT")] == told


def decided(receipt: Receipt) -> retry.Decision:
    return retry.decide(receipt, attempt=1, first_at=NOON, now=NOON)
