"""What is foreseen is what happens: a play of the rules is held against the timers that the service really fires."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from cases import armed, database, ledger, repository, unit_of_work
from cases.recording import Recording
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.service import CaseService, Outcome
from config import load, vocabulary
from config.clock import SimulatedClock
from config.working_time import shipped_calendars
from states import roles, simulate
from states.case import Case, Extension, Stay
from states.events import CaseOpened, Event
from states.items import Neutral
from states.playing import Around, Played, Playing
from states.process import Process, Urgency

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
STEPS = 14
SHIPPED = {name: load.load_shipped(name, vocabulary=vocabulary.shipped()) for name in load.shipped_processes()}
NEUTRAL = Neutral(id="n", zone="shared", by="c", at=MONDAY, state="proposed", person="m", disclosure="none")
Step = tuple[str, datetime, datetime, str, str | None]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A record with the shipped definitions in it."""

    engine: Engine
    registry: ProcessRegistry
    calendars: CalendarRegistry

    def put(self, process: Process, case: Case) -> None:
        """Records a case as it stands, with the timers that its plan asks for."""
        opening = Event(
            trigger="open", actor="x", at=MONDAY, recorded_at=MONDAY, zone="shared", changes=(CaseOpened(case),)
        )
        with unit_of_work.unit_of_work(self.engine) as connection:
            pen = Recording(connection=connection, process=process, now=MONDAY, calendars=self.calendars)
            pen.opened(case, (opening,))

    def lived(self, case_id: str, *, steps: int) -> Iterator[Step]:
        """Goes from one armed instant to the next, lets everything fire, and nobody acts; yields what did."""
        clock = SimulatedClock(MONDAY)
        service = CaseService(self.engine, registry=self.registry, calendars=self.calendars, clock=clock)
        told = 0
        while told < steps and (key := self._soonest(case_id)) is not None:
            clock.set(max(clock.now(), key[1]))
            fired = service.fire(case_id, key[0])
            if fired.outcome in {Outcome.FIRED, Outcome.REMINDED}:
                told += 1
                yield key[0], key[1], clock.now(), *self._where(case_id)

    def _soonest(self, case_id: str) -> tuple[str, datetime] | None:
        with unit_of_work.reading(self.engine) as connection:
            key = armed.first_due(connection, case_id, now=MONDAY + timedelta(days=3000))
            row = armed.find(connection, case_id, key) if key else None
        return (row.key, row.due_at) if row else None

    def _where(self, case_id: str) -> tuple[str, str | None]:
        with unit_of_work.reading(self.engine) as connection:
            case = repository.load(connection, case_id).case
        return case.stage, case.tier


def shipped(source: str, name: str) -> Process:
    """Reads a definition as an installation does."""
    return load.load_text(source, name=name, vocabulary=vocabulary.shipped())


def clockwork(url: str) -> Clockwork:
    engine = database.open_database(url)
    registry = ProcessRegistry(engine, shipped)
    for process in SHIPPED.values():
        registry.store(process, at=MONDAY)
    return Clockwork(engine, registry, CalendarRegistry(engine, shipped_calendars()))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clockwork]:
    found = clockwork(f"sqlite:///{tmp_path_factory.mktemp('foreseen') / 'record.db'}")
    yield found
    found.engine.dispose()


def standing(process: Process, urgency: Urgency) -> Iterator[Case]:
    """Puts a case at every stage that is not the end, and one above the field at every tier with a clock."""
    for stage in process.stages.values():
        if not stage.final:
            case = simulate.sample_case(process, urgency=urgency, now=MONDAY, stage=stage.name)
            case = replace(case, items=(*case.items, NEUTRAL))
            yield replace(case, id=f"{urgency} {stage.name}", number=f"{process.prefix} {urgency} {stage.name}")
    for tier in process.tiers.values():
        if tier.deadline is not None:
            case = simulate.sample_case(process, urgency=urgency, now=MONDAY, stage="root_cause")
            raised = replace(case, tier=tier.name, tier_since=MONDAY, tier_round=1)
            yield replace(raised, id=f"{urgency} {tier.name}", number=f"{process.prefix} {urgency} {tier.name}")


def named(case: Case, how: str) -> Case:
    return replace(case, id=f"{case.id} {how}", number=f"{case.number} {how}")


def play(process: Process, case: Case, *, settled: Collection[str] = ()) -> Iterator[Played]:
    around = Around(calendars=shipped_calendars())
    return Playing(process, case, around, now=MONDAY, settled=settled).fire()


def foreseen(process: Process, case: Case) -> list[Step]:
    found = []
    for one in itertools.islice(play(process, case), STEPS):
        assert one.refused is None, one
        assert one.timer is not None
        found.append((one.timer.key, one.timer.due_at, one.at, one.after.stage, one.after.tier))
    return found


def lived(found: Clockwork, process: Process, case: Case) -> list[Step]:
    found.put(process, case)
    return list(found.lived(case.id, steps=STEPS))


@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("name", list(SHIPPED))
def test_what_is_foreseen_happens_from_every_stage_and_tier(sqlite: Clockwork, name: str, urgency: Urgency) -> None:
    process = SHIPPED[name]
    for case in standing(process, urgency):
        left_alone = replace(case, id=f"{name} {case.id}")
        assert lived(sqlite, process, left_alone) == foreseen(process, left_alone) != []


@pytest.mark.parametrize("name", list(SHIPPED))
def test_what_is_foreseen_is_what_happens_through_a_pause(sqlite: Clockwork, name: str) -> None:
    process = SHIPPED[name]
    pause = Stay(begun_at=MONDAY, until=MONDAY + timedelta(days=9), reason="")
    for case in standing(process, Urgency.U3):
        paused = named(replace(case, id=f"{name} {case.id}", stays=(pause,)), "paused")
        assert lived(sqlite, process, paused) == foreseen(process, paused) != []


@pytest.mark.parametrize("name", list(SHIPPED))
def test_what_is_foreseen_is_what_happens_after_an_extension(sqlite: Clockwork, name: str) -> None:
    process = SHIPPED[name]
    for case in standing(process, Urgency.U3):
        clock = f"{case.stage}:{case.stage_round}"
        later = (Extension(occurrence=clock, until=MONDAY + timedelta(days=77), at=MONDAY),)
        extended = named(replace(case, id=f"{name} {case.id}", extensions=later), "extended")
        assert lived(sqlite, process, extended) == foreseen(process, extended) != []


def test_what_is_foreseen_is_what_happens_in_either_database(database_url: str) -> None:
    process = SHIPPED["dispute"]
    found = clockwork(database_url)
    try:
        for case in standing(process, Urgency.U2):
            assert lived(found, process, case) == foreseen(process, case) != []
    finally:
        found.engine.dispose()


def test_what_has_fired_is_not_foreseen_again(sqlite: Clockwork) -> None:
    process = SHIPPED["dispute"]
    case = simulate.sample_case(process, urgency=Urgency.U3, now=MONDAY, stage="sessions")
    case = replace(case, id="half", number="D half")
    sqlite.put(process, case)
    before = list(sqlite.lived(case.id, steps=5))
    with unit_of_work.reading(sqlite.engine) as connection:
        now, settled = repository.load(connection, case.id).case, armed.settled(connection, case.id)
        assert ledger.verify(connection, case.id).consistent
    assert [key for key, *_ in before] == [key for key, *_ in foreseen(process, case)[:5]]
    following = next(play(process, now, settled=settled)).timer
    assert following is not None
    assert following.key not in settled
    assert following.key == foreseen(process, case)[5][0]


def test_the_clock_acts_as_the_clock_where_it_is_foreseen_too() -> None:
    process = SHIPPED["dispute"]
    case = simulate.sample_case(process, urgency=Urgency.U3, now=MONDAY, stage="sessions")
    first = next(one for one in play(process, case) if one.act is not None)
    assert first.timer is not None
    assert {event.actor for event in first.happened} == {roles.THE_CLOCK.person}
    assert {event.at for event in first.happened} == {first.timer.due_at}
