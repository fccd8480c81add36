"""A bulk move of cases is killed in its middle, or done by two at once: every case moves exactly once all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import select

from cases import ledger, tables
from cases import unit_of_work as work
from cases.migrator import Migrator
from tests.cases.builders import Desk, desk_on
from tests.cases.test_migrator import BEFORE, LONGER, opened, order
from tests.faults.workers import READY, worker

CASES = 12
LIVES = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """How often each case was moved, and how many wait on each version."""

    moves: Counter[str]
    versions: Counter[str]


def move_all(line: Connection, url: str) -> None:
    """Moves every case and says each."""
    desk = desk_on(url)
    migrator = Migrator(desk.service)
    number = migrator.begin(order())
    line.send(READY)
    for one in migrator.run(number):
        line.send(one.case_id)
    line.send(READY)


def what_moved(desk: Desk) -> Moved:
    events, cases = tables.events.c, tables.cases.c
    with work.reading(desk.engine) as connection:
        assert ledger.verify(connection).consistent
        moves = connection.execute(select(events.case_id).where(events.trigger == "migrate")).scalars()
        return Moved(Counter(moves), Counter(connection.execute(select(cases.process_hash)).scalars()))


@pytest.fixture
def desk(database_url: str) -> Desk:
    """Returns a desk with cases of the version that goes before."""
    desk = desk_on(database_url)
    for _ in range(CASES):
        opened(desk)
    return desk


def test_a_bulk_that_is_killed_again_and_again_is_finished_by_the_next_one(desk: Desk, database_url: str) -> None:
    for _ in range(LIVES):
        with worker(move_all, database_url) as one:
            assert one.hear() == READY
            for _ in range(2):
                one.hear()
            one.process.kill()
            one.process.join()
    left = what_moved(desk)
    assert left.versions[LONGER.hash] >= 2 * LIVES
    assert left.versions[BEFORE.hash] > 0
    with worker(move_all, database_url) as last:
        assert last.hear() == READY
        while last.hear() != READY:
            pass
    done = what_moved(desk)
    assert done.versions == {LONGER.hash: CASES}
    assert set(done.moves.values()) == {1}
    desk.engine.dispose()


def test_two_that_move_the_same_cases_at_once_move_each_of_them_once(desk: Desk, database_url: str) -> None:
    with worker(move_all, database_url) as first, worker(move_all, database_url) as second:
        for one in (first, second):
            assert one.hear() == READY
            while one.hear() != READY:
                pass
    done = what_moved(desk)
    assert done.versions == {LONGER.hash: CASES}
    assert set(done.moves.values()) == {1}
    desk.engine.dispose()
