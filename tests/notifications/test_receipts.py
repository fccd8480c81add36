"""The receipt of a notice: at once, to whoever filed it and to both sides, with what was filed and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from cases.commands import OpenCase
from cases.people import Person
from states.process import Urgency
from tests.notifications.offices import PARTIES, Office, an_office, body, flat
from tests.stores import CSV, store_in


@pytest.fixture
def registry(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Yields an office whose registry has just filed a notice for others, with a document."""
    office = an_office(database_url, files=store_in(tmp_path))
    office.deliver()
    office.memory.sent.clear()
    rita = Person(id="rita", name="Rita Registry", email="rita@mission.example", offices=("registry",))
    office.directory.add(rita)
    command = OpenCase(
        process="dispute",
        title="The ferry at Gate 3",
        actor=office.directory.actor("rita"),
        key=uuid4().hex,
        urgency=Urgency.U2,
        parties=PARTIES,
        roles={"convener": ("cora",)},
        issues=("Who crosses first?",),
    )
    filed = replace(office, case_id=office.service.open(command).case_id)
    file = filed.record.files.add([CSV], "crossings.csv", by="amal", now=filed.clock.now())
    filed.act("amal", "add_document", file=str(file), shows="Who crossed when", zone="shared")
    filed.act("rita", "submit")
    filed.wait(seconds=1)
    yield filed
    filed.record.engine.dispose()


def receipts(office: Office) -> dict[str, EmailMessage]:
    office.deliver()
    told = (mail for mail in office.mails() if "A notice was received" in mail["Subject"])
    return {str(mail["To"]).partition("@")[0]: mail for mail in told}


def test_a_receipt_goes_to_both_sides_and_to_the_registry_that_filed_for_them(registry: Office) -> None:
    assert set(receipts(registry)) == {"amal", "bilal", "cora", "rita"}


def test_a_receipt_lists_what_was_filed_and_the_next_step_with_its_date(registry: Office) -> None:
    mail = receipts(registry)["bilal"]
    for kind in ("plain", "html"):
        words = flat(body(mail, kind))
        for told in ("D-2026-0002", "Who crosses first?", "crossings.csv (SHA-256 ", "Give the account of your side"):
            assert told in words
        assert "Thursday, 3 December 2026, 17:00 Juba time (UTC+2)" in words


def test_who_filed_for_others_is_told_the_number_and_the_next_step_and_nothing_of_the_file(registry: Office) -> None:
    words = flat(body(receipts(registry)["rita"]))
    assert "D-2026-0002" in words
    assert "Screen the notice" in words
    assert "because of your part in the case: Registry" in words
    assert "Who crosses first?" not in words
    assert "crossings.csv" not in words


def test_who_filed_hears_nothing_more_of_the_case(registry: Office) -> None:
    receipts(registry)
    registry.memory.sent.clear()
    registry.act("bilal", "answer_notice", text="We do.")
    registry.wait(days=3)
    registry.deliver()
    assert registry.told()
    assert "rita" not in registry.told()


def test_an_office_holder_who_left_meanwhile_gets_no_receipt(registry: Office) -> None:
    registry.directory.leave("rita", now=registry.clock.now())
    assert "rita" not in receipts(registry)


def test_a_sealed_account_is_told_without_its_words_until_all_are_opened(registry: Office) -> None:
    receipts(registry)
    registry.memory.sent.clear()
    registry.act("bilal", "answer_notice", text="CANARY of bilal")
    registry.deliver()
    assert registry.told() == {"amal", "bilal", "cora"}
    assert not [mail for mail in registry.mails() if "CANARY" in body(mail)]
    registry.memory.sent.clear()
    registry.act("amal", "give_account", text="CANARY of amal")
    registry.deliver()
    assert any("CANARY of amal" in body(mail) for mail in registry.mails())


def test_the_doors_that_stay_open_are_named_when_a_consent_is_refused(sqlite_url: str) -> None:
    office = an_office(sqlite_url)
    office.admitted()
    for _ in range(3):
        office.wait(days=6)
    office.deliver()
    office.memory.sent.clear()
    office.act("bilal", "refuse_consent", text="Not now.")
    office.deliver()
    words = [flat(body(mail)) for mail in office.mails() if "A consent was refused" in mail["Subject"]]
    assert words
    assert all("Doors that stay open" in told and "Outside door" in told for told in words)
    assert all("Refer to another body" in told for told in words)
    office.record.engine.dispose()
