"""The port through which messages leave: an envelope goes in, and a receipt says what became of it."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cases import addresses

PATIENCE = 5
"""Messages in a row that may fail for want of a connection before a run of sending is broken off."""

_GOING_AWAY = 421


class Outcome(StrEnum):
    """What became of one attempt to send."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HALTED = "halted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Finished bytes and the one address they go to; `message_id` comes without angle brackets."""

    message_id: str
    sender: str
    recipient: str
    content: bytes

    def __post_init__(self) -> None:
        """Refuses any address that a mail library might read in another way than it is written."""
        for address in (self.sender, self.recipient):
            if addresses.one_address(address) != address:
                raise addresses.BadAddress(
                    f'"{address}" must be written as "{addresses.one_address(address)}" on an envelope'
                )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The outcome of one attempt, with the relay's code and words; no code means that the relay never answered."""

    outcome: Outcome
    code: int | None
    reply: str


class Transport(Protocol):
    """Anything that can carry envelopes."""

    @property
    def width(self) -> int:
        """How many messages it carries at the same time."""

    async def send(self, envelope: Envelope) -> Receipt:
        """Tries once to send, and never raises for what a relay or a network does."""

    async def close(self) -> None:
        """Takes leave of the relay; a later `send` opens the way again."""


class MemoryTransport:
    """Keeps what it is given and fails when told to: for trials and for tests without a network."""

    width = 1

    def __init__(self) -> None:
        """Starts with nothing sent and no failure planned."""
        self.sent: list[Envelope] = []
        self._failures: list[Receipt] = []

    def fail_next(self, *receipts: Receipt) -> None:
        """Plans what the next messages meet with, in order, instead of being accepted."""
        self._failures.extend(receipts)

    async def send(self, envelope: Envelope) -> Receipt:
        """Keeps the envelope; one of unknown fate is kept as well, because the relay may have taken it."""
        receipt = self._failures.pop(0) if self._failures else Receipt(Outcome.ACCEPTED, 250, "kept in memory")
        if receipt.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}:
            self.sent.append(envelope)
        return receipt

    async def close(self) -> None:
        """Has nothing to close."""


async def send_all(
    transport: Transport, envelopes: Iterable[Envelope]
) -> AsyncGenerator[tuple[Envelope, Receipt], None]:
    """Sends as many at a time as the transport carries, and yields each result as it comes.

    The next envelope is asked for only when it can go at once. Breaks off after a halted message, or after five in a
    row that found no connection: what is under way is still yielded, and what is not yielded was not tried. The
    transport is closed at the end.
    """
    waiting, under_way = iter(envelopes), dict[asyncio.Task[Receipt], Envelope]()
    in_vain, goes_on = 0, True
    try:
        while True:
            if goes_on:
                _begin(transport, waiting, under_way)
            if not under_way:
                return
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                envelope, receipt = under_way.pop(task), task.result()
                in_vain = in_vain + 1 if is_connection_trouble(receipt) else 0
                goes_on = goes_on and receipt.outcome is not Outcome.HALTED and in_vain < PATIENCE
                yield envelope, receipt
    finally:
        await _abandon(under_way)
        await transport.close()


def is_connection_trouble(receipt: Receipt) -> bool:
    """Tells whether a message found no relay to talk to, so that the next one would hardly find one either."""
    return receipt.outcome is Outcome.RETRY and receipt.code in {None, _GOING_AWAY}


def _begin(transport: Transport, waiting: Iterator[Envelope], under_way: dict[asyncio.Task[Receipt], Envelope]) -> None:
    """Send the next messages off, as many as find a place."""
    while len(under_way) < transport.width:
        envelope = next(waiting, None)
        if envelope is None:
            return
        under_way[asyncio.create_task(transport.send(envelope))] = envelope


async def _abandon(tasks: Collection[asyncio.Task[Receipt]]) -> None:
    """Let go of what is under way when nobody listens any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
