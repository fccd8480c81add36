"""Whoever is called to a case gets the mail by which they were called, and nobody else's mail is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from cases.deputies import Deputies
from cases.people import Person
from states.directory import Away, Delegation
from tests.notifications.offices import Office, an_office

SINCE = date(2026, 1, 1)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """Yields an office where the manager of one side has a deputy."""
    office = an_office(sqlite_url)
    office.directory.add(Person(id="dina", name="Dina", email="dina@mission.example", organisation_id="un"))
    Deputies(office.record.engine).name(Delegation(person="alma", deputy="dina", since=SINCE))
    yield office
    office.record.engine.dispose()


def subjects(office: Office, who: str) -> set[str]:
    """Returns what the mails to somebody are about, without the name of the desk and the number of the case."""
    office.deliver()
    told = (mail for mail in office.mails() if str(mail["To"]).startswith(who))
    return {str(mail["Subject"]).rpartition("] ")[2] for mail in told}


def test_a_deputy_gets_the_alarm_of_a_pause_and_the_managers_too(office: Office) -> None:
    Deputies(office.record.engine).go_away("alma", Away(SINCE, date(2027, 1, 31)))
    office.admitted()
    until = office.clock.now() + timedelta(hours=40)
    office.act("cora", "pause_for_safety", reason="Shots at the gate.", until=until.isoformat())
    office.wait(seconds=1)
    alarmed = {who for who in ("dina", "alma", "arif") if "Somebody is in danger, due 7 Dec" in subjects(office, who)}
    assert alarmed == {"dina", "alma", "arif"}
    assert "All clocks are paused" in subjects(office, "cora")


def test_a_deputy_called_for_silence_is_asked_by_mail(office: Office) -> None:
    office.admitted()
    office.wait(days=2)
    for who in ("dina", "alma", "cora"):
        assert "Deputies are called, due 7 Dec" in subjects(office, who)


def test_a_deputy_is_told_for_how_long(office: Office) -> None:
    Deputies(office.record.engine).go_away("alma", Away(SINCE, date(2027, 1, 31)))
    office.wait(days=2)
    assert any(one.startswith("You are called to a part for a time") for one in subjects(office, "dina"))
