"""Several workers beat at the same moment: they share the work, and nothing is done twice."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from cases import database
from cases import heartbeats as beats
from notifications.mailbox import LocalMailbox
from notifications.office import Office
from tests.faults import grounds, workers
from tests.faults.grounds import Ground, Outcome
from tests.faults.workers import processes, worker


@pytest.mark.parametrize("many", [2, 4])
def test_workers_that_beat_at_once_do_everything_once(
    ground: Ground,
    office: Office,
    mailbox: LocalMailbox,
    undisturbed: Outcome,
    many: int,
) -> None:
    ground.clock.set(grounds.END)
    barrier = processes.Barrier(many)
    with ExitStack() as running:
        team = [running.enter_context(worker(workers.beat_together, ground, barrier)) for _ in range(many)]
        said = [one.hear() for one in team]
    assert all(sum(written.values()) for _, written in said), "one worker wrote all the mails alone"
    # More mails may be due than one beat takes.
    grounds.work_off(office)
    assert mailbox.duplicates == 0
    grounds.assert_nothing_is_wrong(office, ground, faults=0)
    assert grounds.outcome(office.record.engine) == undisturbed


def test_two_workers_may_note_their_first_beat_at_the_same_moment(postgres_url: str) -> None:
    engine = database.open_database(postgres_url)
    firsts: list[datetime] = []

    def be_first(*facts: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells of a statement
        if facts[2].startswith("INSERT INTO heartbeats") and not firsts:
            firsts.append(grounds.START)
            beats.note(engine, "deliveries", at=grounds.START, detail={"sent": 1})

    event.listen(engine, "before_cursor_execute", be_first)
    beats.note(engine, "deliveries", at=grounds.DUE, detail={"sent": 2})
    (beat,) = beats.read(engine)
    assert firsts
    assert (beat.last_at, beat.detail) == (grounds.DUE, {"sent": 2})
    engine.dispose()
