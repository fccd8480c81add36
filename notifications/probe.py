"""Tries the mail relay: goes as far as a message would and tells what it offers, or sends a mail that asks nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiosmtplib

from cases import addresses
from notifications import line, mime, replies
from notifications import relay as relays
from notifications.replies import Step
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope
from states.process import MailKind

if TYPE_CHECKING:
    from notifications.compose import Letterhead
    from notifications.relay import Relay
    from notifications.transport import Receipt


_TEST = "Somebody who looks after this desk tries its mail server by this mail. It asks nothing of you."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a relay showed of itself: `tls` and the two of the certificate are empty on a line in clear.

    `size` is the largest message in bytes, and None where the relay names no limit.
    """

    tls: str = ""
    certificate: str = ""
    expires_at: datetime | None = None
    sign_in: tuple[str, ...] = ()
    size: int | None = None
    smtputf8: bool = False
    eight_bit: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An offer, or how far it went and what went wrong there."""

    offer: Offer | None
    failure: Receipt | None = None


def ask(relay: Relay) -> Found:
    """Open a line to the relay, sign in as a message would, and hang up. Raises `DefinitionError`."""
    return asyncio.run(_ask(relay))


def send_test(relay: Relay, letterhead: Letterhead, address: str, *, now: datetime) -> Receipt:
    """Send a real mail that asks nothing of anybody, and tell what became of it. Raises `BadAddress`."""
    identity = mime.message_id(letterhead.secret, "test", address, now.isoformat(), domain=letterhead.domain)
    draft = mime.Draft(
        from_name=letterhead.desk,
        from_address=letterhead.address,
        reply_to=letterhead.reply_to or letterhead.address,
        to=addresses.one_address(address),
        sender=letterhead.sender,
        subject="A test of the mail server",
        text=_TEST,
        html=f"<p>{_TEST}</p>",
        message_id=identity,
        thread_root=identity,
        language="en",
        date=now,
        kind=MailKind.ACTION,
        list_id=f"tests.{letterhead.domain}",
    )
    envelope = Envelope(message_id=identity, sender=draft.sender, recipient=draft.to, content=mime.build(draft))
    return asyncio.run(_send(relay, envelope))


async def _send(relay: Relay, envelope: Envelope) -> Receipt:
    smtp = SmtpTransport(relay)
    try:
        return await smtp.send(envelope)
    finally:
        await smtp.close()


async def _ask(relay: Relay) -> Found:
    client = line.client_for(relay, relays.tls_context(relay))
    try:
        await client.connect()
        if client.is_ehlo_or_helo_needed:
            await client.ehlo()
        offer = _offer(client)
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
    except (aiosmtplib.SMTPException, OSError) as failure:
        return Found(None, replies.receipt_for(failure, Step.CONNECT))
    finally:
        line.drop(client)
    return Found(offer)


def _offer(client: aiosmtplib.SMTP) -> Offer:
    secured = client.get_transport_info("ssl_object")
    certificate: dict[str, Any] = secured.getpeercert() if secured else {}
    expires = certificate.get("notAfter")
    size = client.esmtp_extensions.get("size", "")
    return Offer(
        tls=secured.version() if secured else "",
        certificate=", ".join(value for _, value in certificate.get("subjectAltName", ())),
        expires_at=datetime.fromtimestamp(ssl.cert_time_to_seconds(expires), UTC) if expires else None,
        sign_in=tuple(client.server_auth_methods),
        size=int(size) or None if size.isdecimal() else None,
        smtputf8=client.supports_extension("smtputf8"),
        eight_bit=client.supports_extension("8bitmime"),
    )
