"""The watchdog on a real record: cases without a date, hearts that stand still, an outage, and measured lateness."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, true, update

from cases import audit, gaps, heartbeats, tables, timers, watchdog
from cases.record import Record
from cases.tables import TimerState
from cases.unit_of_work import reading, unit_of_work
from tests.cases.builders import START, Desk


def beat(desk: Desk, *names: str) -> None:
    for name in names or tuple(watchdog.SILENCE):
        heartbeats.note(desk.engine, name, at=desk.clock.now(), detail={})


def look(desk: Desk) -> watchdog.Watch:
    record = Record(desk.engine, desk.service.registry, desk.service.calendars)
    return watchdog.watch(record, now=desk.clock.now())


def lose(desk: Desk, case_id: str, key: str | None = None) -> None:
    """Deletes the timers of a case by hand, or one of them."""
    rows = tables.timers
    those = (rows.c.case_id == case_id, rows.c.key == key if key else true())
    with unit_of_work(desk.engine) as connection:
        connection.execute(delete(rows).where(*those))


def shown(desk: Desk, case_id: str) -> datetime | None:
    with reading(desk.engine) as connection:
        found: datetime | None = connection.execute(
            select(tables.cases.c.due_at).where(tables.cases.c.id == case_id)
        ).scalar_one()
    return found


def test_all_is_well_where_every_case_has_its_date_and_every_heart_beats(desk: Desk) -> None:
    desk.open()
    beat(desk)
    found = look(desk)
    assert (found.late, found.open_cases, found.undated) == ((), 1, ())
    assert watchdog.standing_still(desk.engine, now=desk.clock.now()) == ()


def test_a_case_whose_timers_were_deleted_by_hand_is_named_and_mended(desk: Desk) -> None:
    case_id, whole = desk.open().case_id, desk.open().case_id
    before = shown(desk, case_id)
    lose(desk, case_id)
    beat(desk)
    (undated,) = look(desk).undated
    assert (undated.case_id, undated.promised_at) == (case_id, before)
    assert look(desk).late == ("next dates",)
    assert audit.mend(desk.service) == audit.Audit(checked=1, mended=1, stuck=0)
    assert (look(desk).undated, shown(desk, case_id)) == ((), before)
    assert whole != case_id


def test_one_timer_of_two_that_was_deleted_by_hand_is_named_with_its_case_and_mended(desk: Desk) -> None:
    case_id, whole = desk.open().case_id, desk.open().case_id
    for one in (case_id, whole):
        desk.act(one, "owe", {"sum": 5})
    beat(desk)
    assert (look(desk).late, look(desk).gaps) == ((), ())
    lose(desk, case_id, "fee:1:100%")
    found = look(desk)
    (gap,) = found.gaps
    assert (gap.case_id, gap.number, gap.key) == (case_id, "M-2026-0001", "fee:1:100%")
    assert gap.due_at > desk.clock.now()
    assert (found.undated, found.late) == ((), ("next dates",))
    assert audit.mend(desk.service) == audit.Audit(checked=1, mended=1, stuck=0)
    assert (look(desk).late, look(desk).gaps) == ((), ())


def test_the_next_act_arms_a_missing_timer_too(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "owe", {"sum": 5})
    lose(desk, case_id, "fee:1:100%")
    desk.act(case_id, "begin")
    assert look(desk).gaps == ()


def test_what_fired_was_withheld_or_waits_for_a_person_is_missing_nowhere(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "owe", {"sum": 5})
    desk.act(case_id, "extend")
    desk.clock.advance(hours=30)
    timers.fire_due_timers(desk.service, owner="worker")
    assert look(desk).gaps == ()
    kept = update(tables.timers).where(tables.timers.c.key == "fee:1:100%")
    with unit_of_work(desk.engine) as connection:
        assert connection.execute(kept.values(state=TimerState.PARKED, error="broken")).rowcount == 1
    assert look(desk).gaps == ()


def test_more_cases_than_one_look_takes_have_their_turn_by_the_hour(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "MOST", 2)
    cases = {desk.open().case_id for _ in range(5)}
    for case_id in cases:
        lose(desk, case_id)
    looks = []
    for _ in range(3):
        looks.append({gap.case_id for gap in look(desk).gaps})
        assert looks[-1] == {gap.case_id for gap in look(desk).gaps}
        desk.clock.advance(hours=1)
    assert sorted(map(len, looks)) == [1, 2, 2]
    assert set().union(*looks) == cases


def test_a_case_that_shows_an_earlier_date_than_any_that_is_armed_is_named(desk: Desk) -> None:
    case_id = desk.open().case_id
    with unit_of_work(desk.engine) as connection:
        connection.execute(update(tables.timers).values(due_at=START + timedelta(days=300)))
    assert [one.case_id for one in look(desk).undated] == [case_id]
    assert audit.mend(desk.service).mended == 1
    assert look(desk).undated == ()


def test_a_date_that_will_not_come_is_no_longer_shown(desk: Desk) -> None:
    case_id = desk.open().case_id
    first = shown(desk, case_id)
    gone = {"action": "fire", "deadline": "screening", "to": "[]", "means": "", "case_id": case_id}
    with unit_of_work(desk.engine) as connection:
        connection.execute(update(tables.timers).values(state=TimerState.FIRED, fired_at=START))
        row = gone | {"key": "screening:1:100%", "state": TimerState.FIRED, "due_at": START, "fired_at": START}
        connection.execute(tables.timers.insert(), row)
    assert look(desk).undated
    audit.mend(desk.service)
    assert first is not None
    assert shown(desk, case_id) == first + timedelta(hours=24)
    assert look(desk).undated == ()


def test_a_timer_kept_for_a_person_is_a_reason_on_file_and_no_alarm(desk: Desk) -> None:
    case_id = desk.open().case_id
    beat(desk)
    kept = update(tables.timers).where(tables.timers.c.case_id == case_id)
    for _ in range(3):
        audit.mend(desk.service)
        with unit_of_work(desk.engine) as connection:
            connection.execute(kept.values(state=TimerState.PARKED, error="broken"))
            connection.execute(update(tables.cases).values(due_at=None))
    found = look(desk)
    assert (found.late, found.undated) == ((), ())
    assert [one.key for one in found.parked] == ["screening:1:remind 1 50%", "screening:1:100%", "screening:1:200%"]


def test_a_closed_case_needs_no_date(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin")
    desk.act(case_id, "settle")
    lose(desk, case_id)
    found = look(desk)
    assert (found.open_cases, found.undated) == (0, ())


def test_a_heart_that_stands_still_is_named_and_one_that_never_beat_too(desk: Desk) -> None:
    beat(desk, "escalations", "deliveries", "arrivals", "jobs", "webhooks", "housekeeping")
    now = desk.clock.now()
    assert watchdog.standing_still(desk.engine, now=now) == ("follow-ups",)
    beat(desk, "follow-ups")
    assert watchdog.standing_still(desk.engine, now=now + timedelta(minutes=5)) == ()
    later = now + timedelta(minutes=5, microseconds=1)
    assert watchdog.standing_still(desk.engine, now=later) == (
        "escalations",
        "deliveries",
        "arrivals",
        "jobs",
        "webhooks",
    )
    assert [one.late for one in watchdog.hearts(desk.engine, now=later)] == [True, True, True, True, True, False, False]


def test_an_outage_shows_as_timers_that_are_overdue_until_they_are_caught_up(desk: Desk) -> None:
    desk.open()
    desk.clock.advance(hours=12, minutes=5)
    beat(desk)
    assert look(desk).late == ()
    desk.clock.advance(seconds=1)
    assert look(desk).late == watchdog.standing_still(desk.engine, now=desk.clock.now()) == ("timers",)
    timers.fire_due_timers(desk.service, owner="worker")
    assert look(desk).late == ()


def test_what_the_last_sweep_could_not_mend_is_an_alarm(desk: Desk) -> None:
    beat(desk)
    heartbeats.note(desk.engine, "follow-ups", at=desk.clock.now(), detail={"stuck": 1})
    assert watchdog.standing_still(desk.engine, now=desk.clock.now()) == ("next dates",)


def test_lateness_is_measured_in_each_window_by_nearest_rank(desk: Desk) -> None:
    case_id = desk.open().case_id
    now = desk.clock.now()
    lose(desk, case_id)
    rows = [(timedelta(hours=1), second) for second in range(1, 101)]
    rows += [(timedelta(days=3), 7200), (timedelta(days=40), 999)]
    with unit_of_work(desk.engine) as connection:
        for number, (ago, late) in enumerate(rows):
            fired_at = now - ago
            values = {
                "case_id": case_id,
                "key": f"k{number}",
                "action": "fire",
                "deadline": "d",
                "to": "[]",
                "means": "",
            }
            due_at = fired_at - timedelta(seconds=late)
            row = values | {"state": TimerState.FIRED, "due_at": due_at, "fired_at": fired_at}
            connection.execute(tables.timers.insert(), row)
    day, week, month = watchdog.lateness(desk.engine, now=now)
    assert (day.fired, day.p50, day.p99) == (100, timedelta(seconds=50), timedelta(seconds=99))
    assert (week.fired, week.p99) == (101, timedelta(seconds=100))
    assert (month.window, month.fired) == (timedelta(days=30), 101)


def test_nothing_fired_has_no_lateness(desk: Desk) -> None:
    assert {(one.fired, one.p50, one.p99) for one in watchdog.lateness(desk.engine, now=START)} == {(0, None, None)}
