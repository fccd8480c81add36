"""A real Postfix takes our mail over STARTTLS and delivers it; to nobody, it sends a real bounce back to its sender."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from cases import reachability, undelivered
from cases.arrivals import Kind
from notifications import intake, mailroom, probe
from notifications.intake import Letter
from notifications.relay import Relay
from notifications.smtp import SmtpTransport
from notifications.transport import Envelope, Outcome, Receipt, send_all
from states.reach import Reach
from tests.notifications import postfix
from tests.notifications.lines import PATIENT, an_envelope
from tests.notifications.offices import LETTERHEAD, an_office
from tests.notifications.postfix import Postfix

pytestmark = pytest.mark.postfix

BOUNCES = "bounce+abcdefghijklmnopqrstuv@desk.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    with postfix.running("anna@ngo.example", "анна@ngo.example", "bounce@desk.example") as found:
        yield found


def relay(server: Postfix) -> Relay:
    return Relay(
        host="127.0.0.1",
        port=server.port,
        ca_file=server.ca_file,
        timeout=PATIENT,
        greeting="desk.example",
        connections=2,
    )


def sent(server: Postfix, *recipients: str) -> list[Receipt]:
    envelopes = [
        Envelope(
            message_id=f"{number}@desk.example",
            sender=BOUNCES,
            recipient=recipient,
            content=an_envelope(number).content,
        )
        for number, recipient in enumerate(recipients)
    ]

    async def scene() -> list[Receipt]:
        return [receipt async for _, receipt in send_all(SmtpTransport(relay(server)), envelopes)]

    return asyncio.run(scene())


def test_a_real_server_is_looked_at_takes_our_mail_and_delivers_the_very_words(server: Postfix) -> None:
    offer = probe.ask(relay(server)).offer
    assert offer is not None
    assert (offer.tls, offer.smtputf8, offer.eight_bit) == ("TLSv1.3", True, True)

    receipts = sent(server, "anna@ngo.example", "анна@ngo.example")

    assert [(one.outcome, one.code) for one in receipts] == [(Outcome.ACCEPTED, 250)] * 2
    arrived = [server.mailboxes.next() for _ in receipts]
    assert {one.recipient for one in arrived} == {"anna@ngo.example", "анна@ngo.example"}
    assert {one.sender for one in arrived} == {BOUNCES}
    assert {str(one.mail.get_content()).strip() for one in arrived} == {"hello"}


def test_a_mail_to_nobody_comes_back_as_a_bounce_to_the_address_that_it_was_sent_from(server: Postfix) -> None:
    (receipt,) = sent(server, "nobody@ngo.example")

    assert receipt.outcome is Outcome.ACCEPTED
    bounce = server.mailboxes.next()
    assert (bounce.sender, bounce.recipient) == ("", BOUNCES)
    assert bounce.mail.get_content_type() == "multipart/report"
    _, report, original = bounce.mail.iter_parts()
    assert isinstance(report, EmailMessage)
    _, about = report.iter_parts()
    assert (about["Action"], about["Status"]) == ("failed", "5.1.1")
    assert "nobody@ngo.example" in about["Final-Recipient"]
    assert "Subject: 0" in original.as_string()


def test_a_real_bounce_finds_its_mail_and_somebody_is_to_be_telephoned(server: Postfix, sqlite_url: str) -> None:
    desk = an_office(sqlite_url)
    desk.admitted()
    room = replace(
        desk.room,
        letterhead=replace(LETTERHEAD, inbound="desk.example"),
        transport=lambda: SmtpTransport(relay(server)),
    )
    desk.directory.change(replace(desk.directory.person("bilal"), email="nobody@ngo.example"))
    desk.act("amal", "make_offer", text="Mornings for us.")
    assert mailroom.deliver_due(room, owner="test").sent == 1
    bounce = server.mailboxes.next()
    assert bounce.recipient.startswith("bounce+")

    letter = Letter(content=bounce.mail.as_bytes(), to=bounce.recipient, null_path=True)
    assert intake.take_in(room, letter) is Kind.BOUNCE
    assert intake.take_in(room, letter) is None
    (dead,) = undelivered.dead_letters(desk.record.engine)
    assert (dead.person_id, dead.state) == ("bilal", "refused")
    now = desk.clock.now()
    state = reachability.read_state(desk.record.engine, "bilal", "nobody@ngo.example", now=now)
    assert state is Reach.UNREACHABLE
    desk.record.engine.dispose()
