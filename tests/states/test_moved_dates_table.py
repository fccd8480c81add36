"""The table of an extension: every date that hangs on the clock or runs beside it, before and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from states import case as cases
from states import errors, events, moved_dates, timers
from states.case import MovedDate
from states.items import Proposal, Session
from tests.states import disputes
from tests.states.disputes import CALENDARS, DISPUTE, FIRST, MEDIATOR, MONDAY, SECOND

DAY = timedelta(days=1)


def sessions(**changes: object) -> cases.Case:
    case = replace(disputes.at("sessions"), running={"whole_case": cases.Running(since=MONDAY, round=1)})
    return replace(case, **changes)  # type: ignore[arg-type] # any fields of the case


def due(case: cases.Case) -> timers.OpenDeadline:
    return next(one for one in timers.open_deadlines(DISPUTE, case, CALENDARS) if one.rule.name == "sessions")


def session(number: int, begins_in: timedelta, *, zone: str = "shared") -> Session:
    begins_at = MONDAY + begins_in
    return Session(
        id=f"s{number}", zone=zone, by="m", at=MONDAY, state="planned", form="joint", agenda=f"Talk {number}",
        begins_at=begins_at,
    )  # fmt: skip


def extended(case: cases.Case, by: timedelta) -> tuple[cases.Case, tuple[MovedDate, ...]]:
    until = (due(case).due_at + by).isoformat()
    case, _ = disputes.done(case, "extend", MEDIATOR, until=until, reason="The vet is away")
    asked = case.all(Proposal)[-1].id
    case, _ = disputes.done(case, "agree", FIRST, proposal=asked)
    case, happened = disputes.done(case, "agree", SECOND, proposal=asked)
    (moved,) = [one for event in happened for one in event.changes if isinstance(one, events.DueMoved)]
    return case, moved.dates


def test_the_record_keeps_every_date_before_and_after() -> None:
    before = sessions()
    after, dates = extended(before, 7 * DAY)
    table = {one.label: (one.before, one.after) for one in dates}
    assert table["Due"] == (due(before).due_at, due(before).due_at + 7 * DAY)
    assert table["Due"][1] == due(after).due_at
    rungs = {one.at: timers.moment(DISPUTE, due(after), one.at) for one in due(after).rule.reminders}
    assert {label: pair[1] for label, pair in table.items() if label.startswith("Reminder")} == {
        f"Reminder at {at}": instant for at, instant in rungs.items()
    }
    meanings = [silence.means for silence in due(after).rule.silences]
    assert set(meanings) <= set(table)
    assert table["Whole case"][0] == table["Whole case"][1]


def test_the_first_date_stays_in_the_table_of_a_second_extension() -> None:
    before = sessions()
    once, _ = extended(before, 3 * DAY)
    twice, dates = extended(once, 3 * DAY)
    assert dates[0] == MovedDate("First due", due(before).due_at, due(before).due_at)
    assert due(twice).first_due_at == due(before).due_at


def test_sessions_after_the_old_date_are_told_and_those_of_one_side_are_not() -> None:
    span = due(sessions()).due_at - MONDAY
    planned = (
        session(1, span - DAY),
        session(2, span + DAY),
        session(3, span + 20 * DAY),
        session(4, span + DAY, zone="caucus:initiating"),
    )
    case = sessions()
    _, dates = extended(replace(case, items=(*case.items, *planned)), 7 * DAY)
    told = [one.label for one in dates if one.label.startswith("Session")]
    assert told == ["Session “Talk 2”, in time now", "Session “Talk 3”, still after the new date"]


def test_an_extension_to_an_earlier_date_is_refused_with_the_present_one() -> None:
    case = sessions()
    earlier = (due(case).due_at - timedelta(hours=1)).isoformat()
    with pytest.raises(errors.NeedsMissing, match="must lie after the present one, 20"):
        disputes.done(case, "extend", MEDIATOR, until=earlier, reason="Less time")


def test_what_is_only_asked_for_shows_the_same_table() -> None:
    case = sessions()
    until = (due(case).due_at + DAY).isoformat()
    asked, _ = disputes.done(case, "extend", MEDIATOR, until=until, reason="The vet is away")
    (proposal,) = asked.all(Proposal)
    shown = moved_dates.asked_for(DISPUTE, asked, CALENDARS, proposal=proposal, at=MONDAY)
    assert shown == extended(case, DAY)[1]
    declined = replace(proposal, state="declined")
    assert moved_dates.asked_for(DISPUTE, asked, CALENDARS, proposal=declined, at=MONDAY) == ()
