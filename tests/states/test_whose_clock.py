"""Whose clock it was: the shares add up to the time that passed, and each goes to whoever held the duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states import events, stretches, whose_clock
from states.calendar import Calendar
from states.case import Extension, Stay
from states.items import Consent
from states.process import Urgency
from states.stretches import Holder, Who
from states.wall_time import Window
from tests.states import disputes
from tests.states.disputes import CALENDARS, DISPUTE, MONDAY

if TYPE_CHECKING:
    from states.whose_clock import Account

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A, B = "initiating", "responding"
CONVENER, BOTH = Holder(Who.ROLE, ("convener",)), Holder(Who.PARTY, (A, B))


def opened(stage: str, **changes: Any) -> events.Event:  # noqa: ANN401 - any fields of the case
    case = replace(disputes.at(stage), opened_at=MONDAY, stage_since=MONDAY, **changes)
    return happened(MONDAY, events.CaseOpened(case))


def happened(at: datetime, *changes: events.Change, **more: Any) -> events.Event:  # noqa: ANN401 - any fields
    values: dict[str, Any] = {"trigger": "act", "actor": "x", "at": at, "recorded_at": at, "zone": "shared"}
    return events.Event(**(values | {"changes": changes} | more))


def entered(stage: str, at: datetime, **more: Any) -> events.Event:  # noqa: ANN401 - any fields of the event
    return happened(at, events.StageEntered(stage, at, None), **more)


def consent(party: str, at: datetime, *, zone: str = "shared") -> events.Event:
    given_one = Consent(id=f"c {party}", zone=zone, by=party, at=at, state="given", party=party)
    return happened(at, events.ItemRecorded(given_one), zone=zone)


def told(*history: events.Event, until: datetime, calendars: Any = CALENDARS) -> Account:  # noqa: ANN401 - a mapping
    changes = [change for event in history for change in event.changes]
    held = [change.item.id for change in changes if isinstance(change, events.ItemRecorded)]
    shared = stretches.shared_part(history, held=[one for one in held if not one.startswith("private")])
    return whose_clock.account(lambda _: DISPUTE, shared, calendars, until=until)


def shares(account: Account) -> dict[Holder, timedelta]:
    return {one.holder: one.elapsed for one in account.shares}


def test_a_stage_belongs_to_whoever_holds_its_duty_and_two_parties_to_both_until_one_has_answered() -> None:
    account = told(
        opened("screening"),
        entered("engagement", MONDAY + 5 * HOUR),
        consent(A, MONDAY + 8 * HOUR),
        until=MONDAY + 10 * HOUR,
    )
    assert shares(account) == {Holder(Who.PARTY, (B,)): 2 * HOUR, BOTH: 3 * HOUR, CONVENER: 5 * HOUR}
    assert account.elapsed == 10 * HOUR


def test_what_is_said_in_confidence_moves_no_share() -> None:
    secret = consent(A, MONDAY + HOUR, zone="caucus:initiating")
    assert shares(told(opened("engagement"), secret, until=MONDAY + 2 * HOUR)) == {BOTH: 2 * HOUR}


def test_an_item_that_is_no_longer_everybodys_moves_no_share() -> None:
    given_one = Consent(id="private c", zone="shared", by=A, at=MONDAY + HOUR, state="given", party=A)
    withdrawn = happened(MONDAY + HOUR, events.ItemRecorded(given_one))
    assert shares(told(opened("engagement"), withdrawn, until=MONDAY + 2 * HOUR)) == {BOTH: 2 * HOUR}


def test_while_a_tier_has_the_matter_the_time_is_the_tiers() -> None:
    climbed = happened(MONDAY + HOUR, events.TierEntered("T1", MONDAY + HOUR))
    down = happened(MONDAY + 4 * HOUR, events.TierEntered("T0", MONDAY + 4 * HOUR))
    account = told(opened("screening", tier="T0"), climbed, down, until=MONDAY + 5 * HOUR)
    assert shares(account) == {CONVENER: 2 * HOUR, Holder(Who.TIER, ("T1",)): 3 * HOUR}


def test_a_duty_that_nobody_holds_is_nobodys_time() -> None:
    assert shares(told(opened("screening", roles={}), until=MONDAY + HOUR)) == {Holder(Who.NOBODY): HOUR}


def test_a_pause_is_nobodys_and_days_off_are_set_apart_but_not_within_it() -> None:
    stay = Stay(begun_at=MONDAY + DAY, until=MONDAY + 20 * DAY, reason="")
    paused = happened(MONDAY + DAY, events.StayBegun(stay))
    resumed = happened(MONDAY + 11 * DAY, events.StayEnded(MONDAY + 11 * DAY))
    account = told(opened("screening"), paused, resumed, until=MONDAY + 14 * DAY)
    assert shares(account) == {CONVENER: 2 * DAY, Holder(Who.STAY): 10 * DAY, Holder(Who.DAYS_OFF): 2 * DAY}


def test_a_clock_that_counts_hours_on_any_day_sets_no_day_off_apart() -> None:
    account = told(opened("screening", urgency=Urgency.U1), until=MONDAY + 7 * DAY)
    assert shares(account) == {CONVENER: 7 * DAY}


def test_working_time_is_told_beside_the_time_that_passed() -> None:
    (share,) = told(opened("screening"), until=MONDAY + DAY).shares
    mission = CALENDARS["mission"]
    assert share.working == mission.position(MONDAY + DAY) - mission.position(MONDAY) < share.elapsed == DAY


def test_what_a_timer_fired_late_is_an_outage_and_nobodys_fault() -> None:
    due, fired = MONDAY + 2 * HOUR, MONDAY + 5 * HOUR
    late = entered("engagement", due, recorded_at=fired, timer="screening:1:100%")
    also = happened(MONDAY + 3 * HOUR, recorded_at=fired, timer="engagement:2:50%")
    account = told(opened("screening"), late, also, until=MONDAY + 6 * HOUR)
    assert shares(account) == {BOTH: HOUR, CONVENER: 2 * HOUR, Holder(Who.OUTAGE): 3 * HOUR}


def test_the_time_a_case_was_closed_is_not_counted() -> None:
    closed = happened(
        MONDAY + HOUR, events.StageEntered("closed", MONDAY + HOUR, None), events.CaseClosed("settled", MONDAY + HOUR)
    )
    again = happened(
        MONDAY + 7 * DAY,
        events.CaseReopened(MONDAY + 7 * DAY),
        events.StageEntered("screening", MONDAY + 7 * DAY, None),
    )
    account = told(opened("screening"), closed, again, until=MONDAY + 7 * DAY + HOUR)
    assert (shares(account), account.elapsed) == ({CONVENER: 2 * HOUR}, 2 * HOUR)


def test_a_day_off_counts_as_one_only_where_it_is_off_for_everybody_asked() -> None:
    week = (Window(time(8), time(16)),)
    plain = {"timezone": "UTC", "valid_from": date(2026, 1, 1), "valid_until": date(2027, 12, 31)}
    here = Calendar(name="here", week=(week, (), week, week, week, (), ()), **plain)  # type: ignore[arg-type] # plain
    there = Calendar(name="there", week=(week, week, (), week, week, (), week), **plain)  # type: ignore[arg-type] # plain
    start = datetime(2026, 11, 23, tzinfo=UTC)
    off = [whose_clock.days_off(start, start + 7 * DAY, some) for some in ((here,), (there,), (here, there))]
    assert off == [3 * DAY, 2 * DAY, DAY]


def test_a_day_off_at_a_change_of_the_clocks_has_its_true_length() -> None:
    berlin = replace(
        CALENDARS["always"], name="b", timezone="Europe/Berlin", week=(*[(Window(time(8), time(16)),)] * 6, ())
    )
    spring, autumn = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)
    off = [whose_clock.days_off(start, start + 3 * DAY, (berlin,)) for start in (spring, autumn)]
    assert off == [23 * HOUR, 25 * HOUR]


STAGES = [name for name, stage in DISPUTE.stages.items() if not stage.final]


@st.composite
def histories(draw: st.DrawFn) -> tuple[tuple[events.Event, ...], datetime]:
    """Draw a history of stages, tiers, pauses and late timers, over the changes of clocks in spring and autumn."""
    urgency = draw(st.sampled_from(list(Urgency)))
    start = datetime(2026, draw(st.sampled_from([3, 10])), 20, 7, tzinfo=UTC)
    first = replace(disputes.at(draw(st.sampled_from(STAGES))), opened_at=start, stage_since=start, urgency=urgency)
    calendar = draw(st.sampled_from(sorted(CALENDARS)))
    first = replace(first, parties=(replace(first.parties[0], calendar=calendar), *first.parties[1:]))
    found, now, stayed = [happened(start, events.CaseOpened(first))], start, False
    for _ in range(draw(st.integers(0, 12))):
        due = now + timedelta(seconds=draw(st.integers(0, 500_000)))
        now = due + timedelta(microseconds=draw(st.integers(0, 10**11)))
        kind = draw(st.sampled_from(["stage", "tier", "stay", "nothing"]))
        change: tuple[events.Change, ...] = ()
        if kind == "stage":
            change = (events.StageEntered(draw(st.sampled_from(STAGES)), now, None),)
        elif kind == "tier":
            change = (events.TierEntered(draw(st.sampled_from(list(DISPUTE.tiers))), now),)
        elif kind == "stay":
            change = (
                (events.StayEnded(now),)
                if stayed
                else (events.StayBegun(Stay(begun_at=now, until=now + DAY, reason="")),)
            )
            stayed = not stayed
        late = draw(st.booleans())
        found.append(happened(due if late else now, *change, recorded_at=now, timer="a:1:100%" if late else None))
    return tuple(found), now + timedelta(seconds=draw(st.integers(0, 500_000)))


@settings(max_examples=60, deadline=None)
@given(histories())
def test_the_shares_add_up_exactly_to_the_time_that_passed(drawn: tuple[tuple[events.Event, ...], datetime]) -> None:
    history, until = drawn
    account = told(*history, until=until)
    assert sum((one.elapsed for one in account.shares), timedelta()) == account.elapsed == until - history[0].at
    assert all(timedelta() <= one.working <= one.elapsed for one in account.shares)


def test_a_clock_that_ran_out_is_listed_though_it_was_extended_later() -> None:
    due = told(opened("negotiation"), until=MONDAY + 60 * DAY).ran_out[0].due_at
    later = due + 10 * DAY
    extension = Extension(occurrence="negotiation:1", until=later, at=due + DAY)
    moved = happened(due + DAY, events.DueMoved(extension))
    ended = entered("appointing", later - DAY)
    account = told(opened("negotiation"), moved, ended, until=later)
    (late,) = [one for one in account.ran_out if one.clock == "negotiation"]
    assert (late.first_due_at, late.due_at, late.ran_out_at) == (due, later, due)
    assert (late.ended_at, late.late_by, late.holder) == (later - DAY, 9 * DAY, BOTH)


def test_a_clock_extended_in_time_ran_out_only_if_its_later_date_passed_too() -> None:
    due = told(opened("negotiation"), until=MONDAY + 60 * DAY).ran_out[0].due_at
    later = due + 10 * DAY
    moved = happened(MONDAY + DAY, events.DueMoved(Extension(occurrence="negotiation:1", until=later, at=MONDAY + DAY)))
    in_time = told(opened("negotiation"), moved, entered("appointing", later - DAY), until=later)
    assert [one for one in in_time.ran_out if one.clock == "negotiation"] == []
    (late,) = [
        one for one in told(opened("negotiation"), moved, until=later + HOUR).ran_out if one.clock == "negotiation"
    ]
    assert (late.first_due_at, late.ran_out_at, late.ended_at, late.late_by) == (due, later, None, HOUR)


def test_a_clock_that_stood_still_in_a_pause_did_not_run_out() -> None:
    stay = Stay(begun_at=MONDAY + HOUR, until=MONDAY + 30 * DAY, reason="")
    paused = happened(MONDAY + HOUR, events.StayBegun(stay))
    account = told(opened("screening"), paused, until=MONDAY + 29 * DAY)
    assert [one for one in account.ran_out if one.clock == "screening"] == []


def test_who_answered_is_not_named_for_a_clock_that_ran_out_on_the_other() -> None:
    account = told(opened("engagement"), consent(A, MONDAY + HOUR), until=MONDAY + 30 * DAY)
    (late,) = [one for one in account.ran_out if one.clock == "engagement"]
    assert late.holder == Holder(Who.PARTY, (B,))


@pytest.mark.parametrize("until", [MONDAY, MONDAY - DAY])
def test_a_case_that_has_just_begun_has_no_time_to_share(until: datetime) -> None:
    account = told(opened("screening"), until=until)
    assert (account.elapsed, account.shares, account.ran_out) == (timedelta(), (), ())
