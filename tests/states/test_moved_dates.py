"""Dates that move: by a pause, by an extension, and by clocks the parties agreed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, events, machine, roles, simulate, timers
from states.items import Interim, Obligation, Proposal
from states.machine import Act
from states.process import Urgency

if TYPE_CHECKING:
    from states.timers import OpenDeadline

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PROCESS = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()
COMMITTEE = "the Joint committee"


def sample(stage: str) -> cases.Case:
    case = replace(simulate.sample_case(PROCESS, urgency=Urgency.U3, now=MONDAY), stage=stage)
    parties = tuple(replace(party, people={"representative": (f"{party.id}'s",)}) for party in case.parties)
    return replace(case, parties=parties)


def do(case: cases.Case, trigger: str, person: str, *, at: datetime = MONDAY, **inputs: object) -> cases.Case:
    act = Act(trigger=trigger, actor=roles.Actor(person), at=at, recorded_at=at, inputs=inputs)
    return machine.advance(PROCESS, case, act)[0]


def clock(case: cases.Case, name: str) -> OpenDeadline:
    (found,) = [one for one in timers.open_deadlines(PROCESS, case, CALENDARS) if one.rule.name == name]
    return found


def promise(state: str = "due") -> Obligation:
    return Obligation(
        id="o",
        zone=roles.SHARED,
        by="c",
        at=MONDAY,
        state=state,
        owner="initiating",
        verifier="responding",
        action="open the gate",
        due_at=MONDAY + 10 * DAY,
    )


def paused(case: cases.Case, *, days: int) -> cases.Case:
    """Pause a case now, and resume it some days later."""
    until = (MONDAY + 20 * DAY).isoformat()
    stayed = do(case, "stay_by_decision", COMMITTEE, reason="floods", until=until)
    return do(stayed, "resume", "the Convener", at=MONDAY + days * DAY)


def test_a_pause_gives_a_promise_the_time_it_took_to_the_minute() -> None:
    case = paused(replace(sample("follow_up"), items=(promise(),)), days=4)
    (moved,) = case.all(Obligation)
    assert moved.due_at == MONDAY + 14 * DAY
    assert clock(case, "obligation").due_at == MONDAY + 14 * DAY


def test_a_pause_moves_no_date_of_what_is_done_or_was_over_before() -> None:
    done = replace(promise("verified"), id="done")
    over = replace(promise(), id="over", due_at=MONDAY - DAY)
    case = paused(replace(sample("follow_up"), items=(done, over)), days=4)
    assert [one.due_at for one in case.all(Obligation)] == [done.due_at, over.due_at]


def test_an_interim_rule_ends_on_its_day_though_the_case_is_paused() -> None:
    rule = Interim(
        id="i", zone=roles.SHARED, by="c", at=MONDAY, state="on", rule="no arms", expires_at=MONDAY + 2 * DAY
    )
    case = replace(sample("sessions"), items=(rule,))
    until = (MONDAY + 20 * DAY).isoformat()
    stayed = do(case, "stay_by_decision", COMMITTEE, reason="floods", until=until)
    planned = [(timer.trigger, timer.due_at) for timer in timers.plan(PROCESS, stayed, CALENDARS) if timer.trigger]
    assert planned == [("expire_interim", MONDAY + 2 * DAY), ("resume", MONDAY + 20 * DAY)]


def extended(case: cases.Case, until: datetime, *, at: datetime = MONDAY) -> cases.Case:
    """Extend the mediation with the yes of both sides."""
    one, other = (f"{party.id}'s" for party in case.parties)
    asked = do(case, "extend", one, at=at, reason="the road is open again", until=until.isoformat())
    return do(asked, "agree", other, at=at, proposal=asked.all(Proposal)[-1].id)


def test_an_extension_moves_the_date_and_every_reminder_with_it() -> None:
    case = sample("sessions")
    before = clock(case, "sessions")
    until = before.due_at + 5 * DAY
    after = clock(extended(case, until), "sessions")
    assert (after.due_at, after.occurrence) == (until, f"{before.occurrence}+1")
    keys = {timer.key for timer in timers.plan(PROCESS, case, CALENDARS)}
    assert not keys & {
        timer.key for timer in timers.plan(PROCESS, extended(case, until), CALENDARS) if timer.deadline == "sessions"
    }


def test_a_reminder_of_before_the_extension_is_not_sent_again() -> None:
    case, late = sample("sessions"), MONDAY + 20 * DAY
    until = MONDAY + 22 * DAY
    planned = timers.plan(PROCESS, extended(case, until, at=late), CALENDARS)
    assert [timer for timer in planned if timer.deadline == "sessions" and timer.due_at < late] == []


def test_an_extension_never_shortens_a_clock() -> None:
    case = sample("sessions")
    assert clock(extended(case, MONDAY + DAY), "sessions").due_at == clock(case, "sessions").due_at


def test_a_pause_after_an_extension_gives_its_time_back_too() -> None:
    case = sample("sessions")
    until = clock(case, "sessions").due_at + 5 * DAY
    assert clock(paused(extended(case, until), days=3), "sessions").due_at == until + 3 * DAY


def test_a_clock_is_extended_twice_at_most_and_not_beyond_the_cap() -> None:
    case = sample("sessions")
    with pytest.raises(errors.NeedsMissing, match="within the next 30 days"):
        extended(case, MONDAY + 31 * DAY)
    twice = extended(extended(case, MONDAY + 25 * DAY), MONDAY + 26 * DAY)
    with pytest.raises(errors.NeedsMissing, match="extended 2 times at most"):
        extended(twice, MONDAY + 27 * DAY)


def test_a_span_the_parties_agreed_on_dates_the_open_clock_anew() -> None:
    case = sample("sessions")
    assert clock(case, "sessions").rule.clock == "mediation"
    agreed = events.ClocksAgreed({"mediation": "3 wd"}).apply(case)
    assert clock(agreed, "sessions").due_at < clock(case, "sessions").due_at
    due = clock(agreed, "sessions").due
    assert due is not None
    assert str(due.duration) == "3 wd"
