"""The watchdog on a real record: cases without a date, hearts that stand still, an outage, and measured lateness."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from cases import audit, heartbeats, tables, timers, watchdog
from cases.tables import TimerState
from cases.unit_of_work import reading, unit_of_work
from tests.cases.builders import START, Desk


def beat(desk: Desk, *names: str) -> None:
    for name in names or tuple(watchdog.SILENCE):
        heartbeats.note(desk.engine, name, at=desk.clock.now(), detail={})


def look(desk: Desk) -> watchdog.Watch:
    return watchdog.watch(desk.engine, now=desk.clock.now())


def lose(desk: Desk, case_id: str) -> None:
    """Deletes the timers of a case by hand."""
    with unit_of_work(desk.engine) as connection:
        connection.execute(delete(tables.timers).where(tables.timers.c.case_id == case_id))


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
    with unit_of_work(desk.engine) as connection:
        connection.execute(kept.values(state=TimerState.PARKED, error="broken"))
        connection.execute(update(tables.cases).values(due_at=None))
    found = look(desk)
    assert (found.late, found.undated) == ((), ())
    assert {one.number for one in found.parked} == {"M-2026-0001"}


def test_a_closed_case_needs_no_date(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin")
    desk.act(case_id, "settle")
    lose(desk, case_id)
    found = look(desk)
    assert (found.open_cases, found.undated) == (0, ())


def test_a_heart_that_stands_still_is_named_and_one_that_never_beat_too(desk: Desk) -> None:
    beat(desk, "escalations", "deliveries", "housekeeping")
    now = desk.clock.now()
    assert watchdog.standing_still(desk.engine, now=now) == ("follow-ups",)
    beat(desk, "follow-ups")
    assert watchdog.standing_still(desk.engine, now=now + timedelta(minutes=5)) == ()
    later = now + timedelta(minutes=5, microseconds=1)
    assert watchdog.standing_still(desk.engine, now=later) == ("escalations", "deliveries")
    assert [one.late for one in watchdog.hearts(desk.engine, now=later)] == [True, True, False, False]


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
