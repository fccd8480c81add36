"""A mail server that refuses to work for us: the doctor tells it, and one mail that it refuses holds up no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases import outbox
from cases.outbox import NewMessage
from cases.people import Organisation, Person
from config.clock import SimulatedClock
from config.settings import Settings
from desk import doctor
from desk.doctor import Health, Sign
from notifications import mailroom
from notifications.office import Office, open_office
from notifications.transport import Envelope, MemoryTransport, Outcome, Receipt
from tests.notifications.offices import START

REFUSED = Receipt(Outcome.HALTED, 554, "5.7.1 refused by policy")


class Choosy(MemoryTransport):
    """Refuses one message, however often it comes."""

    async def send(self, envelope: Envelope) -> Receipt:
        """Keeps every other message."""
        return REFUSED if envelope.message_id.startswith("1@") else await super().send(envelope)


@pytest.fixture
def memory() -> MemoryTransport:
    return Choosy()


@pytest.fixture
def office(tmp_path: Path, memory: MemoryTransport) -> Iterator[Office]:
    found = open_office(Settings(data_folder=tmp_path), clock=SimulatedClock(START), transport=lambda: memory)
    found.directory.add_organisation(Organisation(id="un", name="Mission", timezone="UTC"))
    found.directory.add(Person(id="amal", name="Amal", email="amal@mission.example", organisation_id="un"))
    yield found
    found.close()


def queue(office: Office, number: int) -> None:
    message = NewMessage(
        person_id="amal",
        address="amal@mission.example",
        kind="notice",
        language="en",
        subject="A notice",
        message_id=f"{number}@desk.example",
        sender="desk@desk.example",
        content=b"Subject: a notice\r\n\r\nwords\r\n",
    )
    outbox.enqueue(office.record.engine, message, mail="a_test", now=office.clock.now())


def beat(office: Office) -> mailroom.Counts:
    return mailroom.deliver_due(office.mailroom, owner="test")


def mails(office: Office) -> Sign:
    (sign,) = (one for one in doctor.examine(office.settings, lambda: office) if one.what == "mails")
    return sign


def test_a_mail_that_a_policy_refuses_holds_up_the_others_for_a_minute_and_the_doctor_tells_it(
    office: Office, memory: MemoryTransport
) -> None:
    for number in (1, 2, 3):
        queue(office, number)
    assert beat(office).untried == 2
    stands = mails(office)
    assert stands.health is Health.ILL
    assert "554 5.7.1 refused by policy" in stands.told
    assert "parley doctor mail" in stands.do

    assert isinstance(office.clock, SimulatedClock)
    office.clock.advance(minutes=1)
    assert beat(office).sent == 2
    assert "refuses" not in mails(office).told

    office.clock.advance(minutes=14)
    queue(office, 4)
    beat(office)
    office.clock.advance(minutes=1)
    beat(office)
    assert len(memory.sent) == 3
