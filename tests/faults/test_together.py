"""Several workers beat at the same moment: they share the work, and nothing is done twice."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

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
