"""Hands messages to one mail relay over a few connections, one recipient at a time."""

import asyncio
from collections import defaultdict

from cases import addresses
from notifications import relay as relays
from notifications.line import Line
from notifications.relay import Relay
from notifications.transport import Envelope, Receipt, is_connection_trouble


class SmtpTransport:
    """Sends over a pool of connections; those that stand are used before another is opened."""

    def __init__(self, relay: Relay) -> None:
        """Keeps the settings; a connection is made when there is something to send.

        Raises:
            DefinitionError: a file of certificates cannot be read.

        """
        self._relay = relay
        self._context = relays.tls_context(relay)
        self._open_pool()

    @property
    def width(self) -> int:
        """How many messages it carries at the same time; it narrows when the relay takes fewer connections."""
        return self._width

    async def send(self, envelope: Envelope) -> Receipt:
        """Tries once to send, when a connection is free and its domain has its turn."""
        async with self._turns[addresses.domain(envelope.recipient)]:
            while True:
                receipt = await self._over_a_free_line(envelope)
                if receipt is not None:
                    return receipt

    async def close(self) -> None:
        """Says goodbye on each connection, once it has nothing under way."""
        lines = [await self._take() for _ in range(self._width)]
        for line in lines:
            await line.close()
        self._open_pool()

    async def _over_a_free_line(self, envelope: Envelope) -> Receipt | None:
        """Sends; None when this connection could not be had while others stand, so that one of those may be used.

        A relay that hangs up has not taken the message, so this cannot make a second copy.
        """
        line = await self._take()
        try:
            receipt = await line.send(envelope)
            if is_connection_trouble(receipt) and self._others_stand(line):
                self._width -= 1
                self._lines.remove(line)
                return None
        except BaseException:
            self._put_back(line)
            raise
        self._put_back(line)
        return receipt

    def _open_pool(self) -> None:
        self._width = self._relay.connections
        self._lines = [Line(self._relay, self._context) for _ in range(self._width)]
        self._idle = list(self._lines)
        self._free = asyncio.Semaphore(self._width)
        self._turns = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(self._relay.per_domain))

    async def _take(self) -> Line:
        await self._free.acquire()
        return self._idle.pop()

    def _put_back(self, line: Line) -> None:
        self._idle.append(line)
        self._idle.sort(key=lambda one: one.is_open)
        self._free.release()

    def _others_stand(self, line: Line) -> bool:
        return any(other.is_open for other in self._lines if other is not line)
