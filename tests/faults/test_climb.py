"""A climb of the ladder is all or nothing: killed at each point on the way, every rung still fires exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from cases import ledger, repository, tables, timers
from cases.commands import ActOnCase
from cases.deputies import Deputies
from cases.people import Person
from cases.unit_of_work import reading
from notifications.mailbox import LocalMailbox
from notifications.office import Office
from states import questions
from states.directory import Delegation
from states.items import Called, Question
from states.items.ladder import OPEN
from tests.faults import grounds, workers
from tests.faults.grounds import Ground
from tests.faults.workers import READY, SURVIVED, Worker, worker

CASE = "case-00"
SILENT, DEPUTY = "area_manager-A", "deputy-A"
TIME_TO_OBEY = timedelta(hours=1)
"""How long there is to carry out what the joint committee says, and nobody does."""


@dataclass(frozen=True, slots=True)
class Rung:
    """What the clock does on the way, who acts before it does, and how the question stands once it has."""

    trigger: str
    tier: str
    asked_of: tuple[str, ...]
    before: str = ""
    by: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)


# One climb, from the request of a party to instructions that nobody carried out.
CLIMB = (
    Rung("put_question", "T1", ("T1",), "escalate", "representative-A", {"text": "Who repairs the road?"}),
    Rung("call_deputies", "T1", ("T1",)),
    Rung("climb", "T2", ("T1", "T2")),
    Rung("put_back", "T2", ("T2",), "return_down", "kodi", {"text": "Meet at the road"}),
)


@pytest.fixture
def ground(database_url: str, tmp_path_factory: pytest.TempPathFactory, mailbox: LocalMailbox) -> Ground:
    """Returns an office with one case, with a deputy on file for one of those who will be asked."""
    ground = Ground(database_url, tmp_path_factory.mktemp("climb"), mailbox.port)
    grounds.prepare(ground, cases=1)
    ground.clock.set(grounds.START)
    with closing(ground.open()) as office:
        office.directory.add(Person(id=DEPUTY, name="Deputy", email=f"{DEPUTY}@mission.example"))
        named = Delegation(person=SILENT, deputy=DEPUTY, since=grounds.START.date())
        Deputies(office.record.engine).name(named)
    return ground


def standing(office: Office) -> tuple[object, ...]:
    """Tells how the case stands, with its timers and what is to be mailed: all that a rung changes."""
    with reading(office.record.engine) as connection:
        case = repository.load(connection, CASE).case
        rows = connection.execute(select(tables.timers.c.key, tables.timers.c.state).order_by(tables.timers.c.key))
        told = connection.execute(select(tables.notifications.c.occurrence).order_by(tables.notifications.c.occurrence))
        return case, tuple(map(tuple, rows)), tuple(told.scalars())


def due(office: Office, ground: Ground) -> Iterator[str]:
    """Lets time pass to each timer that does something, and names it; reminders are sent on the way."""
    while (at := timers.next_due_at(office.record.engine)) is not None:
        ground.clock.set(max(at, ground.clock.now()))
        armed = select(tables.timers.c.trigger).where(
            tables.timers.c.state == "armed", tables.timers.c.due_at <= ground.clock.now()
        )
        with reading(office.record.engine) as connection:
            trigger = connection.execute(armed.order_by(tables.timers.c.due_at, tables.timers.c.key)).scalar()
        if trigger is not None:
            yield trigger
        office.service.fire_due(CASE)


def test_each_rung_of_a_climb_killed_at_each_point_on_the_way_happens_once_or_not_at_all(
    office: Office, ground: Ground
) -> None:
    with worker(workers.die_on_the_way, ground, CASE) as one:
        for rung in CLIMB:
            if rung.before:
                act(office, rung)
            next(trigger for trigger in due(office, ground) if trigger == rung.trigger)
            points = killed_on_the_way(office, one)
            assert "COMMIT" in points, (rung.trigger, points)
            office.service.fire_due(CASE)
            assert_each_rung_fired_once(office, rung)


def act(office: Office, rung: Rung) -> None:
    """Lets somebody do what leads to a rung."""
    actor = office.directory.actor(rung.by)
    until = {"due_at": office.clock.now() + TIME_TO_OBEY} if rung.before == "return_down" else {}
    command = ActOnCase(
        case_id=CASE, trigger=rung.before, actor=actor, key=rung.before, inputs={**rung.inputs, **until}
    )
    office.service.act(command)


def killed_on_the_way(office: Office, one: Worker) -> list[str]:
    """Kills what is due at each point of it, until it was done; asserts that till then nothing of it is there."""
    before, points = standing(office), []
    for point in count(1):
        one.line.send(point)
        heard = one.hear()
        assert one.hear() == READY
        if heard == SURVIVED:
            break
        points.append(heard)
        if standing(office) != before:
            # Only once the commit was asked for may anything be there, and then all of it is.
            break
    return points


def assert_each_rung_fired_once(office: Office, rung: Rung) -> None:
    """Asserts that every timer fired once, one question stands as it should, one rung is armed, and the chain holds."""
    with reading(office.record.engine) as connection:
        # What an act says to different readers is an event in each of their zones.
        told = connection.execute(select(tables.events.c.timer, tables.events.c.trigger, tables.events.c.zone))
        fired = Counter(told.tuples())
        case = repository.load(connection, CASE).case
        armed = connection.execute(select(tables.timers.c.key).where(tables.timers.c.state == "armed")).scalars()
        # A key is the clock, the how-manieth time it runs, and the rung; a tier left lies there till its rung comes up.
        clocks = Counter(tuple(key.split(":")[:2]) for key in armed if key.split(":")[0] in {"T1", "T2"})
        assert ledger.verify(connection).consistent
    assert [timer for (timer, _, _), times in fired.items() if timer is not None and times > 1] == []
    assert len({timer for timer, trigger, _ in fired if trigger == rung.trigger}) == 1
    question = questions.open_one(case)
    assert question is not None
    assert (case.tier, question.asked_of) == (rung.tier, rung.asked_of)
    assert [one.id for one in case.all(Question, *OPEN)] == [question.id]
    assert max(clocks, key=lambda clock: int(clock[1]))[0] == rung.tier
    assert set(clocks.values()) == {1}
    called = [one.person for one in case.all(Called) if one.instead_of == SILENT and one.tier == rung.tier]
    assert called == ([DEPUTY] if rung.trigger == "call_deputies" else [])
