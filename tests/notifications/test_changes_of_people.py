"""Who joins, takes over or loses a part is told so, and who lost it reads nothing more of the case in the mail."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from cases import repository
from cases.unit_of_work import reading
from states.items import Mandate
from tests.notifications.offices import Office, an_office, body, flat


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    office = an_office(sqlite_url)
    office.admitted()
    yield office
    office.record.engine.dispose()


def told(office: Office, subject: str) -> dict[str, EmailMessage]:
    """Delivers what waits, and returns the mails with a subject by who got them."""
    office.deliver()
    found = (mail for mail in office.mails() if subject in mail["Subject"])
    return {str(mail["To"]).partition("@")[0]: mail for mail in found}


def test_the_other_sides_and_the_joiner_hear_that_a_party_joined_and_what_it_reads(office: Office) -> None:
    office.act("cora", "join_party", name="Water Agency", representative="outis", side="joined")
    mails = told(office, "A party joined the case")
    assert set(mails) == {"amal", "bilal", "sara", "saul", "cora", "musa", "outis"}
    for mail in mails.values():
        assert "Its people read what all parties share, from the first day on." in flat(body(mail))
        assert "Water Agency" in body(mail)


def test_who_takes_over_and_who_had_the_part_are_both_told(office: Office) -> None:
    office.act("sara", "name_person", part="representative", person="outis")
    assert {"outis", "bilal", "cora"} <= set(told(office, "Somebody new speaks for a party"))
    mails = told(office, "Your part in a case has ended")
    assert set(mails) == {"amal"}
    for kind in ("plain", "html"):
        words = flat(body(mails["amal"], kind))
        assert "You read nothing more of it and get no more mails about it." in words
        assert "D-2026-0001" in words
        assert "The well at Kilo 7" in words
        for confidential in ("Outis", "outis", "Root causes", "Due", "What was recorded", "/cases/"):
            assert confidential not in words


def test_who_had_the_part_gets_no_other_mail(office: Office) -> None:
    office.act("sara", "name_person", part="representative", person="outis")
    office.deliver()
    assert [str(mail["Subject"]) for mail in office.mails() if "amal@" in str(mail["To"])] == [
        "[Dispute desk] Your part in a case has ended"
    ]


def test_who_keeps_another_part_is_not_told_that_theirs_has_ended(office: Office) -> None:
    office.act("sara", "name_person", part="area_manager", person="amal")
    assert set(told(office, "Your part in a case has ended")) == {"alma"}
    office.memory.sent.clear()
    office.act("sara", "name_person", part="representative", person="outis")
    assert told(office, "Your part in a case has ended") == {}


def test_only_the_line_of_the_party_hears_that_its_authority_was_revoked(office: Office) -> None:
    office.act("cora", "record_mandate", party="B", people="bilal", may="sign")
    with reading(office.record.engine) as connection:
        (mandate,) = repository.load(connection, office.case_id).case.all(Mandate)
    office.act("saul", "revoke_mandate", mandate=mandate.id, reason="He changes his post.")
    mails = told(office, "An authority was revoked")
    assert set(mails) == {"bilal", "saul", "cora", "musa"}
    assert "He changes his post." in body(mails["bilal"])
