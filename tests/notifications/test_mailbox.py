"""The local mailbox: real SMTP in, a Maildir on disk."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import aiosmtplib
import pytest

from notifications import mailbox, mime, transport
from notifications.mailbox import LocalMailbox, read_mailbox
from notifications.relay import Relay, Security
from notifications.smtp import SmtpTransport
from states import process


def an_envelope(number: int = 1, *, text: str = "Please answer.") -> transport.Envelope:
    identity = mime.message_id(b"secret", str(number), domain="desk.example")
    draft = mime.Draft(
        from_name="Dispute desk",
        from_address="desk@desk.example",
        reply_to="desk@desk.example",
        to="anna@ngo.example",
        sender="bounce@desk.example",
        subject=f"Reminder {number}",
        text=text,
        html=f"<p>{text}</p>",
        message_id=identity,
        thread_root=identity,
        language="en",
        date=datetime(2026, 12, 1, 9, number, tzinfo=UTC),
        kind=process.MailKind.ACTION,
        list_id="reminders.desk.example",
    )
    return transport.Envelope(message_id=identity, sender=draft.sender, recipient=draft.to, content=mime.build(draft))


def deliver(box: LocalMailbox, *envelopes: transport.Envelope) -> list[transport.Receipt]:
    relay = Relay(
        host=box.host,
        port=box.port,
        security=Security.PLAIN,
        timeout=5,
        greeting="desk.test",
    )

    async def scene() -> list[transport.Receipt]:
        return [receipt async for _, receipt in transport.send_all(SmtpTransport(relay), envelopes)]

    return asyncio.run(scene())


def test_what_the_transport_sends_can_be_read(tmp_path: Path) -> None:
    envelope = an_envelope(text="Ответьте, пожалуйста.")
    with LocalMailbox(tmp_path / "mail", port=0) as box:
        [receipt] = deliver(box, envelope)

    [kept] = read_mailbox(tmp_path / "mail")
    assert receipt.outcome is transport.Outcome.ACCEPTED
    assert kept.key in receipt.reply
    assert (kept.to, kept.subject, kept.message_id) == ("anna@ngo.example", "Reminder 1", envelope.message_id)
    assert kept.date == datetime(2026, 12, 1, 9, 1, tzinfo=UTC)
    assert (kept.text.strip(), kept.html.strip()) == ("Ответьте, пожалуйста.", "<p>Ответьте, пожалуйста.</p>")
    assert (tmp_path / "mail" / "new" / kept.key).read_bytes() == envelope.content
    assert kept.size == len(envelope.content)


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    with LocalMailbox(tmp_path, port=0) as box:
        deliver(box, *map(an_envelope, range(12)))

    assert [kept.subject for kept in read_mailbox(tmp_path)] == [f"Reminder {number}" for number in reversed(range(12))]


def test_a_mail_that_comes_twice_is_kept_twice_and_counted(tmp_path: Path) -> None:
    with LocalMailbox(tmp_path, port=0) as box:
        deliver(box, an_envelope(1), an_envelope(2), an_envelope(1))

        assert box.duplicates == 1
    assert len(read_mailbox(tmp_path)) == 3


def test_mail_survives_a_restart(tmp_path: Path) -> None:
    for number in (1, 2):
        with LocalMailbox(tmp_path, port=0) as box:
            deliver(box, an_envelope(number))

    assert len(read_mailbox(tmp_path)) == 2


def test_a_mail_is_synced_to_disk_before_it_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[int, int]] = []
    real = os.fsync

    def recording(handle: int) -> None:
        real(handle)
        status = os.fstat(handle)
        synced.append((status.st_dev, status.st_ino))

    monkeypatch.setattr(os, "fsync", recording)
    with LocalMailbox(tmp_path, port=0) as box:
        deliver(box, an_envelope())
        expected = [next((tmp_path / "new").iterdir()).stat(), (tmp_path / "new").stat()]

        assert synced == [(status.st_dev, status.st_ino) for status in expected]


def test_a_mail_that_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    with LocalMailbox(tmp_path, port=0) as box:
        (tmp_path / "tmp").rmdir()
        [receipt] = deliver(box, an_envelope())

    assert (receipt.outcome, receipt.code) == (transport.Outcome.RETRY, 451)


def test_a_mailbox_that_was_never_opened_is_empty(tmp_path: Path) -> None:
    assert read_mailbox(tmp_path / "nowhere") == []


ODD_MAILS = [
    b"",
    b"just words",
    b"Date: yesterday\r\nSubject: x\r\n\r\ny\r\n",
    b"Content-Type: text/plain; charset=klingon\r\n\r\nqapla\xff\r\n",
    b"Content-Type: multipart/alternative\r\n\r\nno boundary\r\n",
    b"Subject: =?klingon?q?x?=\r\nTo: not an address\r\n\r\n\xff\xfe\r\n",
]


def hand_in(box: LocalMailbox, *contents: bytes) -> None:
    """Send raw bytes over one connection, as another program would."""

    async def send() -> None:
        async with aiosmtplib.SMTP(hostname=box.host, port=box.port, start_tls=False, use_tls=False) as client:
            for content in contents:
                await client.sendmail("a@x.example", ["b@x.example"], content)

    asyncio.run(send())


@pytest.mark.parametrize("content", ODD_MAILS)
def test_no_mail_is_too_odd_to_be_listed(tmp_path: Path, content: bytes) -> None:
    with LocalMailbox(tmp_path, port=0) as box:
        hand_in(box, content)

    assert len(read_mailbox(tmp_path)) == 1


def test_mails_without_an_id_are_not_taken_for_copies(tmp_path: Path) -> None:
    with LocalMailbox(tmp_path, port=0) as box:
        hand_in(box, b"just words", b"just words")

        assert box.duplicates == 0


def test_stopping_ends_conversations_that_are_still_open(tmp_path: Path) -> None:
    box = LocalMailbox(tmp_path, port=0)
    box.start()
    with socket.create_connection((box.host, box.port)) as idle:
        idle.settimeout(5)
        assert idle.recv(100).startswith(b"220")
        box.stop()

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((box.host, box.port))


def test_a_taken_port_is_told_at_the_start(tmp_path: Path) -> None:
    with LocalMailbox(tmp_path, port=0) as box, pytest.raises(OSError, match="in use"):
        LocalMailbox(tmp_path, port=box.port).start()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_as_a_process_and_stops_when_told(tmp_path: Path, ending: signal.Signals) -> None:
    command = [sys.executable, "-m", "notifications.mailbox", "--maildir", str(tmp_path / "mail"), "--port", "0"]
    root = Path(mailbox.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        ready = running.stdout.readline()
        assert ready.startswith("mailbox ready on 127.0.0.1:")
        box = LocalMailbox(tmp_path / "mail", port=int(ready.split(":")[1].split(",")[0]))
        deliver(box, an_envelope())
        running.send_signal(ending)

        assert running.wait(timeout=10) == 0
        assert running.stderr.read() == ""
    assert len(read_mailbox(tmp_path / "mail")) == 1
