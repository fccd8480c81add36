"""Envelopes and lines to a relay on this machine."""

import contextlib
from collections.abc import AsyncIterator

from notifications.relay import Relay, Security
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope

PATIENT = 5.0


def an_envelope(number: int = 1, *, recipient: str = "anna@ngo.example", content: bytes = b"hello\r\n") -> Envelope:
    return Envelope(
        message_id=f"{number}@parley.example",
        sender="bounce+1@parley.example",
        recipient=recipient,
        content=b"Subject: %d\r\n\r\n%b" % (number, content),
    )


def plain(port: int, *, timeout: float = PATIENT, connections: int = 1) -> Relay:
    return Relay(
        host="127.0.0.1",
        port=port,
        security=Security.PLAIN,
        timeout=timeout,
        greeting="desk.test",
        connections=connections,
    )


@contextlib.asynccontextmanager
async def open_transport(relay: Relay) -> AsyncIterator[SmtpTransport]:
    smtp = SmtpTransport(relay)
    try:
        yield smtp
    finally:
        await smtp.close()
