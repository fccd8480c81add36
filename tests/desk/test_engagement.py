"""Engagement as people see it: whose authority, which notice, and what the other side never reads."""

from __future__ import annotations

import re

import pytest

from states import errors
from tests.desk.house import Front, House

SESSIONS = "D-2026-0001"
LIMIT = "not more than nine watering days"


def case_id(house: House) -> str:
    """Return the id of the case in the sessions."""
    with house.record.engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM cases WHERE number = 'D-2026-0001'").scalar_one())


def test_the_limits_of_an_authority_are_read_by_its_party_and_the_team_alone(front: Front) -> None:
    front.house.act(
        "claire", case_id(front.house), "record_mandate", party="A", people=["joseph"], may="sign", limit=LIMIT
    )
    for who, reads in (("joseph", True), ("achol", True), ("claire", True), ("marie", False), ("julia", False)):
        with front.client(who) as client, front.program(who) as program:
            page = client.get(f"/cases/{SESSIONS}")
            assert (page.status_code, LIMIT in page.text) == (200, reads), who
            assert (LIMIT in program.get(f"/api/cases/{SESSIONS}").text) is reads, who


def test_the_page_of_a_case_shows_who_was_told_and_how(front: Front) -> None:
    house, case = front.house, case_id(front.house)
    told = {"what": "Notice of dispute", "recipient": "B", "method": "e-mail", "proof": "No bounce"}
    house.act("joseph", case, "declare_service", **told)
    with front.client("marie") as client:
        words = " ".join(re.sub(r"<[^>]+>", " ", client.get(f"/cases/{SESSIONS}").text).split())
    for fact in ("Notice of dispute to Farmers council", "How e-mail", "Proof No bounce", "Counts as received"):
        assert fact in words


def test_a_party_cannot_join_with_a_calendar_that_does_not_exist(house: House) -> None:
    case = case_id(house)
    joining = {"name": "Water committee", "representative": "li"}
    with pytest.raises(errors.NotFound, match="no working calendar moon"):
        house.act("claire", case, "join_party", calendar="moon", **joining)
    assert house.act("claire", case, "join_party", calendar="ngo", **joining)


def test_authority_that_was_taken_back_accepts_nothing_and_the_refusal_says_who_renews_it(house: House) -> None:
    case = case_id(house)
    with house.record.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM items WHERE kind = 'mandate' ORDER BY position").scalars()
        mandates = list(rows)
    for mandate in mandates:
        house.act_at_once("claire", case, "revoke_mandate", mandate=mandate, reason="New authority letters")
    offer = _open_offer(house)
    with pytest.raises(errors.NeedsMissing) as refusal:
        house.act("marie", case, "accept_offer", offer=offer)
    (missing,) = refusal.value.missing
    assert "your authority to negotiate for Farmers council was revoked (New authority letters)" in missing
    assert "Convener or Senior representative: “Record authority to act for a party”" in missing
    house.act("julia", case, "record_mandate", people=["marie"], may="sign")
    assert house.act("marie", case, "accept_offer", offer=offer)


def _open_offer(house: House) -> str:
    with house.record.engine.connect() as connection:
        wanted = "SELECT id FROM items WHERE kind = 'offer' AND state = 'open'"
        return str(connection.exec_driver_sql(wanted).scalar_one())
