"""One connection to the relay: one message at a time, kept open between messages, dropped at the first trouble."""

import asyncio
import contextlib
import ssl

import aiosmtplib

from notifications import replies
from notifications.relay import Relay, Security
from notifications.replies import Step
from notifications.transport import Envelope, Receipt, is_connection_trouble


class Line:
    """Carries one message at a time; whoever uses it waits for the end of one before beginning the next."""

    def __init__(self, relay: Relay, context: ssl.SSLContext) -> None:
        """Keeps the settings; the connection is made when there is something to send."""
        self._relay = relay
        self._context = context
        self._client: aiosmtplib.SMTP | None = None
        self._step = Step.CONNECT

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return self._client is not None and self._client.is_connected

    async def send(self, envelope: Envelope) -> Receipt:
        """Tries once to send; a connection that went stale between two messages is replaced once, unnoticed."""
        reused = self.is_open
        receipt = await self._attempt(envelope)
        # To be told to retry means that the relay has not taken the message, so this cannot make a second copy.
        if reused and is_connection_trouble(receipt):
            receipt = await self._attempt(envelope)
        return receipt

    async def close(self) -> None:
        """Says goodbye if the relay listens, and drops the connection."""
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
            return replies.receipt_for(failure, self._step)
        finally:
            # After a failure, and above all after a cancelled wait, a reply may still be under way; on this
            # connection it would be taken for the answer to the next message.
            if not finished:
                self._drop()
        return replies.accepted(response)

    async def _transact(self, envelope: Envelope) -> aiosmtplib.SMTPResponse:
        # The three steps of sendmail() one by one: it hides which of them failed, and it follows a refusal with a RSET
        # whose own failure would hide the refusal.
        self._step = Step.CONNECT
        client = await self._connected()
        self._step = Step.SENDER
        encoding = "ascii" if _is_ascii(envelope) else "utf-8"
        await client.mail(envelope.sender, options=_mail_options(client, envelope), encoding=encoding)
        self._step = Step.RECIPIENT
        await client.rcpt(envelope.recipient, encoding=encoding)
        self._step = Step.CONTENT
        return await client.data(envelope.content)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            self._client = client_for(self._relay, self._context)
            await self._client.connect()
            if self._client.is_ehlo_or_helo_needed:
                await self._client.ehlo()
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            drop(client)


def client_for(relay: Relay, context: ssl.SSLContext) -> aiosmtplib.SMTP:
    """Returns a client that speaks to the relay as it was asked to, and never in clear where it must not."""
    return aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.username,
        password=relay.password,
        oauth_token_generator=relay.token,
        local_hostname=relay.greeting,
        timeout=relay.timeout,
        use_tls=relay.security is Security.TLS,
        # Never None: the library would then send in clear when somebody strips STARTTLS.
        start_tls=relay.security is Security.STARTTLS,
        tls_context=context,
    )


def drop(client: aiosmtplib.SMTP) -> None:
    """Hangs up at once, also on what is still in the buffer."""
    wire = client.transport
    client.close()
    # Closing alone would go on sending.
    if isinstance(wire, asyncio.WriteTransport):
        wire.abort()


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
