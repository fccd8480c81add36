"""The mail before a tour ends: whom it reaches, what it tells, and that it is withdrawn once its reason is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cases import tours
from notifications.transport import Outcome, Receipt
from tests.notifications.offices import Office, an_office, body, flat

LAST_DAY = date(2026, 12, 18)
SUBJECT = "[Dispute desk] A part must be handed over, due 18 Dec"
DOWN = Receipt(Outcome.RETRY, None, "no route")


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    office = an_office(sqlite_url)
    office.admitted()
    office.clock.set(datetime(2026, 12, 10, 8, tzinfo=UTC))
    office.wait(seconds=0)
    office.deliver()
    office.memory.sent.clear()
    yield office
    office.record.engine.dispose()


def leaves(office: Office, person: str, last_day: date) -> None:
    office.directory.change(replace(office.directory.person(person), leaves_on=last_day))
    tours.tell(office.service)


def test_whoever_leaves_and_those_who_run_the_case_read_by_when_and_what_comes_otherwise(office: Office) -> None:
    leaves(office, "bilal", LAST_DAY)
    office.deliver()
    mails = {str(mail["To"]).partition("@")[0]: mail for mail in office.mails()}
    assert set(mails) == {"bilal", "musa", "cora"}
    for mail in mails.values():
        assert mail["Subject"] == SUBJECT
        for kind in ("plain", "html"):
            words = flat(body(mail, kind))
            assert "Friday, 18 December 2026, 20:14 Juba time (UTC+2)" in words
            assert "Bilal Bol" in words
            assert "Representative (Roads Agency)" in words
            assert "The part stays with somebody who is gone." in words
            assert "D-2026-0001" in words
            assert "The road is" not in words
    assert "Friday, 18 December 2026, 23:59 Kathmandu time (UTC+5:45)" in flat(body(mails["bilal"]))


def test_a_mediator_who_leaves_is_told_once_and_the_convener_with_them(office: Office) -> None:
    leaves(office, "musa", LAST_DAY)
    office.deliver()
    assert sorted(str(mail["To"]).partition("@")[0] for mail in office.mails()) == ["cora", "musa"]


def test_a_part_that_was_handed_over_before_brings_no_mail(office: Office) -> None:
    leaves(office, "bilal", LAST_DAY)
    office.act("saul", "name_person", part="representative", person="outis")
    office.deliver()
    assert SUBJECT not in [mail["Subject"] for mail in office.mails()]


def test_a_mail_that_is_still_waiting_is_withdrawn_when_the_date_is_another(office: Office) -> None:
    leaves(office, "bilal", LAST_DAY)
    office.memory.fail_next(DOWN, DOWN, DOWN)
    office.deliver()
    leaves(office, "bilal", date(2026, 12, 17))
    office.clock.advance(hours=1)
    done = office.deliver()
    assert done.cancelled == 3
    assert {str(mail["Subject"]) for mail in office.mails()} == {SUBJECT.replace("18", "17")}
