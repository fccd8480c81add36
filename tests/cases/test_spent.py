"""Whose clock it was, read from a real record: alike for both sides, silent about confidences, with what was late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import queries, timers
from cases.queries import TimeSpent, Viewer
from cases.record import Record
from states import errors
from states.roles import Actor
from tests.cases.builders import CONVENER, OTHER, REPRESENTATIVE, Desk


def spent(desk: Desk, case_id: str, actor: Actor = CONVENER) -> TimeSpent:
    record = Record(engine=desk.engine, registry=desk.service.registry, calendars=desk.service.calendars)
    return queries.time_spent(record, Viewer(actor), case_id, now=desk.clock.now())


def hours(found: TimeSpent) -> dict[str, float]:
    return {one.label: one.elapsed / timedelta(hours=1) for one in found.shares}


def test_both_sides_read_the_same_and_it_adds_up(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=3)
    desk.act(case_id, "begin")
    desk.act(case_id, "note", {"text": "Said in confidence", "zone": "caucus:A"}, actor=REPRESENTATIVE)
    desk.clock.advance(hours=4)
    found = spent(desk, case_id, REPRESENTATIVE)
    assert found == spent(desk, case_id, OTHER) == spent(desk, case_id)
    assert hours(found) == {"Area committee and Base, asked together": 4.0, "Convener": 3.0}
    assert found.elapsed == timedelta(hours=7)
    assert sum(one.percent for one in found.shares) == pytest.approx(100)


def test_an_outage_a_tier_and_a_pause_are_told_apart(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=30)
    timers.fire_due_timers(desk.service, owner="worker")
    desk.clock.advance(hours=2)
    pause = {"reason": "Ceasefire", "until": (desk.clock.now() + timedelta(hours=10)).isoformat()}
    desk.act(case_id, "pause", pause)
    desk.clock.advance(hours=5)
    assert hours(spent(desk, case_id)) == {
        "Convener": 24.0,
        "Area": 2.0,
        "Agreed pause": 5.0,
        "The desk stood still": 6.0,
    }


def test_a_clock_that_ran_out_stays_on_the_list_with_how_late_it_was(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=24)
    timers.fire_due_timers(desk.service, owner="worker")
    desk.clock.advance(hours=2)
    desk.act(case_id, "begin")
    desk.clock.advance(hours=1)
    (late,) = spent(desk, case_id).late
    assert (late.label, late.who, late.late_by, late.extended) == ("Screening", "Convener", timedelta(hours=2), False)


def test_the_account_stops_when_the_case_is_closed(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=1)
    desk.act(case_id, "begin")
    desk.act(case_id, "settle")
    desk.clock.advance(days=100)
    assert spent(desk, case_id).elapsed == timedelta(hours=1)


def test_a_stranger_is_told_that_there_is_no_such_case(desk: Desk) -> None:
    case_id = desk.open().case_id
    with pytest.raises(errors.NotFound):
        spent(desk, case_id, Actor("somebody"))
