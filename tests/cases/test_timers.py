"""The clockwork, on both databases: every timer once, in order, late rather than never, whoever is killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from cases import ledger, service, tables, timers
from cases import unit_of_work as work
from cases.service import Outcome
from states import errors
from tests.cases import builders
from tests.cases.builders import START, Desk, desk_on

ROOT = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
# What a case left alone meets within three days: two reminders are not among them.
FIRST_DAYS = {"screening:1:100%": "climb", "screening:1:200%": "begin"}


def tick(desk: Desk, *, owner: str = "one") -> timers.Counts:
    return timers.fire_due_timers(desk.service, owner=owner)


def states(desk: Desk) -> dict[str, str]:
    with work.reading(desk.engine) as connection:
        kept = tables.timers.c
        return {row.key: row.state for row in connection.execute(select(kept.key, kept.state))}


def armed(desk: Desk) -> dict[str, datetime]:
    with work.reading(desk.engine) as connection:
        kept = tables.timers.c
        rows = connection.execute(select(kept.key, kept.due_at).where(kept.state == "armed"))
        return {row.key: row.due_at for row in rows}


def fired(desk: Desk, case_id: str) -> list[tuple[str, str | None]]:
    """Lists the acts of a case after its opening, each once: one may be several events, in several zones."""
    with work.reading(desk.engine) as connection:
        happened = ledger.history(connection, case_id)[1:]
    return list(dict.fromkeys((one.trigger, one.timer) for one in happened))


def occurrences(desk: Desk) -> list[str]:
    with work.reading(desk.engine) as connection:
        return list(connection.execute(select(tables.notifications.c.occurrence)).scalars())


def check_each_once(desk: Desk, case_ids: list[str]) -> None:
    """Checks that two days left alone have passed over every case exactly once, and that every chain holds."""
    for case_id in case_ids:
        assert fired(desk, case_id) == [(trigger, key) for key, trigger in FIRST_DAYS.items()]
    told = Counter(occurrence.partition(":")[0] for occurrence in occurrences(desk))
    # The receipt, one reminder, the two acts of the clock, of which one also records who was called.
    assert told == dict.fromkeys(case_ids, 4)
    with work.reading(desk.engine) as connection:
        report = ledger.verify(connection)
    assert report == ledger.Report(cases=len(case_ids), events=4 * len(case_ids))


def test_nothing_fires_before_it_is_due(desk: Desk) -> None:
    desk.open()
    desk.clock.set(START + timedelta(hours=12) - timedelta(microseconds=1))
    assert tick(desk) == timers.Counts()
    desk.clock.set(START + timedelta(hours=12))
    assert tick(desk) == timers.Counts(reminded=1)
    assert tick(desk) == timers.Counts()


def test_a_reminder_is_asked_for_once_and_names_its_timer(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=13)
    tick(desk)
    with work.reading(desk.engine) as connection:
        rows = connection.execute(select(tables.notifications).order_by(tables.notifications.c.id)).mappings().all()
    reminder = rows[-1]
    assert reminder["occurrence"] == f"{case_id}:screening:1:remind 1 50%"
    assert (reminder["mail"], reminder["to"]) == ("duty_reminder", '["convener"]')
    assert (reminder["timer_key"], reminder["due_at"]) == ("screening:1:remind 1 50%", START + timedelta(hours=12))


def test_silence_climbs_and_then_moves_the_case(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=24)
    assert tick(desk) == timers.Counts(fired=1, reminded=1, escalations=1)
    desk.clock.advance(hours=24)
    assert tick(desk) == timers.Counts(fired=1)
    check_each_once(desk, [case_id])


def test_a_timer_counts_from_its_due_instant_and_tells_when_it_was_written(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.set(START + DAY + timedelta(minutes=3))
    tick(desk)
    with work.reading(desk.engine) as connection:
        climbed = ledger.history(connection, case_id)[-1]
    assert (climbed.at, climbed.recorded_at) == (START + DAY, START + DAY + timedelta(minutes=3))


def test_after_ten_days_of_standstill_each_timer_fires_once_and_nobody_loses_time(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(days=10)
    assert tick(desk) == timers.Counts(fired=2, reminded=1, escalations=1)
    check_each_once(desk, [case_id])
    # The talks have their ten days from the moment the clockwork was back.
    assert armed(desk)["talks:2:remind 1 50%"] == START + timedelta(days=15)


def test_a_timer_whose_reason_is_gone_does_nothing(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin")
    desk.clock.advance(days=2)
    assert tick(desk) == timers.Counts(cancelled=1)
    assert fired(desk, case_id) == [("begin", None)]


def test_the_condition_of_a_deadline_is_asked_again_when_it_is_due(desk: Desk) -> None:
    case_id = desk.open(urgency="U4").case_id
    desk.act(case_id, "begin")
    desk.act(case_id, "owe", {"sum": "5"})
    desk.act(case_id, "extend")
    desk.clock.advance(days=2)
    tick(desk)
    assert states(desk)["fee:1:100%"] == "cancelled"
    # It was asked once; an act that leaves the plan as it is does not wake it again.
    desk.act(case_id, "extend")
    assert states(desk)["fee:1:100%"] == "cancelled"


def test_an_item_has_its_own_clock_whose_act_gets_the_item(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin")
    desk.act(case_id, "offer", {"text": "We share."}, actor=builders.REPRESENTATIVE)
    desk.clock.advance(days=1)
    assert tick(desk).fired == 1
    with work.reading(desk.engine) as connection:
        assert ledger.history(connection, case_id)[-1].trigger == "lapse_offer"
        assert (
            connection.execute(select(tables.items.c.state).where(tables.items.c.kind == "offer")).scalar() == "lapsed"
        )


def test_timers_that_fell_due_in_a_pause_come_back_with_the_time_they_had_left(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=1)
    desk.act(case_id, "pause", {"reason": "rain", "until": (START + timedelta(days=5, hours=1)).isoformat()})
    desk.clock.advance(days=2)
    assert tick(desk) == timers.Counts(cancelled=1)
    desk.clock.advance(days=3)
    assert tick(desk).fired == 1
    assert armed(desk) == {"screening:1:remind 1 50%": START + timedelta(days=5, hours=12)}
    desk.clock.advance(days=1)
    assert tick(desk).fired == 1
    assert occurrences(desk).count(f"{case_id}:screening:1:remind 1 50%") == 1
    assert [trigger for trigger, _ in fired(desk, case_id)] == ["pause", "resume", "climb"]


def test_a_row_with_an_outdated_date_is_dated_anew_instead_of_fired(desk: Desk) -> None:
    case_id = desk.open().case_id
    with desk.engine.begin() as connection:
        early = {"due_at": START - timedelta(hours=1)}
        connection.execute(update(tables.timers).where(tables.timers.c.key == "screening:1:remind 1 50%"), early)
    assert tick(desk) == timers.Counts(redated=1)
    assert armed(desk) == {"screening:1:remind 1 50%": START + timedelta(hours=12)}
    assert fired(desk, case_id) == []


def test_a_poisoned_timer_is_parked_with_its_error_and_the_others_go_on(desk: Desk) -> None:
    poisoned, healthy = desk.open(urgency="U4").case_id, desk.open().case_id
    desk.act(poisoned, "begin")
    desk.act(poisoned, "owe", {"sum": "0"})
    desk.clock.advance(days=2)
    assert tick(desk).failed == 1
    assert fired(desk, healthy) == [(trigger, key) for key, trigger in FIRST_DAYS.items()]
    # It waits longer before each try, and the person at the desk may act meanwhile.
    assert tick(desk) == timers.Counts()
    desk.act(poisoned, "note", {"text": "seen", "zone": "team"})
    desk.clock.advance(minutes=1)
    assert tick(desk) == timers.Counts(failed=1)
    desk.clock.advance(minutes=2)
    assert tick(desk) == timers.Counts(parked=1)
    (parked,) = timers.parked(desk.engine)
    assert (parked.case_id, parked.key, parked.attempts) == (poisoned, "fee:1:100%", 3)
    assert "something is owed" in (parked.error or "")


def test_a_parked_timer_may_be_tried_again_by_a_person(desk: Desk) -> None:
    case_id = desk.open(urgency="U4").case_id
    desk.act(case_id, "owe", {"sum": "5"})
    with desk.engine.begin() as connection:
        connection.execute(update(tables.timers).where(tables.timers.c.key == "fee:1:100%"), {"state": "parked"})
    desk.clock.advance(days=2)
    assert ("charge", "fee:1:100%") not in fired(desk, case_id)
    timers.retry(desk.engine, case_id, "fee:1:100%")
    tick(desk)
    assert ("charge", "fee:1:100%") in fired(desk, case_id)
    with pytest.raises(errors.NotFound):
        timers.retry(desk.engine, case_id, "fee:1:100%")


def test_timers_that_fire_one_another_without_end_are_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = builders.SOURCE.replace("U3: 24 h", "U3: 0 min").replace("clock: 10 cd", "clock: 0 min")
    circle = circle.replace("fires: climb}\n    then: [{at: 200%, means: Talks begin., fires: begin}]", "fires: begin}")
    circle = circle.replace("fires: lapse}", "fires: begin_again}").replace("reminders: [50%]\n", "reminders: []\n")
    circle = circle.replace("  duty_reminder: {kind: action, to: [convener]}\n", "")
    circle = circle.replace("to: screening, who: [convener]", "to: screening, who: [convener, clock]")
    desk.service.registry.store(builders.load_process(circle, "circle.yaml"), at=START + DAY)
    monkeypatch.setattr(service, "MOST_AT_ONCE", 20)
    desk.open()
    counts = tick(desk)
    assert (counts.fired, counts.parked) == (20, 1)
    assert "without end" in (timers.parked(desk.engine)[0].error or "")


def test_the_next_instant_to_wake_at(desk: Desk) -> None:
    assert timers.next_due_at(desk.engine) is None
    case_id = desk.open().case_id
    assert timers.next_due_at(desk.engine) == START + timedelta(hours=12)
    desk.act(case_id, "owe", {"sum": "0"})
    desk.act(case_id, "begin")
    desk.clock.advance(days=2)
    tick(desk)
    # The failing fee is tried again in a minute, and nothing else is due before.
    assert timers.next_due_at(desk.engine) == desk.clock.now() + timedelta(minutes=1)


def test_the_auditor_is_told_what_is_late(desk: Desk) -> None:
    opened = desk.open()
    desk.clock.advance(hours=25)
    now = desk.clock.now()
    late = timers.overdue(desk.engine, now=now, slack=timedelta(minutes=5))
    assert [(one.number, one.key) for one in late] == [(opened.number, "screening:1:remind 1 50%")]
    assert timers.overdue(desk.engine, now=now, slack=DAY) == []
    tick(desk)
    assert timers.overdue(desk.engine, now=now, slack=timedelta()) == []


def test_what_a_dead_worker_held_is_free_again_when_its_lease_ends(desk: Desk) -> None:
    desk.open()
    desk.clock.advance(hours=24)
    held = {"lease_owner": "dead", "lease_until": desk.clock.now() + timers.LEASE}
    with desk.engine.begin() as connection:
        connection.execute(update(tables.timers), held)
    assert tick(desk) == timers.Counts()
    assert timers.rescue_expired(desk.engine, now=desk.clock.now()) == 0
    desk.clock.advance(minutes=5)
    assert timers.rescue_expired(desk.engine, now=desk.clock.now()) == 1
    assert tick(desk).fired == 1


def test_a_worker_that_comes_too_late_does_nothing(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=24)
    tick(desk)
    assert desk.service.fire(case_id, "screening:1:100%").outcome is Outcome.NOT_NOW
    assert desk.service.fire(case_id, "no such timer").outcome is Outcome.NOT_NOW


def test_four_workers_at_once_fire_one_timer_once(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=12)
    tick(desk)
    desk.clock.advance(hours=12)
    gate, outcomes = threading.Barrier(4), []

    def fire() -> None:
        gate.wait()
        outcomes.append(desk.service.fire(case_id, "screening:1:100%").outcome)

    threads = [threading.Thread(target=fire) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.FIRED, *[Outcome.NOT_NOW] * 3]
    assert fired(desk, case_id) == [("climb", "screening:1:100%")]


def start_ticker(url: str, owner: str) -> subprocess.Popen[str]:
    """Starts a worker that says when it is ready, and begins once it is told to."""
    instant = (START + 2 * DAY).isoformat()
    command = [sys.executable, "-m", "tests.cases.ticker", url, owner, instant]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def begin(worker: subprocess.Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()


def ready(worker: subprocess.Popen[str]) -> None:
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"


def test_two_processes_at_once_share_the_work_and_fire_each_timer_once(database_url: str) -> None:
    desk = desk_on(database_url)
    case_ids = [desk.open().case_id for _ in range(25)]
    workers = [start_ticker(database_url, f"worker {number}") for number in range(2)]
    for worker in workers:
        ready(worker)
    for worker in workers:
        begin(worker)
    reports = [worker.communicate()[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sum(int(count) for count, _ in reports) == 50
    assert sum(int(count) for _, count in reports) == 25
    check_each_once(desk, case_ids)
    desk.engine.dispose()


def test_killing_workers_at_random_moments_loses_and_doubles_nothing(database_url: str) -> None:
    seed = int(os.environ.get("PARLEY_SEED", random.SystemRandom().randrange(10**6)))
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    sys.stdout.write(f"PARLEY_SEED={seed}\n")
    desk = desk_on(database_url)
    case_ids = [desk.open().case_id for _ in range(40)]
    kills = 0
    for number in range(8):
        worker = start_ticker(database_url, f"worker {number}")
        ready(worker)
        begin(worker)
        try:
            worker.communicate(timeout=chance.uniform(0.005, 0.06))
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.communicate()
            kills += 1
    assert kills
    # What the dead held is free after their lease; a worker that comes then finishes the rest.
    desk.clock.set(START + 2 * DAY + timers.LEASE)
    tick(desk)
    check_each_once(desk, case_ids)
    desk.engine.dispose()
