"""Hands messages to one mail relay, one recipient at a time, and says of each what became of it."""

import asyncio
import contextlib
import ipaddress
import re
import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Protocol

import aiosmtplib

from cases import addresses
from states import errors

PATIENCE = 5
"""Messages in a row that may fail for want of a connection before a run of sending is broken off."""

REPLY_LIMIT = 500

_GOING_AWAY = 421
_SIGN_IN_FIRST = 530
# The second number of an enhanced code (RFC 3463) says what the reply is about.
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
_ADDRESS_OR_MAILBOX = ("1", "2")
_POLICY = "7"


class Outcome(StrEnum):
    """What became of one attempt to send."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HALTED = "halted"


class Security(StrEnum):
    """How the way to the relay is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


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
    """Anything that can carry an envelope."""

    async def send(self, envelope: Envelope) -> Receipt:
        """Tries once to send, and never raises for what a relay or a network does."""

    async def close(self) -> None:
        """Takes leave of the relay; a later `send` opens the way again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed in, and how.

    `timeout` is the longest wait for one reply, in seconds. `ca_file` names the only certificates to trust, and
    `tls_context` replaces every TLS setting. `greeting` is how we call ourselves; by default the name of this host.
    """

    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    ca_file: Path | None = None
    tls_context: ssl.SSLContext | None = None
    greeting: str | None = None

    def __post_init__(self) -> None:
        """Refuses to speak in clear text to another machine."""
        if self.security is Security.PLAIN and not _is_loopback(self.host):
            raise errors.DefinitionError(
                f"mail to {self.host} would travel in clear text; use starttls or tls, plain is only for this machine",
            )


class _Step(IntEnum):
    """How far an attempt has come; from CONTENT on, the relay may have taken the message."""

    CONNECT = 0
    SENDER = 1
    RECIPIENT = 2
    CONTENT = 3


class SmtpTransport:
    """Sends over one connection, kept open between messages and dropped at the first sign of trouble."""

    def __init__(self, relay: Relay) -> None:
        """Keeps the settings; the connection is made when there is something to send.

        Raises:
            DefinitionError: the file of trusted certificates cannot be read.

        """
        self._relay = relay
        self._tls_context = _tls_context(relay)
        self._client: aiosmtplib.SMTP | None = None
        self._step = _Step.CONNECT
        self._one_at_a_time = asyncio.Lock()

    async def send(self, envelope: Envelope) -> Receipt:
        """Tries once to send; a connection that went stale between two messages is replaced once, unnoticed."""
        async with self._one_at_a_time:
            reused = self._client is not None and self._client.is_connected
            receipt = await self._attempt(envelope)
            # To be told to retry means that the relay has not taken the message, so this cannot make a second copy.
            if reused and _is_connection_trouble(receipt):
                receipt = await self._attempt(envelope)
            return receipt

    async def close(self) -> None:
        """Says goodbye if the relay listens, and drops the connection."""
        async with self._one_at_a_time:
            if self._client is not None:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await self._client.quit()
            self._drop()

    async def _attempt(self, envelope: Envelope) -> Receipt:
        finished = False
        try:
            response = await self._transact(envelope)
            finished = True
        except (aiosmtplib.SMTPException, OSError) as failure:
            return _receipt_for(failure, self._step)
        finally:
            # After a failure, and above all after a cancelled wait, a reply may still be under way; on this
            # connection it would be taken for the answer to the next message.
            if not finished:
                self._drop()
        return Receipt(Outcome.ACCEPTED, response.code, _printable(response.message))

    async def _transact(self, envelope: Envelope) -> aiosmtplib.SMTPResponse:
        # The three steps of sendmail() one by one: it hides which of them failed, and it follows a refusal with a RSET
        # whose own failure would hide the refusal.
        self._step = _Step.CONNECT
        client = await self._connected()
        self._step = _Step.SENDER
        encoding = "ascii" if _is_ascii(envelope) else "utf-8"
        await client.mail(envelope.sender, options=_mail_options(client, envelope), encoding=encoding)
        self._step = _Step.RECIPIENT
        await client.rcpt(envelope.recipient, encoding=encoding)
        self._step = _Step.CONTENT
        return await client.data(envelope.content)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            self._client = _client_for(self._relay, self._tls_context)
            await self._client.connect()
            if self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            wire = client.transport
            client.close()
            # Closing alone would go on sending what is still in the buffer.
            if isinstance(wire, asyncio.WriteTransport):
                wire.abort()


class MemoryTransport:
    """Keeps what it is given and fails when told to: for trials and for tests without a network."""

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


async def send_all(transport: Transport, envelopes: Iterable[Envelope]) -> AsyncIterator[tuple[Envelope, Receipt]]:
    """Sends in order over one connection, and yields each result before the next message goes out.

    Breaks off after a halted message, or after five in a row that found no connection; what is not yielded was not
    tried. The connection is closed at the end.
    """
    in_vain = 0
    try:
        for envelope in envelopes:
            receipt = await transport.send(envelope)
            yield envelope, receipt
            in_vain = in_vain + 1 if _is_connection_trouble(receipt) else 0
            if receipt.outcome is Outcome.HALTED or in_vain == PATIENCE:
                return
    finally:
        await transport.close()


def _client_for(relay: Relay, tls_context: ssl.SSLContext | None) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.username,
        password=relay.password,
        local_hostname=relay.greeting,
        timeout=relay.timeout,
        use_tls=relay.security is Security.TLS,
        # Never None: the library would then send in clear when somebody strips STARTTLS.
        start_tls=relay.security is Security.STARTTLS,
        tls_context=tls_context,
    )


def _tls_context(relay: Relay) -> ssl.SSLContext:
    if relay.tls_context is not None:
        return relay.tls_context
    try:
        return ssl.create_default_context(cafile=relay.ca_file)
    except OSError as failure:
        raise errors.DefinitionError(
            f"the certificates in {relay.ca_file} cannot be read; name a file in PEM format",
        ) from failure


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_ascii(envelope: Envelope) -> bool:
    return (envelope.sender + envelope.recipient).isascii()


def _mail_options(client: aiosmtplib.SMTP, envelope: Envelope) -> list[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(envelope.content)}")
    if client.supports_extension("8bitmime") and not envelope.content.isascii():
        options.append("BODY=8BITMIME")
    if not _is_ascii(envelope):
        if not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported(
                f"the mail relay cannot write to {envelope.recipient}; ask for an address in plain latin letters",
            )
        options.append("SMTPUTF8")
    return options


def _is_connection_trouble(receipt: Receipt) -> bool:
    return receipt.outcome is Outcome.RETRY and receipt.code in {None, _GOING_AWAY}


def _receipt_for(failure: Exception, step: _Step) -> Receipt:
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        reply = _printable(failure.message)
        if 400 <= failure.code < 600:  # noqa: PLR2004 - SMTP's own classes of replies
            return Receipt(_outcome_of(failure.code, reply, step), failure.code, reply)
    else:
        reply = _printable(str(failure) or type(failure).__name__)
    return Receipt(_outcome_without_reply(failure, step), None, reply)


def _outcome_of(code: int, reply: str, step: _Step) -> Outcome:
    if code < 500:  # noqa: PLR2004 - SMTP's own classes of replies
        return Outcome.RETRY
    enhanced = _ENHANCED.match(reply)
    subject = enhanced.group(1) if enhanced else ""
    if step is _Step.RECIPIENT and code != _SIGN_IN_FIRST and subject != _POLICY:
        return Outcome.REFUSED
    if step is _Step.CONTENT and subject in _ADDRESS_OR_MAILBOX:
        return Outcome.REFUSED
    return Outcome.HALTED


def _outcome_without_reply(failure: Exception, step: _Step) -> Outcome:
    if step is _Step.CONTENT:
        return Outcome.UNKNOWN
    if isinstance(failure, aiosmtplib.SMTPNotSupported) and step is _Step.SENDER:
        return Outcome.REFUSED
    if isinstance(failure, ssl.SSLError) or isinstance(failure.__cause__, ssl.SSLError):
        return Outcome.HALTED
    if isinstance(failure, OSError | aiosmtplib.SMTPResponseException):
        return Outcome.RETRY
    return Outcome.HALTED


def _printable(text: str) -> str:
    return " ".join(text.encode(errors="replace").decode().split())[:REPLY_LIMIT]
