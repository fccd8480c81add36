"""The ladder of one clock, on both databases: only its next rung is armed, and each rung goes off exactly once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from cases import armed, ledger, repository, tables, timers
from cases import unit_of_work as work
from states import timers as planning
from tests.cases import builders
from tests.cases.builders import START, Desk

QUIET = """\
deadlines:
  quiet:
    label: Sign of life
    scope: stage
    of: screening
    zone: team
    clock: 24 h
    duty: convener
    reminders: [{at: 25%, from: last contact}, {at: 50%, from: last contact, when: [something_is_owed]}]
    silence: {at: 75%, from: last contact, means: The next tier is told., fires: climb}
"""
LADDER = ("remind 1 50%", "100%", "200%")


@pytest.fixture
def quiet(desk: Desk) -> Desk:
    """Adds a clock to the desk's process that is counted from the convener's last act."""
    source = builders.SOURCE.replace("deadlines:\n", QUIET, 1)
    desk.service.registry.store(builders.load_process(source, "quiet.yaml"), at=START + timedelta(microseconds=1))
    return desk


def tick(desk: Desk) -> timers.Counts:
    return timers.fire_due_timers(desk.service, owner="one")


def rows(desk: Desk, *, state: str) -> dict[str, datetime]:
    kept = tables.timers.c
    with work.reading(desk.engine) as connection:
        found = connection.execute(select(kept.key, kept.due_at).where(kept.state == state).order_by(kept.due_at))
        return {row.key: row.due_at for row in found}


def gone_off(desk: Desk, case_id: str) -> list[str]:
    """Lists the rungs that fired or reminded, in the order in which they did."""
    kept = tables.timers.c
    wanted = select(kept.key).where(kept.case_id == case_id, kept.state == "fired")
    with work.reading(desk.engine) as connection:
        return list(connection.execute(wanted.order_by(kept.fired_at, kept.due_at)).scalars())


def test_of_a_clock_only_the_next_rung_is_armed(desk: Desk) -> None:
    desk.open()
    for rung in LADDER:
        (waiting,) = (key for key in rows(desk, state="armed") if key.startswith("screening:"))
        assert waiting == f"screening:1:{rung}"
        desk.clock.set(rows(desk, state="armed")[waiting])
        tick(desk)
    assert set(rows(desk, state="fired")) >= {f"screening:1:{rung}" for rung in LADDER}


def test_whoever_dies_before_the_next_rung_is_armed_has_done_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=12)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(armed, "arm", die)
        with pytest.raises(KeyboardInterrupt):
            desk.service.fire(case_id, "screening:1:remind 1 50%")
    assert set(rows(desk, state="armed")) == {"screening:1:remind 1 50%"}
    assert tick(desk) == timers.Counts(reminded=1)
    assert set(rows(desk, state="armed")) == {"screening:1:100%"}


def test_after_an_outage_every_rung_goes_off_once_and_in_order(quiet: Desk) -> None:
    case_id = quiet.open().case_id
    quiet.act(case_id, "owe", {"sum": "5"})
    quiet.clock.advance(hours=40)
    tick(quiet)
    tick(quiet)
    (a_quarter, a_half, three_quarters) = (key for key in gone_off(quiet, case_id) if key.startswith("quiet:1:"))
    assert ("25%" in a_quarter, "50%" in a_half, "75%" in three_quarters) == (True, True, True)
    with work.reading(quiet.engine) as connection:
        history = dict.fromkeys(one.timer for one in ledger.history(connection, case_id) if one.timer)
    assert [key.partition("@")[0] for key in history] == ["quiet:1:75% from last contact", "screening:1:100%"]


def test_a_rung_whose_own_condition_does_not_hold_makes_way_for_the_next(quiet: Desk) -> None:
    case_id = quiet.open().case_id
    quiet.clock.advance(hours=6)
    assert tick(quiet).reminded == 1
    quiet.clock.advance(hours=6)
    assert tick(quiet) == timers.Counts(cancelled=1, reminded=1)
    quiet.clock.advance(hours=6)
    assert tick(quiet) == timers.Counts(fired=1, escalations=1)
    assert not any("remind 2" in key for key in gone_off(quiet, case_id))


def test_an_act_of_whoever_has_the_duty_begins_the_ladder_anew(quiet: Desk) -> None:
    case_id = quiet.open().case_id
    for _ in range(8):
        quiet.clock.advance(hours=5)
        quiet.act(case_id, "note", {"text": "still here", "zone": "team"})
        tick(quiet)
    assert not any(key.startswith("quiet:") for key in gone_off(quiet, case_id))
    (waiting,) = (key for key in rows(quiet, state="armed") if key.startswith("quiet:"))
    assert rows(quiet, state="armed")[waiting] == quiet.clock.now() + timedelta(hours=6)


def test_a_rung_of_before_the_last_act_never_goes_off(quiet: Desk) -> None:
    case_id = quiet.open().case_id
    (stale,) = (key for key in rows(quiet, state="armed") if key.startswith("quiet:"))
    quiet.clock.advance(hours=5)
    quiet.act(case_id, "note", {"text": "here", "zone": "team"})
    with quiet.engine.begin() as connection:
        # A worker that read the row before the act may hold it still.
        connection.execute(update(tables.timers).where(tables.timers.c.key == stale), {"state": "armed"})
    quiet.clock.advance(hours=2)
    assert tick(quiet) == timers.Counts(cancelled=1)


def test_a_rung_that_waits_for_a_person_holds_up_none_after_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=12)

    def fail(*_: object) -> None:
        raise ValueError("no ink")

    with monkeypatch.context() as patched:
        patched.setattr("cases.recording.Recording.reminded", fail)
        for _ in range(3):
            tick(desk)
            desk.clock.advance(minutes=5)
    assert [one.key for one in timers.parked(desk.engine)] == ["screening:1:remind 1 50%"]
    desk.clock.set(START + timedelta(hours=24))
    assert tick(desk).fired == 1
    timers.retry(desk.engine, case_id, "screening:1:remind 1 50%")
    # The reminder of a duty that is still there goes out late; the steps after it keep their turn.
    assert tick(desk) == timers.Counts(reminded=1)
    assert set(rows(desk, state="armed")) >= {"screening:1:200%"}


def test_rungs_that_were_all_armed_by_an_earlier_version_stand_back_behind_the_next(desk: Desk) -> None:
    case_id = desk.open().case_id
    with desk.engine.begin() as connection:
        for timer in _plan(desk, connection, case_id)[1:]:
            kept = {"case_id": case_id, "key": timer.key, "due_at": timer.due_at, "deadline": timer.deadline}
            more = {
                "action": timer.action,
                "trigger": timer.trigger,
                "to": "[]",
                "means": timer.means,
                "state": "armed",
            }
            connection.execute(tables.timers.insert(), kept | more)
    assert len(rows(desk, state="armed")) == len(LADDER)
    desk.act(case_id, "note", {"text": "seen", "zone": "team"})
    assert set(rows(desk, state="armed")) == {"screening:1:remind 1 50%"}
    desk.clock.advance(hours=48)
    assert tick(desk) == timers.Counts(fired=2, reminded=1, escalations=1)


def _plan(desk: Desk, connection: Connection, case_id: str) -> tuple[planning.Timer, ...]:
    stored = repository.load(connection, case_id)
    process = desk.service.registry.get(stored.case.process)
    return planning.plan(process, stored.case, desk.service.calendars)


def test_workers_that_meet_on_one_ladder_walk_it_once(quiet: Desk) -> None:
    case_ids = [quiet.open().case_id for _ in range(4)]
    quiet.clock.advance(hours=48)
    gate = threading.Barrier(3)

    def work_off(owner: str) -> None:
        gate.wait()
        timers.fire_due_timers(quiet.service, limit=3, owner=owner)

    workers = [threading.Thread(target=work_off, args=(f"worker {number}",)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    quiet.clock.advance(minutes=6)
    tick(quiet)
    with work.reading(quiet.engine) as connection:
        for case_id in case_ids:
            history = dict.fromkeys(one.timer for one in ledger.history(connection, case_id) if one.timer)
            assert [key.partition("@")[0] for key in history] == [
                "quiet:1:75% from last contact",
                "screening:1:100%",
                "screening:1:200%",
            ]
        told = connection.execute(select(tables.notifications.c.occurrence)).scalars()
        assert set(Counter(told).values()) == {1}
