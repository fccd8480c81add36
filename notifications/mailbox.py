"""A mailbox on this machine: a real SMTP server that keeps every message in a Maildir, for trials and tests."""

import argparse
import asyncio
import mailbox
import os
import re
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd import smtp

from notifications import listening
from notifications.listening import Listening

_KEY = re.compile(r"(\d+)\.M(\d+)P\d+Q(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """One message as it arrived; `key` is its name in the Maildir and `size` its bytes on disk."""

    key: str
    to: str
    subject: str
    date: datetime | None
    text: str
    html: str
    message_id: str
    size: int


class LocalMailbox(Listening):
    """Accepts mail for anybody and keeps it; a message is on disk before its sender is told so."""

    def __init__(self, maildir: Path, *, host: str = "127.0.0.1", port: int = 8025) -> None:
        """Keeps the settings; port 0 takes any free port, which `port` then names after the start."""
        super().__init__(host=host, port=port)
        self.maildir = maildir

    def start(self) -> None:
        """Opens the door and serves from a thread.

        Raises:
            OSError: the port is taken, or the directory cannot be written.

        """
        self._keeper = _Keeper(self.maildir)
        super().start()

    @property
    def duplicates(self) -> int:
        """How many kept messages repeat a Message-ID that was kept before."""
        return count_duplicates(read_mailbox(self.maildir))

    def session(self, loop: asyncio.AbstractEventLoop) -> smtp.SMTP:
        """Returns the server's side of one conversation."""
        return smtp.SMTP(self._keeper, enable_SMTPUTF8=True, hostname="localhost", loop=loop)


class _Keeper:
    """Writes each accepted message into the Maildir."""

    def __init__(self, maildir: Path) -> None:
        # The library makes these only inside a directory that it makes itself.
        for part in ("tmp", "new", "cur"):
            (maildir / part).mkdir(parents=True, exist_ok=True)
        self._box = mailbox.Maildir(maildir, create=False)
        self._new = maildir / "new"

    async def handle_DATA(self, _server: smtp.SMTP, _session: smtp.Session, envelope: smtp.Envelope) -> str:  # noqa: N802
        try:
            key = self._box.add(envelope.content or b"")
            _sync_directory(self._new)
        except OSError as failure:
            return f"451 4.3.0 the message could not be kept: {failure.strerror}"
        return f"250 2.0.0 kept as {key}"


def read_mailbox(maildir: Path) -> list[KeptMail]:
    """Returns everything kept in the Maildir, newest first; a mailbox that was never opened is empty."""
    if not (maildir / "new").is_dir():
        return []
    box = mailbox.Maildir(maildir, create=False)
    return [_kept(key, box.get_bytes(key)) for key in sorted(box.keys(), key=_arrival, reverse=True)]


def count_duplicates(mails: list[KeptMail]) -> int:
    """Returns how many of the messages repeat the Message-ID of another one."""
    return len(mails) - len({mail.message_id or mail.key for mail in mails})


def _kept(key: str, content: bytes) -> KeptMail:
    message = message_from_bytes(content, policy=policy.default)
    date = message["Date"]
    return KeptMail(
        key=key,
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")),
        date=date.datetime if date is not None else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        message_id=str(message.get("Message-ID", "")).strip().strip("<>"),
        size=len(content),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:
        # A charset that nobody knows: better a few wrong letters than a mailbox that cannot be opened.
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", errors="replace")


def _arrival(key: str) -> tuple[int, ...]:
    stamp = _KEY.match(key)
    return tuple(map(int, stamp.groups())) if stamp else (0, 0, 0)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def main(arguments: list[str] | None = None) -> None:
    """Keeps mail until told to stop by SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m notifications.mailbox", description=__doc__)
    parser.add_argument("--maildir", type=Path, required=True, help="the directory to keep messages in")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8025, help="the port to listen on; 0 takes a free one")
    options = parser.parse_args(arguments)
    with (
        listening.stop_signals() as signals,
        LocalMailbox(options.maildir, host=options.host, port=options.port) as box,
    ):
        sys.stdout.write(f"mailbox ready on {box.host}:{box.port}, keeping mail in {box.maildir}\n")
        sys.stdout.flush()
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
