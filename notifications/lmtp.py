"""Takes in what comes back over LMTP (RFC 2033): a mail is answered for only after the record has it.

Whoever may connect may hand in any mail, so it listens to this machine alone unless the settings say otherwise.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING

from aiosmtpd import lmtp

from notifications import intake, listening
from notifications.intake import Letter
from notifications.listening import Listening
from notifications.office import open_office
from states import errors

if TYPE_CHECKING:
    from aiosmtpd import smtp

    from notifications.mailroom import Mailroom

log = logging.getLogger(__name__)

_LATER = "451 4.3.0 the record cannot be used just now; try again"
_ONE_AT_A_TIME = "452 4.5.3 one recipient at a time"


class _Conversation(lmtp.LMTP):
    # Some programs write whole paragraphs in one line, and a refused answer is a lost one.
    line_length_limit = 100_000


class Door(Listening):
    """Where the mail server hands in what came for the addresses of our mails."""

    def __init__(self, room: Mailroom, *, host: str, port: int, largest: int) -> None:
        """Keep the settings; `largest` is how many bytes one mail may have."""
        super().__init__(host=host, port=port)
        self._room = room
        self._largest = largest

    def session(self, loop: asyncio.AbstractEventLoop) -> smtp.SMTP:
        """Return the server's side of one conversation."""
        return _Conversation(
            _Porter(self._room),
            data_size_limit=self._largest,
            enable_SMTPUTF8=True,
            hostname=self._room.letterhead.inbound,
            loop=loop,
        )


class _Porter:
    """Answers the mail server. The record is asked in a thread, so that nobody else waits for it."""

    def __init__(self, room: Mailroom) -> None:
        self._room = room

    async def handle_EHLO(  # noqa: N802 - the library's names and arguments
        self,
        _server: smtp.SMTP,
        session: smtp.Session,
        _envelope: smtp.Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", *responses[1:]]

    async def handle_RCPT(  # noqa: N802 - the library's names and arguments
        self,
        _server: smtp.SMTP,
        _session: smtp.Session,
        envelope: smtp.Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if envelope.rcpt_tos:
            return _ONE_AT_A_TIME
        try:
            known = await asyncio.to_thread(intake.is_ours, self._room, address)
        except errors.Unavailable:
            return _LATER
        if not known:
            return "550 5.1.1 no mail of ours is answered at this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 known"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: smtp.SMTP, _session: smtp.Session, envelope: smtp.Envelope
    ) -> str:
        letter = Letter(
            content=bytes(envelope.original_content or b""),
            to=envelope.rcpt_tos[0],
            null_path=envelope.mail_from in {None, "", "<>"},
        )
        try:
            await asyncio.to_thread(intake.take_in, self._room, letter)
        except errors.Unavailable:
            return _LATER
        except Exception:  # the mail server keeps what we stumble over, and a person can look at it there
            log.exception("a mail cannot be taken in")
            return "451 4.3.5 this mail cannot be taken in; it is tried again"
        return "250 2.0.0 taken in"


def main() -> None:
    """Take in mail until told to stop by SIGTERM or Ctrl-C."""
    office = open_office()
    settings = office.settings
    door = Door(
        office.mailroom,
        host=settings.inbound_lmtp_host,
        port=settings.inbound_lmtp_port,
        largest=settings.inbound_largest_bytes,
    )
    with listening.stop_signals() as signals, door:
        sys.stdout.write(f"taking in mail for {settings.inbound} by LMTP on {door.host}:{door.port}\n")
        sys.stdout.flush()
        signal.sigwait(signals)
    office.close()


if __name__ == "__main__":
    main()
