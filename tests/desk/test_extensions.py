"""An extension from the request to its effect: asked with a reason, decided by the others, told with every date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from cases import queries, timers
from cases.queries import DeadlineView, Viewer
from states import errors
from states.items import Proposal, Statement
from tests.desk.asking import SCREENING, delivered
from tests.desk.house import SECRET_OF_A, Front, House, form_of

SESSIONS = "D-2026-0001"


def clock(house: House) -> DeadlineView:
    file = queries.case_file(house.record, Viewer(house.directory.actor("claire")), SESSIONS, now=house.clock.now())
    return next(one for one in file.deadlines if one.name == "sessions")


def asked(house: House, days: int) -> str:
    """Lets the first party ask for more time; returns the request's id."""
    until = (clock(house).due_at + timedelta(days=days)).isoformat()
    house.act_at_once("joseph", case_id(house), "extend", until=until, reason="The vet comes next week")
    case = queries.case_for(house.record, Viewer(house.directory.actor("joseph")), SESSIONS)[1]
    return case.all(Proposal, "open")[-1].id


def case_id(house: House) -> str:
    return queries.case_for(house.record, Viewer(house.directory.actor("claire")), SESSIONS)[1].id


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def pass_until(house: House, moment: datetime) -> None:
    """Lets time pass, and what falls due by then happen."""
    house.clock.set(moment)
    timers.fire_due_timers(house.service, owner="worker")


def test_who_asks_and_who_decides_both_check_every_date_before(front: Front) -> None:
    due = clock(front.house).due_at
    with front.client("joseph") as client:
        form = form_of(client.get(f"/cases/{SESSIONS}/acts/extend").text)
        given = {"until": f"{due + timedelta(days=7):%Y-%m-%dT%H:%M}", "reason": "The vet comes next week"}
        page = client.post(f"/cases/{SESSIONS}/acts/extend/check", data=form | given).text
    assert "Every date that hangs on it" in page
    assert len([one for one in moved(page) if one.startswith("Reminder at")]) > 1
    assert "Whole case" in page
    proposal = asked(front.house, 7)
    with front.client("marie") as client:
        form = form_of(client.get(f"/cases/{SESSIONS}/acts/agree").text)
        decided = client.post(f"/cases/{SESSIONS}/acts/agree/check", data=form | {"proposal": proposal}).text
    assert moved(decided) == moved(page)


def moved(page: str) -> list[str]:
    """Reads which dates hang on the one that moves, from a page to check."""
    table = page.partition("Every date that hangs on it")[2].partition("</table>")[0]
    return re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', table)


def test_nothing_moves_until_the_other_side_has_agreed_and_then_both_are_told_both_dates(house: House) -> None:
    before = clock(house)
    proposal = asked(house, 7)
    assert clock(house).due_at == before.due_at
    delivered(house)
    house.act_at_once("marie", case_id(house), "agree", proposal=proposal)
    after = clock(house)
    assert (after.due_at, after.first_due_at) == (before.due_at + timedelta(days=7), before.due_at)
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in delivered(house) if "extended" in mail["Subject"]}
    assert {"joseph@herders.example", "marie@council.example", "claire@office.example"} <= mails.keys()
    for mail in mails.values():
        text = body_of(mail)
        assert "Due (before)" in text
        assert "Due (now)" in text
        assert "The vet comes next week" in text
        assert SECRET_OF_A not in text


def test_the_record_shows_both_sides_every_date(front: Front) -> None:
    front.house.act_at_once("marie", case_id(front.house), "agree", proposal=asked(front.house, 7))
    for who in ("joseph", "marie"):
        with front.client(who) as client:
            page = client.get(f"/cases/{SESSIONS}?everything=yes").text
            clocks = client.get(f"/api/cases/{SESSIONS}").json()["deadlines"]
        assert "Due (before):" in page
        assert "Extended by agreement; first due" in page
        assert [one["name"] for one in clocks if one["first_due_at"]] == ["sessions"]


def test_a_request_that_is_declined_moves_nothing(house: House) -> None:
    before, proposal = clock(house), asked(house, 7)
    house.act_at_once("marie", case_id(house), "decline", proposal=proposal, reason="We need the answer before")
    assert (clock(house).due_at, clock(house).first_due_at) == (before.due_at, None)


def test_who_asked_does_not_decide(house: House) -> None:
    proposal = asked(house, 7)
    with pytest.raises(errors.Refused):
        house.act_at_once("joseph", case_id(house), "agree", proposal=proposal)


def test_an_earlier_date_is_refused_with_the_reason(house: House) -> None:
    with pytest.raises(errors.NeedsMissing, match="must lie after the present one"):
        asked(house, -1)


def test_a_clock_that_had_run_out_stays_late_after_its_extension(house: House) -> None:
    due = clock(house).due_at
    pass_until(house, due - timedelta(days=7))
    # A mediator of whom nothing is heard for two thirds of the clock would be replaced before it ends.
    house.act_at_once("nadia", case_id(house), "add_note", text="The vet was asked for a date.", zone="team")
    pass_until(house, due + timedelta(days=2))
    proposal = asked(house, 9)
    house.act_at_once("marie", case_id(house), "agree", proposal=proposal)
    house.clock.advance(minutes=1)
    found = queries.time_spent(house.record, Viewer(house.directory.actor("marie")), SESSIONS, now=house.clock.now())
    late = next(one for one in found.late if one.first_due_at == due)
    assert (late.extended, late.ran_out_at, late.due_at) == (True, due, due + timedelta(days=9))


def account_of(house: House, party: str) -> DeadlineView:
    file = queries.case_file(house.record, Viewer(house.directory.actor("claire")), SCREENING, now=house.clock.now())
    accounts = (one for one in file.deadlines if one.name == "response")
    return next(one for one in accounts if isinstance(one.item, Statement) and one.item.party == party)


def test_more_time_for_an_account_is_the_conveners_to_give_and_both_sides_read_what_it_moves(house: House) -> None:
    theirs, others = account_of(house, "B"), account_of(house, "A")
    screening = queries.case_for(house.record, Viewer(house.directory.actor("claire")), SCREENING)[1].id
    until, statement = (theirs.due_at + timedelta(days=4)).isoformat(), theirs.item.id if theirs.item else ""
    given = {"statement": statement, "until": until, "reason": "Our clerk is away"}
    with pytest.raises(errors.NotYours):
        house.act_at_once("joseph", screening, "extend_account", **given)
    house.act_at_once("marie", screening, "extend_account", **given)
    assert account_of(house, "B").due_at == theirs.due_at
    delivered(house)
    case = queries.case_for(house.record, Viewer(house.directory.actor("claire")), SCREENING)[1]
    house.act_at_once("claire", screening, "agree", proposal=case.all(Proposal, "open")[-1].id)
    assert account_of(house, "B").due_at == theirs.due_at + timedelta(days=4)
    assert account_of(house, "A").due_at == others.due_at
    told = [mail for mail in delivered(house) if "extended" in mail["Subject"]]
    assert {"joseph@herders.example", "marie@council.example"} <= {one["To"].addresses[0].addr_spec for one in told}
    for mail in told:
        text = body_of(mail)
        assert "Our clerk is away" in text
        assert len(set(re.findall(r"Due \((?:before|now)\):?\s+(\S.+)", text))) == len(("before", "now"))
        assert SECRET_OF_A not in text
