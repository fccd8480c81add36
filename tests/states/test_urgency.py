"""A change of the urgency class, on any case: every open clock is dated anew and keeps the time it has used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import working_time
from states import errors, machine, roles, timers
from states.case import Case, Extension, Running, Stay
from states.items import Offer, Proposal, Statement
from states.process import DeadlineScope, Urgency
from states.timers import OpenDeadline
from tests.states.disputes import CONVENER, DISPUTE, FIRST, SECOND, at, do

CALENDARS = working_time.shipped_calendars()
# A Wednesday in Juba; everything a test makes lies in the weeks around it.
BASE = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
STAGES = tuple(name for name, stage in DISPUTE.stages.items() if not stage.final)
MINUTES = st.integers(0, 14 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
AGREED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(["2 wd", "5 wd"]) for name in ("mediation", "offer")}
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Case, datetime]:
    """Draw a case somewhere on its way, with clocks of every kind, and the moment at which its class is changed."""
    since = BASE + draw(MINUTES)
    now, stays = since + draw(MINUTES), []
    begun = since
    for gap, length in draw(st.lists(st.tuples(MINUTES, MINUTES), max_size=2)):
        begun += gap
        ended = begun + length + timedelta(minutes=1)
        stays.append(Stay(begun_at=begun, until=ended, reason="floods", ended_at=ended))
        begun = ended
    now = max(now, begun)
    common: dict[str, Any] = {"zone": roles.SHARED, "by": "c", "at": since}
    items = (
        Statement(id="account", state="awaited", party="responding", **common),
        Offer(id="offer", state="open", party="initiating", text="Turns.", **common),
        Proposal(id="proposal", state="open", act="stay", label="Pause", party="initiating", **common),
    )
    case = replace(
        at(draw(st.sampled_from(STAGES))),
        urgency=draw(st.sampled_from(Urgency)),
        stage_since=since,
        tier=draw(st.sampled_from(list(DISPUTE.tiers))),
        tier_since=since,
        running={"whole_case": Running(since=since, round=1)},
        stays=tuple(stays),
        clocks=draw(AGREED),
        items=items,
    )
    if draw(st.booleans()):
        until = now + draw(MINUTES)
        case = replace(
            case, extensions=(Extension(occurrence=f"{case.stage}:{case.stage_round}", until=until, at=now),)
        )
    return case, now


def changed(case: Case, urgency: Urgency, *, now: datetime) -> Case:
    """Let the convener set the class."""
    act = machine.Act(
        trigger="set_urgency",
        actor=roles.Actor(CONVENER),
        at=now,
        recorded_at=now,
        inputs={"urgency": urgency, "reason": "fire"},
    )
    return machine.advance(DISPUTE, case, act)[0]


def running(case: Case) -> dict[str, OpenDeadline]:
    """Name each open clock by its rule and its item."""
    found = timers.open_deadlines(DISPUTE, case, CALENDARS)
    return {f"{one.rule.name} {one.item.id if one.item else ''}": one for one in found}


@given(drawn=cases(), urgency=st.sampled_from(Urgency))
def test_every_clock_runs_as_if_the_class_had_been_that_from_its_start(
    drawn: tuple[Case, datetime], urgency: Urgency
) -> None:
    case, now = drawn
    after = running(changed(case, urgency, now=now))
    from_the_start = running(replace(case, urgency=urgency))
    assert {name: (one.since, one.due_at) for name, one in after.items()} == {
        name: (one.since, one.due_at) for name, one in from_the_start.items()
    }


@given(drawn=cases(), urgency=st.sampled_from(Urgency))
def test_there_and_back_takes_nothing_from_anybody(drawn: tuple[Case, datetime], urgency: Urgency) -> None:
    case, now = drawn
    back = changed(changed(case, urgency, now=now), case.urgency, now=now)
    assert timers.plan(DISPUTE, back, CALENDARS) == timers.plan(DISPUTE, case, CALENDARS)


@given(drawn=cases(), urgency=st.sampled_from(Urgency))
def test_a_clock_of_plain_hours_keeps_what_it_used_to_the_minute(
    drawn: tuple[Case, datetime], urgency: Urgency
) -> None:
    case, now = drawn
    case = replace(case, clocks={}, extensions=())
    for one in running(changed(case, urgency, now=now)).values():
        if one.due is None or not one.due.duration.unit.elapsed:
            continue
        due_at = one.since + one.due.duration.span
        for stay in case.stays:
            if stay.begun_at < due_at and stay.ended_at is not None and stay.ended_at > one.since:
                due_at += stay.ended_at - max(stay.begun_at, one.since)
        assert one.due_at == due_at


@given(drawn=cases(), urgency=st.sampled_from(Urgency))
def test_what_the_parties_agreed_on_and_dates_that_were_extended_stay_as_they_are(
    drawn: tuple[Case, datetime], urgency: Urgency
) -> None:
    case, now = drawn
    before, after = running(case), running(changed(case, urgency, now=now))
    extended = {one.occurrence: one.until for one in case.extensions}
    for name, one in after.items():
        if one.rule.clock in case.clocks and one.rule.scope is DeadlineScope.ITEM:
            assert one.due_at == before[name].due_at
        assert one.due_at >= extended.get(one.occurrence.partition("+")[0], BASE)


@given(drawn=cases(), urgency=st.sampled_from(Urgency))
def test_nothing_that_has_fired_can_fire_once_more(drawn: tuple[Case, datetime], urgency: Urgency) -> None:
    case, now = drawn
    case = replace(case, extensions=())
    planned = timers.plan(DISPUTE, case, CALENDARS)
    anew = timers.plan(DISPUTE, changed(case, urgency, now=now), CALENDARS)
    assert {one.key for one in planned if one.trigger} == {one.key for one in anew if one.trigger}


def test_a_party_asks_for_another_class_and_the_convener_sets_it_with_the_reason() -> None:
    case = do(at("sessions"), "propose_urgency", FIRST, urgency="U1", reason="The water is gone.")
    (asked,) = case.all(Proposal)
    assert case.urgency == Urgency.U3
    with pytest.raises(errors.NeedsMissing, match="has not agreed before"):
        do(case, "agree", SECOND, proposal=asked.id)
    assert do(case, "agree", CONVENER, proposal=asked.id).urgency == Urgency.U1


def test_a_pause_is_no_part_of_the_time_used() -> None:
    resumed = BASE + timedelta(days=2)
    stay = Stay(begun_at=BASE, until=resumed, reason="floods", ended_at=resumed)
    case = replace(at("screening"), stage_since=BASE, stays=(stay,))
    due = running(changed(case, Urgency.U1, now=resumed))["screening "].due_at
    assert due == resumed + timedelta(hours=4)
