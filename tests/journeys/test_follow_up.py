"""What the clock does by itself after an agreement: warnings, check-ins, and the parties called back after a miss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from cases import ledger, repository
from cases.unit_of_work import reading
from states import dates, roles, timers
from states.case import Case
from states.events import ItemRecorded, StageEntered
from states.items import Obligation, Session
from tests.cases.builders import happen
from tests.notifications.offices import PARTIES, Office, an_office

TERM = 20
"""In how many days the promise is due."""
EVERYBODY = {"amal", "bilal", "sara", "saul", "alma", "arif", "musa", "cora"}


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Yields an office whose case is in follow-up, with one promise of party A that party B verifies."""
    office = an_office(database_url)
    now = office.clock.now()
    promise = Obligation(
        id="promise",
        zone=roles.SHARED,
        by="cora",
        at=now,
        state="due",
        owner="A",
        verifier="B",
        action="repair the road",
        due_at=now + timedelta(days=TERM),
    )
    changes = (StageEntered("follow_up", now, "convener"), ItemRecorded(promise))
    happen(office.record, office.case_id, *changes, by="cora", at=now)
    office.deliver()
    office.memory.sent.clear()
    yield office
    office.record.engine.dispose()


def case_of(office: Office) -> Case:
    with reading(office.record.engine) as connection:
        return repository.load(connection, office.case_id).case


def promise(office: Office) -> Obligation:
    return case_of(office).all(Obligation)[0]


def lived(office: Office, days: int) -> list[tuple[datetime, str, str]]:
    """Lets days pass, a quarter of one at a time; returns when each mail went to whom under which subject."""
    told = []
    for _ in range(days * 4):
        office.memory.sent.clear()
        office.wait(hours=6)
        office.deliver()
        told += [(office.clock.now(), mail["To"].partition("@")[0], mail["Subject"]) for mail in office.mails()]
    return told


def test_the_owner_is_warned_before_the_day_and_the_convener_asked_to_check_in_though_all_is_well(
    office: Office,
) -> None:
    due_at = promise(office).due_at
    told = lived(office, TERM - 1)
    warned = [due_at - at for at, who, subject in told if who == "amal" and "a term is due" in subject]
    assert warned[:2] == [timedelta(days=7), timedelta(days=1)]
    # The check-in of an urgent case comes every third day, or after the weekend; a silent one is asked for again.
    asked = [at for at, who, subject in told if who == "cora" and "a step is with you" in subject]
    assert len(asked) >= (TERM - 1) // 3 - 1
    with reading(office.record.engine) as connection:
        missed = [one for one in ledger.history(connection, office.case_id) if one.trigger == "check_in_missed"]
    assert len(missed) == 5
    assert promise(office).state == "due"


def test_a_missed_promise_calls_everybody_back_to_a_session_in_time_and_nobody_lifts_a_finger(office: Office) -> None:
    lived(office, TERM - 1)
    told = lived(office, 3)
    case, term = case_of(office), promise(office)
    (meeting,) = case.all(Session)
    assert (case.stage, term.state, term.session, meeting.state) == (
        "breach_review",
        "reconvened",
        meeting.id,
        "planned",
    )
    process = office.record.registry.get(case.process)
    rule = process.deadlines["reconvening"]
    review = timers.on_item(process, case, rule, office.record.calendars, term)
    assert term.broken_at == term.due_at
    assert meeting.begins_at == dates.opening(review) < review.due_at
    called = {who for _, who, subject in told if "called back" in subject}
    assert called == EVERYBODY
    reminded = {who for _, who, subject in told if "A session is near" in subject}
    assert reminded == EVERYBODY


def test_the_parties_meet_agree_on_a_new_date_and_go_on(office: Office) -> None:
    lived(office, TERM)
    lived(office, 2)
    office.act("cora", "begin_session", session=promise(office).session)
    office.act("cora", "close_session", minutes="The grader broke down.", attendance="Amal")
    office.act(
        "cora", "replan_obligation", obligation="promise", due_at=(office.clock.now() + timedelta(days=5)).isoformat()
    )
    office.act("cora", "reconvened")
    assert (case_of(office).stage, promise(office).state) == ("follow_up", "replanned")
    assert [subject for _, _, subject in lived(office, 1) if "called off" in subject] == []


def test_the_session_is_called_off_when_the_promise_is_kept_before_it(office: Office) -> None:
    lived(office, TERM)
    lived(office, 1)
    office.act("amal", "report_obligation", obligation="promise", evidence="photographs")
    office.act("bilal", "verify_obligation", obligation="promise")
    office.act("cora", "reconvened")
    assert [one.state for one in case_of(office).all(Session)] == ["cancelled"]
    assert {who for _, who, subject in lived(office, 1) if "called off" in subject} == EVERYBODY


def test_nobody_is_invited_whom_no_reminder_would_reach(office: Office) -> None:
    begins_at = (office.clock.now() + timedelta(days=3)).isoformat()
    asked = {"form": "joint", "begins_at": begins_at, "place": "the office", "agenda": "How it goes"}
    with pytest.raises(Exception, match="these have none: outis"):
        office.act("cora", "plan_session", **asked, invited=["alma", "outis"])
    office.act("cora", "plan_session", **asked, invited=["alma"])
    told = {who for _, who, subject in lived(office, 3) if "A session is near" in subject}
    assert told == {party.people["representative"][0] for party in PARTIES} | {"alma", "musa", "cora"}
