"""A climb of the ladder is all or nothing: killed at each point on the way, every rung still fires exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import select

from cases import ledger, repository, tables, timers
from cases.unit_of_work import reading
from notifications.mailbox import LocalMailbox
from notifications.office import Office
from states import questions
from states.items import Question
from tests.faults import grounds, workers
from tests.faults.grounds import Ground
from tests.faults.workers import SURVIVED, worker

CASE = "case-00"
CLIMB = "climb"


@pytest.fixture
def ground(database_url: str, tmp_path_factory: pytest.TempPathFactory, mailbox: LocalMailbox) -> Ground:
    """Returns an office with one case, in which nobody acts."""
    ground = Ground(database_url, tmp_path_factory.mktemp("climb"), mailbox.port)
    grounds.prepare(ground, cases=1)
    ground.clock.set(grounds.START)
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


def test_a_climb_killed_at_each_point_on_the_way_happens_once_or_not_at_all(office: Office, ground: Ground) -> None:
    next(trigger for trigger in due(office, ground) if trigger == CLIMB)
    before, points = standing(office), []
    for point in count(1):
        with worker(workers.die_on_the_way, ground, CASE, point) as one:
            heard = one.hear()
            one.process.join()
        if heard == SURVIVED:
            break
        points.append(heard)
        if standing(office) != before:
            # Only once the commit was asked for may anything be there, and then all of it is.
            break
    assert "COMMIT" in points, points
    office.service.fire_due(CASE)
    assert_each_rung_fired_once(office)


def assert_each_rung_fired_once(office: Office) -> None:
    """Asserts that every timer fired once, one question climbed once, one rung is armed next, and the chain holds."""
    with reading(office.record.engine) as connection:
        # What an act says to different readers is an event in each of their zones.
        fired = Counter(connection.execute(select(tables.events.c.timer, tables.events.c.zone)).tuples())
        case = repository.load(connection, CASE).case
        armed = connection.execute(select(tables.timers.c.deadline).where(tables.timers.c.state == "armed")).scalars()
        next_of = Counter(armed)
        assert ledger.verify(connection).consistent
    assert [timer for (timer, _), times in fired.items() if timer is not None and times > 1] == []
    question = questions.open_one(case)
    assert [one.id for one in case.all(Question)] == [question.id if question else None]
    assert question is not None
    assert (case.tier, question.asked_of) == ("T2", ("T1", "T2"))
    assert next_of["T2"] == 1
    assert next_of["T1"] == 0
