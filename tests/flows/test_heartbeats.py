"""Each heartbeat on a real office with a simulated clock: what it does, what it notes, and what it says loudly."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from cases import armed, errands, jobs, repository, sign_in, tables
from cases import heartbeats as beats
from cases.commands import ActOnCase, OpenCase
from cases.filters import CaseFilter
from cases.jobs import Kind, NewJob, NewLine
from cases.people import Person
from cases.unit_of_work import reading, unit_of_work
from config.clock import SimulatedClock
from config.settings import Settings
from flows import heartbeats
from notifications.office import Office, open_office
from notifications.transport import MemoryTransport
from states import errors
from states.case import Party, Side
from states.process import Urgency
from states.timers import plan
from tests.at_once import at_once
from tests.stores import CSV

# A Tuesday morning in Juba.
START = datetime(2026, 12, 1, 7, tzinfo=UTC)
PARTIES = tuple(
    Party(
        id=party,
        name=name,
        side=side,
        people={part: (f"{part}-{party}",) for part in ("representative", "area_manager", "senior_representative")},
    )
    for party, name, side in (("A", "Health Committee", Side.INITIATING), ("B", "Roads Agency", Side.RESPONDING))
)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


@pytest.fixture
def memory() -> MemoryTransport:
    return MemoryTransport()


@pytest.fixture
def office(database_url: str, tmp_path: Path, clock: SimulatedClock, memory: MemoryTransport) -> Iterator[Office]:
    """Yields an office with one urgent dispute that was just submitted."""
    chosen = at_once(Settings(data_folder=tmp_path, database_url=database_url, smtp_host=""))
    office = open_office(chosen, clock=clock, transport=lambda: memory)
    people = ["cora", "kodi", *(holder for party in PARTIES for holders in party.people.values() for holder in holders)]
    for person in people:
        office.directory.add(Person(id=person, name=person.title(), email=f"{person}@mission.example"))
    actor = office.directory.actor("representative-A")
    opening = OpenCase(
        id="well",
        process="dispute",
        title="The well at Kilo 7",
        actor=actor,
        key="open",
        urgency=Urgency.U1,
        parties=PARTIES,
        roles={"convener": ("cora",), "committee": ("kodi",)},
        issues=("Who repairs the road?",),
    )
    office.service.open(opening)
    act(office, "submit")
    yield office
    office.close()


def act(office: Office, trigger: str) -> None:
    actor = office.directory.actor("representative-A")
    office.service.act(ActOnCase(case_id="well", trigger=trigger, actor=actor, key=uuid4().hex, inputs={}))


def noted(office: Office) -> dict[str, tuple[datetime, dict[str, int]]]:
    return {beat.name: (beat.last_at, dict(beat.detail)) for beat in beats.read(office.record.engine)}


def occurrences(office: Office) -> list[str]:
    with reading(office.record.engine) as connection:
        return list(connection.execute(select(tables.notifications.c.occurrence)).scalars())


def forget_timers(office: Office) -> None:
    with unit_of_work(office.record.engine) as connection:
        connection.execute(delete(tables.timers))


def test_the_escalations_fire_what_is_due_and_note_it(office: Office, clock: SimulatedClock) -> None:
    first = heartbeats.fire_due_timers(office)
    assert {name: count for name, count in first.items() if count} == {"fired": 1}
    clock.advance(hours=4, minutes=30)
    second = heartbeats.fire_due_timers(office)
    assert {name: count for name, count in second.items() if count} == {"fired": 1, "reminded": 4, "escalations": 1}
    assert noted(office) == {"escalations": (clock.now(), second)}


def test_the_deliveries_write_and_send_what_the_escalations_ask_for(office: Office, memory: MemoryTransport) -> None:
    heartbeats.fire_due_timers(office)
    done = heartbeats.deliver_due(office)
    assert done["sent"] == done["written"] == len(memory.sent) == 4
    assert sum(heartbeats.deliver_due(office).values()) == 0
    assert noted(office)["deliveries"] == (START, dict.fromkeys(done, 0))


def test_a_beat_with_nothing_to_do_is_noted_as_well(office: Office, clock: SimulatedClock) -> None:
    heartbeats.fire_due_timers(office)
    heartbeats.fire_due_timers(office)
    clock.advance(minutes=1)
    idle = heartbeats.fire_due_timers(office)
    assert set(idle.values()) == {0}
    assert noted(office)["escalations"] == (clock.now(), idle)


def test_a_tick_lets_every_heart_beat_once(office: Office, memory: MemoryTransport) -> None:
    done = heartbeats.tick(office)
    assert done["escalations"]["fired"] == 1
    assert done["deliveries"]["sent"] == len(memory.sent) == 4
    assert (
        set(noted(office))
        == set(done)
        == {
            "housekeeping",
            "arrivals",
            "escalations",
            "jobs",
            "follow-ups",
            "webhooks",
            "deliveries",
        }
    )


def test_housekeeping_says_loudly_which_timers_are_overdue(
    office: Office, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.advance(minutes=4)
    assert heartbeats.keep_house(office)["late"] == 0
    assert caplog.records == []
    clock.advance(minutes=2)
    assert heartbeats.keep_house(office)["late"] == 1
    (said,) = caplog.records
    assert said.levelno == logging.ERROR
    assert "of case well is overdue since 2026-12-01 07:00" in said.getMessage()


def test_housekeeping_frees_what_a_dead_worker_held(office: Office, clock: SimulatedClock) -> None:
    with unit_of_work(office.record.engine) as connection:
        held = {"lease_owner": "gone", "lease_until": START + timedelta(minutes=5)}
        connection.execute(tables.timers.update().values(**held).where(tables.timers.c.due_at <= START))
    assert sum(heartbeats.fire_due_timers(office).values()) == 0
    assert heartbeats.keep_house(office)["released"] == 0
    clock.advance(minutes=5)
    assert heartbeats.keep_house(office)["released"] == 1
    assert heartbeats.fire_due_timers(office)["fired"] == 1


def test_housekeeping_forgets_old_sessions(office: Office, clock: SimulatedClock) -> None:
    sign_in.make_link(office.record.engine, "cora", now=START)
    assert heartbeats.keep_house(office)["removed"] == 0
    clock.advance(days=90)
    assert heartbeats.keep_house(office)["removed"] == 1


def test_housekeeping_forgets_what_exports_came_to_and_old_jobs(office: Office, clock: SimulatedClock) -> None:
    every = {"wanted": errands.wanted_as_kept(CaseFilter())}
    wanted = NewJob(kind=Kind.EXPORT, key="once", title="Cases", what=every, lines=[NewLine(subject="cases")])
    job_id = jobs.ask(office.record.engine, "cora", wanted, now=clock.now())
    heartbeats.do_jobs(office)
    assert jobs.result(office.record.engine, "cora", job_id)
    clock.advance(days=1, minutes=1)
    heartbeats.keep_house(office)
    with pytest.raises(errors.NotFound):
        jobs.result(office.record.engine, "cora", job_id)
    clock.advance(days=30)
    heartbeats.keep_house(office)
    assert jobs.of_person(office.record.engine, "cora") == ()


def test_housekeeping_discards_an_upload_that_no_case_took(office: Office, clock: SimulatedClock) -> None:
    office.record.files.add([CSV], "log.csv", by="cora", now=clock.now())
    clock.advance(hours=23)
    assert heartbeats.keep_house(office)["discarded"] == 0
    clock.advance(hours=2)
    assert heartbeats.keep_house(office)["discarded"] == 1
    assert heartbeats.keep_house(office)["discarded"] == 0


def test_a_timer_that_got_lost_is_armed_again_and_fires(office: Office) -> None:
    forget_timers(office)
    assert sum(heartbeats.fire_due_timers(office).values()) == 0
    assert heartbeats.check_follow_ups(office) == {"checked": 1, "mended": 1, "stuck": 0, "patterns": 0, "tours": 0}
    assert heartbeats.check_follow_ups(office) == {"checked": 0, "mended": 0, "stuck": 0, "patterns": 0, "tours": 0}
    assert heartbeats.fire_due_timers(office)["fired"] == 1


def test_a_case_that_waits_for_nothing_is_said_loudly_every_time(
    office: Office, clock: SimulatedClock, caplog: pytest.LogCaptureFixture
) -> None:
    settle_every_timer(office)
    for _ in range(2):
        caplog.clear()
        assert heartbeats.check_follow_ups(office) == {"checked": 1, "mended": 0, "stuck": 1, "patterns": 0, "tours": 0}
        (said,) = caplog.records
        assert said.levelno == logging.ERROR
        assert "case well is open and no clock runs on it" in said.getMessage()
        clock.advance(days=1)


def settle_every_timer(office: Office) -> None:
    """Takes away every rung of every clock of the case, as timers that were parked and given up by hand are."""
    over = {"state": "fired", "fired_at": START}
    while True:
        with unit_of_work(office.record.engine) as connection:
            case = repository.load(connection, "well").case
            process = office.record.registry.get(case.process)
            armed.arm(connection, case.id, plan(process, case, office.record.calendars))
            if not armed.count(connection, case.id):
                return
            connection.execute(tables.timers.update().values(**over))


def test_ten_days_without_a_beat_are_caught_up_once(
    office: Office, clock: SimulatedClock, memory: MemoryTransport
) -> None:
    heartbeats.tick(office)
    memory.sent.clear()
    clock.advance(days=10)
    caught_up = heartbeats.tick(office)
    assert caught_up["escalations"]["escalations"] >= 1
    assert caught_up["escalations"]["failed"] == caught_up["escalations"]["parked"] == 0
    told = occurrences(office)
    assert len(told) == len(set(told))
    mails = [envelope.message_id for envelope in memory.sent]
    assert mails
    assert len(mails) == len(set(mails)) == caught_up["deliveries"]["sent"]
    for _ in range(3):
        assert sum(heartbeats.tick(office)["escalations"].values()) == 0
    assert len(memory.sent) == len(mails)
    assert occurrences(office) == told


def test_a_tick_tells_once_of_somebody_who_leaves_while_they_hold_a_part(
    office: Office, memory: MemoryTransport
) -> None:
    leaver = office.directory.person("representative-B")
    office.directory.change(replace(leaver, leaves_on=date(2026, 12, 4)))
    assert heartbeats.tick(office)["follow-ups"]["tours"] == 1
    told = sorted(one.recipient for one in memory.sent if b"A part must be handed over" in one.content)
    assert told == ["cora@mission.example", "representative-b@mission.example"]
    memory.sent.clear()
    assert heartbeats.tick(office)["follow-ups"]["tours"] == 0
    assert not any(b"A part must be handed over" in one.content for one in memory.sent)


def test_reminders_of_what_is_over_are_not_sent_after_an_outage(
    office: Office, clock: SimulatedClock, memory: MemoryTransport
) -> None:
    heartbeats.tick(office)
    memory.sent.clear()
    clock.advance(days=10)
    done = heartbeats.tick(office)
    assert done["escalations"]["reminded"]
    assert done["deliveries"]["withdrawn"]
    assert not any(b"duty_reminder" in envelope.content for envelope in memory.sent)
